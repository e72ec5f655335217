// How far people agree. Twin of agreement.go.
import { criteria } from '../board/item';
import type { Consensus, PlacementConsensus, RatingConsensus } from './analysis';
import type { Reading } from './analyse';
import { best, type Matrix } from './cells';
import { atLeast } from './thresholds';

/** Of how many answers on it is said how far they agree. */
const minVotes = 3;
const placementRange = 100;
const ratingRange = best;

/**
 * How far answers on a scale of that range agree: 1 when all are alike, 0 when half lie at each end. discuss is below which
 * agreement they are better talked over. Of at least one answer.
 */
export function agree(answers: readonly number[], scale: number, discuss: number): Consensus {
  const sorted = [...answers].sort((a, b) => a - b);
  const n = sorted.length;
  const median = ((sorted[Math.floor((n - 1) / 2)] ?? 0) + (sorted[Math.floor(n / 2)] ?? 0)) / 2;
  const deviation = sorted.reduce((all, v) => all + Math.abs(v - median), 0);
  const agreement = Math.max(0, 1 - deviation / n / (scale / 2));
  return { median, agreement, discuss: !atLeast(agreement, discuss) };
}

/** How far people agreed, without seeing each other, where a note belongs. */
export function placementConsensus({ board, limits }: Reading): PlacementConsensus[] {
  return board.ofType('note').flatMap(({ id, placements = {} }): PlacementConsensus | [] => {
    const answers = Object.values(placements);
    return answers.length < minVotes
      ? []
      : { noteId: id, ...agree(answers, placementRange, limits.discussAgreement) };
  });
}

/** How far votes agree in the cells that are served. */
export function ratingConsensus({ on, cells }: Matrix): RatingConsensus[] {
  return cells
    .flat()
    .filter(({ cell }) => cell.state === 'served')
    .flatMap(({ cell: { serviceId, segmentId }, item }) =>
      criteria.flatMap((criterion): RatingConsensus | [] => {
        const answers = Object.values(item?.votes?.[criterion] ?? {});
        return answers.length < minVotes
          ? []
          : {
              serviceId,
              segmentId,
              criterion,
              ...agree(answers, ratingRange, on.limits.discussAgreement),
            };
      }),
    );
}
