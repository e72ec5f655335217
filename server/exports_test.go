package main

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"jana/protocol/board/fixture"
	"jana/server/pdftest"
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
	if strings.Join(rows[0], "|") != "id|teksti|näkökulma|arvo|ryhmä|laji|kommentti|kirjoittaja" {
		t.Errorf("got head %v", rows[0])
	}
	for i, want := range []string{"'" + texts[0], "'" + texts[1], "'+1", "'-1", "tab", texts[5], texts[6]} {
		row := rows[i+1]
		if row[1] != want || row[2] != "Itsenäisyys" || row[3] != "14,3" || row[5] != "kuvaus" || row[7] != "'=Pöytä" {
			t.Errorf("note %d: got %q, want text %q, Itsenäisyys, 14,3, kuvaus, '=Pöytä", i, row, want)
		}
	}
	if row := strings.SplitN(string(b.do("viewer", "GET", "/export/notes.csv", nil).body), "\r\n", 2)[0]; strings.Contains(row, "kirjoittaja") {
		t.Errorf("a viewer is told who wrote what: %s", row)
	}
	exact := b.do("viewer", "GET", "/export/board.json", nil)
	if raw, _ := json.Marshal(texts[0]); !bytes.Contains(exact.body, raw) || bytes.Contains(exact.body, []byte("authorId")) {
		t.Errorf("board.json must have the exact text, and no authors for a viewer: %.300s", exact.body)
	}
	if got := b.do("viewer", "GET", "/export/board.exe", nil); got.status != 404 {
		t.Errorf("a file that is none: got %s", got)
	}
}

// spreadsheet reads a table as it is exported.
func spreadsheet(t *testing.T, got answer) [][]string {
	t.Helper()
	if got.status != 200 || !bytes.HasPrefix(got.body, []byte("\ufeff")) {
		t.Fatalf("got %d, %.20q", got.status, got.body)
	}
	table := csv.NewReader(bytes.NewReader(got.body[3:]))
	table.Comma = ';'
	rows, err := table.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestTheMatrixIsExportedByCategoryAndAxis(t *testing.T) {
	in := start(t)
	b := in.madeOf(in.call("POST", "/api/boards/import", fixture.KeskiUusimaa))
	rows := spreadsheet(t, b.do("viewer", "GET", "/export/matrix.csv", nil))
	if len(rows) != 1+14+4 {
		t.Fatalf("got %d rows, want a head, 14 services and 4 sums", len(rows))
	}
	for at, want := range map[int]string{
		0:  "palveluluokka|palvelu|Rinnallakulkua tarvitsevat|Solmujen avaajat|Vauhtia hakevat|Sparrausta kaipaavat|Omin siivin etenevät",
		15: "|kattavia palveluja|2|8|11|8|4",
		16: "|osuus tarjonnasta, %|7,5|23|32|26,1|11,5",
		17: "|osuus tarpeesta, %|21,7|28,9|24,7|15,7|9",
		18: "|tila|Ohut tarjonta|Tasapainossa|Tasapainossa|Kasautuma|Tasapainossa",
	} {
		if got := strings.Join(rows[at], "|"); got != want {
			t.Errorf("row %d: got %s, want %s", at, got, want)
		}
	}
	for _, row := range rows[1:15] {
		if row[1] == "Talous- ja velkaneuvonta" {
			if got, want := strings.Join(row, "|"), "Talous ja asuminen|Talous- ja velkaneuvonta|25 ○ Jono on pidempi kuin häätöuhan määräaika."; !strings.HasPrefix(got, want) || row[6] != "–" {
				t.Errorf("got %s, want %s… and –", got, want)
			}
		}
	}
}

func TestServicesWithoutACategoryComeLastInTheMatrix(t *testing.T) {
	in := start(t)
	b := in.board("blank")
	b.do("facilitator", "POST", "/ops", map[string]any{"client": "c", "n": 1, "ops": []any{
		map[string]any{"do": "create", "item": map[string]any{"type": "segment", "id": "s1", "name": "Nuoret"}},
		map[string]any{"do": "create", "item": map[string]any{"type": "category", "id": "k1", "name": "Neuvonta"}},
		map[string]any{"do": "create", "item": map[string]any{"type": "service", "id": "v1", "name": "Irrallinen"}},
		map[string]any{"do": "create", "item": map[string]any{"type": "service", "id": "v2", "name": "Luokiteltu", "categoryId": "k1"}},
	}})
	rows := spreadsheet(t, b.do("viewer", "GET", "/export/matrix.csv", nil))
	if rows[1][1] != "Luokiteltu" || rows[2][1] != "Irrallinen" {
		t.Errorf("got %q, want Luokiteltu and then Irrallinen, as on the page", rows[1:3])
	}
}

func TestTheMatrixIsHarmlessInASpreadsheet(t *testing.T) {
	in := start(t)
	b := in.board("blank")
	b.do("facilitator", "POST", "/ops", map[string]any{"client": "c", "n": 1, "ops": []any{
		map[string]any{"do": "create", "item": map[string]any{"type": "service", "id": "v1", "name": "=cmd|' /C calc'!A0"}},
		map[string]any{"do": "create", "item": map[string]any{"type": "segment", "id": "s1", "name": "@SUM(A1)"}},
		map[string]any{"do": "text", "id": "a.v1.s1", "field": "comment", "from": "", "to": "=1+1"},
	}})
	rows := spreadsheet(t, b.do("viewer", "GET", "/export/matrix.csv", nil))
	if rows[0][2] != "'@SUM(A1)" || rows[1][1] != "'=cmd|' /C calc'!A0" || rows[1][2] != "'=1+1" {
		t.Errorf("got %q, want every formula behind an apostrophe", rows[:2])
	}
}

func TestTheWorkbookHoldsWhatTheMatrixRestsOn(t *testing.T) {
	in := start(t)
	b := in.madeOf(in.call("POST", "/api/boards/import", fixture.KeskiUusimaa))
	file := workbook(t, b.do("viewer", "GET", "/export/matrix.xlsx", nil))
	if got, want := strings.Join(file.GetSheetList(), " "), "Matriisi Solut Segmentit Palvelut Löydökset Laput"; got != want {
		t.Fatalf("got sheets %s, want %s", got, want)
	}
	for sheet, want := range map[string]int{"Matriisi": 1 + 14 + 4, "Solut": 1 + 14*5, "Segmentit": 1 + 5, "Palvelut": 1 + 14, "Löydökset": 1 + 16, "Laput": 1 + 140} {
		rows, err := file.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) != want {
			t.Errorf("%s: got %d rows, want %d", sheet, len(rows), want)
		}
	}
	for cell, want := range map[string][2]string{
		"C1": {"Rinnallakulkua tarvitsevat", "Rinnallakulkua tarvitsevat"}, "C2": {"35 ○", "35"}, "D2": {"60 ●", "60"}, "G2": {"", ""},
		"C16": {"2", "2"}, "C17": {"7.5%", "0.075"}, "C19": {"Ohut tarjonta", "Ohut tarjonta"},
	} {
		look, err := file.GetCellValue("Matriisi", cell)
		if err != nil {
			t.Fatal(err)
		}
		value, err := file.GetCellValue("Matriisi", cell, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(value, want[1]) || look != want[0] {
			t.Errorf("%s: got %q as %q, want %q as %q", cell, value, look, want[1], want[0])
		}
	}
	// One cell for each pair, and what nobody assessed is no "no".
	marks := map[string]int{}
	for y := range 14 {
		for x := range 5 {
			cell, err := excelize.CoordinatesToCellName(x+3, y+2)
			if err != nil {
				t.Fatal(err)
			}
			look, err := file.GetCellValue("Matriisi", cell)
			if err != nil {
				t.Fatal(err)
			}
			switch look {
			case "", "–":
				marks[look]++
			default:
				marks["served"]++
			}
		}
	}
	if want := (map[string]int{"": 4, "–": 18, "served": 48}); !maps.Equal(marks, want) {
		t.Errorf("got cells %v, want %v", marks, want)
	}
	comments, err := file.GetComments("Matriisi")
	if err != nil || len(comments) == 0 {
		t.Errorf("comments of cells: got %v, %v", comments, err)
	}
	notes, err := file.GetRows("Laput")
	if err != nil || strings.Contains(strings.Join(notes[0], " "), "kirjoittaja") {
		t.Errorf("a viewer is told who wrote what: %v, %v", notes[0], err)
	}
}

func TestNothingInAWorkbookIsAFormula(t *testing.T) {
	in := start(t)
	b := in.board("blank")
	texts := []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"}
	ops := []any{
		map[string]any{"do": "create", "item": map[string]any{"type": "service", "id": "v1", "name": texts[0], "description": texts[1]}},
		map[string]any{"do": "create", "item": map[string]any{"type": "segment", "id": "s1", "name": texts[3]}},
		map[string]any{"do": "text", "id": "a.v1.s1", "field": "comment", "from": "", "to": texts[2]},
	}
	for i, text := range texts {
		ops = append(ops, map[string]any{"do": "create", "item": map[string]any{"type": "note", "id": fmt.Sprintf("n%d", i), "x": 0, "y": 0, "text": text}})
	}
	if got := b.do("facilitator", "POST", "/ops", map[string]any{"client": "c", "n": 1, "ops": ops}); got.status != 200 {
		t.Fatal(got)
	}
	file := workbook(t, b.do("facilitator", "GET", "/export/matrix.xlsx", nil))
	seen := 0
	for _, sheet := range file.GetSheetList() {
		rows, err := file.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for y, row := range rows {
			for x, text := range row {
				cell, err := excelize.CoordinatesToCellName(x+1, y+1)
				if err != nil {
					t.Fatal(err)
				}
				formula, err := file.GetCellFormula(sheet, cell)
				if err != nil || formula != "" {
					t.Errorf("%s %s: a formula: %q, %v", sheet, cell, formula, err)
				}
				if text != "" && strings.ContainsRune("=+-@", rune(text[0])) {
					seen++
					if kind, err := file.GetCellType(sheet, cell); err != nil || kind != excelize.CellTypeSharedString && kind != excelize.CellTypeInlineString {
						t.Errorf("%s %s: %q is of type %v, want a text", sheet, cell, text, kind)
					}
				}
			}
		}
	}
	if seen < len(texts) {
		t.Errorf("got %d texts that begin like formulas, want at least %d", seen, len(texts))
	}
}

// workbook reads one as it is exported.
func workbook(t *testing.T, got answer) *excelize.File {
	t.Helper()
	if got.status != 200 || !strings.Contains(got.header.Get("Content-Disposition"), "-"+time.Now().Format(time.DateOnly)+"-matrix.xlsx") {
		t.Fatalf("got %d, %q", got.status, got.header.Get("Content-Disposition"))
	}
	file, err := excelize.OpenReader(bytes.NewReader(got.body))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	})
	return file
}

// files are all that a board can be taken home as.
var files = []string{
	"board.json", "notes.csv", "feedback.csv", "experiments.csv", "matrix.csv", "matrix.xlsx", "matrix.docx", "matrix.pdf", "segments.docx", "segments.pdf",
	"report.md", "report.docx", "report.pdf", "axis.svg",
}

func TestAClosedBoardGivesOthersWhatItsFacilitatorOpens(t *testing.T) {
	in := start(t)
	b := in.madeOf(in.call("POST", "/api/boards/import", fixture.KeskiUusimaa))
	gets := func(when, role, file string, want int) {
		t.Helper()
		if got := b.do(role, "GET", "/export/"+file, nil); got.status != want {
			t.Errorf("%s: %s by a %s: got %d, want %d", when, file, role, got.status, want)
		} else if want == 200 && !strings.Contains(got.header.Get("Content-Disposition"), "-"+file) {
			t.Errorf("%s: got %q", file, got.header.Get("Content-Disposition"))
		}
	}
	for _, file := range files {
		gets("before", "viewer", file, 200)
	}
	b.do("facilitator", "POST", "/ops", map[string]any{"client": "c", "n": 1, "ops": []any{
		map[string]any{"do": "board", "fields": map[string]any{"downloads": []string{"report.pdf"}}}, map[string]any{"do": "phase", "to": "closed"},
	}})
	for _, file := range files {
		want := 403
		if file == "report.pdf" {
			want = 200
		}
		gets("closed", "facilitator", file, 200)
		gets("closed", "participant", file, want)
		gets("closed", "viewer", file, want)
	}
	for _, page := range []string{"", "/analysis", "/report"} {
		if got := b.do("viewer", "GET", page, nil); got.status != 200 {
			t.Errorf("a closed board is read still: %q: got %d, want 200", page, got.status)
		}
	}
	if got := b.do("viewer", "GET", "/report?language=de", nil); got.status != 400 {
		t.Errorf("a language that is none: got %s, want 400", got)
	}
	if got := b.do("viewer", "GET", "/report?language=sv", nil); got.text(t, "kind") != "Workshopens rapport" {
		t.Errorf("got %q, want the report in Swedish", got.text(t, "kind"))
	}
}

// What is blanked, written in private, or waits for a facilitator is in no file, whoever asks; nor are names of participants.
func TestNoFileHoldsWhatIsNotForEveryone(t *testing.T) {
	in := start(t)
	b := in.madeOf(in.call("POST", "/api/boards/import", fixture.KeskiUusimaa))
	b, _ = b.visitors("Miten meni?", nil)
	b.feedback("v", 1, "plus", "SALAINEN palaute")
	as := func(n int, ops ...any) {
		t.Helper()
		got := b.do("facilitator", "POST", "/ops", map[string]any{"me": "m", "client": "c", "n": n, "name": "Salli Salanen", "ops": ops})
		if got.status != 200 {
			t.Fatal(got)
		}
	}
	note := func(id, text string) map[string]any {
		return map[string]any{"do": "create", "item": map[string]any{"type": "note", "id": id, "x": 1000, "y": 800, "text": text, "perspectiveId": "p1"}}
	}
	as(1, note("wiped", "SALAINEN nimi"))
	as(2, map[string]any{"do": "blank", "id": "wiped"}, map[string]any{"do": "private", "on": true})
	as(3, note("own", "SALAINEN oma"))
	for _, role := range []string{"facilitator", "participant", "viewer"} {
		for _, file := range files {
			got := b.do(role, "GET", "/export/"+file, nil)
			text := readable(t, file, got.body)
			if got.status != 200 || strings.Contains(text, "SALAINEN") {
				t.Errorf("%s by a %s: %d, holds what is not for everyone", file, role, got.status)
			}
			if packed(file) && !strings.Contains(text, "Sosiaaliohjaus") {
				t.Errorf("%s by a %s: its texts were not read", file, role)
			}
			report := strings.HasPrefix(file, "report") || strings.HasPrefix(file, "segments") || file == "axis.svg"
			if report && strings.Contains(text, "Salanen") {
				t.Errorf("%s by a %s names who took part", file, role)
			}
		}
	}
	again := in.madeOf(in.call("POST", "/api/boards/import", b.do("facilitator", "GET", "/export/board.json", nil).body))
	if got := string(again.do("facilitator", "GET", "", nil).body); strings.Contains(got, "SALAINEN") || !strings.Contains(got, `"type":"experiment"`) || !strings.Contains(got, `"type":"feedback"`) {
		t.Error("an export brought back holds what was not for everyone, or has lost feedback or experiments")
	}
}

// packed says whether the texts of a file cannot be read as they stand in it.
func packed(file string) bool {
	return slices.Contains([]string{".docx", ".xlsx", ".pdf"}, filepath.Ext(file))
}

// readable is what a file holds, unpacked if it is packed.
func readable(t *testing.T, file string, body []byte) string {
	t.Helper()
	if strings.HasSuffix(file, ".pdf") {
		return strings.Join(pdftest.Texts(t, body), "\n")
	}
	if !packed(file) {
		return string(body)
	}
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	var all strings.Builder
	for _, part := range z.File {
		f, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, f); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}
