// What a cell of the service matrix comes to: whether it is assessed, how good it is, and what the room voted.
import type { Assessment, Criterion, ID } from '$protocol/board/item';
import { criteria } from '$protocol/board/item';

export interface CellFacts {
  readonly state: 'unassessed' | 'not_served' | 'served';
  /** 0–100; undefined where it isn't served. */
  readonly percent: number | undefined;
  readonly covers: boolean;
}

const slack = 1e-9;
const untouched: CellFacts = { state: 'unassessed', percent: undefined, covers: false };

/** `limit`: the share from which a service covers. */
export function cellFacts(cell: Assessment | undefined, limit: number): CellFacts {
  if (cell === undefined) return untouched;
  if (cell.serves === false) return { state: 'not_served', percent: undefined, covers: false };
  const score = scoreOf(cell);
  if (score === undefined) return untouched;
  return {
    state: 'served',
    percent: Math.floor(score * 100 + 0.5 + slack),
    covers: score >= limit - slack,
  };
}

/** 0–1: the mean of what is known; nothing that is not to be had is any good. */
export function scoreOf(cell: Assessment): number | undefined {
  const known = criteria
    .map((criterion) => valueOf(cell, criterion))
    .filter((value) => value !== undefined);
  if (known.length === 0) return undefined;
  if (valueOf(cell, 'availability') === 0) return 0;
  return known.reduce((sum, value) => sum + value, 0) / known.length / 4;
}

/** The agreed figure, else the mean of the votes, else nothing. */
export function valueOf(cell: Assessment, criterion: Criterion): number | undefined {
  const votes = votesOf(cell, criterion);
  const mean =
    votes.length === 0 ? undefined : votes.reduce((sum, { vote }) => sum + vote, 0) / votes.length;
  return cell.ratings?.[criterion] ?? mean;
}

export interface CastVote {
  readonly by: ID;
  readonly vote: number;
}

export function votesOf(cell: Assessment | undefined, criterion: Criterion): CastVote[] {
  return Object.entries(cell?.votes?.[criterion] ?? {}).map(([by, vote]) => ({ by, vote }));
}

/** The middle of the votes; undefined without any. */
export function medianOf(votes: readonly CastVote[]): number | undefined {
  const sorted = votes.map(({ vote }) => vote).sort((a, b) => a - b);
  const half = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

/** The figure that a room agrees on by its middle: an integer, half up. */
export function agreeable(median: number): number {
  return Math.floor(median + 0.5);
}
