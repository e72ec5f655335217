// What the analysis gives to talk about, as a list that follows the board, and what each of it rests on.
import type { ID } from '$protocol/board/item';
import type { Shown } from '$protocol/board/state';
import { placementConsensus, ratingConsensus } from '$protocol/method/agreement';
import type { RatingConsensus } from '$protocol/method/analysis';
import { read } from '$protocol/method/analyse';
import { matrixOf } from '$protocol/method/cells';
import { findings, type Finding, type Kind } from '$protocol/method/findings';
import { goals, servicesWithoutGoal } from '$protocol/method/goals';
import { needGaps, overlaps } from '$protocol/method/needs';
import { balance } from '$protocol/method/segments';
import { targeting } from '$protocol/method/services';
import { unweighted } from '$protocol/method/unweighted';
import { LiveAnalysis } from './analysis.svelte';
import type { BoardState } from './board.svelte';

/** Something to talk about. Besides what the method finds: services that no goal names, and what people disagree on. */
export type Entry =
  | { readonly type: 'finding'; readonly id: string; readonly finding: Finding }
  | { readonly type: 'aimless'; readonly id: string; readonly service: ID }
  | {
      readonly type: 'ratings';
      readonly id: string;
      readonly service: ID;
      readonly segment: ID;
      readonly disputed: readonly RatingConsensus[];
    }
  | {
      readonly type: 'note';
      readonly id: string;
      readonly note: ID;
      readonly agreement: number;
    };

/** What stands under one heading. */
export type SectionName = Kind | 'aimless' | 'discuss';

/** Whether an entry is there with the weights alone, or without them alone. */
export type Weighing = 'weighted' | 'equal';

export interface Listed {
  readonly entry: Entry;
  readonly weighing: Weighing | undefined;
}

export interface Section {
  readonly name: SectionName;
  readonly entries: readonly Listed[];
}

const order: readonly SectionName[] = [
  'gap',
  'need',
  'thin',
  'unreached',
  'mistargeted',
  'pileup',
  'overlap',
  'goal',
  'aimless',
  'discuss',
];

export class Findings {
  readonly #state: BoardState;
  readonly #live: LiveAnalysis<readonly Entry[]>;
  #equal: readonly Entry[] | undefined = $state.raw();

  readonly sections: readonly Section[] = $derived.by(() => {
    const weighted = this.#live.latest;
    const equal = this.#equal;
    const listed = equal ? compared(weighted, equal) : weighted.map((entry) => alike(entry));
    return order
      .map((name) => ({
        name,
        entries: listed.filter(({ entry }) => sectionOf(entry) === name),
      }))
      .filter(({ entries }) => entries.length > 0);
  });

  /** In the order in which they are listed. */
  readonly all: readonly Listed[] = $derived(this.sections.flatMap(({ entries }) => entries));

  constructor(state: BoardState) {
    this.#state = state;
    this.#live = new LiveAnalysis(
      state,
      ['assessment', 'service', 'segment', 'category', 'goal', 'group', 'note', 'axis'],
      (board) => {
        if (this.#equal) this.#equal = entriesOf(unweighted(board));
        return entriesOf(board);
      },
    );
  }

  /** Whether weights and need factors are set aside, and what that does is marked. */
  get equal(): boolean {
    return this.#equal !== undefined;
  }

  weigh(equally: boolean): void {
    this.#equal = equally ? entriesOf(unweighted(this.#state.session.board)) : undefined;
  }

  /** Follows the board until what it returns is called. */
  watch(): () => void {
    return this.#live.watch();
  }
}

/** Whether services or segments differ in their weight: else there is nothing to set aside. */
export function isWeighted({ items }: BoardState): boolean {
  return (
    items.ofType('service').some(({ weight = 1 }) => weight !== 1) ||
    items.ofType('segment').some(({ needFactor = 1 }) => needFactor !== 1)
  );
}

export function entriesOf(board: Shown): readonly Entry[] {
  const on = read(board);
  const m = matrixOf(on);
  const cells = m.cells.flat().map(({ cell }) => cell);
  const found = findings({
    cells,
    segments: balance(m).segments,
    needGaps: needGaps(m),
    overlaps: overlaps(m),
    services: targeting(m),
    impactGoals: goals(m),
  });
  // Before there is any goal, that no goal names a service says nothing.
  const aimless = board.idsOf('goal').size === 0 ? [] : servicesWithoutGoal(board);
  return [
    ...found.map((finding): Entry => ({ type: 'finding', id: finding.id, finding })),
    ...aimless.map((service): Entry => ({ type: 'aimless', id: `aimless.${service}`, service })),
    ...disputes(ratingConsensus(m).filter(({ discuss }) => discuss)),
    ...placementConsensus(on)
      .filter(({ discuss }) => discuss)
      .map(({ noteId, agreement }): Entry => {
        return { type: 'note', id: `note.${noteId}`, note: noteId, agreement };
      }),
  ];
}

/** Disputed ratings by their cells. */
function disputes(ratings: readonly RatingConsensus[]): Entry[] {
  const cells = new Map<string, RatingConsensus[]>();
  for (const one of ratings) {
    const id = `ratings.${one.serviceId}.${one.segmentId}`;
    cells.set(id, [...(cells.get(id) ?? []), one]);
  }
  return [...cells].flatMap(([id, disputed]): Entry[] => {
    const [first] = disputed;
    if (!first) return [];
    return [{ type: 'ratings', id, service: first.serviceId, segment: first.segmentId, disputed }];
  });
}

function sectionOf(entry: Entry): SectionName {
  switch (entry.type) {
    case 'finding':
      return entry.finding.kind;
    case 'aimless':
      return 'aimless';
    case 'ratings':
    case 'note':
      return 'discuss';
    default:
      return entry satisfies never;
  }
}

function alike(entry: Entry): Listed {
  return { entry, weighing: undefined };
}

/** What is found with equal weights, then what is found no more. */
function compared(weighted: readonly Entry[], equal: readonly Entry[]): Listed[] {
  const [before, now] = [ids(weighted), ids(equal)];
  return [
    ...equal.map((entry): Listed => {
      return { entry, weighing: before.has(entry.id) ? undefined : 'equal' };
    }),
    ...weighted
      .filter(({ id }) => !now.has(id))
      .map((entry): Listed => ({ entry, weighing: 'weighted' })),
  ];
}

function ids(entries: readonly Entry[]): ReadonlySet<string> {
  return new Set(entries.map(({ id }) => id));
}
