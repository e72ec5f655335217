package export

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
	Axis  *Drawn   `json:"axis,omitempty"`
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

func (s *Section) add(more ...Block)   { s.Blocks = append(s.Blocks, more...) }
func (s *Section) heading(text string) { s.add(Block{Type: Heading, Text: text}) }
func (s *Section) text(text string)    { s.add(Block{Type: Paragraph, Text: text}) }
func (s *Section) list(items []string) { s.add(Block{Type: List, Items: items}) }

// facts are rows of a name and what it is.
func (s *Section) facts(rows [][]string) {
	for _, row := range rows {
		row[0] = capital(row[0])
	}
	s.add(Block{Type: Facts, Rows: rows})
}

// table is rows below a head, which is of our words.
func (s *Section) table(rows [][]string) {
	for i := range rows[0] {
		rows[0][i] = capital(rows[0][i])
	}
	s.add(Block{Type: Table, Head: rows[0], Rows: rows[1:], Headings: 1})
}

// capital is a word as it begins a line.
func capital(word string) string {
	first, size := utf8.DecodeRuneInString(word)
	if size == 0 {
		return word
	}
	return string(unicode.ToUpper(first)) + word[size:]
}

// clean takes out of a document what no format can hold: control characters and what is no character.
func (d *Document) clean() *Document {
	all := func(texts []string) {
		for i := range texts {
			texts[i] = printable(texts[i])
		}
	}
	d.Title, d.Lead = printable(d.Title), printable(d.Lead)
	for i := range d.Sections {
		s := &d.Sections[i]
		s.Title = printable(s.Title)
		for j := range s.Blocks {
			b := &s.Blocks[j]
			b.Text = printable(b.Text)
			all(b.Items)
			all(b.Head)
			for _, row := range b.Rows {
				all(row)
			}
			for _, row := range b.Marks {
				for k := range row {
					row[k].Note = printable(row[k].Note)
				}
			}
			b.Axis.clean()
		}
	}
	return d
}

// printable is a text without control characters but line breaks, without noncharacters, and without space around it.
func printable(text string) string {
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
