package template_test

import (
	"errors"
	"testing"

	"jana/protocol/board"
	"jana/server/template"
)

func TestTemplatesAreBoardsInEveryLanguage(t *testing.T) {
	for _, language := range template.Languages {
		for name, want := range map[string]struct {
			phase string
			count map[board.Type]int
		}{
			"blank":        {"free", map[board.Type]int{board.TypeAxis: 0, board.TypeNote: 0}},
			"segmentation": {"describe", map[board.Type]int{board.TypeAxis: 1, board.TypePerspective: 6, board.TypeHeading: 4, board.TypeNote: 0}},
			"museum":       {"assess", map[board.Type]int{board.TypeAxis: 0, board.TypeSegment: 6, board.TypeHeading: 3, board.TypeCategory: 8, board.TypeService: 0}},
			"feedback":     {"feedback", map[board.Type]int{board.TypeAxis: 0, board.TypeNote: 0}},
			"experiments":  {"experiment", map[board.Type]int{board.TypeAxis: 0, board.TypeNote: 0}},
			"demo":         {"describe", map[board.Type]int{board.TypeAxis: 1, board.TypePerspective: 6, board.TypeNote: 140, board.TypeGroup: 6, board.TypeService: 14, board.TypeAssessment: 66}},
		} {
			made, err := template.Make(name, "Otsikko", language, 1)
			if err != nil {
				t.Errorf("%s in %s: %v", name, language, err)
				continue
			}
			b := made.Item(board.BoardID)
			if b.Text("title") != "Otsikko" || b.Text("phase") != want.phase {
				t.Errorf("%s in %s: got title %q, phase %q, want Otsikko, %s", name, language, b.Text("title"), b.Text("phase"), want.phase)
			}
			if name != "demo" && b.Text("language") != language {
				t.Errorf("%s in %s: got language %q", name, language, b.Text("language"))
			}
			got := map[board.Type]int{}
			for _, it := range made.Items() {
				got[it.Type]++
			}
			for kind, n := range want.count {
				if got[kind] != n {
					t.Errorf("%s in %s: got %d of type %s, want %d", name, language, got[kind], kind, n)
				}
			}
		}
	}
}

func TestTheDemoHasATitleOfItsOwn(t *testing.T) {
	made, err := template.Make("demo", "", "fi", 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := made.Item(board.BoardID).Text("title"); got == "" {
		t.Error("got no title")
	}
}

func TestAnUnknownTemplateIsToldSo(t *testing.T) {
	for _, name := range []string{"", "Blank", "../x"} {
		if _, err := template.Make(name, "t", "fi", 1); !errors.Is(err, template.ErrUnknown) {
			t.Errorf("%q: got %v, want %v", name, err, template.ErrUnknown)
		}
	}
}
