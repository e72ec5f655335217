import { expect, test } from 'vitest';
import type { Segment } from '$protocol/board/item';
import { Groups } from '../../state/groups.svelte';
import { State } from '$protocol/board/state';
import { segmentRows } from './segments';

const frozen = { by: 'p1', time: 5, texts: true, hash: 'h' };
const segments: Segment[] = [
  { id: 's.g1', type: 'segment', groupId: 'g1', name: 'Alku', order: 1 },
  { id: 's2', type: 'segment', name: 'Yksin', order: 2, frozen },
];

test('a segment is listed with its group and the notes that a freeze of it holds', () => {
  const board = new State();
  board.set('g1', { id: 'g1', type: 'group', name: ' Alku ', order: 3 });
  board.set('n1', { id: 'n1', type: 'note', groupId: 'g1', x: 0, y: 0 });
  const rows = segmentRows(segments, new Groups(board).all());
  expect(rows).toEqual([
    { id: 's.g1', name: 'Alku', notes: 1, frozen: undefined, group: { number: 3, colour: 3 } },
    { id: 's2', name: 'Yksin', notes: 0, frozen },
  ]);
});
