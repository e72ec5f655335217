// The segment cards: every segment under the same headings, in the order of the axis.
import type { Heading, ID, Segment } from '$protocol/board/item';
import type { BoardState } from './board.svelte';
import { Matrix, type Column } from './matrix.svelte';

/** A segment with what its card tells besides the texts. */
export interface Card extends Column {
  /** Of its group; undefined for one that comes of none. */
  readonly group: { readonly number: number; readonly colour: number } | undefined;
  /** Notes in its group. */
  readonly notes: number | undefined;
}

export class Cards {
  readonly #state: BoardState;
  readonly #matrix: Matrix;

  readonly headings: readonly Heading[] = $derived.by(() => this.#state.items.ofType('heading'));

  readonly all: readonly Card[] = $derived.by(() =>
    this.#matrix.columns.map((column): Card => {
      const { groupId } = column.segment;
      const facts = groupId === undefined ? undefined : this.#state.groups.get(groupId);
      return {
        ...column,
        group: facts && { number: facts.number, colour: facts.colour },
        notes: facts?.count,
      };
    }),
  );

  /** How many texts there are, of how many. */
  readonly progress: { readonly done: number; readonly all: number } = $derived.by(() => ({
    done: this.headings.reduce((sum, { id }) => sum + this.under(id), 0),
    all: this.headings.length * this.all.length,
  }));

  constructor(state: BoardState) {
    this.#state = state;
    this.#matrix = new Matrix(state);
  }

  /** How many segments have a text under a heading. */
  under(heading: ID): number {
    return this.all.filter(({ segment }) => textUnder(segment, heading) !== '').length;
  }

  /** Whether the reader may write there now: no lock and no freeze of the texts stops it. */
  writable(segment: Segment): boolean {
    const { can } = this.#state;
    return can.card && can.locked !== 'closed' && segment.frozen?.texts !== true;
  }
}

/** What is said of a segment under a heading; empty while nothing is. */
export function textUnder(segment: Segment, heading: ID): string {
  return (segment.descriptions?.[heading] ?? '').trim();
}

/** What presence calls a description. */
export function descriptionPlace(segment: ID, heading: ID): ID {
  return `d.${segment}.${heading}`;
}
