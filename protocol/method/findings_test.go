package method_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"jana/protocol/board"
	"jana/protocol/method"
)

func TestEveryLanguageHasEverySentence(t *testing.T) {
	var all map[string]map[string]string
	if err := json.Unmarshal(read(t, "sentences.json"), &all); err != nil {
		t.Fatal(err)
	}
	for _, language := range []string{"fi", "sv", "en"} {
		if got, want := slices.Sorted(maps.Keys(all[language])), slices.Sorted(maps.Keys(all["fi"])); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", language, got, want)
		}
	}
}

func TestFindingsLeadBackToWhatPeopleWrote(t *testing.T) {
	s := imported(t, read(t, "../board/fixture/keski-uusimaa.json"))
	found := map[string]method.Finding{}
	for _, f := range method.Analyse(s).Findings() {
		found[f.ID] = f
	}
	tests := []struct {
		id                      string
		cells, segments, groups []string
		notes                   int
	}{
		{"thin.seg1", []string{"svc05/seg1", "svc07/seg1"}, []string{"seg1"}, []string{"g1"}, 28},
		{"need.seg1.talous", []string{"svc06/seg1"}, []string{"seg1"}, []string{"g1"}, 28},
		{"mistargeted.svc06", []string{"svc06/seg1", "svc06/seg2", "svc06/seg3", "svc06/seg4"}, []string{"seg1", "seg2", "seg3", "seg4"}, []string{"g1", "g2", "g3", "g4"}, 28 + 29 + 29 + 25},
		{"unreached.svc09", []string{"svc09/seg1"}, []string{"seg1"}, []string{"g1"}, 28},
		{"overlap.seg5.tyollistyminen", []string{"svc03/seg5", "svc11/seg5"}, []string{"seg5"}, []string{"g5"}, 21},
	}
	for _, tt := range tests {
		trace := found[tt.id].Trace(s)
		cells := []string{}
		for _, c := range trace.Cells {
			cells = append(cells, c.ServiceID+"/"+c.SegmentID)
		}
		if !slices.Equal(cells, tt.cells) {
			t.Errorf("%s: cells: got %v, want %v", tt.id, cells, tt.cells)
		}
		if !slices.Equal(trace.SegmentIDs, tt.segments) || !slices.Equal(trace.GroupIDs, tt.groups) || len(trace.NoteIDs) != tt.notes {
			t.Errorf("%s: got %v, %v, %d notes, want %v, %v, %d", tt.id, trace.SegmentIDs, trace.GroupIDs, len(trace.NoteIDs), tt.segments, tt.groups, tt.notes)
		}
	}
}

func TestAGapAndAMissingNeedLeadToTheCellsThatDoNotCover(t *testing.T) {
	s := vectors(t)["the-worked-example"].board(t)
	want := map[string][]method.CellRef{
		"gap.C":           {{ServiceID: "s1", SegmentID: "C"}, {ServiceID: "s2", SegmentID: "C"}, {ServiceID: "s3", SegmentID: "C"}},
		"need.C.neuvonta": {{ServiceID: "s1", SegmentID: "C"}, {ServiceID: "s2", SegmentID: "C"}},
	}
	for _, f := range method.Analyse(s).Findings() {
		if cells, is := want[f.ID]; is && !slices.Equal(f.Trace(s).Cells, cells) {
			t.Errorf("%s: got %v, want %v", f.ID, f.Trace(s).Cells, cells)
		}
	}
}

func TestALanguageThatIsNotKnownIsTheBoards(t *testing.T) {
	swedish := board.Gather([]*board.Item{board.NewItem(board.TypeBoard, board.BoardID, []board.Field{{Name: "language", Value: "sv"}})})
	for wanted, want := range map[string]string{"en": "en", "": "sv", "tlh": "sv"} {
		if got := method.Language(swedish, wanted); got != want {
			t.Errorf("%q: got %s, want %s", wanted, got, want)
		}
	}
	if got := method.Language(board.New(), ""); got != "fi" {
		t.Errorf("a board without a language: got %s, want fi", got)
	}
}
