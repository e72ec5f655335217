// What the room says of one cell of the service matrix: the score as people read it, and how its votes lie.
import type { Assessment, Criterion, ID } from '$protocol/board/item';
import { agree } from '$protocol/method/agreement';
import type { Cell, Thresholds } from '$protocol/method/analysis';
import { best } from '$protocol/method/cells';

/** 0–100, half up; undefined where there is no score. */
export function percentOf({ state, score }: Cell): number | undefined {
  return state === 'served' ? Math.floor(score * 100 + 0.5 + 1e-9) : undefined;
}

export interface CastVote {
  readonly by: ID;
  readonly vote: number;
}

export function votesOf(cell: Assessment | undefined, criterion: Criterion): CastVote[] {
  return Object.entries(cell?.votes?.[criterion] ?? {}).map(([by, vote]) => ({ by, vote }));
}

/** How many votes it takes for their spread to say anything. */
const telling = 3;

export interface Vote {
  readonly median: number;
  /** The figure that the room agrees on by the median: an integer, half up. */
  readonly agreeable: number;
  /** They lie so far apart that they are better talked over. */
  readonly discuss: boolean;
}

/** How the votes lie; undefined without any. */
export function outcome(votes: readonly CastVote[], limits: Thresholds): Vote | undefined {
  if (votes.length === 0) return undefined;
  const answers = votes.map(({ vote }) => vote);
  const { median, discuss } = agree(answers, best, limits.discussAgreement);
  return {
    median,
    agreeable: Math.floor(median + 0.5),
    discuss: discuss && votes.length >= telling,
  };
}
