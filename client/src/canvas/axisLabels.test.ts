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

test('a name that would touch another moves aside, then to the second row', () => {
  const [a, b, c] = placeLabels(
    [
      { centre: 300, width: 100 },
      { centre: 390, width: 100 },
      { centre: 400, width: 100 },
    ],
    1000,
    [],
  );
  expect(a).toEqual({ row: 0, centre: 300 });
  expect(b).toEqual({ row: 0, centre: 414 });
  expect(c).toEqual({ row: 1, centre: 400 });
});

test('in the second row the names of the ends are in the way', () => {
  const crowd = [
    { centre: 150, width: 100 },
    { centre: 160, width: 100 },
  ];
  expect(placeLabels(crowd, 1000, [{ left: 0, right: 230 }])[1]).toBeNull();
  expect(placeLabels(crowd, 1000, [{ left: 0, right: 60 }])[1]).toMatchObject({ row: 1 });
});

test('what has no place has no name', () => {
  const crowd = Array.from({ length: 3 }, () => ({ centre: 300, width: 120 }));
  expect(placeLabels(crowd, 1000, []).map((p) => p?.row)).toEqual([0, 1, undefined]);
  expect(placeLabels([{ centre: 40, width: 300 }], 200, [])).toEqual([null]);
});
