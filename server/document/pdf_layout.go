package document

import (
	"bytes"
	"fmt"
	"strconv"
)

// Lengths in points: A4, with room around the text.
const (
	sheetShort  = 595.28
	sheetLong   = 841.89
	sheetMargin = 54.0
	// leading is how far lines are apart, by their size.
	leading = 1.38
	cellPad = 3.5
)

// Sizes of letters.
const (
	sizeTitle   = 24.0
	sizeFigure  = 18.0
	sizeSection = 15.0
	sizeHeading = 11.5
	sizeLead    = 10.5
	sizeText    = 9.5
	sizeCell    = 8.0
)

// layout puts a document on pages, and notes what each piece of it is.
type layout struct {
	faces         [2]*face
	width, height float64
	pages         []*page
	// y is how far up the pen is on the last page.
	y    float64
	root *element
}

// page is one while it is drawn.
type page struct {
	content bytes.Buffer
	// marked are the elements that the pieces of the page belong to, by their number.
	marked []*element
}

// element is a node of the structure that readers follow.
type element struct {
	role string
	// attributes of the role, as PDF.
	attributes string
	// alternative is read instead of what is drawn.
	alternative string
	kids        []kid
	number      int
}

// kid is an element, or a marked piece of a page.
type kid struct {
	element *element
	page    int
	mark    int
}

func (e *element) child(role, attributes string) *element {
	c := &element{role: role, attributes: attributes}
	e.kids = append(e.kids, kid{element: c})
	return c
}

func newLayout(d *Document) *layout {
	l := &layout{width: sheetShort, height: sheetLong, root: &element{role: "Document"}}
	if d.Landscape {
		l.width, l.height = l.height, l.width
	}
	for i, t := range typefaces() {
		l.faces[i] = newFace(t)
	}
	l.turn()
	l.lines(l.root.child("P", ""), []span{{d.Kind + " · " + d.Date, false}}, sizeText, 0, 6)
	l.lines(l.root.child("H1", ""), []span{{d.Title, true}}, sizeTitle, 0, 8)
	if d.Lead != "" {
		l.lines(l.root.child("P", ""), []span{{d.Lead, false}}, sizeLead, 0, 6)
	}
	l.figures(d.Figures)
	for i, s := range d.Sections {
		if s.Paged && i > 0 {
			l.turn()
		}
		l.section(s)
	}
	foot := l.faces[0].legible(d.Foot)
	for i, p := range l.pages {
		number := strconv.Itoa(i+1) + " / " + strconv.Itoa(len(l.pages))
		x := l.width - sheetMargin - l.faces[0].width(number, sizeCell)
		for _, at := range []struct {
			x    float64
			text string
		}{{sheetMargin, foot}, {x, number}} {
			fmt.Fprintf(&p.content, "/Artifact BMC BT /F0 %g Tf %.2f %.2f Td %s Tj ET EMC\n", sizeCell, at.x, sheetMargin/2, l.faces[0].encoded(at.text))
		}
	}
	return l
}

func (p *layout) face(bold bool) *face {
	if bold {
		return p.faces[1]
	}
	return p.faces[0]
}

// turn begins a page.
func (p *layout) turn() {
	p.pages = append(p.pages, &page{})
	p.y = p.height - sheetMargin
}

func (p *layout) last() *page { return p.pages[len(p.pages)-1] }

// room is how much of the page is left.
func (p *layout) room() float64 { return p.y - sheetMargin }

// need turns the page if less than that is left of it.
func (p *layout) need(height float64) {
	if p.room() < height && p.room() < p.height-2*sheetMargin {
		p.turn()
	}
}

func (p *layout) section(s Section) {
	p.y -= 10
	p.need(sizeSection*leading + 4*sizeText*leading)
	p.lines(p.root.child("H2", ""), []span{{s.Title, true}}, sizeSection, 0, 5)
	for _, b := range s.Blocks {
		p.block(b)
	}
}

func (p *layout) block(b Block) {
	switch b.Type {
	case Heading:
		p.y -= 5
		p.need(sizeHeading*leading + 3*sizeText*leading)
		p.lines(p.root.child("H3", ""), []span{{b.Text, true}}, sizeHeading, p.mark(b.Mark), 3)
	case Paragraph:
		p.lines(p.root.child("P", ""), []span{{b.Text, false}}, sizeText, 0, 5)
	case List:
		list := p.root.child("L", "")
		for _, text := range b.Items {
			item := list.child("LI", "")
			p.need(sizeText * leading)
			p.piece(item.child("Lbl", ""), line{{"•", false}}, sizeText, sheetMargin, p.y-sizeText)
			p.lines(item.child("LBody", ""), []span{{text, false}}, sizeText, 12, 2)
		}
		p.y -= 4
	case Facts:
		for _, row := range b.Rows {
			p.lines(p.root.child("P", ""), []span{{row[0] + ": ", true}, {row[1], false}}, sizeText, 0, 2)
		}
		p.y -= 4
	case Picture:
		p.axis(b)
	case Table:
		for _, part := range inColumns(b, p.width > p.height) {
			p.table(part)
		}
	}
}

// lines writes a text that goes over as many lines and pages as it needs.
func (p *layout) lines(e *element, spans []span, size, indent, after float64) {
	for _, l := range p.wrapped(spans, size, p.width-2*sheetMargin-indent) {
		p.need(size * leading)
		p.piece(e, l, size, sheetMargin+indent, p.y-size)
		p.y -= size * leading
	}
	p.y -= after
}

// piece draws a line, and marks it as a part of an element; readers pass over what belongs to none.
func (p *layout) piece(e *element, l line, size, x, y float64) {
	p.marked(e)
	now := p.last()
	fmt.Fprintf(&now.content, " BT %.2f %.2f Td", x, y)
	for _, s := range l {
		n := 0
		if s.bold {
			n = 1
		}
		fmt.Fprintf(&now.content, " /F%d %g Tf %s Tj", n, size, p.face(s.bold).encoded(s.text))
	}
	now.content.WriteString(" ET EMC\n")
}

// marked begins a piece of an element, or of none.
func (p *layout) marked(e *element) {
	now := p.last()
	if e == nil {
		now.content.WriteString("/Artifact BMC")
		return
	}
	fmt.Fprintf(&now.content, "/%s <</MCID %d>> BDC", e.role, len(now.marked))
	e.kids = append(e.kids, kid{page: len(p.pages) - 1, mark: len(now.marked)})
	now.marked = append(now.marked, e)
}

// rule draws a line over the width of the text; readers pass it over.
func (p *layout) rule(y float64) {
	fmt.Fprintf(&p.last().content, "/Artifact BMC 0.6 G 0.5 w %.2f %.2f m %.2f %.2f l S EMC\n", sheetMargin, y, p.width-sheetMargin, y)
}
