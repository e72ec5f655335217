// What a facilitator does to the whole board. admit has asked for the role. Twin of apply_room.go, without what only the
// server knows: milestones, the hash of a freeze, what a rewind brings back.
import { refuse } from './change';
import { boardID, limits, phases, type ID, type ItemOf, type Segment, type Value } from './item';
import type { Op } from './op';
import { editFields } from './predict_item';
import { rights, validReach, type Right } from './rights';
import { byOrder } from './state';
import { statistics } from './statistics';
import { cleanLine, textLength } from './text';
import { firstNo, refuseBy, type No, type Tx } from './tx';

type OpOf<D extends Op['do']> = Extract<Op, { do: D }>;

const maxMilestones = 500;

/** Refuses what needs the board item, which every board of the product has. */
function settle(t: Tx): No | null {
  return t.board === undefined ? refuse('gone', { id: boardID }) : null;
}

export function lock(t: Tx, op: OpOf<'lock'>): No | null {
  const no = settle(t);
  if (no !== null) {
    return no;
  }
  switch (op.level) {
    case 'open':
      t.setFields(boardID, { lock: null });
      return null;
    case 'text':
    case 'closed':
      t.setFields(boardID, { lock: t.stamp({ level: op.level }) });
      return null;
    default:
      op.level satisfies never;
      return refuse('invalid', { field: 'level' });
  }
}

export function pin(t: Tx, op: OpOf<'pin'>): No | null {
  if (op.ids.length === 0) {
    return refuse('invalid', { field: 'ids' });
  }
  const no = firstNo(
    op.ids,
    (id) =>
      t.missing(id) ??
      t.each([id], ({ type }) =>
        type === 'board' || type === 'link' || type === 'participant'
          ? refuse('invalid', { id })
          : null,
      ),
  );
  if (no !== null) {
    return no;
  }
  for (const id of op.ids) {
    if (op.on !== (t.s.item(id)?.pinned !== undefined)) {
      t.setFields(id, { pinned: op.on ? t.stamp({}) : null });
    }
  }
  return null;
}

/** The segments named, in their order on the board, or all. */
function segments(
  t: Tx,
  ids: readonly ID[],
): { readonly named: readonly Segment[] } | { readonly no: No } {
  if (ids.length === 0) {
    return { named: t.s.ofType('segment') };
  }
  const named: Segment[] = [];
  for (const id of new Set(ids)) {
    const segment = t.s.itemOf(id, 'segment');
    if (segment === undefined) {
      return { no: t.missing(id, 'segment') ?? refuse('gone', { id }) };
    }
    named.push(segment);
  }
  return { named: named.sort(byOrder) };
}

export function freeze(t: Tx, op: OpOf<'freeze'>): No | null {
  const no = settle(t);
  if (no !== null) {
    return no;
  }
  const found = segments(t, op.segments);
  if ('no' in found) {
    return found.no;
  }
  if (found.named.length === 0) {
    return refuse('invalid', { field: 'segments' });
  }
  for (const { id, groupId, position } of found.named) {
    const median = groupId === undefined ? null : statistics(t.s, groupId).median;
    if (position === undefined && median !== null) {
      t.setFields(id, { position: Math.round(median * 10) });
    }
    t.setFields(id, { frozen: t.stamp({ texts: op.texts, hash: '' }) });
  }
  return keep(t);
}

export function unfreeze(t: Tx, op: OpOf<'unfreeze'>): No | null {
  const found = segments(t, op.segments);
  if ('no' in found) {
    return found.no;
  }
  for (const { id } of found.named) {
    t.setFields(id, { frozen: null });
  }
  return null;
}

export function phase(t: Tx, op: OpOf<'phase'>): No | null {
  const no = settle(t);
  if (no !== null) {
    return no;
  }
  if (!phases.includes(op.to)) {
    return refuse('invalid', { field: 'to' });
  }
  if (op.to === t.board?.phase) {
    return null;
  }
  t.setFields(boardID, { phase: op.to, phaseSet: t.stamp({}), rights: null });
  if (op.to === 'segment') {
    makeSegments(t);
  }
  return null;
}

/** Makes the missing segments of ready groups. A segment that was deleted stays deleted. */
function makeSegments(t: Tx): void {
  for (const group of t.s.ofType('group')) {
    const id = `s.${group.id}`;
    if (
      t.s.referring(group.id, 'segment').length > 0 ||
      t.s.wasHere(id) ||
      !statistics(t.s, group.id).ready
    ) {
      continue;
    }
    if (t.room(1) !== null) {
      return;
    }
    const made: ItemOf<'segment'> = {
      id,
      type: 'segment',
      groupId: group.id,
      order: t.s.counter('segment') + 1,
      ...(group.name === undefined ? {} : { name: group.name }),
    };
    t.put(made);
  }
}

export function setRights(t: Tx, op: OpOf<'rights'>): No | null {
  const no = settle(t);
  if (no !== null) {
    return no;
  }
  const names = Object.keys(op.rights).sort();
  if (names.length === 0) {
    return refuse('invalid', { field: 'rights' });
  }
  const fields: Record<string, Value | null> = {};
  for (const name of names) {
    const reach = op.rights[name] ?? null;
    const known = rights.includes(name as Right);
    if (!known || (reach !== null && !validReach(name as Right, reach))) {
      return refuse('invalid', { field: name });
    }
    fields[`rights/${name}`] = reach;
  }
  t.setFields(boardID, fields);
  return null;
}

export function settings(t: Tx, op: OpOf<'board'>): No | null {
  const { board } = t;
  return board === undefined ? settle(t) : editFields(t, board, op.fields, op.was);
}

export function privately(t: Tx, op: OpOf<'private'>): No | null {
  const no = settle(t);
  if (no === null && op.on !== (t.board?.private !== undefined)) {
    t.setFields(boardID, { private: op.on ? t.stamp({}) : null });
  }
  return no;
}

/** What was hidden comes with the facts. */
export function reveal(t: Tx): No | null {
  const no = settle(t);
  if (no === null) {
    t.setFields(boardID, { private: null });
  }
  return no;
}

export function milestone(t: Tx, op: OpOf<'milestone'>): No | null {
  const no = settle(t);
  if (no !== null) {
    return no;
  }
  const name = cleanLine(op.name);
  if (name === '') {
    return refuse('invalid', { field: 'name' });
  }
  if (textLength(name) > limits.name) {
    return refuse('too_long', { field: 'name', limit: limits.name });
  }
  return keep(t);
}

/** Refuses one more milestone than there may be. Its id is the entry's seq, which is not known here. */
function keep(t: Tx): No | null {
  const kept = Object.keys(t.board?.milestones ?? {}).length;
  return kept >= maxMilestones
    ? refuse('full', { field: 'milestones', limit: maxMilestones })
    : null;
}

export function rewind(t: Tx, op: OpOf<'rewind'>): No | null {
  const no = settle(t);
  if (no !== null) {
    return no;
  }
  if (!Object.hasOwn(t.board?.milestones ?? {}, op.milestone)) {
    return refuse('gone', { id: op.milestone });
  }
  return firstNo(t.s.ofType('segment'), (segment) =>
    segment.frozen === undefined ? null : refuseBy(segment.frozen, 'frozen', { id: segment.id }),
  );
}
