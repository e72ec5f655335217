package export

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"jana/protocol/board"
	"jana/server/document"
)

// Lengths in the picture of the axis: a quarter of a millimetre of an A3 sheet each, so that letters are legible on a wall.
const (
	axisWidth = 1680
	axisLeft  = 330
	axisRight = 1600
	noteWide  = 22
	noteHigh  = 24
	groupHigh = 62
)

// Axis draws the axis as SVG: its ends, the notes as letters of their perspective, a lane each, and the groups as bars from their
// first quartile to their third, with the median. It holds no scripts, and what people wrote is text in it.
func Axis(w io.Writer, items []*board.Item, language string) error {
	l := newListing(items, language)
	d := &drawing{telling: l}
	for _, axis := range l.of(board.TypeAxis) {
		d.axis = axis
	}
	d.text(60, 80, 40, "start", "700", l.Item(board.BoardID).Text("title"), 60)
	y := d.groups(150)
	y = d.line(y + 40)
	y = d.lanes(y + 70)
	height := y + 40
	title := document.Escaped(document.Printable(l.Item(board.BoardID).Text("title")))
	head := fmt.Sprintf(
		`<svg xmlns="http://www.w3.org/2000/svg" width="420mm" height="%.1fmm" viewBox="0 0 %d %d" lang="%s" role="img" aria-label="%s" font-family="Inter, 'Segoe UI', Roboto, Arial, sans-serif" fill="#14212b">`+
			"\n<title>%s</title>\n<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n",
		float64(height)/4, axisWidth, height, l.language, title, title, axisWidth, height,
	)
	for _, part := range [][]byte{[]byte(head), d.Bytes(), []byte("</svg>\n")} {
		if _, err := w.Write(part); err != nil {
			return fmt.Errorf("write an axis: %w", err)
		}
	}
	return nil
}

// drawing is the picture of an axis while it is drawn.
type drawing struct {
	*telling
	bytes.Buffer
	axis *board.Item
}

// at is where a value lies.
func (d *drawing) at(value float64) float64 { return axisLeft + value/100*(axisRight-axisLeft) }

// text writes a line of at most so many characters; the whole of it can be had by pointing.
func (d *drawing) text(x float64, y, size int, anchor, weight, text string, most int) {
	text = strings.Join(strings.Fields(document.Printable(text)), " ")
	shown := text
	if runes := []rune(text); len(runes) > most {
		shown = strings.TrimSpace(string(runes[:most-1])) + "…"
	}
	whole := ""
	if shown != text {
		whole = "<title>" + document.Escaped(text) + "</title>"
	}
	fmt.Fprintf(d, "<text x=\"%.1f\" y=\"%d\" font-size=\"%d\" text-anchor=\"%s\" font-weight=\"%s\">%s%s</text>\n", x, y, size, anchor, weight, document.Escaped(shown), whole)
}

// groups draws a bar for each group that has notes on the axis, in the order of their medians.
func (d *drawing) groups(y int) int {
	type group struct {
		item *board.Item
		board.Statistics
	}
	var all []group
	statistics := d.AllStatistics()
	for i, item := range d.of(board.TypeGroup) {
		if statistics[i].N > 0 {
			all = append(all, group{item, statistics[i]})
		}
	}
	slices.SortStableFunc(all, func(a, b group) int { return cmp.Compare(a.Median, b.Median) })
	for _, g := range all {
		x := d.at(g.Median)
		anchor := "middle"
		switch {
		case g.Median < 20:
			anchor, x = "start", d.at(g.Min)
		case g.Median > 80:
			anchor, x = "end", d.at(g.Max)
		}
		d.text(x, y, 20, anchor, "600", d.called(g.item.ID)+" · "+decimal(g.Median, d.language), 70)
		tone := fmt.Sprintf("#%06x", document.GroupTone(document.GroupColour(d.groupNumber(g.item.ID))))
		fmt.Fprintf(d, `<path d="M%.1f %dH%.1f" stroke="%s" stroke-width="2"/>`, d.at(g.Min), y+20, d.at(g.Max), tone)
		fmt.Fprintf(d, `<rect x="%.1f" y="%d" width="%.1f" height="20" rx="6" fill="%s"/>`, d.at(g.Q1), y+10, max(2, d.at(g.Q3)-d.at(g.Q1)), tone)
		fmt.Fprintf(d, "<path d=\"M%.1f %dv28\" stroke=\"#ffffff\" stroke-width=\"6\"/><path d=\"M%.1f %dv28\" stroke=\"#14212b\" stroke-width=\"3\"/>\n", d.at(g.Median), y+6, d.at(g.Median), y+6)
		y += groupHigh
	}
	return y
}

// line draws the axis itself, with ticks and what its ends mean.
func (d *drawing) line(y int) int {
	d.text(axisLeft, y, 24, "start", "700", d.axis.Text("minLabel"), 48)
	d.text(axisRight, y, 24, "end", "700", d.axis.Text("maxLabel"), 48)
	y += 40
	fmt.Fprintf(d, "<path d=\"M%d %dH%d\" stroke=\"#14212b\" stroke-width=\"4\"/>\n", axisLeft, y, axisRight)
	for value := 0; value <= 100; value += 10 {
		fmt.Fprintf(d, "<path d=\"M%.1f %dv14\" stroke=\"#14212b\" stroke-width=\"2\"/>\n", d.at(float64(value)), y)
		d.text(d.at(float64(value)), y+36, 18, "middle", "400", strconv.Itoa(value), 4)
	}
	return y
}

// lanes draws the notes on the axis: a lane for each perspective, as high as its notes need without hiding each other.
func (d *drawing) lanes(y int) int {
	perspectives := d.of(board.TypePerspective)
	notes := map[board.ID][]float64{}
	for _, note := range d.of(board.TypeNote) {
		if tenths, placed := board.Value10(d.axis, note.Int("x"), note.Int("y")); placed {
			p := note.Text("perspectiveId")
			notes[p] = append(notes[p], d.at(float64(tenths)/10))
		}
	}
	called := letters(perspectives)
	for i, p := range perspectives {
		d.text(60, y+noteHigh, 18, "start", "600", called[i]+"  "+p.Text("name"), 24)
		y = d.lane(y, notes[p.ID], called[i])
	}
	if len(notes[""]) > 0 {
		y = d.lane(y, notes[""], "•")
	}
	return y
}

func (d *drawing) lane(y int, places []float64, letters string) int {
	slices.Sort(places)
	var ends []float64 // of the rows, where the next note may begin
	for _, x := range places {
		row := slices.IndexFunc(ends, func(end float64) bool { return x >= end })
		if row < 0 {
			row = len(ends)
			ends = append(ends, 0)
		}
		ends[row] = x + noteWide*float64(max(1, len([]rune(letters))))*0.8
		d.text(x, y+noteHigh+row*noteHigh, 18, "middle", "500", letters, 3)
	}
	y += max(1, len(ends))*noteHigh + 14
	fmt.Fprintf(d, "<path d=\"M60 %dH%d\" stroke=\"#c6ccd2\" stroke-width=\"1\"/>\n", y, axisRight)
	return y + 8
}
