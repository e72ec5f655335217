// Package document has what a file says before it has a format, and the formats: Markdown, DOCX, PDF. It knows nothing of boards.
package document

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Document is what is said in a file, before it has a format: every format writes the same words and figures.
type Document struct {
	Title string `json:"title"`
	// Kind of document, said over the title.
	Kind     string `json:"kind"`
	Date     string `json:"date"`
	Language string `json:"language"`
	// Lead says what it is about, in a sentence or two.
	Lead string `json:"lead,omitempty"`
	// Figures are what is seen first: each a figure, and what it counts.
	Figures [][]string `json:"figures,omitempty"`
	// Foot stands at the foot of every page.
	Foot string `json:"foot,omitempty"`
	// Landscape lays pages on their side.
	Landscape bool      `json:"-"`
	Sections  []Section `json:"sections"`
}

// Section is a part of a document under a heading of its own. ID names its subject in every language.
type Section struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	// Paged begins a page.
	Paged  bool    `json:"-"`
	Blocks []Block `json:"blocks"`
}

// BlockType says what a block is.
type BlockType string

// Types of blocks, and which members they have.
const (
	Heading   BlockType = "heading" // Text, Mark
	Paragraph BlockType = "text"    // Text
	List      BlockType = "list"    // Items
	Facts     BlockType = "facts"   // Rows of a name and what it is
	Table     BlockType = "table"   // Head, Rows, Headings, Marks
	Picture   BlockType = "axis"    // Axis, and Items that say the same
)

// Block is a piece of a section.
type Block struct {
	Type  BlockType  `json:"type"`
	Text  string     `json:"text,omitempty"`
	Items []string   `json:"items,omitempty"`
	Head  []string   `json:"head,omitempty"`
	Rows  [][]string `json:"rows,omitempty"`
	// Headings is how many columns of a table say what its rows are about.
	Headings int `json:"headings,omitempty"`
	// Mark is drawn before a heading, Marks instead of the cells of a table, by whoever draws: what they say is in the texts as well.
	Mark  *Mark    `json:"mark,omitempty"`
	Marks [][]Mark `json:"marks,omitempty"`
	Axis  *Axis    `json:"axis,omitempty"`
}

// Mark is a text as a shape in a colour.
type Mark struct {
	// Kind of finding, status of a segment, or state of a cell, of which "covers" and "weak" are served; "group" has a colour; empty: none.
	Kind string `json:"kind,omitempty"`
	// Figure in it.
	Figure string `json:"figure,omitempty"`
	// Note beside it.
	Note string `json:"note,omitempty"`
	// Colour of a group, 1–7.
	Colour int `json:"colour,omitempty"`
}

// Add puts blocks at its end, and so do the others.
func (s *Section) Add(more ...Block)   { s.Blocks = append(s.Blocks, more...) }
func (s *Section) Heading(text string) { s.Add(Block{Type: Heading, Text: text}) }
func (s *Section) Text(text string)    { s.Add(Block{Type: Paragraph, Text: text}) }
func (s *Section) List(items []string) { s.Add(Block{Type: List, Items: items}) }

// Facts are rows of a name and what it is.
func (s *Section) Facts(rows [][]string) {
	for _, row := range rows {
		row[0] = Capital(row[0])
	}
	s.Add(Block{Type: Facts, Rows: rows})
}

// Table is rows below a head, which is of our words.
func (s *Section) Table(rows [][]string) {
	for i := range rows[0] {
		rows[0][i] = Capital(rows[0][i])
	}
	s.Add(Block{Type: Table, Head: rows[0], Rows: rows[1:], Headings: 1})
}

// Capital is a word as it begins a line.
func Capital(word string) string {
	first, size := utf8.DecodeRuneInString(word)
	if size == 0 {
		return word
	}
	return string(unicode.ToUpper(first)) + word[size:]
}

// Clean takes out of a document what no format can hold: control characters and what is no character.
func (d *Document) Clean() *Document {
	all := func(texts []string) {
		for i := range texts {
			texts[i] = Printable(texts[i])
		}
	}
	d.Title, d.Lead = Printable(d.Title), Printable(d.Lead)
	for i := range d.Sections {
		s := &d.Sections[i]
		s.Title = Printable(s.Title)
		for j := range s.Blocks {
			b := &s.Blocks[j]
			b.Text = Printable(b.Text)
			all(b.Items)
			all(b.Head)
			for _, row := range b.Rows {
				all(row)
			}
			for _, row := range b.Marks {
				for k := range row {
					row[k].Note = Printable(row[k].Note)
				}
			}
			b.Axis.clean()
		}
	}
	return d
}

// Printable is a text without control characters but line breaks, without noncharacters, and without space around it.
func Printable(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case r == utf8.RuneError || unicode.IsControl(r) || r&0xfffe == 0xfffe || r >= 0xfdd0 && r <= 0xfdef:
			return -1
		}
		return r
	}, text))
}
