// Package export says in files what somebody may see of a board. It knows neither rooms nor the web.
package export

import (
	"encoding/csv"
	"io"
	"math"
	"strconv"
	"strings"

	"jana/protocol/board"
)

// bom tells Excel that the file is UTF-8.
const bom = "\ufeff"

// Notes writes the notes among the items as a table, one a row: id, text, perspective, value on the axis, group, whether it is a
// description or in the customer's words, what is said to it, and, if authors is set, who wrote it. Decimals have the comma of the language. No cell is taken for a formula.
func Notes(w io.Writer, items []*board.Item, language string, authors bool) error {
	l := newListing(items, language)
	var axis *board.Item
	for _, it := range l.of(board.TypeAxis) {
		axis = it
	}
	name := func(id board.ID) string {
		if n := l.Item(id).Text("name"); n != "" {
			return n
		}
		return id
	}
	head := noteHead(l.words, authors)
	rows := [][]string{head}
	for _, it := range l.of(board.TypeNote) {
		row := []string{
			it.ID, it.Text("text"), name(it.Text("perspectiveId")), value(axis, it, l.language), name(it.Text("groupId")), noteKind(l.words, it), it.Text("comment"),
			name(it.Text("authorId")),
		}
		rows = append(rows, row[:len(head)])
	}
	return writeRows(w, rows)
}

// newTable begins a table in the form that spreadsheets of the boards' languages open by a double click.
func newTable(w io.Writer) (*csv.Writer, error) {
	if _, err := io.WriteString(w, bom); err != nil {
		return nil, err
	}
	table := csv.NewWriter(w)
	table.Comma = ';'
	table.UseCRLF = true
	return table, nil
}

// noteHead names the columns of notes.
func noteHead(words map[string]string, authors bool) []string {
	head := []string{"id", words["text"], words["perspective"], words["value"], words["group"], words["kind"], words["comment"]}
	if authors {
		head = append(head, words["author"])
	}
	return head
}

// noteKind says whether a note describes somebody, or says what they have said.
func noteKind(words map[string]string, note *board.Item) string {
	if note.Text("kind") == "quote" {
		return words["quote"]
	}
	return words["description"]
}

func value(axis, note *board.Item, language string) string {
	tenths, placed := board.Value10(axis, note.Int("x"), note.Int("y"))
	if !placed {
		return ""
	}
	return decimal(float64(tenths)/10, language)
}

// decimal writes a number with at most one decimal, rounded half up.
func decimal(v float64, language string) string {
	text := strconv.FormatFloat(math.Floor(v*10+0.5+1e-9)/10, 'f', -1, 64)
	if language != "en" {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text
}

// harmless puts an apostrophe before what a spreadsheet would run as a formula.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
