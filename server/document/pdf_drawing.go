package document

import (
	"fmt"
	"strconv"
	"strings"
)

// Colours of the page's light theme: of groups, notes by perspective, and kinds of findings.
var (
	groupTones  = [groupColours]int{0xa8400f, 0x1b4fa8, 0x7a6200, 0x4a2392, 0x0a7d5c, 0x8f0f4f, 0x5c6670}
	noteTones   = [noteColours]string{rgb(0x7f832b), rgb(0x6d81a7), rgb(0xa8734d), rgb(0x008e83), rgb(0x9670b6), rgb(0xb96473), rgb(0x5c8c49), rgb(0x7f8181)}
	findingTone = map[string]string{
		"gap": rgb(0xa3211b), "need": rgb(0xa3211b), "unreached": rgb(0xa3211b), "goal": rgb(0xa3211b), "thin": rgb(0x8a4b00), "mistargeted": rgb(0x8a4b00),
		"pileup": rgb(0x52339e), "overlap": rgb(0x505860),
	}
)

const ink = 0x16202a

// rgb is a colour as parts of red, green and blue.
func rgb(colour int) string {
	return fmt.Sprintf("%.3f %.3f %.3f", float64(colour>>16)/255, float64(colour>>8&255)/255, float64(colour&255)/255)
}

// GroupTone is a colour 1–7 as red, green and blue, 0xRRGGBB; 0 is ink.
func GroupTone(colour int) int {
	if colour == 0 {
		return ink
	}
	return groupTones[colour-1]
}

// figures are a strip of what is seen first.
func (p *layout) figures(all [][]string) {
	if len(all) == 0 {
		return
	}
	p.y -= 4
	p.rule(p.y)
	wide := (p.width - 2*sheetMargin) / float64(len(all))
	top, bottom := p.y-6, p.y
	for i, figure := range all {
		e := p.root.child("P", "")
		x := sheetMargin + float64(i)*wide
		y := top - sizeFigure
		p.piece(e, line{{p.faces[1].legible(figure[0]) + " ", true}}, sizeFigure, x, y)
		for _, l := range p.wrapped([]span{{figure[1], false}}, sizeCell, wide-8) {
			y -= sizeCell * leading
			p.piece(e, l, sizeCell, x, y)
		}
		bottom = min(bottom, y-8)
	}
	p.y = bottom
	p.rule(p.y)
	p.y -= 4
}

// mark draws what stands before a heading, and gives how far the heading begins beside it.
func (p *layout) mark(m *Mark) float64 {
	if m == nil {
		return 0
	}
	y := p.y - sizeHeading*0.62
	if m.Kind != "group" {
		p.draw(nil, findingTone[m.Kind]+" RG 1.6 w "+circle(sheetMargin+4, y, 3.4)+" S")
		return 14
	}
	const radius = 7
	p.draw(nil, rgb(GroupTone(m.Colour))+" rg "+circle(sheetMargin+radius, y, radius)+" f")
	p.last().content.WriteString("q 1 g\n")
	p.piece(nil, line{{m.Figure, true}}, sizeCell, sheetMargin+radius-p.faces[1].width(m.Figure, sizeCell)/2, y-sizeCell*0.36)
	p.last().content.WriteString("Q\n")
	return 2*radius + 6
}

// draw puts operators on the page as a piece of an element; readers pass over what belongs to none. Colours end with it.
func (p *layout) draw(e *element, operators string) {
	p.marked(e)
	fmt.Fprintf(&p.last().content, " q %s Q EMC\n", operators)
}

// Lengths in the picture of the axis.
const (
	axisRow   = 36.0
	axisEnds  = 16.0
	axisBelow = 24.0
)

// axis draws where segments lie: a bar from quarter to quarter with the middle cut into it, under its name, and a stroke for each note.
func (p *layout) axis(b Block) {
	rows := 0
	for _, bar := range b.Axis.Bars {
		rows = max(rows, bar.Row+1)
	}
	height := axisEnds + float64(rows)*axisRow + axisBelow
	p.need(height)
	left, wide := sheetMargin+5, p.width-2*sheetMargin-10
	d := &axisDrawing{layout: p, at: func(value float64) float64 { return left + value/100*wide }, y: p.y - height + axisBelow}
	e := p.root.child("Figure", fmt.Sprintf("<</O /Layout /Placement /Block /BBox [%.2f %.2f %.2f %.2f]>>", left-5, p.y-height, left+wide+5, p.y))
	e.alternative = strings.Join(b.Items, "; ")
	d.line(p.y)
	for _, note := range b.Axis.Notes {
		d.put("%s RG 0.8 w %.2f %.2f m %.2f %.2f l S ", noteTones[note.Colour-1], d.at(note.Value), d.y-2, d.at(note.Value), d.y-8)
	}
	for _, bar := range b.Axis.Bars {
		d.bar(bar)
	}
	p.draw(e, d.String())
	d.words(b.Axis, p.y)
	p.y -= height + 6
}

// axisDrawing is the operators of a picture of the axis.
type axisDrawing struct {
	*layout
	strings.Builder
	at func(value float64) float64
	// y is where the axis lies.
	y float64
}

func (d *axisDrawing) put(format string, args ...any) { fmt.Fprintf(d, format, args...) }

// line is the axis with its ends up to the top: filled where values begin, open where they end.
func (d *axisDrawing) line(top float64) {
	d.put("%s RG %s rg 1.4 w ", rgb(ink), rgb(ink))
	for _, value := range []float64{0, 100} {
		d.put("%.2f %.2f m %.2f %.2f l S ", d.at(value), d.y, d.at(value), top)
	}
	d.put("2 w %.2f %.2f m %.2f %.2f l S %s f 1 g %s B ", d.at(0), d.y, d.at(100), d.y, circle(d.at(0), d.y, 4.5), circle(d.at(100), d.y, 4.5))
}

func (d *axisDrawing) bar(b Bar) {
	tone := rgb(GroupTone(b.Colour))
	d.put("%s RG %s rg ", tone, tone)
	if s := b.Spread; s != nil {
		y := d.barAt(b)
		d.put("1 w %.2f %.2f m %.2f %.2f l S ", d.at(s.Least), y, d.at(s.Most), y)
		for _, end := range []float64{s.Least, s.Most} {
			d.put("%.2f %.2f m %.2f %.2f l S ", d.at(end), y-3, d.at(end), y+3)
		}
		d.put("1 J 8 w %.2f %.2f m %.2f %.2f l S 0 J ", d.at(s.Q1), y, d.at(s.Q3), y)
		for _, value := range s.Outliers {
			d.put("1 w %s S ", circle(d.at(value), y, 2.2))
		}
		d.put("1 G 1.4 w %.2f %.2f m %.2f %.2f l S ", d.at(s.Median), y-4, d.at(s.Median), y+4)
	}
	d.put("1 G 1 w %s B ", circle(d.at(b.Place), d.y, 3.2))
}

func (d *axisDrawing) barAt(b Bar) float64 { return d.y + 13 + float64(b.Row)*axisRow }

// words of the picture, for the eye: readers have its alternative.
func (d *axisDrawing) words(a *Axis, top float64) {
	d.word(a.MinLabel, 0, d.at(0)+6, top-sizeCell)
	d.word(a.MaxLabel, 1, d.at(100)-6, top-sizeCell)
	for _, b := range a.Bars {
		y := d.barAt(b) + 8
		d.word(b.Name+" "+strconv.FormatFloat(b.Place, 'f', 0, 64), b.Place/100, d.at(b.Place), y)
	}
	for value := 0; value <= 100; value += 20 {
		text := line{{strconv.Itoa(value), false}}
		d.piece(nil, text, sizeCell, d.at(float64(value))-d.faces[0].width(text[0].text, sizeCell)/2, d.y-8-sizeCell*leading)
	}
}

// word of which a share lies before x.
func (d *axisDrawing) word(text string, before, x, y float64) {
	text = d.faces[1].legible(strings.Join(strings.Fields(text), " "))
	d.piece(nil, line{{text, true}}, sizeCell, x-before*d.faces[1].width(text, sizeCell), y)
}

// circle as a path, of four curves.
func circle(x, y, r float64) string {
	k := 0.5523 * r
	return fmt.Sprintf(
		"%.2f %.2f m %.2f %.2f %.2f %.2f %.2f %.2f c %.2f %.2f %.2f %.2f %.2f %.2f c %.2f %.2f %.2f %.2f %.2f %.2f c %.2f %.2f %.2f %.2f %.2f %.2f c",
		x+r, y, x+r, y+k, x+k, y+r, x, y+r, x-k, y+r, x-r, y+k, x-r, y, x-r, y-k, x-k, y-r, x, y-r, x+k, y-r, x+r, y-k, x+r, y,
	)
}
