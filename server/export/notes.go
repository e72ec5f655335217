// Package export writes documents out of what somebody may see of a board. It knows neither rooms nor the web.
package export

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"jana/protocol/board"
)

// bom tells Excel that the file is UTF-8.
const bom = "\ufeff"

// Notes writes the notes among the items as a table, one a row: id, text, perspective, value on the axis, group, and, if
// authors is set, who wrote it. Decimals have the comma of the board's language. No cell is
// taken for a formula.
func Notes(w io.Writer, items []*board.Item, authors bool) error {
	byID := make(map[board.ID]*board.Item, len(items))
	var axis *board.Item
	for _, it := range items {
		byID[it.ID] = it
		if it.Type == board.TypeAxis {
			axis = it
		}
	}
	language := "fi"
	if b := byID[board.BoardID]; b != nil && b.Text("language") != "" {
		language = b.Text("language")
	}
	table, err := newTable(w)
	if err != nil {
		return err
	}
	head := noteHead(words()[language], authors)
	if err := table.Write(head); err != nil {
		return err
	}
	name := func(id board.ID) string {
		it := byID[id]
		if it == nil {
			return id
		}
		if n := it.Text("name"); n != "" {
			return n
		}
		return id
	}
	for _, it := range items {
		if it.Type != board.TypeNote {
			continue
		}
		row := []string{it.ID, it.Text("text"), "", value(axis, it, language), "", ""}
		if p := it.Text("perspectiveId"); p != "" {
			row[2] = name(p)
		}
		if g := it.Text("groupId"); g != "" {
			row[4] = name(g)
		}
		if a := it.Text("authorId"); a != "" {
			row[5] = name(a)
		}
		for i := range row {
			row[i] = harmless(row[i])
		}
		if err := table.Write(row[:len(head)]); err != nil {
			return err
		}
	}
	table.Flush()
	if err := table.Error(); err != nil {
		return fmt.Errorf("write notes: %w", err)
	}
	return nil
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
	head := []string{"id", words["text"], words["perspective"], words["value"], words["group"]}
	if authors {
		head = append(head, words["author"])
	}
	return head
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
