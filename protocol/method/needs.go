package method

import (
	"slices"

	"jana/protocol/board"
)

// overlaps are the categories of which several services cover one segment. A question to ask, not an error.
func (m *matrix) overlaps() []Overlap {
	all := []Overlap{}
	for column, segment := range m.segments {
		for _, category := range m.of(board.TypeCategory) {
			covering := []board.ID{}
			for i, service := range m.services {
				if service.Text("categoryId") == category.ID && m.cells[i][column].Covers {
					covering = append(covering, service.ID)
				}
			}
			if len(covering) > 1 {
				all = append(all, Overlap{segment.ID, category.ID, covering, len(covering) - 1})
			}
		}
	}
	return all
}

// needGaps are what the segments need and no service covers.
func (m *matrix) needGaps() []NeedGap {
	all := []NeedGap{}
	for column, segment := range m.segments {
		needs := segment.List("needs")
		for _, category := range m.of(board.TypeCategory) {
			if !slices.Contains(needs, category.ID) {
				continue
			}
			if gap := m.needGap(column, category.ID); gap != nil {
				all = append(all, *gap)
			}
		}
	}
	return all
}

// needGap is nil where a service of the category covers the segment.
func (m *matrix) needGap(column int, category board.ID) *NeedGap {
	weak, unknown := []board.ID{}, []board.ID{}
	for i, service := range m.services {
		if service.Text("categoryId") != category {
			continue
		}
		switch c := m.cells[i][column]; {
		case c.Covers:
			return nil
		case c.State == Served:
			weak = append(weak, service.ID)
		case c.State == Unassessed:
			unknown = append(unknown, service.ID)
		}
	}
	gap := &NeedGap{m.segments[column].ID, category, NeedMissing, []board.ID{}}
	switch {
	case len(weak) > 0:
		gap.Severity, gap.ServiceIDs = NeedWeak, weak
	case len(unknown) > 0:
		gap.Severity, gap.ServiceIDs = NeedUnknown, unknown
	}
	return gap
}
