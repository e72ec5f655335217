import { describe, expect, test } from 'vitest';
import { value10, valueAt10, whole10, xOf10 } from './value';

const axis = { x0: 200, x1: 10200, bandTop: 500, bandBottom: 5900 };

describe('value of a place', () => {
  test.each([
    [200, 0],
    [204, 0],
    [205, 1], // half a tenth rounds up
    [600, 40],
    [10195, 1000],
    [10200, 1000],
    [-1_000_000, 0],
    [1_000_000, 1000],
  ])('x %i is %i tenths', (x, tenths) => {
    expect(valueAt10(axis, x)).toBe(tenths);
  });

  test('the band includes both its edges and nothing beyond', () => {
    expect(value10(axis, 5200, 500)).toBe(500);
    expect(value10(axis, 5200, 5900)).toBe(500);
    expect(value10(axis, 5200, 499)).toBeNull();
    expect(value10(axis, 5200, 5901)).toBeNull();
  });

  test.each([1000, 1001, 1999, 3333, 10_000, 200_001, 2_000_000])(
    'every typed tenth comes back on an axis %i wide',
    (width) => {
      const ends = { x0: -777, x1: -777 + width };
      for (let tenths = 0; tenths <= 1000; tenths++) {
        expect(valueAt10(ends, xOf10(ends, tenths))).toBe(tenths);
      }
    },
  );

  test('whole numbers round half up', () => {
    expect([0, 4, 5, 14, 15, 994, 995, 1000].map(whole10)).toEqual([0, 0, 1, 1, 2, 99, 100, 100]);
  });
});
