package method

import (
	"math"
	"slices"

	"jana/protocol/board"
)

const (
	// minVotes is of how many answers on it is said how far they agree.
	minVotes       = 3
	placementRange = 100
	ratingRange    = best
)

// Agree tells how far answers on a scale of that range agree: 1 when all are alike, 0 when half lie at each end. discuss is
// below which agreement they are better talked over.
func Agree(answers []float64, scale, discuss float64) Consensus {
	sorted := slices.Sorted(slices.Values(answers))
	n := len(sorted)
	median := (sorted[(n-1)/2] + sorted[n/2]) / 2
	var deviation float64
	for _, v := range sorted {
		deviation += math.Abs(v - median)
	}
	agreement := max(0, 1-deviation/float64(n)/(scale/2))
	return Consensus{Median: Figure(median), Agreement: Figure(agreement), Discuss: !atLeast(agreement, discuss)}
}

// placementConsensus is how far people agreed, without seeing each other, where a note belongs.
func (on *reading) placementConsensus() []PlacementConsensus {
	all := []PlacementConsensus{}
	for _, note := range on.of(board.TypeNote) {
		if answers := numbers(note.Map("placements")); len(answers) >= minVotes {
			all = append(all, PlacementConsensus{note.ID, Agree(answers, placementRange, on.limits.DiscussAgreement)})
		}
	}
	return all
}

// ratingConsensus is how far votes agree in the cells that are served.
func (m *matrix) ratingConsensus() []RatingConsensus {
	all := []RatingConsensus{}
	for _, row := range m.cells {
		for _, c := range row {
			if c.State != Served {
				continue
			}
			for _, criterion := range board.Criteria {
				if answers := numbers(c.item.Map("votes/" + criterion)); len(answers) >= minVotes {
					all = append(all, RatingConsensus{CellRef{c.ServiceID, c.SegmentID}, criterion, Agree(answers, ratingRange, m.limits.DiscussAgreement)})
				}
			}
		}
	}
	return all
}

func numbers(byVoter map[string]board.Value) []float64 {
	var all []float64
	for _, v := range byVoter {
		switch n := v.(type) {
		case int64:
			all = append(all, float64(n))
		case float64:
			all = append(all, n)
		}
	}
	return all
}
