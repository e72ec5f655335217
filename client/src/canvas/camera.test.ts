import { describe, expect, test } from 'vitest';
import * as cam from './camera';
import { onScreen } from './point';

const axis = { x0: 200, x1: 10200, bandTop: 500, bandBottom: 5900 };
const size = { width: 1080, height: 754 };
const margins = { left: 132, top: 112, right: 92, bottom: 94 };
const framing = cam.axisFraming(axis, size, margins, null);

describe('an axis board', () => {
  test('the whole axis fits the width and the band the height, at any size', () => {
    for (const at of [size, { width: 810, height: 1024 }, { width: 2560, height: 1300 }]) {
      const { whole } = cam.axisFraming(axis, at, margins, null);
      const start = cam.toScreen(whole, { x: 200, y: 500 });
      const end = cam.toScreen(whole, { x: 10200, y: 5900 });
      expect([start.x, start.y]).toEqual([expect.closeTo(132), expect.closeTo(112)]);
      expect([end.x, end.y]).toEqual([
        expect.closeTo(at.width - 92),
        expect.closeTo(at.height - 94),
      ]);
    }
  });

  test('a place on screen and back is the same whole unit', () => {
    const camera = cam.zoomed(framing.whole, framing, 5.7, onScreen(300, 300));
    for (const at of [
      { x: 200, y: 500 },
      { x: 4321, y: 1234 },
      { x: 10199, y: 5899 },
    ]) {
      const back = cam.toBoard(camera, cam.toScreen(camera, at));
      expect([back.x, back.y]).toEqual([at.x, at.y]);
    }
  });

  test('zooming keeps what is under the pointer where it is', () => {
    const at = onScreen(600, 400);
    const before = cam.toBoard(framing.whole, at);
    const camera = cam.zoomed(framing.whole, framing, 3, at);
    expect(cam.percent(camera, framing)).toBe(300);
    const p = cam.toScreen(camera, before);
    expect(Math.abs(p.x - 600)).toBeLessThan(1);
    expect(Math.abs(p.y - 400)).toBeLessThan(1);
  });

  test('the whole axis is the least zoom, and cannot be panned away', () => {
    const out = cam.zoomed(framing.whole, framing, 0.2, onScreen(500, 300));
    expect(cam.isWhole(out, framing)).toBe(true);
    expect(cam.isWhole(cam.panned(framing.whole, framing, 500, -300), framing)).toBe(true);
  });

  test('zoomed in, panning stops where an end of the axis stands at its margin', () => {
    const near = cam.zoomed(framing.whole, framing, 4, onScreen(500, 300));
    const left = cam.panned(near, framing, 1e6, 1e6);
    expect(cam.toScreen(left, { x: 200, y: 500 }).x).toBeCloseTo(132);
    const right = cam.panned(near, framing, -1e6, -1e6);
    expect(cam.toScreen(right, { x: 10200, y: 5900 }).x).toBeCloseTo(1080 - 92);
  });

  test('notes outside the band can be panned to', () => {
    const content = { left: -900, right: 9000, top: 0, bottom: 5000 };
    const wide = cam.axisFraming(axis, size, margins, content);
    const up = cam.panned(wide.whole, wide, 1e6, 1e6);
    expect(cam.toScreen(up, { x: -900, y: 0 }).x).toBeCloseTo(132);
    expect(cam.toScreen(up, { x: -900, y: 0 }).y).toBeCloseTo(112);
  });

  test('what is parked under the band belongs to the whole', () => {
    const content = { left: 300, right: 9000, top: 600, bottom: 6300 };
    const { whole } = cam.axisFraming(axis, size, margins, content);
    expect(cam.toScreen(whole, { x: 200, y: 500 }).y).toBeCloseTo(112);
    expect(cam.toScreen(whole, { x: 200, y: 6300 }).y).toBeCloseTo(754 - 94);
  });

  test('a pinch moves what was between the fingers to where they are', () => {
    const near = cam.zoomed(framing.whole, framing, 4, onScreen(500, 300));
    const under = cam.toBoard(near, onScreen(500, 300));
    const camera = cam.zoomed(near, framing, 1.5, onScreen(500, 300), onScreen(540, 310));
    const p = cam.toScreen(camera, under);
    expect(Math.hypot(p.x - 540, p.y - 310)).toBeLessThan(2);
  });

  test('a page that turns keeps the whole axis whole', () => {
    const turned = cam.axisFraming(axis, { width: 810, height: 1024 }, margins, null);
    expect(cam.reframed(framing.whole, framing, turned)).toEqual(turned.whole);
    const near = cam.zoomed(framing.whole, framing, 2, onScreen(500, 300));
    expect(cam.percent(cam.reframed(near, framing, turned), turned)).toBe(200);
  });
});

describe('a free board', () => {
  const content = { left: -3000, top: -1000, right: 5000, bottom: 2000 };
  const free = cam.freeFraming(size, { left: 0, top: 0, right: 0, bottom: 94 }, content);

  test('shows all notes, x and y alike', () => {
    expect(free.whole.scaleX).toBe(free.whole.scaleY);
    const a = cam.toScreen(free.whole, { x: -3000, y: -1000 });
    const b = cam.toScreen(free.whole, { x: 5000, y: 2000 });
    expect(Math.min(a.x, a.y)).toBeGreaterThanOrEqual(-1e-6);
    expect(b.x).toBeLessThanOrEqual(1080 + 1e-6);
    expect(b.y).toBeLessThanOrEqual(660 + 1e-6);
  });

  test('an empty board starts at 100 % with its origin in the middle', () => {
    const empty = cam.freeFraming(size, { left: 0, top: 0, right: 0, bottom: 0 }, null);
    expect(cam.percent(empty.whole, empty)).toBe(100);
    expect(cam.toScreen(empty.whole, { x: 0, y: 0 })).toMatchObject({ x: 540, y: 377 });
  });

  test('can be panned until the last note stands in the middle', () => {
    const far = cam.panned(free.whole, free, -1e7, 0);
    expect(cam.toScreen(far, { x: 5000, y: 0 }).x).toBeCloseTo(540);
  });

  test('zoom stays between its limits', () => {
    expect(cam.percent(cam.zoomed(free.whole, free, 1e9, onScreen(1, 1)), free)).toBe(400);
    expect(cam.percent(cam.zoomed(free.whole, free, 1e-9, onScreen(1, 1)), free)).toBe(10);
  });
});

test('flying starts and ends where it should', () => {
  const a = framing.whole;
  const b = cam.zoomed(a, framing, 4, onScreen(200, 200));
  expect(cam.between(a, b, 0)).toEqual(a);
  expect(cam.between(a, b, 1).scaleX).toBeCloseTo(b.scaleX);
  const half = cam.between(a, b, 0.5);
  expect(half.scaleX).toBeGreaterThan(a.scaleX);
  expect(half.scaleX).toBeLessThan(b.scaleX);
});

test('showing moves no further than needed', () => {
  const near = cam.zoomed(framing.whole, framing, 4, onScreen(500, 300));
  const seen = { left: 100, top: 150, right: 980, bottom: 600 };
  const inside = cam.toBoard(near, onScreen(500, 300));
  expect(cam.showing(near, framing, inside, seen)).toBe(near);
  const outside = cam.toBoard(near, onScreen(1500, 300));
  expect(cam.toScreen(cam.showing(near, framing, outside, seen), outside).x).toBeCloseTo(980, 0);
});
