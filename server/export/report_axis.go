package export

import (
	"cmp"
	"slices"
	"strconv"
	"unicode/utf8"

	"jana/protocol/board"
	"jana/protocol/method"
)

// Drawn is an axis with what lies on it. Values are 0–100.
type Drawn struct {
	MinLabel string      `json:"minLabel"`
	MaxLabel string      `json:"maxLabel"`
	Bars     []Bar       `json:"bars"`
	Notes    []DrawnNote `json:"notes"`
}

// Bar is a segment on the axis.
type Bar struct {
	Name string `json:"name"`
	// Colour of its group, 1–7; 0 without a group.
	Colour int     `json:"colour"`
	Place  float64 `json:"place"`
	// Row counts upwards from the axis: names in one row do not meet.
	Row int `json:"row"`
	// Spread of the group's notes; nil without any.
	Spread *Spread `json:"spread,omitempty"`
}

// Spread is a box plot: quartiles, the least and the most but for outliers, and those.
type Spread struct {
	Least    float64   `json:"least"`
	Q1       float64   `json:"q1"`
	Median   float64   `json:"median"`
	Q3       float64   `json:"q3"`
	Most     float64   `json:"most"`
	Outliers []float64 `json:"outliers"`
}

// DrawnNote is a note on the axis, in the colour of its perspective, 1–8.
type DrawnNote struct {
	Value  float64 `json:"value"`
	Colour int     `json:"colour"`
}

// Colours that groups and perspectives take in turns, as on the board.
const (
	groupColours = 7
	noteColours  = 8
)

func groupColour(number int) int { return ((number-1)%groupColours+groupColours)%groupColours + 1 }

func (d *Drawn) clean() {
	if d == nil {
		return
	}
	d.MinLabel, d.MaxLabel = printable(d.MinLabel), printable(d.MaxLabel)
	for i := range d.Bars {
		d.Bars[i].Name = printable(d.Bars[i].Name)
	}
}

// axisSection shows where the segments lie; drawn is false where there is no axis, or nothing on it.
func (r *report) axisSection() (s Section, drawn bool) {
	s = r.section("axis")
	axes := r.of(board.TypeAxis)
	if len(axes) == 0 {
		return s, false
	}
	axis := axes[len(axes)-1]
	d := &Drawn{MinLabel: axis.Text("minLabel"), MaxLabel: axis.Text("maxLabel"), Bars: r.bars(""), Notes: r.drawnNotes(axis, "")}
	if len(d.Bars) == 0 {
		return s, false
	}
	s.add(r.picture(d))
	return s, true
}

// drawnAlone is the axis with one segment and its notes; nil where it has no place.
func (r *report) drawnAlone(segment board.ID) *Block {
	axes := r.of(board.TypeAxis)
	bars := r.bars(segment)
	if len(axes) == 0 || len(bars) == 0 {
		return nil
	}
	axis := axes[len(axes)-1]
	b := r.picture(&Drawn{MinLabel: axis.Text("minLabel"), MaxLabel: axis.Text("maxLabel"), Bars: bars, Notes: r.drawnNotes(axis, r.Item(segment).Text("groupId"))})
	return &b
}

// picture is an axis with the same in words.
func (r *report) picture(d *Drawn) Block {
	var items []string
	for _, b := range d.Bars {
		text := b.Name + ": " + decimal(b.Place, r.language)
		if b.Spread != nil {
			text += " (" + r.words["spread"] + " " + decimal(b.Spread.Q1, r.language) + "–" + decimal(b.Spread.Q3, r.language) + ")"
		}
		items = append(items, text)
	}
	return Block{Type: Picture, Items: items, Axis: d}
}

// bars are those of all segments, or of one.
func (r *report) bars(only board.ID) []Bar {
	bars := []Bar{}
	for _, at := range r.SegmentPositions {
		if at.Position == nil || only != "" && at.SegmentID != only {
			continue
		}
		segment := r.Item(at.SegmentID)
		b := Bar{Name: r.called(at.SegmentID), Place: float64(*at.Position)}
		if mark := r.disc(segment); mark != nil {
			b.Colour = mark.Colour
		}
		if g, is := r.groups[segment.Text("groupId")]; is && g.Median != nil {
			b.Spread = r.drawnSpread(g)
		}
		bars = append(bars, b)
	}
	slices.SortStableFunc(bars, func(a, b Bar) int { return cmp.Compare(a.Place, b.Place) })
	inRows(bars)
	return bars
}

func (r *report) drawnSpread(g method.Group) *Spread {
	q1, q3 := float64(*g.Q1), float64(*g.Q3)
	s := &Spread{Least: q1, Q1: q1, Median: float64(*g.Median), Q3: q3, Most: q3, Outliers: []float64{}}
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
func (r *report) drawnNotes(axis *board.Item, group board.ID) []DrawnNote {
	colours := map[board.ID]int{}
	for i, p := range r.of(board.TypePerspective) {
		colours[p.ID] = i%noteColours + 1
	}
	notes := []DrawnNote{}
	for _, note := range r.of(board.TypeNote) {
		if group != "" && note.Text("groupId") != group {
			continue
		}
		if tenths, placed := board.Value10(axis, note.Int("x"), note.Int("y")); placed {
			notes = append(notes, DrawnNote{float64(tenths) / 10, cmp.Or(colours[note.Text("perspectiveId")], noteColours)})
		}
	}
	return notes
}

// Widths in a picture of the axis, in hundredths of it: a letter of a name, and the room between names.
const (
	letterWide = 1.05
	nameRoom   = 2.0
)

// inRows gives bars in the order of their places rows in which neither names nor spreads meet. A name lies over its place by the
// share of its width that the place is of the axis: so it ends where the axis does.
func inRows(bars []Bar) {
	var ends []float64
	for i := range bars {
		b := &bars[i]
		wide := letterWide * float64(utf8.RuneCountInString(b.Name))
		from := b.Place - b.Place/100*wide
		to := from + wide
		if s := b.Spread; s != nil {
			from, to = min(from, s.Least), max(to, s.Most)
			for _, stray := range s.Outliers {
				from, to = min(from, stray), max(to, stray)
			}
		}
		b.Row = slices.IndexFunc(ends, func(end float64) bool { return end <= from })
		if b.Row < 0 {
			b.Row = len(ends)
			ends = append(ends, 0)
		}
		ends[b.Row] = to + nameRoom
	}
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
