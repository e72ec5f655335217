import { expect, test } from 'vitest';
import type { Note } from '$protocol/board/item';
import { State } from '$protocol/board/state';
import { loneNotes, notesOfGroup, parkedNotes, zonesOf, type Listed } from './outline';

const note = (id: string, x: number, y: number, groupId?: string): Note => ({
  type: 'note',
  id,
  x,
  y,
  ...(groupId === undefined ? {} : { groupId }),
});
const ids = (list: readonly Listed[]) => list.map((one) => one.note.id);

function board(...notes: Note[]): State {
  const state = new State();
  state.set('ax', {
    type: 'axis',
    id: 'ax',
    x0: 0,
    x1: 1000,
    bandTop: 0,
    bandBottom: 100,
    zones: 5,
  });
  state.set('g1', { type: 'group', id: 'g1', name: 'Ryhmä', order: 1 });
  for (const one of notes) state.set(one.id, one);
  return state;
}

const shown = board(
  note('late', 900, 50, 'g1'),
  note('early', 100, 50, 'g1'),
  note('edge', 1000, 10),
  note('parked', 100, 400),
  note('lone', 300, 50),
);

test('notes stand in the order of their places, the parked ones last', () => {
  expect(ids(notesOfGroup(shown, 'g1'))).toEqual(['early', 'late']);
  expect(ids(loneNotes(shown))).toEqual(['lone', 'edge', 'parked']);
  expect(ids(parkedNotes(shown))).toEqual(['parked']);
});

test('every note lies in one zone, the end of the axis in the last', () => {
  const zones = zonesOf(shown);
  expect(zones.map(({ range, notes }) => [range, ids(notes)])).toEqual([
    [[0, 20], ['early']],
    [[20, 40], ['lone']],
    [[40, 60], []],
    [[60, 80], []],
    [
      [80, 100],
      ['late', 'edge'],
    ],
    [undefined, ['parked']],
  ]);
});

test('a board without an axis is one list', () => {
  const free = new State();
  free.set('n', note('n', 5, 5));
  expect(zonesOf(free).map(({ range, notes }) => [range, ids(notes)])).toEqual([
    [undefined, ['n']],
  ]);
});
