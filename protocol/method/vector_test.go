package method_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jana/protocol/board"
	"jana/protocol/method"
)

// vector is one file of vectors/, named by the sentence it proves and read by the tests of both languages.
type vector struct {
	// Items of the board, or the fixture it is an import of.
	Items   []json.RawMessage `json:"items"`
	Fixture string            `json:"fixture"`
	// Hidden gives, for items that are not for everyone, who sees them.
	Hidden map[board.ID]board.Audience `json:"hidden"`
	// Want is what the analysis has to hold; of an object, the members that are named.
	Want map[string]any `json:"want"`
	// Unweighted is the same of the board without weights.
	Unweighted map[string]any `json:"unweighted"`
	// Findings by their ids; absent: whichever.
	Findings []string `json:"findings"`
	// Sentences of the findings, by language.
	Sentences map[string][]string `json:"sentences"`
}

func (v *vector) board(t *testing.T) *board.State {
	t.Helper()
	if v.Fixture != "" {
		return imported(t, read(t, "../board/fixture/"+v.Fixture))
	}
	var items []*board.Item
	for _, raw := range v.Items {
		it, err := board.ParseItem(raw)
		if err != nil {
			t.Fatalf("item %s: %v", raw, err)
		}
		it.To = v.Hidden[it.ID]
		items = append(items, it)
	}
	return board.Gather(items)
}

func vectors(t *testing.T) map[string]*vector {
	t.Helper()
	files, err := filepath.Glob("vectors/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no vectors: %v", err)
	}
	all := map[string]*vector{}
	for _, file := range files {
		v := &vector{}
		if err := json.Unmarshal(read(t, file), v); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all[strings.TrimSuffix(filepath.Base(file), ".json")] = v
	}
	return all
}

func TestVectors(t *testing.T) {
	for name, v := range vectors(t) {
		t.Run(name, func(t *testing.T) {
			s := v.board(t)
			a := method.Analyse(s)
			for _, d := range differences("", only(asJSON(t, a), v.Want), v.Want) {
				t.Error(d)
			}
			plain := method.Analyse(board.Gather(method.Unweighted(s.Items())))
			for _, d := range differences("unweighted", only(asJSON(t, plain), v.Unweighted), v.Unweighted) {
				t.Error(d)
			}
			found := a.Findings()
			ids := []string{}
			for _, f := range found {
				ids = append(ids, f.ID)
			}
			if v.Findings != nil && !slices.Equal(ids, v.Findings) {
				t.Errorf("findings: got %v, want %v", ids, v.Findings)
			}
			for language, want := range v.Sentences {
				got := []string{}
				for _, f := range found {
					got = append(got, f.Sentence(s, language))
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s: got %q, want %q", language, got, want)
				}
			}
		})
	}
}

// only is a value without the members of objects that are not wanted.
func only(got, want any) any {
	switch want := want.(type) {
	case map[string]any:
		m, is := got.(map[string]any)
		if !is {
			return got
		}
		kept := map[string]any{}
		for name, value := range want {
			if _, has := m[name]; has {
				kept[name] = only(m[name], value)
			}
		}
		return kept
	case []any:
		l, is := got.([]any)
		if !is || len(l) != len(want) {
			return got
		}
		kept := make([]any, len(l))
		for i := range l {
			kept[i] = only(l[i], want[i])
		}
		return kept
	}
	return got
}
