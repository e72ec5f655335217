import { describe, expect, test } from 'vitest';
import { fanBoxes } from './fan';
import { onScreen, overlap } from './point';

const clear = { left: 60, top: 150, right: 1000, bottom: 700 };

describe('a fan', () => {
  test('stands around the finger', () => {
    const [a, b] = fanBoxes(2, onScreen(500, 400), 122, 88, clear);
    expect(a).toEqual({ left: 374, top: 356, right: 496, bottom: 444 });
    expect(b?.left).toBe(504);
  });

  test.each([1, 2, 5, 12, 30])('%i notes never overlap and stay in sight', (n) => {
    for (const at of [onScreen(60, 150), onScreen(990, 690), onScreen(500, 20)]) {
      const boxes = fanBoxes(n, at, 122, 88, clear);
      expect(boxes).toHaveLength(n);
      for (const [i, box] of boxes.entries()) {
        expect(box.left >= clear.left && box.right <= clear.right).toBe(true);
        expect(box.top >= clear.top && box.bottom <= clear.bottom).toBe(true);
        expect(boxes.slice(i + 1).some((other) => overlap(box, other))).toBe(false);
      }
    }
  });

  test('more than there is room for are left out', () => {
    expect(fanBoxes(500, onScreen(500, 400), 122, 88, clear)).toHaveLength(7 * 5);
  });
});
