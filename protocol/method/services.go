package method

import "jana/protocol/board"

// targeting is whom each service covers, against whom it is meant for.
func (m *matrix) targeting() []Service {
	all := []Service{}
	for i := range m.services {
		all = append(all, m.target(i))
	}
	return all
}

func (m *matrix) target(row int) Service {
	intended := set(m.services[row].List("intendedSegmentIds"))
	s := Service{ServiceID: m.services[row].ID, CoveredSegmentIDs: []board.ID{}, MissedSegmentIDs: []board.ID{}, SpillSegmentIDs: []board.ID{}}
	both, meant := 0, 0
	for column, segment := range m.segments {
		covered, is := m.cells[row][column].Covers, intended[segment.ID]
		if is {
			meant++
		}
		if covered {
			s.CoveredSegmentIDs = append(s.CoveredSegmentIDs, segment.ID)
		}
		switch {
		case covered && is:
			both++
		case covered:
			s.SpillSegmentIDs = append(s.SpillSegmentIDs, segment.ID)
		case is:
			s.MissedSegmentIDs = append(s.MissedSegmentIDs, segment.ID)
		}
	}
	s.Precision, s.Recall = share(both, len(s.CoveredSegmentIDs)), share(both, meant)
	switch {
	case s.Recall == nil:
		s.TargetStatus = NoTarget
	case s.Precision == nil:
		s.TargetStatus = Unreached
	case !atLeast(float64(*s.Precision), m.limits.MinPrecision) || !atLeast(float64(*s.Recall), m.limits.MinRecall):
		s.TargetStatus = Mistargeted
	default:
		s.TargetStatus = OnTarget
	}
	return s
}

// share is nil of nothing.
func share(part, whole int) *Figure {
	if whole == 0 {
		return nil
	}
	return pointer(float64(part) / float64(whole))
}

// minJaccard is how much of what two services cover together both of them cover, when they are said to overlap.
const minJaccard = 0.5

// overlappingPairs are services of one category that cover nearly the same segments.
func (m *matrix) overlappingPairs() []OverlappingPair {
	all := []OverlappingPair{}
	for i, one := range m.services {
		for j := i + 1; j < len(m.services); j++ {
			other := m.services[j]
			if one.Text("categoryId") == "" || one.Text("categoryId") != other.Text("categoryId") {
				continue
			}
			both, either := 0, 0
			for column := range m.segments {
				a, b := m.cells[i][column].Covers, m.cells[j][column].Covers
				if a && b {
					both++
				}
				if a || b {
					either++
				}
			}
			if alike := share(both, either); alike != nil && atLeast(float64(*alike), minJaccard) {
				all = append(all, OverlappingPair{[2]board.ID{one.ID, other.ID}, *alike})
			}
		}
	}
	return all
}
