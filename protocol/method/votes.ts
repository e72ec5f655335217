// What votes come to. Twin of votes.go.
import type { ID, ItemOf } from '../board/item';
import { byID, type Shown } from '../board/state';
import type { VoteResult } from './analysis';

// Limits of a vote that does not say.
const dotsPerPersonOtherwise = 3;
const maxPerItemOtherwise = 2;

/** The outcomes of the votes. A result is a priority, not a decision. */
export function voteRounds(board: Shown): VoteResult[] {
  return board.ofType('vote').map((vote) => count(vote, board.referring(vote.id, 'ballot')));
}

/** Adds up the ballots of a vote, without those over its limits. */
function count(vote: ItemOf<'vote'>, ballots: readonly ItemOf<'ballot'>[]): VoteResult {
  const totals = new Map<ID, { dots: number; voters: number }>();
  for (const id of vote.itemIds ?? []) {
    totals.set(id, { dots: 0, voters: 0 });
  }
  for (const ballot of ballots) {
    for (const [id, dots] of rejected(vote, ballot) ? [] : Object.entries(ballot.dots ?? {})) {
      const total = totals.get(id);
      if (total !== undefined && dots > 0) {
        total.dots += dots;
        total.voters++;
      }
    }
  }
  return {
    voteRoundId: vote.id,
    totals: [...totals]
      .map(([itemId, total]) => ({ itemId, ...total, id: itemId }))
      .sort((a, b) => b.dots - a.dots || b.voters - a.voters || byID(a, b))
      .map(({ id: _, ...total }) => total),
    rejectedVoterIds: ballots
      .filter((ballot) => rejected(vote, ballot))
      .map(({ voterId = '' }) => voterId)
      .sort(),
  };
}

function rejected(
  { dotsPerPerson = dotsPerPersonOtherwise, maxPerItem = maxPerItemOtherwise }: ItemOf<'vote'>,
  ballot: ItemOf<'ballot'>,
): boolean {
  const dots = Object.values(ballot.dots ?? {});
  return (
    ballot.rejected === true ||
    dots.some((n) => n > maxPerItem) ||
    dots.reduce((sum, n) => sum + n, 0) > dotsPerPerson
  );
}
