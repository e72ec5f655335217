// How a change lands on a board. The rules that make changes of ops live in apply.go alone; this is the half of it that
// knows no rules: put an item, set some of its fields, remove it.
import type { Change } from './change';
import type { ID, Item, Value } from './item';
import type { Fields } from './op';
import type { State } from './state';

/** The item that a change is about. */
export function changedID(change: Change): ID {
  return 'put' in change ? change.put.id : 'set' in change ? change.set.id : change.remove;
}

/** A change, and what was there when it landed. */
export interface Landed {
  readonly change: Change;
  readonly before: Item | undefined;
}

/** Lands a change that somebody made. Setting fields of a missing item, or removing one, does nothing. */
export function land(state: State, change: Change, by: ID): Landed {
  const before = state.item(changedID(change));
  if ('put' in change) {
    state.unbury(change.put.id);
    state.set(change.put.id, change.put);
    count(state, change.put);
  } else if (before !== undefined && 'set' in change) {
    const next = withFields(before, change.set);
    state.set(before.id, next);
    count(state, next);
    if (before.type === 'segment' && before.groupId !== undefined && !get(next, 'groupId')) {
      state.part(before.id, before.groupId);
    }
  } else if (before !== undefined) {
    state.set(before.id, undefined);
    state.bury(before.id, { item: before, by });
  }
  return { change, before };
}

/** Raises what numbers new items: the highest z, and the highest order of a type. */
export function count(state: State, item: Item): void {
  if (item.type === 'note' && item.z !== undefined) {
    state.count('z', item.z);
  }
  const order = get(item, 'order');
  if (typeof order === 'number') {
    state.count(item.type, order);
  }
}

/** A field, or what a path into a map field leads to; undefined when it is absent. */
export function get(item: Item, path: string): Value | undefined {
  let map: unknown = item;
  let rest = path;
  for (let slash = rest.indexOf('/'); slash >= 0; slash = rest.indexOf('/')) {
    map = member(map, rest.slice(0, slash));
    rest = rest.slice(slash + 1);
  }
  return member(map, rest) as Value | undefined;
}

/** hasOwn: a map may have any id as its key, "constructor" too. */
function member(map: unknown, key: string): unknown {
  return isMap(map) && Object.hasOwn(map, key) ? (map[key] ?? undefined) : undefined;
}

/** A text field or path, "" when it is absent. */
export function textOf(item: Item, path: string): string {
  const value = get(item, path);
  return typeof value === 'string' ? value : '';
}

/** The item with some fields set; null removes a field, and so does the last entry of a map that goes. */
export function withFields(item: Item, fields: Fields): Item {
  let next: Record<string, unknown> = { ...item };
  for (const [path, value] of Object.entries(fields)) {
    if (path !== 'id' && path !== 'type') {
      next = withPath(next, path, value);
    }
  }
  return next as unknown as Item;
}

/** A map with one path in it set. */
function withPath(map: object, path: string, value: unknown): Record<string, unknown> {
  const slash = path.indexOf('/');
  const key = slash < 0 ? path : path.slice(0, slash);
  let child = value;
  if (slash >= 0) {
    const old = member(map, key);
    child = withPath(isMap(old) ? old : {}, path.slice(slash + 1), value);
    child = Object.keys(child as object).length === 0 ? null : child;
  }
  // Computed keys define a property even where its name is __proto__.
  const next: Record<string, unknown> = { ...map, [key]: child };
  if (child === null) {
    Reflect.deleteProperty(next, key);
  }
  return next;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether two values, or items, are the same in every field. An absent field equals undefined and null. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b || a == null || b == null) {
    return a === b || (a == null && b == null);
  }
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((value, i) => same(value, b[i]));
  }
  if (!isMap(a) || !isMap(b)) {
    return false;
  }
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]))
  );
}
