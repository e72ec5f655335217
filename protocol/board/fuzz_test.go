package board

import (
	"bytes"
	"testing"
)

// FuzzApply: whatever stands in an op, it is decided without a panic, alike on
// two states, and travels through the log unchanged.
func FuzzApply(f *testing.F) {
	for _, seed := range []string{
		`{"do":"move","moves":[["n1",640,820]]}`,
		`{"do":"create","item":{"type":"note","id":"q","x":1,"y":2,"text":"\u0000😀"}}`,
		`{"do":"edit","id":"n1","fields":{"text":null,"descriptions/h1":"x"},"was":{"n1":{"text":"a"}}}`,
		`{"do":"assess","service":"v1","segment":"s1","criterion":"availability","vote":null}`,
		`{"do":"rights","rights":{"move":{"a":[1]}}}`,
		`{"do":"rewind","milestone":"m1","changes":[{"put":{"id":"x","type":"note"}}]}`,
		`{"do":"text","id":"n1","field":"text/text","from":"a","to":"b"}`,
		`{"do":"delete","ids":["board","n1","n1"]}`,
		`[]`, `7`, `{"do":{}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		op := DecodeOp(raw)
		first, err := MarshalOp(op)
		if err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
		again, err := MarshalOp(DecodeOp(first))
		if err != nil || !bytes.Equal(first, again) {
			t.Fatalf("an op changed in the log: %s, then %s (%v)", first, again, err)
		}
		a, b := demoState(t), demoState(t)
		for seq, role := range []Role{Participant, Facilitator} {
			e := &Entry{Seq: int64(seq + 1), By: "pA", Role: role, Client: "tab", N: int64(seq + 1), Ops: []Op{op}}
			a.Apply(e)
			b.Apply(&Entry{Seq: e.Seq, By: "pA", Role: role, Client: "tab", N: e.N, Ops: []Op{DecodeOp(first)}})
			if a.Hash() != b.Hash() {
				t.Fatalf("%s: decided in two ways", raw)
			}
		}
		consistent(t, a)
	})
}
