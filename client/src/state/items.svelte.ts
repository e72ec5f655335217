// The board as Svelte sees it: one signal per item that somebody looks at, so that moving one note redraws one note.
import type { Axis, Board, ID, Item, ItemOf, ItemType } from '$protocol/board/item';
import type { Shown } from '$protocol/board/state';
import { Signal } from './signal.svelte';

/** Reads of the shown board that are repeated when what they read changes. */
export class Items {
  /** The board itself, for who reads it once. */
  readonly board: Shown;
  readonly #items = new Map<ID, Signal>();
  readonly #types = new Map<ItemType, Signal>();
  /** What an item was when it last changed: where it has gone, its type cannot be asked any more. */
  readonly #typeOf = new Map<ID, ItemType>();

  constructor(board: Shown) {
    this.board = board;
  }

  item(id: ID): Item | undefined {
    this.#signal(this.#items, id).read();
    return this.board.item(id);
  }

  itemOf<T extends ItemType>(id: ID | undefined, type: T): ItemOf<T> | undefined {
    if (id === undefined) return undefined;
    this.#signal(this.#items, id).read();
    return this.board.itemOf(id, type);
  }

  /** The items of a type in their order: read again whenever any of them changes. */
  ofType<T extends ItemType>(type: T): ItemOf<T>[] {
    this.#signal(this.#types, type).read();
    return this.board.ofType(type);
  }

  count(type: ItemType): number {
    this.#signal(this.#types, type).read();
    return this.board.idsOf(type).size;
  }

  /** Undefined until the board has come. */
  settings(): Board | undefined {
    this.#signal(this.#types, 'board').read();
    return this.board.settings();
  }

  axis(): Axis | undefined {
    this.#signal(this.#types, 'axis').read();
    return this.board.axis();
  }

  /** Tells the readers of these items, which have changed, come or gone. */
  changed(ids: Iterable<ID>): void {
    const types = new Set<ItemType>();
    for (const id of ids) {
      this.#items.get(id)?.changed();
      const before = this.#typeOf.get(id);
      const now = this.board.item(id)?.type;
      if (before !== undefined) types.add(before);
      if (now !== undefined) types.add(now);
      if (now === undefined) this.#typeOf.delete(id);
      else this.#typeOf.set(id, now);
    }
    for (const type of types) this.#types.get(type)?.changed();
  }

  #signal<K>(signals: Map<K, Signal>, key: K): Signal {
    let signal = signals.get(key);
    if (signal === undefined) {
      signal = new Signal();
      signals.set(key, signal);
    }
    return signal;
  }
}
