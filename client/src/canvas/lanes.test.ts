import { describe, expect, test } from 'vitest';
import { freePlaceInStrip, laneAt, laneStrip, rowCentres } from './lanes';

const band = { x0: 200, x1: 10200, bandTop: 500, bandBottom: 5900 };

describe('lanes', () => {
  test('lane i of k is the i-th k-th of the band', () => {
    expect(laneStrip(band, 0, 6)).toEqual({ top: 500, bottom: 1400 });
    expect(laneStrip(band, 5, 6)).toEqual({ top: 5000, bottom: 5900 });
  });

  test.each([
    [500, 0],
    [1399, 0],
    [1400, 1],
    [5900, 5],
    [-3000, 0],
    [9000, 5],
  ])('y %i lies in lane %i', (y, lane) => {
    expect(laneAt(y, band, 6)).toBe(lane);
  });

  test('rows are 150 units apart, inside the lane, the middle ones first', () => {
    const rows = rowCentres({ top: 500, bottom: 1400 });
    expect(rows).toEqual([875, 1025, 725, 1175, 575, 1325]);
  });

  test('a lane lower than a row still has one', () => {
    expect(rowCentres({ top: 0, bottom: 90 })).toEqual([45]);
  });
});

describe('a new note', () => {
  const strip = { top: 500, bottom: 1400 };
  const place = (notes: { x: number; y: number }[]) => freePlaceInStrip(3000, strip, notes, 1000).y;

  test('takes the first row', () => {
    expect(place([])).toBe(875);
    expect(place([{ x: 4000, y: 875 }])).toBe(875);
  });

  test('takes the next row that nothing reaches into', () => {
    expect(place([{ x: 3100, y: 875 }])).toBe(1025);
    expect(place([{ x: 3100, y: 950 }])).toBe(725);
  });

  test('takes the emptiest row when none is free', () => {
    const rows = [875, 1025, 725, 1175, 575, 1325];
    const crowd = rows.map((y) => ({ x: y === 575 ? 3700 : 3300, y }));
    crowd.splice(2, 1); // nothing at 725 itself, but its neighbours reach into it
    expect(place(crowd)).toBe(725);
    expect(place([...crowd, { x: 3010, y: 725 }])).toBe(575);
  });
});
