// The ops that take a push back, from the changes it was seen to make. Each says what it expects to find.
import { changedID, get, same, withFields, type Landed } from '$protocol/board/apply';
import {
  boardID,
  criteria,
  type Assessment,
  type ID,
  type Item,
  type Value,
} from '$protocol/board/item';
import type { Fields, Op, Place, Was } from '$protocol/board/op';
import { fieldOf } from '$protocol/board/schema';

/** An item before and after a push; undefined: it was not there. */
interface Turn {
  readonly id: ID;
  readonly before: Item | undefined;
  after: Item | undefined;
  /** As it was last there: what a restore brings back. */
  last: Item | undefined;
}

/** What the server numbers anew: not what anybody did. */
const numbered: ReadonlySet<string> = new Set(['id', 'type', 'z', 'order']);

/** The ops that take back what the ops of one push did: bring back first, then set, then delete. */
export function inverse(ops: readonly Op[], landed: readonly Landed[]): readonly Op[] {
  const turns = turnsOf(landed);
  const there = turns.map(({ id, before, last }): Turn => ({ id, before, after: last, last }));
  const set = there.filter(({ before, after }) => before !== undefined && after !== undefined);
  return [
    ...restores(turns),
    ...moves(set),
    ...unnames(ops, turns),
    ...regroups(set),
    ...set.flatMap((turn) => edits(ops, turn)),
    ...deletes(ops, turns),
  ];
}

/** Each item once, in the order in which they were last touched. */
function turnsOf(landed: readonly Landed[]): readonly Turn[] {
  const turns = new Map<ID, Turn>();
  for (const { change, before } of landed) {
    const id = changedID(change);
    const turn = turns.get(id) ?? { id, before, after: before, last: before };
    if ('put' in change) {
      turn.after = change.put;
    } else if ('remove' in change) {
      turn.after = undefined;
    } else {
      turn.after = turn.after && withFields(turn.after, change.set);
    }
    turn.last = turn.after ?? turn.last;
    turns.delete(id);
    turns.set(id, turn);
  }
  return [...turns.values()];
}

/** Last removed first: what others refer to was removed after them. By type, since each type has its own right. */
function restores(turns: readonly Turn[]): readonly Op[] {
  const runs: { readonly type: string; readonly ids: ID[] }[] = [];
  for (const { id, before, after } of [...turns].reverse()) {
    if (before === undefined || after !== undefined) {
      continue;
    }
    const last = runs.at(-1);
    if (last?.type === before.type) {
      last.ids.push(id);
    } else {
      runs.push({ type: before.type, ids: [id] });
    }
  }
  return runs.map(({ ids }) => ({ do: 'restore', ids }));
}

function deletes(ops: readonly Op[], turns: readonly Turn[]): readonly Op[] {
  const ids: ID[] = [];
  const was: Record<ID, Fields> = {};
  for (const { id, before, after } of turns) {
    if (before !== undefined || after === undefined || isGrouping(ops, id)) {
      continue;
    }
    ids.push(id);
    was[id] = Object.fromEntries(
      Object.entries(after as unknown as Fields).filter(([name]) => !numbered.has(name)),
    );
  }
  return ids.length === 0 ? [] : [{ do: 'delete', ids, was }];
}

/** A group that a grouping made goes by itself once it is empty and has no name. */
function unnames(ops: readonly Op[], turns: readonly Turn[]): readonly Op[] {
  return turns.flatMap(({ id, before, after }): Op[] => {
    const name = after?.type === 'group' ? after.name : undefined;
    return before === undefined && name !== undefined && isGrouping(ops, id)
      ? [{ do: 'edit', id, fields: { name: null }, was: { [id]: { name } } }]
      : [];
  });
}

function isGrouping(ops: readonly Op[], id: ID): boolean {
  return ops.some((op) => op.do === 'group' && op.group === id);
}

/** Moves lay on top in the order given: the lowest goes first. */
function moves(turns: readonly Turn[]): readonly Op[] {
  const places: { readonly place: Place; readonly z: number }[] = [];
  const was: Record<ID, Fields> = {};
  for (const { id, before, after } of turns) {
    if (before?.type !== 'note' || after?.type !== 'note') {
      continue;
    }
    if (before.x !== after.x || before.y !== after.y) {
      places.push({ place: [id, before.x, before.y], z: before.z ?? 0 });
      was[id] = { x: after.x, y: after.y };
    }
  }
  places.sort((a, b) => a.z - b.z);
  return places.length === 0 ? [] : [{ do: 'move', moves: places.map(({ place }) => place), was }];
}

function regroups(turns: readonly Turn[]): readonly Op[] {
  const groups = new Map<
    ID | undefined,
    { readonly notes: ID[]; readonly was: Record<ID, Fields> }
  >();
  for (const { id, before, after } of turns) {
    if (before?.type !== 'note' || after?.type !== 'note' || before.groupId === after.groupId) {
      continue;
    }
    const into = groups.get(before.groupId) ?? { notes: [], was: {} };
    groups.set(before.groupId, into);
    into.notes.push(id);
    into.was[id] = { groupId: after.groupId ?? null };
  }
  return [...groups].map(([group, { notes, was }]): Op =>
    group === undefined ? { do: 'ungroup', notes, was } : { do: 'group', notes, group, was },
  );
}

/** The other fields of an item. */
function edits(ops: readonly Op[], { id, before, after }: Turn): readonly Op[] {
  if (before === undefined || after === undefined) {
    return [];
  }
  const out: Op[] = [];
  const fields: Record<string, Value | null> = {};
  const saw: Record<string, Value | null> = {};
  for (const path of differing(before, after)) {
    const field = fieldOf(after.type, path.split('/')[0] ?? '');
    const [old, now] = [get(before, path) ?? null, get(after, path) ?? null];
    const written = ops.some((op) => op.do === 'text' && op.id === id && op.field === path);
    if (field === undefined || field.own === true || numbered.has(path) || isPlace(after, path)) {
      continue;
    }
    if (path === 'name' && alike(after) && !aims(ops, id)) {
      continue; // it follows the name of its twin
    }
    if (written) {
      out.push({ do: 'text', id, field: path, from: textIn(now), to: textIn(old) });
    } else {
      fields[path] = old;
      saw[path] = now;
    }
  }
  if (Object.keys(fields).length > 0) {
    const was: Was = { [id]: saw };
    out.push(id === boardID ? { do: 'board', fields, was } : { do: 'edit', id, fields, was });
  }
  if (before.type === 'assessment' && after.type === 'assessment') {
    out.push(...assessments(before, after));
  }
  return out;
}

function assessments(before: Assessment, after: Assessment): readonly Op[] {
  const { id, serviceId: service, segmentId: segment } = after;
  const out: Op[] = [];
  if (before.serves !== undefined && before.serves !== after.serves) {
    const was: Was = { [id]: { serves: after.serves ?? null } };
    out.push({ do: 'assess', service, segment, serves: before.serves, was });
  }
  for (const criterion of criteria) {
    const [old, now] = [before.ratings?.[criterion], after.ratings?.[criterion]];
    if (old !== now) {
      const was: Was = { [id]: { [`ratings/${criterion}`]: now ?? null } };
      out.push({ do: 'assess', service, segment, criterion, rating: old ?? null, was });
    }
    for (const path of differing(before, after)) {
      if (path.startsWith(`votes/${criterion}/`)) {
        const vote = get(before, path);
        const was: Was = { [id]: { [path]: get(after, path) ?? null } };
        out.push({
          do: 'assess',
          service,
          segment,
          criterion,
          vote: typeof vote === 'number' ? vote : null,
          was,
        });
      }
    }
  }
  return out;
}

/** Fields, and paths into map fields, in which two forms of an item differ. */
function differing(a: Item, b: Item): readonly string[] {
  const paths = new Set<string>();
  const walk = (path: string, x: unknown, y: unknown, deep: boolean): void => {
    if (same(x, y)) {
      return;
    }
    if (!deep || !(isMap(x) || isMap(y))) {
      paths.add(path);
      return;
    }
    for (const key of new Set([...Object.keys(x ?? {}), ...Object.keys(y ?? {})])) {
      walk(`${path}/${key}`, member(x, key), member(y, key), true);
    }
  };
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
    walk(name, get(a, name), get(b, name), fieldOf(b.type, name)?.kind === 'map');
  }
  return [...paths];
}

function member(map: unknown, key: string): unknown {
  return isMap(map) && Object.hasOwn(map, key) ? map[key] : undefined;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPlace(item: Item, path: string): boolean {
  return item.type === 'note' && (path === 'x' || path === 'y');
}

function alike(item: Item): boolean {
  return item.type === 'group' || item.type === 'segment';
}

/** Whether an op names the item itself. */
function aims(ops: readonly Op[], id: ID): boolean {
  return ops.some((op) => (op.do === 'edit' || op.do === 'text') && op.id === id);
}

function textIn(value: Value | null): string {
  return typeof value === 'string' ? value : '';
}
