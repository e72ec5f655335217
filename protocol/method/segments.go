package method

import (
	"math"

	"jana/protocol/board"
)

// balance holds what the services give each segment against what it needs.
func (m *matrix) balance() (segments []Segment, totalSupply Figure, imbalance *Figure) {
	segments = []Segment{}
	var need, supply float64
	for i := range m.segments {
		s := m.supply(i)
		segments = append(segments, s)
		supply += float64(s.Supply)
	}
	for i, n := range m.needs() {
		segments[i].NeedWeight = Figure(n)
		need += n
	}
	var moved float64
	for i := range segments {
		s := &segments[i]
		s.NeedShare = s.NeedWeight / Figure(need)
		if supply > 0 {
			s.SupplyShare = s.Supply / Figure(supply)
			s.BalanceRatio = s.SupplyShare / s.NeedShare
		}
		s.Status = m.status(*s)
		moved += math.Abs(float64(s.SupplyShare - s.NeedShare))
	}
	if supply > 0 {
		imbalance = pointer(moved / 2)
	}
	return segments, Figure(supply), imbalance
}

// needs of the segments: customers times need factor. Customers count only if they are known of every segment.
func (m *matrix) needs() []float64 {
	all := make([]float64, len(m.segments))
	counted := true
	for _, segment := range m.segments {
		_, is := segment.Number("customers")
		counted = counted && is
	}
	for i, segment := range m.segments {
		all[i] = 1
		if counted {
			all[i], _ = segment.Number("customers")
		}
		if factor, is := segment.Number("needFactor"); is {
			all[i] *= factor
		}
	}
	return all
}

// supply is what the services give a segment, without what depends on the others.
func (m *matrix) supply(column int) Segment {
	s := Segment{SegmentID: m.segments[column].ID, CoveringServiceIDs: []board.ID{}, CriterionProfile: map[string]*Figure{}, WeakCriteria: []string{}}
	known := 0
	for i, service := range m.services {
		c := m.cells[i][column]
		if c.State != Unassessed {
			known++
		}
		given := Figure(weight(service)) * c.Score
		if c.Covers {
			s.Supply += Figure(given)
			s.CoveringServiceIDs = append(s.CoveringServiceIDs, service.ID)
		} else {
			s.WeakSupply += Figure(given)
		}
	}
	s.CoverCount = len(s.CoveringServiceIDs)
	s.AssessedShare = Figure(float64(known) / float64(len(m.services)))
	for i, criterion := range board.Criteria {
		profile := m.profile(column, i)
		s.CriterionProfile[criterion] = profile
		if profile != nil && !atLeast(float64(*profile), m.limits.WeakProfile) {
			s.WeakCriteria = append(s.WeakCriteria, criterion)
		}
	}
	return s
}

// profile of a segment by one criterion: the weighted mean rating of the cells that are served; nil where none is known.
func (m *matrix) profile(column, criterion int) *Figure {
	var sum, weights float64
	for i, service := range m.services {
		c := m.cells[i][column]
		if r := c.ratings[criterion]; c.State == Served && r.known {
			w := weight(service)
			sum += float64(w * r.value)
			weights += w
		}
	}
	if weights == 0 {
		return nil
	}
	return pointer(sum / weights)
}

func (m *matrix) status(s Segment) Status {
	ratio, covering := float64(s.BalanceRatio), float64(s.CoverCount)
	switch {
	case !atLeast(float64(s.AssessedShare), m.limits.MinAssessedShare):
		return Unknown
	case s.CoverCount == 0:
		return Gap
	case s.CoverCount == 1 || !atLeast(ratio, m.limits.ThinRatio):
		return Thin
	case above(ratio, m.limits.PileRatio) && atLeast(covering, m.limits.MinPileCount):
		return PileUp
	}
	return Balanced
}
