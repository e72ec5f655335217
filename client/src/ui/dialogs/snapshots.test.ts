import { expect, test } from 'vitest';
import { snapshotsOf } from './snapshots';

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
