import { describe, expect, test } from 'vitest';
import { heldOrder, HeldOrder } from './order';

describe('a list that is held', () => {
  test('stays in its order while values change', () => {
    expect(heldOrder(['a', 'b', 'c'], ['b', 'c', 'a'], true)).toEqual(['a', 'b', 'c']);
  });

  test('lets new ones in where they belong', () => {
    expect(heldOrder(['a', 'b'], ['x', 'a', 'y', 'z', 'b'], true)).toEqual([
      'x',
      'a',
      'y',
      'z',
      'b',
    ]);
  });

  test('lets new ones in beside the row that they follow, wherever that is held', () => {
    expect(heldOrder(['c', 'a', 'b'], ['a', 'b', 'c', 'd'], true)).toEqual(['c', 'd', 'a', 'b']);
  });

  test('lets go of what has gone', () => {
    expect(heldOrder(['a', 'b', 'c'], ['c', 'a'], true)).toEqual(['a', 'c']);
  });
});

test('a list that is let go is sorted', () => {
  expect(heldOrder(['a', 'b', 'c'], ['b', 'c', 'a'], false)).toEqual(['b', 'c', 'a']);
});

test('a list remembers its order from one change to the next while it is held', () => {
  const list = new HeldOrder();
  list.of(['a', 'b', 'c'], false);
  list.of(['c', 'a', 'b'], true);
  expect(list.of(['c', 'b', 'a'], true)).toEqual(['a', 'b', 'c']);
  expect(list.of(['c', 'b', 'a'], false)).toEqual(['c', 'b', 'a']);
});
