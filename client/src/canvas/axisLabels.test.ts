import { expect, test } from 'vitest';
import { placeLabels } from './axisLabels';

test('names stand over their medians', () => {
  const places = placeLabels(
    [
      { centre: 200, width: 100 },
      { centre: 500, width: 100 },
    ],
    1000,
    [],
  );
  expect(places).toEqual([
    { row: 0, centre: 200 },
    { row: 0, centre: 500 },
  ]);
});

test('a name that would touch a pole moves aside', () => {
  expect(placeLabels([{ centre: 60, width: 150 }], 1000, [])).toEqual([{ row: 0, centre: 83 }]);
  expect(placeLabels([{ centre: 960, width: 150 }], 1000, [])).toEqual([{ row: 0, centre: 917 }]);
});

test('names that would touch share the shift', () => {
  const places = placeLabels(
    [
      { centre: 300, width: 100 },
      { centre: 390, width: 100 },
    ],
    1000,
    [],
  );
  expect(places).toEqual([
    { row: 0, centre: 288 },
    { row: 0, centre: 402 },
  ]);
});

test('a name at a pole pushes the one before it', () => {
  const [a, b] = placeLabels(
    [
      { centre: 790, width: 140 },
      { centre: 940, width: 150 },
    ],
    1000,
    [],
  );
  expect(b).toEqual({ row: 0, centre: 917 });
  expect(a?.row).toBe(0);
  expect(a?.centre).toBe(917 - 75 - 14 - 70);
});

test('where they would be pushed too far one goes to the second row', () => {
  const crowd = [300, 310, 420].map((centre) => ({ centre, width: 100 }));
  expect(placeLabels(crowd, 1000, []).map((p) => p?.row)).toEqual([0, 1, 0]);
});

test('a group without a name makes way first', () => {
  const crowd = [300, 310, 420].map((centre, i) => ({ centre, width: 100, minor: i === 0 }));
  expect(placeLabels(crowd, 1000, []).map((p) => p?.row)).toEqual([1, 0, 0]);
});

test('in the second row the names of the ends are in the way', () => {
  const crowd = [150, 160].map((centre) => ({ centre, width: 100 }));
  const rows = (right: number) => placeLabels(crowd, 1000, [{ left: 0, right }]).map((p) => p?.row);
  expect(rows(230)).toEqual([undefined, 0]);
  expect(rows(60)).toEqual([1, 0]);
});

test('what has no place has no name, and nothing overlaps', () => {
  const crowd = Array.from({ length: 12 }, (_, i) => ({ centre: 100 + i * 40, width: 120 }));
  const places = placeLabels(crowd, 700, []);
  expect(places.some((p) => p === null)).toBe(true);
  for (const row of [0, 1]) {
    const spans = places.flatMap((p, i) =>
      p?.row === row ? [[p.centre - 60, p.centre + 60, i] as const] : [],
    );
    spans.sort((a, b) => a[0] - b[0]);
    for (const [n, span] of spans.entries()) {
      const next = spans[n + 1];
      if (next) expect(next[0]).toBeGreaterThanOrEqual(span[1]);
    }
  }
  expect(placeLabels([{ centre: 40, width: 300 }], 200, [])).toEqual([null]);
});
