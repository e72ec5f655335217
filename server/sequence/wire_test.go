package sequence

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"jana/protocol/board"
)

// vector is what a file of board's vectors has of a board and what is done to it.
type vector struct {
	Before struct {
		Items []json.RawMessage `json:"items"`
	} `json:"before"`
	Entries []*board.Entry `json:"entries"`
}

func vectors(t *testing.T) map[string]vector {
	t.Helper()
	files, err := filepath.Glob("../../protocol/board/vectors/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no vectors: %v", err)
	}
	all := map[string]vector{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var v vector
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all[filepath.Base(file)] = v
	}
	return all
}

func TestWhatThisVersionWritesItReads(t *testing.T) {
	for name, v := range vectors(t) {
		s := board.New()
		var puts []board.Change
		for _, raw := range v.Before.Items {
			it, err := board.ParseItem(raw)
			if err != nil {
				t.Fatal(err)
			}
			puts = append(puts, board.Change{Put: it})
		}
		if err := s.Land(&board.Entry{Seq: 1, Time: 1, Changes: puts}); err != nil {
			t.Fatal(err)
		}
		for i, e := range v.Entries {
			rescued := *e
			rescued.Ops, rescued.Rescued = s.Guarded(e.Ops), true
			e.Seq, e.Time, e.N, e.Changes = s.Seq()+1, int64(i+2), int64(i+1), nil
			s.Apply(e)
			rescued.Told = e.Refusals
			for _, written := range []*board.Entry{e, &rescued} {
				raw, err := encodeEntry(written)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := decodeEntry(raw); err != nil {
					t.Errorf("%s, entry %d: %s: %v", name, i, raw, err)
				}
			}
			packed, err := encodeState(s.Snapshot())
			if err != nil {
				t.Fatal(err)
			}
			read, err := decodeState(string(packed))
			if err != nil {
				t.Errorf("%s, after entry %d: %v", name, i, err)
			} else if read.Hash() != s.Hash() {
				t.Errorf("%s, after entry %d: got hash %v, want %v", name, i, read.Hash(), s.Hash())
			}
		}
	}
}

func TestWhatThisVersionDoesNotKnowIsNotJunk(t *testing.T) {
	for raw, want := range map[string]error{
		`null`:                 errForeign,
		`7`:                    errForeign,
		`["x"]`:                errForeign,
		`{"by":"p1","ops":[]}`: nil,
		`{"by":7}`:             errNewer,
		`{"by":"p1","new":1}`:  errNewer,
		`{"seq":0,"time":0,"by":"","role":"","link":"","client":"","n":0,"ops":[{"do":"fly"}]}`:                               errNewer,
		`{"seq":0,"time":0,"by":"","role":"","link":"","client":"","n":0,"ops":[{"do":"lock","level":"closed","soft":true}]}`: errNewer,
		`{"seq":0,"time":0,"by":"","role":"","link":"","client":"","n":0,"ops":[{"do":"lock","level":"closed"}]}`:             nil,
	} {
		if _, err := decodeEntry([]byte(raw)); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", raw, err, want)
		}
	}
}
