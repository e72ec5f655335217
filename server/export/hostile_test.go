package export

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"jana/protocol/board"
	"jana/server/document"
	"jana/server/pdftest"
)

// hostile is a board of texts that break what is written carelessly.
func hostile(notes int) []*board.Item {
	texts := []string{
		strings.Repeat("pitkä", 800), "=1+1\t\r\n@SUM", "<b>&amp;]]></w:t>\"'`|*_#[x](y)", "مرحبا بالعالم שלום עולם", "čđŋšŧž áâ ǥǧǩʒǯ å̈ö e\u0301\u0302\u0303",
		"👍🏽👩‍👩‍👧 ok \u200f\u202e", "a\x00\x01\x1b\x7f\ufffe\uffffb\U0001fffe", strings.Repeat("x\n", 2000), "   ", "\u2028\u2029",
	}
	items := []*board.Item{
		board.NewItem(board.TypeBoard, board.BoardID, []board.Field{{Name: "title", Value: texts[2]}, {Name: "language", Value: "fi"}}),
		board.NewItem(board.TypeAxis, "ax", []board.Field{
			{Name: "x0", Value: int64(0)},
			{Name: "x1", Value: int64(1000)},
			{Name: "bandTop", Value: int64(0)},
			{Name: "bandBottom", Value: int64(1000)},
			{Name: "minLabel", Value: texts[2]},
			{Name: "maxLabel", Value: texts[3]},
		}),
		board.NewItem(board.TypeFeedback, "waiting", []board.Field{{Name: "kind", Value: "plus"}, {Name: "text", Value: "SALAINEN"}, {Name: "waiting", Value: true}}),
	}
	for i, text := range texts {
		n := fmt.Sprint(i)
		runes := []rune(text)
		name := board.Field{Name: "name", Value: string(runes[:min(len(runes), board.MaxName)])}
		items = append(
			items, board.NewItem(board.TypePerspective, "p"+n, []board.Field{name}), board.NewItem(board.TypeHeading, "h"+n, []board.Field{name}),
			board.NewItem(board.TypeCategory, "c"+n, []board.Field{name}), board.NewItem(board.TypeGroup, "g"+n, []board.Field{name}),
			board.NewItem(board.TypeSegment, "s"+n, []board.Field{
				name,
				{Name: "groupId", Value: "g" + n},
				{Name: "descriptions", Value: map[string]board.Value{"h" + n: text}},
				{Name: "needs", Value: []string{"c" + n}},
			}),
			board.NewItem(board.TypeService, "v"+n, []board.Field{name, {Name: "categoryId", Value: "c" + n}}),
			board.NewItem(board.TypeAssessment, board.CellID("v"+n, "s"+n), []board.Field{
				{Name: "serviceId", Value: "v" + n}, {Name: "segmentId", Value: "s" + n}, {Name: "comment", Value: text}, {Name: "serves", Value: true},
			}),
			board.NewItem(board.TypeGoal, "o"+n, []board.Field{{Name: "text", Value: text}, {Name: "serviceIds", Value: []string{"v" + n}}}),
			board.NewItem(board.TypeFeedback, "f"+n, []board.Field{{Name: "kind", Value: "idea"}, {Name: "text", Value: text}}),
			board.NewItem(board.TypeExperiment, "e"+n, []board.Field{{Name: "title", Value: text}, {Name: "decision", Value: "stop"}}),
		)
	}
	for i := range notes {
		items = append(items, board.NewItem(board.TypeNote, fmt.Sprintf("n%d", i), []board.Field{
			{Name: "x", Value: int64(i % 1000)},
			{Name: "y", Value: int64(500)},
			{Name: "text", Value: texts[i%len(texts)]},
			{Name: "groupId", Value: fmt.Sprintf("g%d", i%len(texts))},
			{Name: "perspectiveId", Value: fmt.Sprintf("p%d", i%len(texts))},
		}))
	}
	private := board.NewItem(board.TypeNote, "private", []board.Field{{Name: "x", Value: int64(5)}, {Name: "y", Value: int64(5)}, {Name: "text", Value: "SALAINEN"}})
	private.To = board.Audience{"someone"}
	return append(items, private)
}

// quick is far above what a document takes, and far below what somebody waits for.
const quick = 20 * time.Second

func TestHostileBoardsBecomeValidFilesQuickly(t *testing.T) {
	items := hostile(9_000)
	begun := time.Now()
	for kind, d := range map[string]*document.Document{
		"report": Report(items, "fi", atNoon), "matrix": MatrixDocument(items, "sv", atNoon), "cards": SegmentCards(items, "en", atNoon),
	} {
		md := markdownOf(t, d)
		docx := strings.Join(docxParagraphs(t, bytesOf(t, func(w io.Writer) error { return document.WriteDOCX(w, d) })), "\n")
		pdf := strings.Join(pdftest.Texts(t, bytesOf(t, func(w io.Writer) error { return document.WritePDF(w, d) })), "\n")
		for format, text := range map[string]string{"Markdown": md, "DOCX": docx, "PDF": pdf} {
			if strings.Contains(text, "SALAINEN") {
				t.Errorf("%s as %s holds what is not for everyone", kind, format)
			}
			if strings.ContainsAny(text, "\x00\x01\x1b\x7f\ufffe\uffff") {
				t.Errorf("%s as %s holds control characters", kind, format)
			}
			if !strings.Contains(strings.Join(strings.Fields(text), " "), "čđŋšŧž áâ ǥǧǩʒǯ") {
				t.Errorf("%s as %s has lost Sámi letters", kind, format)
			}
		}
		for _, want := range []string{"[thumbs up sign]", "[arabic]", "[hebrew]"} {
			if !strings.Contains(strings.Join(strings.Fields(pdf), " "), want) {
				t.Errorf("%s as PDF: %q is not in it", kind, want)
			}
		}
		if strings.Contains(md, "<b>") || strings.Contains(md, "[x](y)") {
			t.Errorf("%s as Markdown holds markup that somebody wrote", kind)
		}
	}
	tables := bytesOf(t, func(w io.Writer) error { return Feedback(w, items, "fi") })
	tables = append(tables, bytesOf(t, func(w io.Writer) error { return Experiments(w, items, "fi") })...)
	tables = append(tables, bytesOf(t, func(w io.Writer) error { return Notes(w, items, "fi", true) })...)
	if strings.Contains(string(tables), "SALAINEN") || strings.Contains(string(tables), ";=1") || strings.Contains(string(tables), `;"=1`) {
		t.Error("a table holds what is not for everyone, or a formula")
	}
	if took := time.Since(begun); took > quick {
		t.Errorf("got all files in %v, want at most %v", took, quick)
	}
}
