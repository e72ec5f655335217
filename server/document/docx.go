package document

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/template"
)

// Lengths of pages in twentieths of a point: A4 with margins of 2 cm.
const (
	pageShort  = 11906
	pageLong   = 16838
	pageMargin = 1134
	// letterTwips is what a letter in a table takes.
	letterTwips = 105
)

// WriteDOCX writes a document for Word: headings and tables that are such, rows of heads that are repeated on every page, and its
// language. WordprocessingML is written here and not by a library: what is needed of it is a page of text, and the libraries to be
// had are either young or no longer kept.
func WriteDOCX(w io.Writer, d *Document) error {
	body := &word{width: pageShort - 2*pageMargin}
	if d.Landscape {
		body.width = pageLong - 2*pageMargin
	}
	body.paragraph("Title", d.Title)
	body.paragraph("Subtitle", d.Kind+" · "+d.Date)
	if d.Lead != "" {
		body.paragraph("", d.Lead)
	}
	body.figures(d.Figures)
	for i, s := range d.Sections {
		if s.Paged && i > 0 {
			body.put(`<w:p><w:r><w:br w:type="page"/></w:r></w:p>`)
		}
		body.paragraph("Heading1", s.Title)
		for _, b := range s.Blocks {
			body.block(b)
		}
	}
	body.section(d.Landscape)
	file := zip.NewWriter(w)
	for _, part := range docxParts {
		if err := writePart(file, part.name, part.text, d); err != nil {
			return err
		}
	}
	head := `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" +
		`<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>`
	f, err := file.Create("word/document.xml")
	if err == nil {
		_, err = io.WriteString(f, head+body.String()+`</w:body></w:document>`)
	}
	if err == nil {
		err = file.Close()
	}
	if err != nil {
		return fmt.Errorf("write a Word document: %w", err)
	}
	return nil
}

func writePart(file *zip.Writer, name, text string, d *Document) error {
	page, err := template.New(name).Funcs(template.FuncMap{"xml": Escaped, "locale": locale}).Parse(text)
	if err != nil {
		return fmt.Errorf("parse %s: %w", name, err)
	}
	f, err := file.Create(name)
	if err == nil {
		err = page.Execute(f, d)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// locale is a language with its country, as Office names it.
func locale(language string) string {
	switch language {
	case "sv":
		return "sv-FI"
	case "en":
		return "en-GB"
	}
	return "fi-FI"
}

// Escaped is a text within XML.
func Escaped(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a buffer takes everything
	return b.String()
}

// word is the body of a Word document that is being written.
type word struct {
	strings.Builder
	// width of the text on a page.
	width int
}

func (d *word) put(parts ...string) {
	for _, part := range parts {
		d.WriteString(part)
	}
}

func (d *word) paragraph(style, text string) {
	d.put(`<w:p>`)
	if style != "" {
		d.put(`<w:pPr><w:pStyle w:val="`, style, `"/></w:pPr>`)
	}
	d.run(text, false)
	d.put(`</w:p>`)
}

// figures are told in one line.
func (d *word) figures(all [][]string) {
	if len(all) == 0 {
		return
	}
	d.put(`<w:p><w:pPr><w:pStyle w:val="Figures"/></w:pPr>`)
	for i, figure := range all {
		if i > 0 {
			d.run("   ", false)
		}
		d.run(figure[0], true)
		d.run("\u00a0"+strings.ReplaceAll(figure[1], " ", "\u00a0"), false)
	}
	d.put(`</w:p>`)
}

func (d *word) run(text string, bold bool) {
	d.put(`<w:r>`)
	if bold {
		d.put(`<w:rPr><w:b/></w:rPr>`)
	}
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			d.put(`<w:br/>`)
		}
		d.put(`<w:t xml:space="preserve">`, Escaped(line), `</w:t>`)
	}
	d.put(`</w:r>`)
}

func (d *word) block(b Block) {
	switch b.Type {
	case Heading:
		d.paragraph("Heading2", b.Text)
	case Paragraph:
		d.paragraph("", b.Text)
	case List, Picture:
		for _, item := range b.Items {
			d.paragraph("ListBullet", item)
		}
	case Facts:
		for _, row := range b.Rows {
			d.put(`<w:p><w:pPr><w:pStyle w:val="Fact"/></w:pPr>`)
			d.run(row[0]+": ", true)
			d.run(row[1], false)
			d.put(`</w:p>`)
		}
	case Table:
		for _, part := range inColumns(b, d.width > pageShort) {
			d.table(part)
		}
	}
}

func (d *word) table(b Block) {
	widths := shares(b, d.width, d.width/letterTwips)
	d.put(`<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="`, strconv.Itoa(d.width), `" w:type="dxa"/><w:tblLayout w:type="fixed"/>`)
	d.put(`<w:tblLook w:val="04A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" w:noHBand="0" w:noVBand="1"/></w:tblPr><w:tblGrid>`)
	for _, width := range widths {
		d.put(`<w:gridCol w:w="`, strconv.Itoa(width), `"/>`)
	}
	d.put(`</w:tblGrid>`)
	d.row(b.Head, widths, len(b.Head))
	for _, row := range b.Rows {
		d.row(row, widths, b.Headings)
	}
	d.put(`</w:tbl>`)
	d.paragraph("", "") // two tables without anything between them would become one
}

// row writes a row of a table of which some cells are headings; one of headings alone is the head.
func (d *word) row(cells []string, widths []int, headings int) {
	d.put(`<w:tr><w:trPr><w:cantSplit/>`)
	if headings == len(cells) {
		d.put(`<w:tblHeader/>`)
	}
	d.put(`</w:trPr>`)
	for i, cell := range cells {
		d.put(`<w:tc><w:tcPr><w:tcW w:w="`, strconv.Itoa(widths[i]), `" w:type="dxa"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="Cell"/></w:pPr>`)
		d.run(cell, i < headings)
		d.put(`</w:p></w:tc>`)
	}
	d.put(`</w:tr>`)
}

// section ends the body with how its pages lie.
func (d *word) section(landscape bool) {
	size := fmt.Sprintf(`w:w="%d" w:h="%d"`, pageShort, pageLong)
	if landscape {
		size = fmt.Sprintf(`w:w="%d" w:h="%d" w:orient="landscape"`, pageLong, pageShort)
	}
	d.put(`<w:sectPr><w:footerReference w:type="default" r:id="rId4"/><w:pgSz `, size, `/>`)
	d.put(fmt.Sprintf(`<w:pgMar w:top="%[1]d" w:right="%[1]d" w:bottom="%[1]d" w:left="%[1]d" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>`, pageMargin))
}
