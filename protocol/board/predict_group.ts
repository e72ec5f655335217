// Grouping: which notes belong together. Twin of apply_group.go.
import { refuse } from './change';
import type { Group, ID } from './item';
import type { Op, Was } from './op';
import { firstNo, type No, type Tx } from './tx';

type OpOf<D extends Op['do']> = Extract<Op, { do: D }>;

export function group(t: Tx, op: OpOf<'group'>): No | null {
  if (op.notes.length === 0) {
    return refuse('invalid', { field: 'notes' });
  }
  const into = t.s.item(op.group);
  const no =
    (into === undefined ? t.newID(op.group) : t.missing(op.group, 'group')) ??
    groupable(t, op.notes) ??
    (into === undefined ? null : t.untouched(into)) ??
    t.require('group');
  if (no !== null) {
    return no;
  }
  const notes = unchanged(t, op.notes, op.was);
  if (notes.length === 0) {
    return null;
  }
  if (into === undefined) {
    const full = t.room(1);
    if (full !== null) {
      return full;
    }
    const made: Group = { id: op.group, type: 'group', order: t.s.counter('group') + 1 };
    t.put(made);
  }
  regroup(t, notes, op.group);
  return null;
}

export function ungroup(t: Tx, op: OpOf<'ungroup'>): No | null {
  if (op.notes.length === 0) {
    return refuse('invalid', { field: 'notes' });
  }
  const no = groupable(t, op.notes) ?? t.require('group');
  if (no !== null) {
    return no;
  }
  regroup(t, unchanged(t, op.notes, op.was), null);
  return null;
}

/** Refuses notes that are not there or may not change their group. */
function groupable(t: Tx, notes: readonly ID[]): No | null {
  return (
    firstNo(notes, (id) => t.missing(id, 'note')) ?? t.each(notes, (note) => t.untouched(note))
  );
}

/** Leaves out, and tells, the notes whose group is not what the author of an undo saw. */
function unchanged(t: Tx, notes: readonly ID[], was: Was | undefined): ID[] {
  return notes.filter((id) => {
    const no = t.each([id], (note) => t.changedSince(note, was, 'groupId'));
    if (no !== null) {
      t.tell(no);
    }
    return no === null;
  });
}

function regroup(t: Tx, notes: readonly ID[], into: ID | null): void {
  for (const id of notes) {
    const from = t.s.itemOf(id, 'note')?.groupId;
    t.setFields(id, { groupId: into });
    if (from !== undefined && from !== into) {
      dissolve(t, from);
    }
  }
}

/** Removes a group that nothing belongs to, unless it has a name or a segment: those were somebody's work. */
export function dissolve(t: Tx, id: ID): void {
  const empty = t.s.itemOf(id, 'group');
  if (empty !== undefined && (empty.name ?? '') === '' && t.s.referrers(id).size === 0) {
    t.remove(id);
  }
}
