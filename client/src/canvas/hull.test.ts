import { describe, expect, test } from 'vitest';
import { laneRows, looseRows, outlinePath, rowsHold } from './hull';

const lanes = [0, 1, 2, 3].map((i) => ({ top: i * 100, bottom: i * 100 + 100 }));

function note(lane: number, x: number) {
  const y = lane * 100 + 50;
  return { lane, box: { left: x - 50, right: x + 50, top: y - 40, bottom: y + 40 } };
}

describe('rows of a group', () => {
  test('per lane the span of its notes and a margin, from the first note to the last', () => {
    expect(laneRows([note(1, 300), note(1, 500), note(2, 400)], lanes)).toEqual([
      { left: 243, right: 557, top: 103, bottom: 200 },
      { left: 343, right: 457, top: 200, bottom: 297 },
    ]);
  });

  test('a lane without notes is bridged where the others both are', () => {
    const [, bridge] = laneRows([note(0, 300), note(0, 500), note(2, 500)], lanes);
    expect(bridge).toEqual({ left: 480, right: 520, top: 100, bottom: 200 });
  });

  test('lanes that lie apart are joined by a neck', () => {
    const [a, b] = laneRows([note(0, 100), note(1, 500)], lanes);
    expect((a?.right ?? 0) - (b?.left ?? 0)).toBe(20);
    const [c, d] = laneRows([note(0, 500), note(1, 100)], lanes);
    expect((d?.right ?? 0) - (c?.left ?? 0)).toBe(20);
  });

  test('no notes, no rows', () => {
    expect(laneRows([], lanes)).toEqual([]);
    expect(outlinePath([])).toBe('');
  });

  test('on a free board notes beside each other make a row', () => {
    const rows = looseRows([
      { left: 0, right: 200, top: 0, bottom: 140 },
      { left: 300, right: 500, top: 30, bottom: 170 },
      { left: 100, right: 300, top: 200, bottom: 340 },
    ]);
    expect(rows.map((r) => [r.left, r.right])).toEqual([
      [-7, 507],
      [93, 307],
    ]);
    expect(rows[0]?.bottom).toBe(rows[1]?.top);
  });
});

describe('outline', () => {
  test('one row is a rectangle with four round corners', () => {
    const path = outlinePath(laneRows([note(0, 100)], lanes));
    expect(path.match(/Q/g)).toHaveLength(4);
    expect(path.startsWith('M')).toBe(true);
    expect(path.endsWith('Z')).toBe(true);
  });

  test('each step adds corners, a straight side none', () => {
    expect(outlinePath(laneRows([note(0, 100), note(1, 100)], lanes)).match(/Q/g)).toHaveLength(4);
    expect(outlinePath(laneRows([note(0, 100), note(1, 150)], lanes)).match(/Q/g)).toHaveLength(8);
  });

  test('corners stay round where a step is smaller than the radius', () => {
    const path = outlinePath(laneRows([note(0, 100), note(1, 110)], lanes));
    expect(path).not.toContain('NaN');
    // Half the step of 10 px is left to each of its two corners.
    expect(path).toContain('Q157 100 162 100');
  });

  test('the finger is inside where the outline is', () => {
    const rows = laneRows([note(0, 100), note(1, 300)], lanes);
    expect(rowsHold(rows, 100, 50)).toBe(true);
    expect(rowsHold(rows, 300, 50)).toBe(false);
    expect(rowsHold(rows, 300, 150)).toBe(true);
    expect(rowsHold(rows, 100, 350)).toBe(false);
  });
});
