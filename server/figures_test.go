package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jana/protocol/board"
	"jana/protocol/board/fixture"
	"jana/protocol/method"

	"github.com/xuri/excelize/v2"
)

// analysisAnswer is an analysis as a program reads it.
type analysisAnswer struct {
	method.Analysis
	Findings []struct {
		Kind     string `json:"kind"`
		Sentence string `json:"sentence"`
	} `json:"findings"`
}

// reportAnswer is the report as the page reads it that shows it.
type reportAnswer struct {
	Kind     string     `json:"kind"`
	Date     string     `json:"date"`
	Title    string     `json:"title"`
	Lead     string     `json:"lead"`
	Figures  [][]string `json:"figures"`
	Sections []struct {
		ID     string `json:"id"`
		Title  string `json:"title"`
		Blocks []struct {
			Type  string     `json:"type"`
			Text  string     `json:"text"`
			Items []string   `json:"items"`
			Head  []string   `json:"head"`
			Rows  [][]string `json:"rows"`
		} `json:"blocks"`
	} `json:"sections"`
}

// figures are what a board says in numbers, and all the places that say it.
type figures struct {
	t *testing.T
	made
	analysisAnswer
	names  map[board.ID]string
	sheets map[string][][]string
	report reportAnswer
}

func TestEveryFigureIsThatOfTheAnalysisWhereverItIsSaid(t *testing.T) {
	for name, file := range map[string][]byte{"keski-uusimaa": fixture.KeskiUusimaa, "museum": fixture.Museum} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			in := startIn(t, data)
			b := in.madeOf(in.call("POST", "/api/boards/import", file))
			again := in.madeOf(in.call("POST", "/api/boards/import", b.do("facilitator", "GET", "/export/board.json", nil).body))
			want := b.do("viewer", "GET", "/analysis", nil).body
			check := func(when string, b made) {
				t.Helper()
				if got := b.do("viewer", "GET", "/analysis", nil); got.status != 200 || !bytes.Equal(got.body, want) {
					t.Errorf("%s: another analysis: %s", when, got)
				}
				f := figuresOf(t, b)
				f.checkWorkbook()
				f.checkReport()
				f.checkDocument()
				if t.Failed() {
					t.Fatalf("so it is %s", when)
				}
			}
			check("imported", b)
			check("exported and imported", again)
			in.end()
			b.instance = startIn(t, data)
			again.instance = b.instance
			check("imported, after a restart", b)
			check("exported and imported, after a restart", again)
		})
	}
}

func figuresOf(t *testing.T, b made) *figures {
	t.Helper()
	f := &figures{t: t, made: b, names: map[board.ID]string{}, sheets: map[string][][]string{}}
	f.read("/analysis", &f.analysisAnswer)
	f.read("/report", &f.report)
	var whole struct {
		Items []struct{ ID, Name, Title, Text, Question string } `json:"items"`
	}
	f.read("", &whole)
	for _, it := range whole.Items {
		for _, text := range []string{it.Question, it.Text, it.Title, it.Name} {
			if text != "" {
				f.names[it.ID] = text
			}
		}
	}
	file := workbook(t, b.do("viewer", "GET", "/export/matrix.xlsx", nil))
	for _, sheet := range file.GetSheetList() {
		rows, err := file.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		f.sheets[sheet] = rows
	}
	return f
}

func (f *figures) read(rest string, into any) {
	f.t.Helper()
	got := f.do("viewer", "GET", rest, nil)
	if got.status != 200 {
		f.t.Fatalf("%s: got %s", rest, got)
	}
	if err := json.Unmarshal(got.body, into); err != nil {
		f.t.Fatal(err)
	}
}

// called are names in a row, or what stands for none.
func (f *figures) called(ids []board.ID, none string) string {
	if len(ids) == 0 {
		return none
	}
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = f.names[id]
	}
	return strings.Join(all, ", ")
}

// is fails unless a text is the number wanted, as exact as the place shows it.
func (f *figures) is(where, text string, want method.Figure, within float64) {
	f.t.Helper()
	plain := strings.NewReplacer(",", ".", "\u00a0%", "", " ●", "", " ○", "").Replace(text)
	got, err := strconv.ParseFloat(plain, 64)
	if err != nil || math.Abs(got-float64(want)) > within+1e-9 {
		f.t.Errorf("%s: got %q, want %v", where, text, want)
	}
}

func (f *figures) says(where, got, want string) {
	f.t.Helper()
	if got != want {
		f.t.Errorf("%s: got %q, want %q", where, got, want)
	}
}

// at is a place of a row that may end before it.
func at(row []string, i int) string {
	if i < len(row) {
		return row[i]
	}
	return ""
}

// rowsBy are the rows of a table below its head, by the names in the columns given.
func rowsBy(rows [][]string, columns ...int) map[string][]string {
	by := map[string][]string{}
	for _, row := range rows {
		var name []string
		for _, i := range columns {
			name = append(name, at(row, i))
		}
		by[strings.Join(name, "|")] = row
	}
	return by
}

// In sheets figures are as exact as the analysis says them; but a score and a percentage are a hundred times it.
const (
	exact   = 0.0001
	percent = 0.01
)

var (
	statusWords = map[method.Status]string{
		method.Unknown: "Ei tiedetä", method.Gap: "Aukko", method.Thin: "Ohut tarjonta", method.PileUp: "Kasautuma", method.Balanced: "Tasapainossa",
	}
	targetWords = map[method.TargetStatus]string{
		method.NoTarget: "ei ole tarkoitettu kenellekään", method.Unreached: "ei tavoita", method.Mistargeted: "väärin kohdentunut", method.OnTarget: "kohdentuu oikein",
	}
	stateWords = map[method.CellState]string{
		method.Served: "palvelee", method.NotServed: "ei palvele tätä segmenttiä", method.Unassessed: "ei arvioitu",
	}
)

func (f *figures) checkWorkbook() {
	f.t.Helper()
	matrix := f.sheets["Matriisi"]
	f.checkMatrix("XLSX", matrix[0], matrix[1:], percent, exact, 1)

	cells := rowsBy(f.sheets["Solut"][1:], 0, 1)
	if len(cells) != len(f.Cells) || len(cells) == 0 {
		f.t.Errorf("XLSX: got %d cells, want %d", len(cells), len(f.Cells))
	}
	for _, c := range f.Cells {
		where := f.names[c.ServiceID] + "|" + f.names[c.SegmentID]
		row := cells[where]
		f.says(where, at(row, 2), stateWords[c.State])
		if c.State != method.Served {
			f.says(where, at(row, 3)+at(row, 4), "")
			continue
		}
		f.is(where, at(row, 3), c.Score*100, percent)
		f.says(where, at(row, 4), map[bool]string{true: "kyllä", false: "ei"}[c.Covers])
		// The ratings beside it make the score.
		rated, sum := 0, 0.0
		for i := range board.Criteria {
			if text := at(row, 5+i); text != "" {
				rating, err := strconv.ParseFloat(text, 64)
				if err != nil {
					f.t.Fatal(err)
				}
				rated, sum = rated+1, sum+rating
			}
		}
		if rated != c.Rated {
			f.t.Errorf("XLSX: %s: got %d ratings, want %d", where, rated, c.Rated)
		}
		if at(row, 5) != "0" {
			f.is(where, at(row, 3), method.Figure(sum/float64(rated)*25), percent)
		}
	}

	segments := rowsBy(f.sheets["Segmentit"][1:], 0)
	places := map[board.ID]*method.Figure{}
	for _, p := range f.SegmentPositions {
		places[p.SegmentID] = p.Position
	}
	for _, s := range f.Segments {
		where := f.names[s.SegmentID]
		row := segments[where]
		f.says(where, at(row, 1), statusWords[s.Status])
		if place := places[s.SegmentID]; place != nil {
			f.is(where, at(row, 2), *place, exact)
		} else {
			f.says(where, at(row, 2), "")
		}
		for i, want := range map[int]method.Figure{
			5: s.NeedWeight, 6: s.NeedShare, 7: s.Supply, 8: s.WeakSupply, 9: s.SupplyShare, 10: s.BalanceRatio, 11: method.Figure(s.CoverCount), 13: s.AssessedShare,
		} {
			f.is(where+": "+f.sheets["Segmentit"][0][i], at(row, i), want, exact)
		}
		f.says(where, at(row, 12), f.called(s.CoveringServiceIDs, ""))
		for i, criterion := range board.Criteria {
			if mean := s.CriterionProfile[criterion]; mean != nil {
				f.is(where+": "+criterion, at(row, 14+i), *mean, exact)
			} else {
				f.says(where+": "+criterion, at(row, 14+i), "")
			}
		}
	}

	services := rowsBy(f.sheets["Palvelut"][1:], 0)
	for _, s := range f.Services {
		where := f.names[s.ServiceID]
		row := services[where]
		for i, want := range map[int]string{
			5: f.called(s.CoveredSegmentIDs, ""), 6: f.called(s.MissedSegmentIDs, ""), 7: f.called(s.SpillSegmentIDs, ""), 10: targetWords[s.TargetStatus],
		} {
			f.says(where+": "+f.sheets["Palvelut"][0][i], at(row, i), want)
		}
		for i, want := range map[int]*method.Figure{8: s.Precision, 9: s.Recall} {
			if want == nil {
				f.says(where, at(row, i), "")
			} else {
				f.is(where, at(row, i), *want, exact)
			}
		}
	}
	var sentences []string
	for _, row := range f.sheets["Löydökset"][1:] {
		sentences = append(sentences, row[1])
	}
	f.checkFindings("XLSX", sentences)
}

// checkMatrix holds a table of services by segments against the analysis. A score is within cell of a hundred times the
// analysis's, a share within share of it times whole.
func (f *figures) checkMatrix(format string, head []string, table [][]string, cell, share float64, whole method.Figure) {
	f.t.Helper()
	rows := rowsBy(table, 1)
	column := func(segment board.ID) int { return slices.Index(head, f.names[segment]) }
	if want := len(f.Services) + 4; len(table) != want {
		f.t.Errorf("%s: got %d rows, want %d", format, len(table), want)
	}
	for _, c := range f.Cells {
		where := format + ": " + f.names[c.ServiceID] + ", " + f.names[c.SegmentID]
		// What was said of the cell follows in a document.
		text, _, _ := strings.Cut(at(rows[f.names[c.ServiceID]], column(c.SegmentID)), "● ")
		text, _, _ = strings.Cut(text, "○ ")
		switch c.State {
		case method.Served:
			f.is(where, strings.TrimSpace(text), c.Score*100, cell)
		case method.NotServed:
			f.says(where, strings.Fields(text)[0], "–")
		case method.Unassessed:
			f.says(where, text, "")
		}
	}
	sums := table[len(table)-4:]
	for _, s := range f.Segments {
		where, i := format+": "+f.names[s.SegmentID], column(s.SegmentID)
		f.is(where+", covering", at(sums[0], i), method.Figure(s.CoverCount), 0)
		f.is(where+", supply", at(sums[1], i), s.SupplyShare*whole, share)
		f.is(where+", need", at(sums[2], i), s.NeedShare*whole, share)
		f.says(where, at(sums[3], i), statusWords[s.Status])
	}
}

func (f *figures) checkFindings(format string, sentences []string) {
	f.t.Helper()
	if len(sentences) != len(f.Findings) || len(sentences) == 0 {
		f.t.Fatalf("%s: got %d findings, want %d", format, len(sentences), len(f.Findings))
	}
	for i, finding := range f.Findings {
		f.says(format+": a finding", sentences[i], finding.Sentence)
	}
}

// lists are the items of all lists of a section of the report.
func (f *figures) lists(section string) (items []string) {
	for _, s := range f.report.Sections {
		for _, b := range s.Blocks {
			if s.ID == section && b.Type == "list" {
				items = append(items, b.Items...)
			}
		}
	}
	return items
}

// table is one of the tables of a section of the report.
func (f *figures) table(section string, n int) (head []string, rows [][]string) {
	f.t.Helper()
	for _, s := range f.report.Sections {
		for _, b := range s.Blocks {
			if s.ID != section || b.Type != "table" {
				continue
			}
			if n--; n < 0 {
				return b.Head, b.Rows
			}
		}
	}
	f.t.Fatalf("%s has no such table", section)
	return nil, nil
}

// facts are what the report says of a thing by the name of each fact.
func (f *figures) facts(section, heading string) map[string]string {
	f.t.Helper()
	facts := map[string]string{}
	under := ""
	for _, s := range f.report.Sections {
		for _, b := range s.Blocks {
			if b.Type == "heading" {
				under = b.Text
			}
			if s.ID == section && b.Type == "facts" && (heading == "" || under == heading) {
				for _, row := range b.Rows {
					facts[row[0]] = row[1]
				}
			}
		}
	}
	return facts
}

// Figures of the report are rounded as readers see them: a score is whole, a share in percent has a decimal.
const (
	rounded = 0.5
	tenth   = 0.05
)

func (f *figures) checkReport() {
	f.t.Helper()
	head, rows := f.table("matrix", 0)
	f.checkMatrix("report", head, rows, rounded, tenth, 100)
	f.checkFindings("report", f.lists("findings"))

	imbalance, _, _ := strings.Cut(f.facts("facts", "")["Tasapainopoikkeama"], " ")
	f.is("imbalance", imbalance, *f.Imbalance*100, tenth)

	groups := map[string]method.Group{}
	for _, g := range f.Groups {
		groups[f.names[g.GroupID]] = g
	}
	for _, s := range f.Segments {
		where := f.names[s.SegmentID]
		facts := f.facts("segments", where)
		f.says(where, facts["Kattavat palvelut"], f.called(s.CoveringServiceIDs, "ei yhtään"))
		f.says(where, facts["Tila"], statusWords[s.Status])
		if g, is := groups[where]; is {
			low, high, _ := strings.Cut(facts["Hajonta (q1–q3)"], "–")
			f.is(where+": notes", facts["Laput"], method.Figure(g.Notes), 0)
			f.is(where+": median", facts["Keskikohta (mediaani)"], *g.Median, tenth)
			f.is(where+": q1", low, *g.Q1, tenth)
			f.is(where+": q3", high, *g.Q3, tenth)
		}
	}

	var equal method.Analysis
	f.read("/analysis?weights=equal", &equal)
	_, rows = f.table("weights", 0)
	weights := rowsBy(rows, 0)
	for _, own := range f.Segments {
		i := slices.IndexFunc(equal.Segments, func(s method.Segment) bool { return s.SegmentID == own.SegmentID })
		row := weights[f.names[own.SegmentID]]
		for i, want := range []method.Figure{own.SupplyShare, equal.Segments[i].SupplyShare, own.NeedShare, equal.Segments[i].NeedShare} {
			f.is("weights: "+row[0], row[1+i], want*100, tenth)
		}
		f.says("weights: "+row[0], row[5], statusWords[own.Status])
		f.says("weights: "+row[0], row[6], statusWords[equal.Segments[i].Status])
	}

	_, rows = f.table("goals", 0)
	goals := rowsBy(rows, 0)
	if len(goals) != len(f.ImpactGoals) || len(goals) == 0 {
		f.t.Errorf("report: got %d goals, want %d", len(goals), len(f.ImpactGoals))
	}
	for _, g := range f.ImpactGoals {
		row := goals[f.names[g.GoalID]]
		f.says("goal: "+row[0], row[3], f.called(g.ReachedSegmentIDs, "ei yhtään"))
		if (row[2] == "tavoite ilman keinoa") != g.WithoutMeans {
			f.t.Errorf("goal %s: got means %s", row[0], row[2])
		}
		if g.Reach == nil {
			f.says("goal: "+row[0], row[5], "täydentyy")
		} else {
			f.is("goal: "+row[0], row[5], *g.Reach*100, tenth)
		}
	}
	if len(f.ServicesWithoutGoal) > 0 {
		f.says("services", f.facts("goals", "")["Palvelut ilman tavoitetta"], f.called(f.ServicesWithoutGoal, ""))
	}

	for n, vote := range f.VoteRounds {
		_, rows = f.table("votes", n)
		for i, total := range vote.Totals {
			f.says("vote", strings.Join(rows[i], "|"), f.names[total.ItemID]+"|"+strconv.FormatInt(total.Dots, 10)+"|"+strconv.Itoa(total.Voters))
		}
	}
	if answers := len(f.PlacementConsensus) + len(f.RatingConsensus); answers > 0 {
		_, rows = f.table("agreement", 0)
		var all []method.Consensus
		for _, p := range f.PlacementConsensus {
			all = append(all, p.Consensus)
		}
		for _, r := range f.RatingConsensus {
			all = append(all, r.Consensus)
		}
		for i, want := range all {
			f.is("agreement: "+rows[i][0], rows[i][1], want.Median, tenth)
			f.is("agreement: "+rows[i][0], rows[i][2], want.Agreement*100, tenth)
			f.says("agreement: "+rows[i][0], rows[i][3], map[bool]string{true: "keskusteltava", false: "samaa mieltä"}[want.Discuss])
		}
	}
}

// checkDocument holds a Word document against the page of the report: the same words and figures in the same order.
func (f *figures) checkDocument() {
	f.t.Helper()
	want := []string{f.report.Title, f.report.Kind + " · " + f.report.Date, f.report.Lead}
	var strip []string
	for _, figure := range f.report.Figures {
		strip = append(strip, figure[0]+"\u00a0"+strings.ReplaceAll(figure[1], " ", "\u00a0"))
	}
	want = append(want, strings.Join(strip, "   "))
	for _, s := range f.report.Sections {
		want = append(want, s.Title)
		for _, b := range s.Blocks {
			if b.Text != "" {
				want = append(want, b.Text)
			}
			want = append(append(want, b.Items...), b.Head...)
			for _, row := range b.Rows {
				if b.Type == "facts" {
					want = append(want, row[0]+": "+row[1])
				} else {
					want = append(want, row...)
				}
			}
		}
	}
	filled := func(all []string) []string {
		return slices.DeleteFunc(all, func(text string) bool { return strings.TrimSpace(text) == "" })
	}
	want = filled(want)
	got := filled(paragraphs(f.t, f.do("viewer", "GET", "/export/report.docx", nil).body))
	got = got[max(0, slices.Index(got, want[0])):]
	for i := range max(len(got), len(want)) {
		if at(got, i) != at(want, i) {
			f.t.Fatalf("DOCX: paragraph %d: got %q, want %q", i, at(got, i), at(want, i))
		}
	}
}

// paragraphs are the texts of a Word document.
func paragraphs(t *testing.T, docx []byte) []string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		t.Fatal(err)
	}
	file, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var all []string
	text := ""
	for d := xml.NewDecoder(file); ; {
		token, err := d.Token()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if token.Name.Local == "p" {
				text = ""
			}
		case xml.CharData:
			text += string(token)
		case xml.EndElement:
			if token.Name.Local == "p" {
				all = append(all, text)
			}
		}
	}
}
