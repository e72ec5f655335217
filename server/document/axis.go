package document

import (
	"slices"
	"unicode/utf8"
)

// Axis is one with what lies on it. Values are 0–100.
type Axis struct {
	MinLabel string     `json:"minLabel"`
	MaxLabel string     `json:"maxLabel"`
	Bars     []Bar      `json:"bars"`
	Notes    []AxisNote `json:"notes"`
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

// AxisNote is a note on the axis, in the colour of its perspective, 1–8.
type AxisNote struct {
	Value  float64 `json:"value"`
	Colour int     `json:"colour"`
}

// Colours that groups and perspectives take in turns, as on the board.
const (
	groupColours = 7
	noteColours  = 8
)

// NoteColour is the colour of the notes of a perspective by its place among them, from 0.
func NoteColour(place int) int { return place%noteColours + 1 }

// BareColour is that of notes without a perspective.
const BareColour = noteColours

// GroupColour is the colour of a group by its number, 1–7.
func GroupColour(number int) int { return ((number-1)%groupColours+groupColours)%groupColours + 1 }

func (d *Axis) clean() {
	if d == nil {
		return
	}
	d.MinLabel, d.MaxLabel = Printable(d.MinLabel), Printable(d.MaxLabel)
	for i := range d.Bars {
		d.Bars[i].Name = Printable(d.Bars[i].Name)
	}
}

// Widths in a picture of the axis, in hundredths of it: a letter of a name, and the room between names.
const (
	letterWide = 1.05
	nameRoom   = 2.0
)

// InRows gives bars in the order of their places rows in which neither names nor spreads meet. A name lies over its place by the
// share of its width that the place is of the axis: so it ends where the axis does.
func InRows(bars []Bar) {
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
