package export

import (
	"strings"

	"jana/protocol/board"
	"jana/protocol/method"
)

func (b *workbook) matrixRows() [][]any {
	head := []any{b.words["category"], b.words["service"]}
	covering, supply := []any{nil, b.words["covering"]}, []any{nil, b.words["supply"]}
	need, status := []any{nil, b.words["need"]}, []any{nil, b.words["status"]}
	for _, s := range b.Segments {
		head = append(head, b.name(s.SegmentID))
		covering, supply = append(covering, s.CoverCount), append(supply, shareOf(s.SupplyShare))
		need, status = append(need, shareOf(s.NeedShare)), append(status, b.words["status."+string(s.Status)])
	}
	rows := [][]any{head}
	for _, service := range b.services {
		row := []any{b.name(service.Text("categoryId")), b.name(service.ID)}
		for _, s := range b.Segments {
			row = append(row, shown(b.cells[method.CellRef{ServiceID: service.ID, SegmentID: s.SegmentID}]))
		}
		rows = append(rows, row)
	}
	return append(rows, covering, supply, need, status)
}

// shown is a cell of the matrix: how well the service works there, 0–100.
func shown(c method.Cell) any {
	switch {
	case c.Covers:
		return scoreOf(c.Score, formatCovers)
	case c.State == method.Served:
		return scoreOf(c.Score, formatWeak)
	}
	return symbol(c)
}

func (b *workbook) cellRows() [][]any {
	head := []any{b.words["service"], b.words["segment"], b.words["state"], b.words["score"], b.words["covers"]}
	for _, criterion := range board.Criteria {
		head = append(head, b.words["criterion."+criterion])
	}
	rows := [][]any{append(head, b.words["comment"])}
	for _, service := range b.services {
		for _, s := range b.Segments {
			c := b.cells[method.CellRef{ServiceID: service.ID, SegmentID: s.SegmentID}]
			item := b.Item(board.CellID(service.ID, s.SegmentID))
			row := []any{b.name(service.ID), b.name(s.SegmentID), b.words["state."+string(c.State)], nil, nil}
			if c.State == method.Served {
				row[3], row[4] = scoreOf(c.Score, formatScore), b.words["no"]
			}
			if c.Covers {
				row[4] = b.words["yes"]
			}
			for _, criterion := range board.Criteria {
				if rating, is := method.RatingOf(item, criterion); is {
					row = append(row, figureOf(method.Figure(rating)))
				} else {
					row = append(row, nil)
				}
			}
			rows = append(rows, append(row, item.Text("comment")))
		}
	}
	return rows
}

func (b *workbook) segmentRows() [][]any {
	head := []any{
		b.words["segment"], b.words["status"], b.words["position"], b.words["customers"], b.words["needFactor"], b.words["needWeight"], b.words["need"],
		b.words["supplySum"], b.words["weakSupply"], b.words["supply"], b.words["balance"], b.words["covering"], b.words["coveringNames"], b.words["assessed"],
	}
	for _, criterion := range board.Criteria {
		head = append(head, b.words["criterion."+criterion])
	}
	headings := ordered(b.Items(), board.TypeHeading)
	for _, heading := range headings {
		head = append(head, heading.Text("name"))
	}
	places := map[board.ID]*method.Figure{}
	for _, p := range b.SegmentPositions {
		places[p.SegmentID] = p.Position
	}
	rows := [][]any{head}
	for _, s := range b.Segments {
		item := b.Item(s.SegmentID)
		row := []any{b.name(s.SegmentID), b.words["status."+string(s.Status)], nil, item.Get("customers"), item.Get("needFactor"), float64(s.NeedWeight), shareOf(s.NeedShare)}
		if place := places[s.SegmentID]; place != nil {
			row[2] = float64(*place)
		}
		row = append(row, figureOf(s.Supply), figureOf(s.WeakSupply), shareOf(s.SupplyShare), figureOf(s.BalanceRatio), s.CoverCount, b.names(s.CoveringServiceIDs), shareOf(s.AssessedShare))
		for _, criterion := range board.Criteria {
			if mean := s.CriterionProfile[criterion]; mean != nil {
				row = append(row, figureOf(*mean))
			} else {
				row = append(row, nil)
			}
		}
		for _, heading := range headings {
			row = append(row, item.Text("descriptions/"+heading.ID))
		}
		rows = append(rows, row)
	}
	return rows
}

func (b *workbook) serviceRows() [][]any {
	rows := [][]any{{
		b.words["service"], b.words["category"], b.words["weight"], b.words["description"], b.words["intended"], b.words["covered"], b.words["missed"], b.words["spill"],
		b.words["precision"], b.words["recall"], b.words["status"],
	}}
	targets := map[board.ID]method.Service{}
	for _, s := range b.Services {
		targets[s.ServiceID] = s
	}
	for _, service := range b.services {
		s := targets[service.ID]
		rows = append(rows, []any{
			b.name(service.ID), b.name(service.Text("categoryId")), service.Get("weight"), service.Text("description"), b.names(service.List("intendedSegmentIds")),
			b.names(s.CoveredSegmentIDs), b.names(s.MissedSegmentIDs), b.names(s.SpillSegmentIDs), known(s.Precision), known(s.Recall), b.words["target."+string(s.TargetStatus)],
		})
	}
	return rows
}

func (b *workbook) findingRows() [][]any {
	rows := [][]any{{b.words["kind"], b.words["finding"]}}
	for _, f := range b.Findings() {
		rows = append(rows, []any{b.words["kind."+string(f.Kind)], f.Sentence(b.State, b.language)})
	}
	return rows
}

func (b *workbook) noteRows(items []*board.Item, authors bool) [][]any {
	head := []any{}
	for _, name := range noteHead(b.words, authors) {
		head = append(head, name)
	}
	rows := [][]any{head}
	var axis *board.Item
	for _, it := range ordered(items, board.TypeAxis) {
		axis = it
	}
	for _, it := range ordered(items, board.TypeNote) {
		row := []any{it.ID, strings.TrimSpace(it.Text("text")), b.name(it.Text("perspectiveId")), nil, b.name(it.Text("groupId")), noteKind(b.words, it), strings.TrimSpace(it.Text("comment"))}
		if tenths, placed := board.Value10(axis, it.Int("x"), it.Int("y")); placed {
			row[3] = float64(tenths) / 10
		}
		if authors {
			row = append(row, b.name(it.Text("authorId")))
		}
		rows = append(rows, row)
	}
	return rows
}
