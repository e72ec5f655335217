// The analysis of the board as it goes on: computed again after changes, and no more often than people can read it.
import type { ID, ItemType } from '$protocol/board/item';
import type { BoardState } from './board.svelte';
import { coverage, type SegmentCoverage } from './coverage';

/** ms */
const pauseMs = 100;

/** What the figures depend on. */
const types: ReadonlySet<ItemType> = new Set<ItemType>([
  'board',
  'assessment',
  'service',
  'segment',
  'category',
]);

export class LiveAnalysis {
  readonly #state: BoardState;
  #segments: ReadonlyMap<ID, SegmentCoverage> = $state.raw(new Map());
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(state: BoardState) {
    this.#state = state;
    this.#compute();
  }

  segment(id: ID): SegmentCoverage | undefined {
    return this.#segments.get(id);
  }

  /** Listens until what it returns is called. */
  watch(): () => void {
    const unhear = this.#state.watch((ids) => {
      const { board } = this.#state.session;
      const concerns = [...ids].some((id) => types.has(board.item(id)?.type ?? 'assessment'));
      if (concerns) this.#timer ??= setTimeout(() => this.#compute(), pauseMs);
    });
    return () => {
      unhear();
      clearTimeout(this.#timer);
    };
  }

  #compute(): void {
    this.#timer = undefined;
    const segments = coverage(this.#state.session.board);
    this.#segments = new Map(segments.map((segment) => [segment.segmentId, segment]));
  }
}
