package board

import (
	"strings"
	"testing"
)

func TestAClientWhoseNumbersJumpTakesNoMoreRoomThanAnother(t *testing.T) {
	s := demoState(t)
	key := clientKey{"pA", "tab"}
	push := func(n int64) *Entry {
		e := &Entry{Seq: s.Seq() + 1, Time: 1, By: key.by, Role: Participant, Client: key.client, N: n, Ops: []Op{Move{Moves: []Place{{"n1", n, 0}}}}}
		s.Apply(e)
		return e
	}
	const last = 20_000
	for n := int64(2); n <= last; n += 2 {
		push(n)
	}
	if got := len(s.clients[key].spans); got > maxSpans {
		t.Errorf("%d spans are kept", got)
	}
	if got := len(s.clients[key].record(key)); got > 4096 {
		t.Errorf("a push costs the hash of %d bytes", got)
	}
	// What was sent before is known, and what waited meanwhile is not taken for it.
	for n := int64(2); n <= last; n += 2 {
		if _, known := s.Fate(key.by, key.client, n); !known {
			t.Fatalf("push %d is not known", n)
		}
	}
	for n := int64(last - 1); n > last-2*maxSpans+4; n -= 2 {
		if e := push(n); e.Duplicate || len(e.Refusals) > 0 {
			t.Fatalf("push %d: %+v", n, e)
		}
		if e := push(n); !e.Duplicate {
			t.Fatalf("push %d happened twice", n)
		}
	}
	consistent(t, s)
}

func TestARefusalIsNoLongerThanItsReasonNeedsToBe(t *testing.T) {
	s := demoState(t)
	long := strings.Repeat("x", 60_000)
	e := &Entry{Seq: 1, Time: 1, By: "pA", Role: Facilitator, Client: "tab", N: 1, Ops: []Op{
		Edit{ID: "n1", Fields: []Field{{long, "x"}}},
		Delete{IDs: []ID{long}},
		Undecoded{Field: long},
		SetRights{Rights: map[string]Value{long: "all"}},
		Edit{ID: "n1", Fields: []Field{{"nope", "x"}}},
	}}
	s.Apply(e)
	if len(e.Refusals) != len(e.Ops) {
		t.Fatalf("got %d refusals, want %d", len(e.Refusals), len(e.Ops))
	}
	for _, no := range e.Refusals {
		if len(no.Reason.ID)+len(no.Reason.Field) > 200 {
			t.Errorf("op %d: a reason of %d bytes", no.Op, len(no.Reason.ID)+len(no.Reason.Field))
		}
	}
	if no := e.Refusals[4]; no.Code != Invalid || no.Reason.Field != "nope" || no.Reason.ID != "n1" {
		t.Errorf("got %+v", no)
	}
}
