package method

import "jana/protocol/board"

// best is the highest rating.
const best = 4

// rating is one by a criterion.
type rating struct {
	value float64
	known bool
}

// assessed is a cell with what it is judged by, in the order of the criteria.
type assessed struct {
	Cell
	item    *board.Item // nil: nobody has said anything
	ratings []rating
}

// assess judges one cell; item is its assessment, nil if there is none.
func assess(item *board.Item, service, segment board.ID, limits Thresholds) assessed {
	c := assessed{Cell: Cell{ServiceID: service, SegmentID: segment, State: Served}, item: item, ratings: make([]rating, len(board.Criteria))}
	var sum float64
	available := true
	for i, criterion := range board.Criteria {
		var r rating
		r.value, r.known = RatingOf(item, criterion)
		c.ratings[i] = r
		if r.known {
			c.Rated++
			sum += r.value
			available = available && (criterion != "availability" || r.value > 0)
		}
	}
	switch {
	case item.Get("serves") == false:
		c.State = NotServed
	case c.Rated == 0:
		c.State = Unassessed
	case available:
		c.Score = Figure(sum / float64(c.Rated) / best)
	}
	c.Covers = c.State == Served && atLeast(float64(c.Score), limits.CoverScore)
	return c
}

// RatingOf is what a cell is rated by a criterion: the agreed figure, else the mean of the votes; not known if there is
// neither. item is its assessment, nil if there is none.
func RatingOf(item *board.Item, criterion string) (value float64, known bool) {
	if agreed, is := item.Number("ratings/" + criterion); is {
		return agreed, true
	}
	votes := item.Map("votes/" + criterion)
	if len(votes) == 0 {
		return 0, false
	}
	var sum int64
	for _, v := range votes {
		n, _ := v.(int64)
		sum += n
	}
	return float64(sum) / float64(len(votes)), true
}

// matrix is the services, by rows, and the segments. Without any of one there are none of the other either: there is nothing
// to say of them yet.
type matrix struct {
	*reading
	services, segments []*board.Item
	cells              [][]assessed
}

func (on *reading) matrix() *matrix {
	m := &matrix{reading: on, services: on.of(board.TypeService), segments: on.of(board.TypeSegment)}
	if len(m.services) == 0 || len(m.segments) == 0 {
		m.services, m.segments = nil, nil
	}
	for _, service := range m.services {
		row := make([]assessed, len(m.segments))
		for i, segment := range m.segments {
			row[i] = assess(on.state.Item(board.CellID(service.ID, segment.ID)), service.ID, segment.ID, on.limits)
		}
		m.cells = append(m.cells, row)
	}
	return m
}

// all are the cells by rows.
func (m *matrix) all() []Cell {
	all := []Cell{}
	for _, row := range m.cells {
		for _, c := range row {
			all = append(all, c.Cell)
		}
	}
	return all
}

func (m *matrix) states() map[CellState]int {
	n := map[CellState]int{Served: 0, NotServed: 0, Unassessed: 0}
	for _, row := range m.cells {
		for _, c := range row {
			n[c.State]++
		}
	}
	return n
}

// weak are, by criterion, the cells that are served and rated low.
func (m *matrix) weak() map[string][]CellRef {
	all := map[string][]CellRef{}
	for i, criterion := range board.Criteria {
		all[criterion] = []CellRef{}
		for _, row := range m.cells {
			for _, c := range row {
				if c.State == Served && c.ratings[i].known && !above(c.ratings[i].value, m.limits.WeakRating) {
					all[criterion] = append(all[criterion], CellRef{c.ServiceID, c.SegmentID})
				}
			}
		}
	}
	return all
}

// weight of a service against the others.
func weight(service *board.Item) float64 {
	if w, is := service.Number("weight"); is {
		return w
	}
	return 1
}
