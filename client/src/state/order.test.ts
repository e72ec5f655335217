import { expect, test } from 'vitest';
import { reordered } from './order';

const items = (...orders: (number | undefined)[]) =>
  orders.map((order, i) => ({
    id: 'abcdef'.charAt(i),
    ...(order === undefined ? {} : { order }),
  }));

test('one that is moved takes the place of its neighbour, and others keep theirs', () => {
  expect(reordered(items(2, 5, 9), 'b', 1)).toEqual([
    { id: 'c', order: 5 },
    { id: 'b', order: 9 },
  ]);
});

test('beyond the ends nothing is moved', () => {
  expect(reordered(items(1, 2), 'a', -1)).toEqual([]);
  expect(reordered(items(1, 2), 'b', 1)).toEqual([]);
  expect(reordered(items(1, 2), 'x', 1)).toEqual([]);
});

test('those that stand at one place are put apart', () => {
  expect(reordered(items(undefined, 0, 0), 'c', -1)).toEqual([
    { id: 'a', order: 1 },
    { id: 'c', order: 2 },
    { id: 'b', order: 3 },
  ]);
});
