package board

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what became of the ops into the vectors, to be read before it is committed")

// vector is one file of vectors/, named by the sentence it proves and read by
// the tests of both languages.
type vector struct {
	Before  vectorItems    `json:"before"`
	Entries []*vectorEntry `json:"entries"`
	After   vectorItems    `json:"after"`
}

type vectorItems struct {
	Items []json.RawMessage `json:"items"`
	// Hidden gives, for items that are not for everyone, who sees them.
	Hidden map[ID]Audience `json:"hidden,omitempty"`
}

type vectorEntry struct {
	By      ID                `json:"by"`
	Role    Role              `json:"role"`
	Link    ID                `json:"link,omitempty"`
	Client  string            `json:"client,omitempty"`
	N       *int64            `json:"n,omitempty"`
	Time    int64             `json:"time,omitempty"`
	Whole   bool              `json:"whole,omitempty"`
	Ops     []json.RawMessage `json:"ops"`
	Changes []json.RawMessage `json:"changes"`
	Refused []Refusal         `json:"refused,omitempty"`
	// Duplicate: the push came before.
	Duplicate bool `json:"duplicate,omitempty"`
}

func stateOf(t *testing.T, in vectorItems) *State {
	t.Helper()
	s := New()
	work := &tx{s: s, e: &Entry{}}
	for _, raw := range in.Items {
		it, err := ParseItem(raw)
		if err != nil {
			t.Fatalf("item %s: %v", raw, err)
		}
		if to := in.Hidden[it.ID]; to != nil {
			it = it.readdressed(to, "")
		}
		work.put(it)
	}
	return s
}

func (v *vectorEntry) entry(seq int64) *Entry {
	n := seq
	if v.N != nil {
		n = *v.N
	}
	time := v.Time
	if time == 0 {
		time = 1_000_000 + seq
	}
	client := v.Client
	if client == "" {
		client = "tab"
	}
	e := &Entry{Seq: seq, Time: time, By: v.By, Role: v.Role, Link: v.Link, Client: client, N: n, Whole: v.Whole}
	for _, raw := range v.Ops {
		e.Ops = append(e.Ops, DecodeOp(raw))
	}
	return e
}

func TestVectors(t *testing.T) {
	files, err := filepath.Glob("vectors/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no vectors: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var v vector
			if err := json.Unmarshal(raw, &v); err != nil {
				t.Fatal(err)
			}
			s := stateOf(t, v.Before)
			mirror := stateOf(t, v.Before)
			for i, want := range v.Entries {
				e := want.entry(int64(i + 1))
				s.Apply(e)
				got := make([]json.RawMessage, 0, len(e.Changes))
				for _, c := range e.Changes {
					got = append(got, c.AppendStored(nil))
				}
				landed := throughLog(t, e)
				if err := mirror.Land(landed); err != nil {
					t.Fatalf("entry %d does not land: %v", i, err)
				}
				if *update {
					want.Changes, want.Refused, want.Duplicate = got, e.Refusals, e.Duplicate
					continue
				}
				same(t, "changes of entry", i, got, want.Changes)
				same(t, "refusals of entry", i, e.Refusals, want.Refused)
				if e.Duplicate != want.Duplicate {
					t.Errorf("entry %d: duplicate got %v, want %v", i, e.Duplicate, want.Duplicate)
				}
			}
			if got, want := mirror.Hash(), s.Hash(); got != want {
				t.Errorf("landing the facts gives hash %s, applying gave %s", got, want)
			}
			consistent(t, s)
			var after vectorItems
			for _, it := range s.Items() {
				after.Items = append(after.Items, it.JSON())
				if len(it.To) > 0 {
					if after.Hidden == nil {
						after.Hidden = map[ID]Audience{}
					}
					after.Hidden[it.ID] = it.To
				}
			}
			if *update {
				v.After = after
				write(t, file, v)
				return
			}
			same(t, "items after", 0, after, v.After)
		})
	}
}

// throughLog writes an entry as the log keeps it and reads it back.
func throughLog(t *testing.T, e *Entry) *Entry {
	t.Helper()
	raw, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	back := &Entry{}
	if err := json.Unmarshal(raw, back); err != nil {
		t.Fatalf("entry %s: %v", raw, err)
	}
	again, err := json.Marshal(back)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(raw, again) {
		t.Errorf("an entry changed in the log:\n got %s\nwant %s", again, raw)
	}
	return back
}

// consistent rebuilds the state from its snapshot and compares the whole.
func consistent(t *testing.T, s *State) {
	t.Helper()
	loaded, err := Load(s.Snapshot().Encode())
	if err != nil {
		t.Fatalf("snapshot: %v", err)
	}
	if got, want := loaded.Hash(), s.Hash(); got != want {
		t.Errorf("hash of the loaded snapshot: got %s, want %s", got, want)
	}
	for target, ids := range s.referrers {
		if len(ids) != len(loaded.referrers[target]) {
			t.Errorf("referrers of %s: got %v, want %v", target, sortedKeys(loaded.referrers[target]), sortedKeys(ids))
		}
		for id := range ids {
			if s.items[id] == nil {
				t.Errorf("%s refers to %s and is not there", id, target)
			}
		}
	}
	if len(s.referrers) != len(loaded.referrers) {
		t.Errorf("items referred to: got %d, want %d", len(loaded.referrers), len(s.referrers))
	}
}

func same(t *testing.T, what string, i int, got, want any) {
	t.Helper()
	a, errA := canonicalJSON(got)
	b, errB := canonicalJSON(want)
	if errA != nil || errB != nil {
		t.Fatalf("%s %d: %v %v", what, i, errA, errB)
	}
	if !bytes.Equal(a, b) {
		t.Errorf("%s %d:\n got %s\nwant %s", what, i, a, b)
	}
}

// canonicalJSON makes equal values equal bytes; null and [] are alike.
func canonicalJSON(v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var value any
	if err := json.Unmarshal(raw, &value); err != nil {
		return nil, err
	}
	if list, ok := value.([]any); value == nil || ok && len(list) == 0 {
		return []byte("[]"), nil
	}
	return json.Marshal(value)
}

func write(t *testing.T, file string, v vector) {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("{\n \"before\": ")
	writeItems(t, &b, v.Before)
	b.WriteString(",\n \"entries\": [")
	for i, e := range v.Entries {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n  ")
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(e); err != nil {
			t.Fatal(err)
		}
		b.Truncate(b.Len() - 1)
	}
	b.WriteString("\n ],\n \"after\": ")
	writeItems(t, &b, v.After)
	b.WriteString("\n}\n")
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func writeItems(t *testing.T, b *bytes.Buffer, items vectorItems) {
	t.Helper()
	b.WriteString(`{"items": [`)
	for i, raw := range items.Items {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n   ")
		b.Write(raw)
	}
	b.WriteString("]")
	if items.Hidden != nil {
		raw, err := json.Marshal(items.Hidden)
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(",\n  \"hidden\": ")
		b.Write(raw)
	}
	b.WriteString("}")
}

func rawItems(items ...string) []json.RawMessage {
	raw := make([]json.RawMessage, len(items))
	for i, it := range items {
		raw[i] = json.RawMessage(it)
	}
	return raw
}
