package document

// cells are the lines of a row that are still to be drawn, with the elements they belong to.
type cells struct {
	lines    [][]line
	elements []*element
}

// height of the longest of them.
func (c cells) height() float64 {
	n := 0
	for _, lines := range c.lines {
		n = max(n, len(lines))
	}
	return float64(n)*sizeCell*leading + 2*cellPad
}

// letterWidth is what a letter of a cell takes, in points.
const letterWidth = sizeCell * 0.58

// table draws rows below a head that is told again, for the eye alone, on every page.
func (p *layout) table(b Block) {
	widths := make([]float64, len(b.Head))
	wide := p.width - 2*sheetMargin
	for i, w := range shares(b, int(wide*100), int(wide/letterWidth)) {
		widths[i] = float64(w) / 100
	}
	e := p.root.child("Table", "")
	head := p.cells(e, b.Head, widths, len(b.Head), "/Scope /Column")
	p.need(head.height() + 2*sizeCell*leading + 2*cellPad)
	p.rule(p.y)
	p.row(head, widths)
	for _, texts := range b.Rows {
		c := p.cells(e, texts, widths, b.Headings, "/Scope /Row")
		for {
			if c.height() > p.room() && (c.height() < p.height-2*sheetMargin-head.height() || p.room() < 3*sizeCell*leading) {
				p.turn()
				p.again(head, widths)
			}
			if c = p.row(c, widths); c.height() <= 2*cellPad {
				break
			}
			p.turn()
			p.again(head, widths)
		}
	}
	p.y -= 10
}

// cells are those of a row, of which the first ones are headings.
func (p *layout) cells(table *element, texts []string, widths []float64, headings int, scope string) cells {
	c := cells{}
	tr := table.child("TR", "")
	for i, text := range texts {
		if i < headings {
			c.elements = append(c.elements, tr.child("TH", "<</O /Table "+scope+">>"))
		} else {
			c.elements = append(c.elements, tr.child("TD", ""))
		}
		c.lines = append(c.lines, p.wrapped([]span{{text, i < headings}}, sizeCell, widths[i]-2*cellPad))
	}
	return c
}

// row draws as much of a row as the page holds, and gives back what is left of it.
func (p *layout) row(c cells, widths []float64) cells {
	fit := max(1, int((p.room()-2*cellPad)/(sizeCell*leading)))
	rest := cells{elements: c.elements, lines: make([][]line, len(c.lines))}
	most := 0
	x := sheetMargin
	for i, lines := range c.lines {
		n := min(fit, len(lines))
		for j, l := range lines[:n] {
			p.piece(c.elements[i], l, sizeCell, x+cellPad, p.y-cellPad-sizeCell-float64(j)*sizeCell*leading)
		}
		rest.lines[i] = lines[n:]
		most = max(most, n)
		x += widths[i]
	}
	p.y -= float64(most)*sizeCell*leading + 2*cellPad
	p.rule(p.y)
	return rest
}

// again repeats a head that readers have heard already, unless it would take the place of what it is about.
func (p *layout) again(head cells, widths []float64) {
	p.rule(p.y)
	if head.height() < p.room()/2 {
		p.row(cells{lines: head.lines, elements: make([]*element, len(head.lines))}, widths)
	}
}
