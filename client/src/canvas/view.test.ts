import { describe, expect, test } from 'vitest';
import { onScreen } from './point';
import { Scene } from './scene';
import type { NoteView } from './types';
import { BoardView } from './view';

const axis = {
  x0: 200,
  x1: 10200,
  bandTop: 500,
  bandBottom: 5900,
  zones: 5,
  minLabel: 'paljon',
  maxLabel: 'vähän',
};

function note(i: number, x: number, y: number): NoteView {
  return { id: `n${i}`, text: 'Sana', x, y, z: i, colour: 1, letters: 'I' };
}

function shown(notes: readonly NoteView[], free = false, textScale = 1) {
  const scene = new Scene();
  scene.load(notes);
  const view = new BoardView();
  view.axis = free ? null : axis;
  view.page = { ...view.page, width: 1080, height: 754, textScale };
  view.reframe(scene);
  view.settle(scene);
  return { scene, view };
}

const few = [note(1, 200, 1000), note(2, 5200, 3000), note(3, 10200, 5500)];

describe('an axis board', () => {
  test('opens with the whole axis, half a large note inside beside the lanes', () => {
    const { view } = shown(few);
    expect(view.describe(true)).toMatchObject({
      zoom: 100,
      whole: true,
      level: 'large',
      settled: true,
    });
    expect(view.toScreen({ x: 200, y: 0 }).x).toBeCloseTo(52 + 80);
    expect(view.toScreen({ x: 10200, y: 0 }).x).toBeCloseTo(1080 - 12 - 80);
  });

  test('lays out at rest: while the camera moves the layer is only stretched', () => {
    const { scene, view } = shown(few);
    expect(view.stretch).toBe(1);
    view.zoom(2, onScreen(500, 400));
    expect(view.stretch).toBeCloseTo(2);
    expect(view.outgrown).toBe(true);
    view.settle(scene);
    expect(view.stretch).toBe(1);
    expect(view.outgrown).toBe(false);
  });

  test('a pan is no reason to lay out anew', () => {
    const { scene, view } = shown(few);
    view.zoom(2, onScreen(500, 400));
    view.settle(scene);
    view.pan(-40, 20);
    expect(view.outgrown).toBe(false);
  });

  test('a note that arrives changes no level; the next zoom does', () => {
    const { scene, view } = shown(few);
    for (let i = 10; i < 300; i++)
      scene.put(note(i, 200 + ((i * 37) % 100) * 100, 500 + ((i * 53) % 54) * 100));
    expect(view.layout.level).toBe('large');
    view.settle(scene);
    expect(view.layout.level).toBe('far');
    expect(view.readableSize.level).toBe('medium');
  });

  test('a note further out can be reached and moves nothing', () => {
    const { scene, view } = shown(few);
    const { camera } = view;
    const out = note(9, 5000, 7000);
    scene.put(out);
    expect(view.reaches(out)).toBe(false);
    view.extend(scene);
    expect(view.reaches(out)).toBe(true);
    expect(view.camera).toBe(camera);
  });

  test('a page that turns keeps the whole axis whole', () => {
    const { scene, view } = shown(few);
    view.page = { ...view.page, width: 754, height: 1080 };
    view.reframe(scene);
    expect(view.describe(true).whole).toBe(true);
  });

  test('flies and lands', () => {
    const { view } = shown(few);
    view.zoom(4, onScreen(500, 400));
    view.fly('whole', 1000);
    expect(view.advance(1090, false)).toBe(false);
    expect(view.describe(false).whole).toBe(false);
    expect(view.advance(1180, false)).toBe(true);
    expect(view.describe(true).whole).toBe(true);
  });

  test('with less motion it is there at once', () => {
    const { view } = shown(few);
    view.zoom(4, onScreen(500, 400));
    view.fly('whole', 1000);
    expect(view.advance(1000, true)).toBe(true);
    expect(view.describe(true).whole).toBe(true);
  });

  test('large text opens at a third of the axis, with its beginning', () => {
    const { view } = shown(few, false, 2);
    expect(view.percent).toBe(300);
    expect(view.toScreen({ x: 200, y: 500 }).x).toBeCloseTo(2 * 52 + 160);
  });

  test('shows a note that is out of sight, and leaves one alone that is seen', () => {
    const { view } = shown(few);
    expect(view.flyToShow({ x: 5200, y: 3000 }, 0)).toBe(false);
    view.zoom(6, onScreen(132, 112));
    expect(view.flyToShow({ x: 9000, y: 5000 }, 0)).toBe(true);
    view.advance(1e6, false);
    const p = view.toScreen({ x: 9000, y: 5000 });
    expect(p.x).toBeLessThan(1080);
    expect(p.y).toBeLessThan(754);
  });
});

describe('a free board', () => {
  test('opens with all notes, is read from 35 % on', () => {
    const { scene, view } = shown([note(1, 0, 0), note(2, 6000, 4000)], true);
    expect(view.layout).toMatchObject({ level: 'far', baseX: 1, free: true });
    view.zoom(3, onScreen(500, 300));
    expect(view.outgrown).toBe(true);
    view.settle(scene);
    expect(view.layout.level).toBe('large');
    view.zoom(1.5, onScreen(500, 300));
    expect(view.outgrown).toBe(false);
  });

  test('lines keep their width on a small board', () => {
    const { view } = shown([note(1, 0, 0), note(2, 6000, 4000)], true);
    expect(view.linePx * view.camera.scaleX).toBeCloseTo(1);
  });
});

test('before the page has a size nothing is laid out', () => {
  const view = new BoardView();
  view.axis = axis;
  view.reframe(new Scene());
  expect(view.ready).toBe(false);
});
