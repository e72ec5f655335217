import { beforeAll, expect, test } from 'vitest';
import { locale } from '../../state/locale.svelte';
import { roundName, snapshotsOf, titleOf } from './snapshots';

beforeAll(() => locale.whole());

test('snapshots come newest first, and those of a freeze say so', () => {
  expect(
    snapshotsOf({
      m2: { by: 'p1', time: 20, seq: 2, name: 'Alku' },
      m10: { by: 'p2', time: 30, seq: 10, what: 'freeze' },
    }),
  ).toEqual([
    { id: 'm10', name: '', freeze: true, by: 'p2', time: 30 },
    { id: 'm2', name: 'Alku', freeze: false, by: 'p1', time: 20 },
  ]);
});

test('a board without snapshots has an empty list', () => {
  expect(snapshotsOf(undefined)).toEqual([]);
});

test('a round is named by the first number that is free', () => {
  const kept = snapshotsOf({
    m1: { by: 'p1', time: 1, seq: 1, name: 'Kierros 1' },
    m2: { by: 'p1', time: 2, seq: 2, name: 'Kierros 3' },
    m3: { by: 'p1', time: 3, seq: 3, what: 'freeze' },
  });
  expect(roundName(kept)).toBe('Kierros 2');
  expect(roundName([])).toBe('Kierros 1');
  expect(kept.map(titleOf)).toEqual(['Segmenttien jäädytys', 'Kierros 3', 'Kierros 1']);
});
