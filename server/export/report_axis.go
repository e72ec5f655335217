package export

import (
	"cmp"
	"slices"
	"strconv"

	"jana/protocol/board"
	"jana/protocol/method"
	"jana/server/document"
)

// axisSection shows where the segments lie; drawn is false where there is no axis, or nothing on it.
func (r *report) axisSection() (s document.Section, drawn bool) {
	s = r.section("axis")
	axes := r.of(board.TypeAxis)
	if len(axes) == 0 {
		return s, false
	}
	axis := axes[len(axes)-1]
	d := &document.Axis{MinLabel: axis.Text("minLabel"), MaxLabel: axis.Text("maxLabel"), Bars: r.bars(""), Notes: r.drawnNotes(axis, "")}
	if len(d.Bars) == 0 {
		return s, false
	}
	s.Add(r.picture(d))
	return s, true
}

// drawnAlone is the axis with one segment and its notes; nil where it has no place.
func (r *report) drawnAlone(segment board.ID) *document.Block {
	axes := r.of(board.TypeAxis)
	bars := r.bars(segment)
	if len(axes) == 0 || len(bars) == 0 {
		return nil
	}
	axis := axes[len(axes)-1]
	b := r.picture(&document.Axis{MinLabel: axis.Text("minLabel"), MaxLabel: axis.Text("maxLabel"), Bars: bars, Notes: r.drawnNotes(axis, r.Item(segment).Text("groupId"))})
	return &b
}

// picture is an axis with the same in words.
func (r *report) picture(d *document.Axis) document.Block {
	var items []string
	for _, b := range d.Bars {
		text := b.Name + ": " + decimal(b.Place, r.language)
		if b.Spread != nil {
			text += " (" + r.words["spread"] + " " + decimal(b.Spread.Q1, r.language) + "–" + decimal(b.Spread.Q3, r.language) + ")"
		}
		items = append(items, text)
	}
	return document.Block{Type: document.Picture, Items: items, Axis: d}
}

// bars are those of all segments, or of one.
func (r *report) bars(only board.ID) []document.Bar {
	bars := []document.Bar{}
	for _, at := range r.SegmentPositions {
		if at.Position == nil || only != "" && at.SegmentID != only {
			continue
		}
		segment := r.Item(at.SegmentID)
		b := document.Bar{Name: r.called(at.SegmentID), Place: float64(*at.Position)}
		if mark := r.disc(segment); mark != nil {
			b.Colour = mark.Colour
		}
		if g, is := r.groups[segment.Text("groupId")]; is && g.Median != nil {
			b.Spread = r.drawnSpread(g)
		}
		bars = append(bars, b)
	}
	slices.SortStableFunc(bars, func(a, b document.Bar) int { return cmp.Compare(a.Place, b.Place) })
	document.InRows(bars)
	return bars
}

func (r *report) drawnSpread(g method.Group) *document.Spread {
	q1, q3 := float64(*g.Q1), float64(*g.Q3)
	s := &document.Spread{Least: q1, Q1: q1, Median: float64(*g.Median), Q3: q3, Most: q3, Outliers: []float64{}}
	for _, axis := range r.of(board.TypeAxis) {
		for _, note := range r.of(board.TypeNote) {
			tenths, placed := board.Value10(axis, note.Int("x"), note.Int("y"))
			if !placed || note.Text("groupId") != g.GroupID {
				continue
			}
			value := float64(tenths) / 10
			if slices.Contains(g.OutlierNoteIDs, note.ID) {
				s.Outliers = append(s.Outliers, value)
				continue
			}
			s.Least, s.Most = min(s.Least, value), max(s.Most, value)
		}
	}
	return s
}

// drawnNotes are all that lie on the axis, or those of one group.
func (r *report) drawnNotes(axis *board.Item, group board.ID) []document.AxisNote {
	colours := map[board.ID]int{}
	for i, p := range r.of(board.TypePerspective) {
		colours[p.ID] = document.NoteColour(i)
	}
	notes := []document.AxisNote{}
	for _, note := range r.of(board.TypeNote) {
		if group != "" && note.Text("groupId") != group {
			continue
		}
		if tenths, placed := board.Value10(axis, note.Int("x"), note.Int("y")); placed {
			notes = append(notes, document.AxisNote{Value: float64(tenths) / 10, Colour: cmp.Or(colours[note.Text("perspectiveId")], document.BareColour)})
		}
	}
	return notes
}

// figures are what there is of each thing that there is anything of.
func (r *report) figures() [][]string {
	var all [][]string
	for _, of := range []board.Type{board.TypeNote, board.TypePerspective, board.TypeSegment, board.TypeService} {
		if n := len(r.of(of)); n > 0 {
			all = append(all, []string{strconv.Itoa(n), r.words["figure."+string(of)]})
		}
	}
	if r.Imbalance != nil {
		all = append(all, []string{r.inPercent(strconv.Itoa(percent(*r.Imbalance))), r.words["figure.imbalance"]})
	}
	return all
}
