package board

import (
	"testing"
)

// FuzzFields: what is read the short way is what encoding/json reads.
func FuzzFields(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"a":1,"b":-0,"c":"ä\n\"😀\u0041","d":[],"e":["x","\\"],"f":{"g":{"h":null,"i":1.5}},"j":true,"k":false,"l":null}`,
		`{"b":1,"a":2}`, `{"a":1,"a":2}`, `{"a":1,"a":null}`, `{"m":{"a":1,"a":null}}`, `{ "a" : 1 }`, `{"a":01}`, `{"a":1e2}`, `{"a":1e-7}`, `{"a":-}`, `{"a":1e999}`,
		`{"a":9007199254740993}`, `{"a":999999999999999}`, `{"a":12345678901234567890}`, `{"a":[1]}`, `{"a":[[]]}`, `{"a":"` + "\x01" + `"}`, `{"a":"` + "\xff" + `"}`,
		`{"` + "\xff" + `":1}`, `{"a\"b":1}`, `{"a":"\ud800"}`, `{"a":1}x`, `{"a":1`, `{"a"}`, `{"a":"\x"}`, `{"a":"\`, `[]`, `7`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r := reader{b: raw}
		got, ok := r.fields()
		if !ok || r.at != len(raw) {
			return
		}
		want, err := decodeFields(raw)
		if err != nil || len(got) != len(want) {
			t.Fatalf("%q: got %v, want %v (%v)", raw, got, want, err)
		}
		for i := range got {
			if got[i].Name != want[i].Name || !equalValue(got[i].Value, want[i].Value) {
				t.Fatalf("%q: got %v, want %v", raw, got[i], want[i])
			}
		}
	})
}

func TestASnapshotOfAnyValuesIsRead(t *testing.T) {
	s := demoState(t)
	work := &tx{s: s, e: &Entry{}}
	deep := Value("x")
	for range 50 {
		deep = map[string]Value{"in": deep, `"\` + "\x01ä": []string{"a", "\n"}}
	}
	work.put(NewItem(TypeService, "v9", []Field{
		{"name", "a\"b\\c\n\u2028<&😀"},
		{"weight", 1e-7},
		{"order", int64(-5)},
		{"target", deep},
		{"c", -0.5},
		{"d", int64(maxSafe)},
		{"e", []string{}},
		{"f", map[string]Value{}},
		{"g", ""},
	}).readdressed(Audience{"pA", Facilitators}, "pB"))
	work.put(NewItem(TypeNote, "n8", []Field{{"text", "ä"}, {"x", int64(1)}, {"y", int64(1)}}))
	s.Apply(&Entry{Seq: 1, Time: 5, By: "pF", Role: Facilitator, Client: "tab", N: 1, Ops: []Op{
		Delete{IDs: []ID{"n1", "n8"}}, Blank{ID: "n8"}, Lock{Level: "open"}, Delete{IDs: []ID{"nope"}},
	}})
	consistent(t, s)
	raw := s.Snapshot().Encode()
	for _, cut := range []int{0, 1, 20, len(raw) / 2, len(raw) - 1} {
		if _, err := Load(raw[:cut]); err == nil {
			t.Errorf("what ends after %d of %d bytes was read", cut, len(raw))
		}
	}
	if back, err := Load(New().Snapshot().Encode()); err != nil || back.Len() != 0 {
		t.Errorf("an empty board: %v", err)
	}
}
