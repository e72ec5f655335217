// The board as Svelte sees it: one signal per item that somebody looks at, so that moving one note redraws one note.
import type { Axis, Board, ID, Item, ItemOf, ItemType } from '$protocol/board/item';
import { itemTypes } from '$protocol/board/references';
import type { Shown } from '$protocol/board/state';
import { Signal } from './signal.svelte';

/**
 * Reads of the shown board that are repeated when what they read changes. Signals are made when items come, never by who
 * reads: Svelte does not bind a reader to what it made itself.
 */
export class Items {
  /** The board itself, for who reads it once. */
  readonly board: Shown;
  readonly #items = new Map<ID, Signal>();
  readonly #types = new Map(itemTypes.map((type) => [type, new Signal()]));
  /** What waits for an item that is not there. */
  readonly #coming = new Signal();
  /** What an item was when it last changed: where it has gone, its type cannot be asked any more. */
  readonly #typeOf = new Map<ID, ItemType>();

  constructor(board: Shown) {
    this.board = board;
    for (const { id } of board.items()) this.#items.set(id, new Signal());
  }

  item(id: ID): Item | undefined {
    (this.#items.get(id) ?? this.#coming).read();
    return this.board.item(id);
  }

  itemOf<T extends ItemType>(id: ID | undefined, type: T): ItemOf<T> | undefined {
    if (id === undefined) return undefined;
    (this.#items.get(id) ?? this.#coming).read();
    return this.board.itemOf(id, type);
  }

  /** The items of a type in their order: read again whenever any of them changes. */
  ofType<T extends ItemType>(type: T): ItemOf<T>[] {
    this.#types.get(type)?.read();
    return this.board.ofType(type);
  }

  /** How many there are; read again whenever any of them changes. */
  count(type: ItemType): number {
    this.#types.get(type)?.read();
    return this.board.idsOf(type).size;
  }

  /** Undefined until the board has come. */
  settings(): Board | undefined {
    this.#types.get('board')?.read();
    return this.board.settings();
  }

  axis(): Axis | undefined {
    this.#types.get('axis')?.read();
    return this.board.axis();
  }

  /** Tells the readers of these items, which have changed, come or gone. */
  changed(ids: Iterable<ID>): void {
    const types = new Set<ItemType>();
    let come = false;
    for (const id of ids) {
      const before = this.#typeOf.get(id);
      const now = this.board.item(id)?.type;
      if (before !== undefined) types.add(before);
      if (now !== undefined) types.add(now);
      const signal = this.#items.get(id);
      signal?.changed();
      if (now === undefined) {
        this.#typeOf.delete(id);
        this.#items.delete(id);
      } else {
        this.#typeOf.set(id, now);
        if (signal === undefined) this.#items.set(id, new Signal());
        come ||= signal === undefined;
      }
    }
    if (come) this.#coming.changed();
    for (const type of types) this.#types.get(type)?.changed();
  }
}
