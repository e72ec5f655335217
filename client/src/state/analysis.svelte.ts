// The analysis of the board as it goes on: computed again after changes, and no more often than people can read it.
import type { ItemType } from '$protocol/board/item';
import type { Shown } from '$protocol/board/state';
import type { BoardState } from './board.svelte';

/** ms */
const pauseMs = 100;

/** What is computed of the whole board, as far as somebody needs it: all of `analyse`, or a part of it. */
export class LiveAnalysis<T> {
  readonly #state: BoardState;
  readonly #compute: (board: Shown) => T;
  readonly #types: ReadonlySet<ItemType>;
  #latest: T = $state.raw() as T;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `types`: of the items that it depends on, besides the board's own settings. */
  constructor(state: BoardState, types: readonly ItemType[], compute: (board: Shown) => T) {
    this.#state = state;
    this.#compute = compute;
    this.#types = new Set<ItemType>(['board', ...types]);
    this.#renew();
  }

  get latest(): T {
    return this.#latest;
  }

  /** Listens until what it returns is called. */
  watch(): () => void {
    const unhear = this.#state.watch((ids) => {
      const { board } = this.#state.session;
      // What has gone may have been of any type.
      const concerns = (type: ItemType | undefined) => type === undefined || this.#types.has(type);
      if ([...ids].some((id) => concerns(board.item(id)?.type))) {
        this.#timer ??= setTimeout(() => this.#renew(), pauseMs);
      }
    });
    return () => {
      unhear();
      clearTimeout(this.#timer);
    };
  }

  #renew(): void {
    this.#timer = undefined;
    this.#latest = this.#compute(this.#state.session.board);
  }
}
