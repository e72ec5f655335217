package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestNotesAreExportedHarmless(t *testing.T) {
	in := start(t)
	b := in.board("segmentation")
	texts := []string{"=HYPERLINK(\"http://evil.com\")", "@SUM(A1)", "+1", "-1", "\ttab", "rivi 1\nrivi; 2 \"lainaus\"", "tavallinen"}
	for i, text := range texts {
		b.do("participant", "POST", "/ops", map[string]any{"me": "m", "client": "c", "n": i + 1, "name": "=Pöytä", "ops": []any{
			map[string]any{"do": "create", "item": map[string]any{"type": "note", "id": fmt.Sprintf("n%d", i), "x": 1633, "y": 800, "text": text, "perspectiveId": "p1"}},
		}})
	}
	got := b.do("facilitator", "GET", "/export/notes.csv", nil)
	if got.status != 200 || !bytes.HasPrefix(got.body, []byte("\ufeff")) {
		t.Fatalf("got %d, %.20q", got.status, got.body)
	}
	table := csv.NewReader(bytes.NewReader(got.body[3:]))
	table.Comma = ';'
	rows, err := table.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Join(rows[0], "|") != "id|teksti|näkökulma|arvo|ryhmä|kirjoittaja" {
		t.Errorf("got head %v", rows[0])
	}
	for i, want := range []string{"'" + texts[0], "'" + texts[1], "'+1", "'-1", "tab", texts[5], texts[6]} {
		row := rows[i+1]
		if row[1] != want || row[2] != "Itsenäisyys" || row[3] != "14,3" || row[5] != "'=Pöytä" {
			t.Errorf("note %d: got %q, want text %q, Itsenäisyys, 14,3, '=Pöytä", i, row, want)
		}
	}
	if row := strings.SplitN(string(b.do("viewer", "GET", "/export/notes.csv", nil).body), "\r\n", 2)[0]; strings.Contains(row, "kirjoittaja") {
		t.Errorf("a viewer is told who wrote what: %s", row)
	}
	exact := b.do("viewer", "GET", "/export/board.json", nil)
	if raw, _ := json.Marshal(texts[0]); !bytes.Contains(exact.body, raw) || bytes.Contains(exact.body, []byte("authorId")) {
		t.Errorf("board.json must have the exact text, and no authors for a viewer: %.300s", exact.body)
	}
	if got := b.do("viewer", "GET", "/export/matrix.xlsx", nil); got.status != 404 {
		t.Errorf("a file of a later part: got %s", got)
	}
}
