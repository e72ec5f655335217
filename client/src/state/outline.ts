// The board as lists: by group, and by zone of the axis. Notes stand in the order of their places.
import type { ID, Note } from '$protocol/board/item';
import type { Shown } from '$protocol/board/state';
import { value10, zoneOf } from '$protocol/board/value';

export interface Listed {
  readonly note: Note;
  /** Its value, null when it is parked or there is no axis. */
  readonly tenths: number | null;
}

function listed(board: Shown, notes: Iterable<Note>): Listed[] {
  const axis = board.axis();
  return [...notes].map((note) => ({ note, tenths: value10(axis, note.x, note.y) })).sort(inOrder);
}

/** By value, what has none last; then by height, then by id. */
function inOrder(a: Listed, b: Listed): number {
  return (
    (a.tenths ?? Infinity) - (b.tenths ?? Infinity) ||
    a.note.y - b.note.y ||
    a.note.x - b.note.x ||
    (a.note.id < b.note.id ? -1 : 1)
  );
}

export function notesOfGroup(board: Shown, group: ID): Listed[] {
  return listed(board, board.referring(group, 'note'));
}

/** Notes without a group, parked or not. */
export function loneNotes(board: Shown): Listed[] {
  return listed(
    board,
    board.ofType('note').filter(({ groupId }) => groupId === undefined),
  );
}

export function parkedNotes(board: Shown): Listed[] {
  return listed(board, board.ofType('note')).filter(({ tenths }) => tenths === null);
}

export interface Zone {
  /** Of the axis, 0–100: from–to. Absent: the notes without a value, or a board without an axis. */
  readonly range?: readonly [from: number, to: number];
  readonly notes: readonly Listed[];
}

/** The zones of the axis from its start, then what is parked, if anything is. */
export function zonesOf(board: Shown): Zone[] {
  const axis = board.axis();
  const all = listed(board, board.ofType('note'));
  if (!axis) return [{ notes: all }];
  const count = axis.zones ?? 5;
  const zones = Array.from({ length: count }, (_, i): Zone => ({
    range: [Math.round((i * 100) / count), Math.round(((i + 1) * 100) / count)],
    notes: all.filter(({ tenths }) => tenths !== null && zoneOf(tenths, count) === i),
  }));
  const parked = all.filter(({ tenths }) => tenths === null);
  return parked.length > 0 ? [...zones, { notes: parked }] : zones;
}
