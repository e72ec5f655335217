import { describe, expect, test } from 'vitest';
import type { Axis } from '$protocol/board/item';
import { value10, xOf10 } from '$protocol/board/value';
import { tenthsAt, tenthsOf, wholeOfTenths, xOfTenths } from './value';

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
    expect(tenthsAt(x, axis)).toBe(tenths);
  });

  test('the band includes both its edges and nothing beyond', () => {
    expect(tenthsOf({ x: 5200, y: 500 }, axis)).toBe(500);
    expect(tenthsOf({ x: 5200, y: 5900 }, axis)).toBe(500);
    expect(tenthsOf({ x: 5200, y: 499 }, axis)).toBeNull();
    expect(tenthsOf({ x: 5200, y: 5901 }, axis)).toBeNull();
  });

  test.each([1000, 1001, 1999, 3333, 10_000, 200_001, 2_000_000])(
    'every typed tenth comes back on an axis %i wide',
    (width) => {
      const ends = { x0: -777, x1: -777 + width };
      for (let tenths = 0; tenths <= 1000; tenths++) {
        expect(tenthsAt(xOfTenths(tenths, ends), ends)).toBe(tenths);
      }
    },
  );

  test('whole numbers round half up', () => {
    expect([0, 4, 5, 14, 15, 994, 995, 1000].map(wholeOfTenths)).toEqual([
      0, 0, 1, 1, 2, 99, 100, 100,
    ]);
  });

  test('is what the protocol says it is', () => {
    for (const [x0, x1] of [
      [200, 10200],
      [-777, 223],
      [0, 3333],
    ] as const) {
      const item: Axis = { id: 'ax', type: 'axis', x0, x1, bandTop: 0, bandBottom: 100 };
      for (let x = x0 - 50; x <= x1 + 50; x += 3) {
        for (const y of [-1, 0, 100, 101]) {
          expect(tenthsOf({ x, y }, item)).toBe(value10(item, x, y));
        }
      }
      for (let tenths = 0; tenths <= 1000; tenths++) {
        expect(xOfTenths(tenths, item)).toBe(xOf10(item, tenths));
      }
    }
  });
});
