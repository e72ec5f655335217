package method

import "jana/protocol/board"

// overlaps are the categories of which several services cover one segment. A question to ask, not an error.
func (m *matrix) overlaps() []Overlap {
	all := []Overlap{}
	rows := m.rowsByCategory()
	for column, segment := range m.segments {
		for _, category := range m.of(board.TypeCategory) {
			covering := []board.ID{}
			for _, row := range rows[category.ID] {
				if row[column].Covers {
					covering = append(covering, row[column].ServiceID)
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
	rows := m.rowsByCategory()
	for column, segment := range m.segments {
		needs := set(segment.List("needs"))
		for _, category := range m.of(board.TypeCategory) {
			if !needs[category.ID] {
				continue
			}
			if gap := needGap(column, rows[category.ID]); gap != nil {
				gap.SegmentID, gap.CategoryID = segment.ID, category.ID
				all = append(all, *gap)
			}
		}
	}
	return all
}

func (m *matrix) rowsByCategory() map[board.ID][][]assessed {
	rows := map[board.ID][][]assessed{}
	for i, service := range m.services {
		category := service.Text("categoryId")
		rows[category] = append(rows[category], m.cells[i])
	}
	return rows
}

func set(ids []board.ID) map[board.ID]bool {
	in := make(map[board.ID]bool, len(ids))
	for _, id := range ids {
		in[id] = true
	}
	return in
}

// needGap is nil where one of the rows covers the segment.
func needGap(column int, rows [][]assessed) *NeedGap {
	weak, unknown := []board.ID{}, []board.ID{}
	for _, row := range rows {
		switch c := row[column]; {
		case c.Covers:
			return nil
		case c.State == Served:
			weak = append(weak, c.ServiceID)
		case c.State == Unassessed:
			unknown = append(unknown, c.ServiceID)
		}
	}
	switch {
	case len(weak) > 0:
		return &NeedGap{Severity: NeedWeak, ServiceIDs: weak}
	case len(unknown) > 0:
		return &NeedGap{Severity: NeedUnknown, ServiceIDs: unknown}
	}
	return &NeedGap{Severity: NeedMissing, ServiceIDs: []board.ID{}}
}
