import { expect, test } from 'vitest';
import type { Assessment } from '$protocol/board/item';
import type { Cell } from '$protocol/method/analysis';
import { State } from '$protocol/board/state';
import { thresholdsOf } from '$protocol/method/thresholds';
import { outcome, percentOf, votesOf } from './cells';

const limits = thresholdsOf(new State());
const cast = (...votes: number[]) => votes.map((vote, i) => ({ by: `p${i}`, vote }));

test('a score is read as a whole of a hundred, half up', () => {
  const cell = { serviceId: 's', segmentId: 'g', covers: true, rated: 5 };
  const of = (state: Cell['state'], score: number) => percentOf({ ...cell, state, score });
  expect(of('served', 0.525)).toBe(53);
  expect(of('served', 0)).toBe(0);
  expect(of('not_served', 0)).toBeUndefined();
  expect(of('unassessed', 0)).toBeUndefined();
});

test('votes have a middle that can be agreed on', () => {
  expect(outcome(cast(), limits)).toBeUndefined();
  expect(outcome(cast(1, 2), limits)).toEqual({ median: 1.5, agreeable: 2, discuss: false });
  expect(outcome(cast(0, 2, 4), limits)).toEqual({ median: 2, agreeable: 2, discuss: true });
  expect(outcome(cast(2, 2, 3), limits)).toMatchObject({ median: 2, discuss: false });
});

test('the votes of a cell are told with who cast them', () => {
  const cell: Assessment = {
    id: 'a.s.g',
    type: 'assessment',
    serviceId: 's',
    segmentId: 'g',
    votes: { targeting: { pa: 3 } },
  };
  expect(votesOf(cell, 'targeting')).toEqual([{ by: 'pa', vote: 3 }]);
  expect(votesOf(cell, 'resources')).toEqual([]);
  expect(votesOf(undefined, 'resources')).toEqual([]);
});
