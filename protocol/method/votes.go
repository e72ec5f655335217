package method

import (
	"cmp"
	"slices"
	"strings"

	"jana/protocol/board"
)

// Limits of a vote that does not say.
const (
	dotsPerPerson = 3
	maxPerItem    = 2
)

// voteRounds are the outcomes of the votes. A result is a priority, not a decision.
func (on *reading) voteRounds() []VoteResult {
	all := []VoteResult{}
	ballots := map[board.ID][]*board.Item{}
	for _, ballot := range on.of(board.TypeBallot) {
		vote := ballot.Text("voteId")
		ballots[vote] = append(ballots[vote], ballot)
	}
	for _, vote := range on.of(board.TypeVote) {
		all = append(all, count(vote, ballots[vote.ID]))
	}
	return all
}

// count adds up the ballots of a vote, without those over its limits.
func count(vote *board.Item, ballots []*board.Item) VoteResult {
	r := VoteResult{VoteRoundID: vote.ID, Totals: []VoteTotal{}, RejectedVoterIDs: []board.ID{}}
	totals := map[board.ID]*VoteTotal{}
	for _, id := range vote.List("itemIds") {
		totals[id] = &VoteTotal{ItemID: id}
	}
	for _, ballot := range ballots {
		if rejected(vote, ballot) {
			r.RejectedVoterIDs = append(r.RejectedVoterIDs, ballot.Text("voterId"))
			continue
		}
		for id, v := range ballot.Map("dots") {
			dots, _ := v.(int64)
			if total := totals[id]; total != nil && dots > 0 {
				total.Dots += dots
				total.Voters++
			}
		}
	}
	for _, total := range totals {
		r.Totals = append(r.Totals, *total)
	}
	slices.SortFunc(r.Totals, func(a, b VoteTotal) int {
		return cmp.Or(cmp.Compare(b.Dots, a.Dots), cmp.Compare(b.Voters, a.Voters), strings.Compare(a.ItemID, b.ItemID))
	})
	slices.Sort(r.RejectedVoterIDs)
	return r
}

func rejected(vote, ballot *board.Item) bool {
	limit := func(name string, otherwise int64) int64 {
		if n := vote.Int(name); n > 0 {
			return n
		}
		return otherwise
	}
	over := ballot.Flag("rejected")
	var sum int64
	for _, v := range ballot.Map("dots") {
		dots, _ := v.(int64)
		sum += dots
		over = over || dots > limit("maxPerItem", maxPerItem)
	}
	return over || sum > limit("dotsPerPerson", dotsPerPerson)
}
