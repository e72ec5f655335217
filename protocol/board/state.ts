// A board as the browser holds it: the items, and what is needed to predict the next op. Twin of state.go, without what
// only the judge needs (hash, audiences, fates).
import { get } from './apply';
import { boardID, type Board, type ID, type Item, type ItemOf, type ItemType } from './item';
import { referenceFields } from './references';

const none: ReadonlySet<ID> = new Set();
const maxTombstones = 1000;

/** What may be read of a board. Items are immutable: a change makes a new one, so identity tells whether one changed. */
export interface Shown {
  /** How many items there are, of all types. */
  readonly size: number;
  item(id: ID): Item | undefined;
  /** The item if it is of that type. */
  itemOf<T extends ItemType>(id: ID | undefined, type: T): ItemOf<T> | undefined;
  items(): IterableIterator<Item>;
  /** The ids of a type, in no order; live, so not to be kept while the board changes. */
  idsOf(type: ItemType): ReadonlySet<ID>;
  /** The items of a type in their order, then by id. */
  ofType<T extends ItemType>(type: T): ItemOf<T>[];
  /** The ids of the items that refer to one; live. */
  referrers(id: ID): ReadonlySet<ID>;
  /** The items of a type that refer to one, by id: a group's notes, its segment, a segment's cells. */
  referring<T extends ItemType>(id: ID, type: T): ItemOf<T>[];
  /** The board's own settings, once it is loaded. */
  settings(): Board | undefined;
  axis(): ItemOf<'axis'> | undefined;
  /** A number that only grows: "z" and, per type, "order". */
  counter(name: string): number;
  /** Whether an id was that of an item that has been seen removed. */
  wasHere(id: ID): boolean;
  /** A removed item that can be brought back, and who removed it. */
  tomb(id: ID): Tombstone | undefined;
  /** The segments that have been seen to lose a group. */
  parted(group: ID): ReadonlySet<ID>;
}

/** Keeps a removed item for restore. */
export interface Tombstone {
  readonly item: Item;
  readonly by: ID;
}

/** What a step on the state replaced. */
type Step =
  | { readonly type: 'item'; readonly id: ID; readonly before: Item | undefined }
  | { readonly type: 'counter'; readonly name: string; readonly before: number }
  | {
      readonly type: 'tomb';
      readonly id: ID;
      readonly dead: boolean;
      readonly before: Tombstone | undefined;
    };

/** A board that one owner changes. Every step since the last `keep` can be taken back. */
export class State implements Shown {
  readonly #items = new Map<ID, Item>();
  readonly #ofType = new Map<ItemType, Set<ID>>();
  /** Item → the items that refer to it. */
  readonly #referrers = new Map<ID, Set<ID>>();
  readonly #counters = new Map<string, number>();
  readonly #dead = new Set<ID>();
  /** Removed items, oldest first. */
  readonly #tombs = new Map<ID, Tombstone>();
  /** Group → the segments that have lost it. */
  readonly #parted = new Map<ID, Set<ID>>();
  #steps: Step[] = [];

  get size(): number {
    return this.#items.size;
  }

  item(id: ID): Item | undefined {
    return this.#items.get(id);
  }

  itemOf<T extends ItemType>(id: ID | undefined, type: T): ItemOf<T> | undefined {
    const item = id === undefined ? undefined : this.#items.get(id);
    return item?.type === type ? (item as ItemOf<T>) : undefined;
  }

  items(): IterableIterator<Item> {
    return this.#items.values();
  }

  idsOf(type: ItemType): ReadonlySet<ID> {
    return this.#ofType.get(type) ?? none;
  }

  ofType<T extends ItemType>(type: T): ItemOf<T>[] {
    return this.#pick(this.idsOf(type), type).sort(byOrder);
  }

  referrers(id: ID): ReadonlySet<ID> {
    return this.#referrers.get(id) ?? none;
  }

  referring<T extends ItemType>(id: ID, type: T): ItemOf<T>[] {
    return this.#pick(this.referrers(id), type).sort(byID);
  }

  settings(): Board | undefined {
    return this.itemOf(boardID, 'board');
  }

  axis(): ItemOf<'axis'> | undefined {
    return this.ofType('axis')[0];
  }

  counter(name: string): number {
    return this.#counters.get(name) ?? 0;
  }

  wasHere(id: ID): boolean {
    return this.#dead.has(id);
  }

  tomb(id: ID): Tombstone | undefined {
    return this.#tombs.get(id);
  }

  parted(group: ID): ReadonlySet<ID> {
    return this.#parted.get(group) ?? none;
  }

  /** Notes that a segment has lost its group; that it has is seen from the segment, so this is never taken back. */
  part(segment: ID, group: ID): void {
    add(this.#parted, group, segment);
  }

  /** Raises a number that only grows, such as the highest z, to at least n. */
  count(name: string, n: number): void {
    const before = this.counter(name);
    if (n > before) {
      this.#steps.push({ type: 'counter', name, before });
      this.#counters.set(name, n);
    }
  }

  /** Puts an item in the place of the one with its id, or removes it when next is undefined. Returns what was there. */
  set(id: ID, next: Item | undefined): Item | undefined {
    const before = this.#items.get(id);
    if (before !== next) {
      this.#steps.push({ type: 'item', id, before });
      this.#place(id, before, next);
    }
    return before;
  }

  /** Notes that an id is used up, and keeps its item if there is one to keep. */
  bury(id: ID, tomb?: Tombstone): void {
    this.#inter(id, true, tomb);
  }

  /** Forgets that an item was removed: it is back. */
  unbury(id: ID): void {
    if (this.#dead.has(id)) {
      this.#inter(id, false, undefined);
    }
  }

  /** A point to come back to. */
  mark(): number {
    return this.#steps.length;
  }

  /** The items touched since a mark, as they were then. */
  touched(mark: number): Map<ID, Item | undefined> {
    const before = new Map<ID, Item | undefined>();
    for (const step of this.#steps.slice(mark)) {
      if (step.type === 'item' && !before.has(step.id)) {
        before.set(step.id, step.before);
      }
    }
    return before;
  }

  /** Puts the very object back that an equal one has replaced, so that identity tells that nothing changed. */
  reinstate(equal: Item): void {
    this.#items.set(equal.id, equal);
  }

  /** Takes back what was done since a mark. */
  rollback(mark: number): void {
    while (this.#steps.length > mark) {
      const step = this.#steps.pop();
      switch (step?.type) {
        case 'item':
          this.#place(step.id, this.#items.get(step.id), step.before);
          break;
        case 'counter':
          this.#counters.set(step.name, step.before);
          break;
        case 'tomb':
          this.#lay(step.id, step.dead, step.before);
          break;
        case undefined:
          break;
        default:
          step satisfies never;
      }
    }
  }

  /** Makes what was done before a mark lasting, everything if none is given. Marks count from there on. */
  keep(mark = this.#steps.length): void {
    this.#steps = this.#steps.slice(mark);
    for (const id of this.#tombs.keys()) {
      if (this.#tombs.size <= maxTombstones) {
        break;
      }
      this.#tombs.delete(id);
    }
  }

  #inter(id: ID, dead: boolean, tomb: Tombstone | undefined): void {
    this.#steps.push({
      type: 'tomb',
      id,
      dead: this.#dead.has(id),
      before: this.#tombs.get(id),
    });
    this.#lay(id, dead, tomb);
  }

  #lay(id: ID, dead: boolean, tomb: Tombstone | undefined): void {
    if (dead) {
      this.#dead.add(id);
    } else {
      this.#dead.delete(id);
    }
    if (tomb === undefined) {
      this.#tombs.delete(id);
    } else {
      this.#tombs.set(id, tomb);
    }
  }

  /** Keeps every index true. */
  #place(id: ID, before: Item | undefined, next: Item | undefined): void {
    if (before?.type !== next?.type) {
      if (before !== undefined) {
        drop(this.#ofType, before.type, id);
      }
      if (next !== undefined) {
        add(this.#ofType, next.type, id);
      }
    }
    if (next === undefined) {
      this.#items.delete(id);
    } else {
      this.#items.set(id, next);
    }
    if (before?.type === next?.type && !refers(before, next)) {
      return;
    }
    for (const target of references(before)) {
      drop(this.#referrers, target, id);
    }
    for (const target of references(next)) {
      add(this.#referrers, target, id);
    }
  }

  #pick<T extends ItemType>(ids: ReadonlySet<ID>, type: T): ItemOf<T>[] {
    const all: ItemOf<T>[] = [];
    for (const id of ids) {
      const item = this.itemOf(id, type);
      if (item !== undefined) {
        all.push(item);
      }
    }
    return all;
  }
}

/** Ids are ASCII, so that code units sort as bytes do. */
export function byID(a: { readonly id: ID }, b: { readonly id: ID }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

export function byOrder(a: Item, b: Item): number {
  return order(a) - order(b) || byID(a, b);
}

function order(item: Item): number {
  const value = get(item, 'order');
  return typeof value === 'number' ? value : 0;
}

/** Whether two items of one type differ in what they refer to. */
function refers(before: Item | undefined, next: Item | undefined): boolean {
  return (
    before !== undefined &&
    next !== undefined &&
    referenceFields(next.type).some((name) => get(before, name) !== get(next, name))
  );
}

/** The ids that an item refers to. */
export function references(item: Item | undefined): ID[] {
  if (item === undefined) {
    return [];
  }
  return referenceFields(item.type).flatMap((name): readonly ID[] => {
    const value = get(item, name);
    if (typeof value === 'string') {
      return [value];
    }
    if (Array.isArray(value)) {
      return value as readonly ID[];
    }
    if (item.type === 'feedback' || item.type === 'link') {
      return item.target === undefined ? [] : [item.target.id];
    }
    return value === undefined ? [] : Object.keys(value);
  });
}

function add<K>(map: Map<K, Set<ID>>, key: K, id: ID): void {
  const ids = map.get(key);
  if (ids === undefined) {
    map.set(key, new Set([id]));
  } else {
    ids.add(id);
  }
}

function drop<K>(map: Map<K, Set<ID>>, key: K, id: ID): void {
  const ids = map.get(key);
  ids?.delete(id);
  if (ids?.size === 0) {
    map.delete(key);
  }
}
