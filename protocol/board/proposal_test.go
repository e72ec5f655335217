package board

import (
	"strings"
	"testing"
)

// rescued orders ops that had lost their place at the end of a board.
func rescued(s *State, n int64, whole bool, ops ...Op) *Entry {
	e := &Entry{Seq: s.Seq() + 1, Time: 5000, By: "pA", Role: Participant, Link: "l1", Client: "tab", N: n, Ops: ops, Whole: whole, Rescued: true}
	s.Apply(e)
	return e
}

func withNotes(t *testing.T) *State {
	t.Helper()
	s, wrong := Import([]byte(`{"schema":"jana-board/1","board":{"id":"board","type":"board","title":"x","phase":"free"},"items":[
		{"id":"n1","type":"note","x":10,"y":10,"z":1,"text":"eka"},
		{"id":"n2","type":"note","x":20,"y":20,"z":2,"text":"toka"}]}`), 1000)
	if len(wrong) > 0 {
		t.Fatal(wrong)
	}
	links := []Change{{Put: NewLink("l1", Participant, "", "", nil, false)}, {Put: NewLink("l2", Facilitator, "", "", nil, true)}}
	if err := s.Land(&Entry{Seq: s.Seq() + 1, Time: 1000, Changes: links}); err != nil {
		t.Fatal(err)
	}
	return s
}

func proposals(s *State) []*Item { return s.ofType(TypeProposal) }

func TestWhatIsRescuedLandsWhereNothingElseHappenedSince(t *testing.T) {
	was, now := withNotes(t), withNotes(t)
	now.Apply(&Entry{Seq: now.Seq() + 1, By: "pB", Role: Participant, Link: "l1", Client: "b", N: 1, Ops: []Op{Move{Moves: []Place{{"n2", 99, 99}}}}})
	ops := was.Guarded([]Op{Move{Moves: []Place{{"n1", 5, 6}}}, Move{Moves: []Place{{"n2", 7, 8}}}, Edit{ID: "n2", Fields: []Field{{"kind", "quote"}}}})
	e := rescued(now, 7, false, ops...)
	if at := now.Item("n1"); at.Int("x") != 5 {
		t.Errorf("an untouched note is at %d, want where it was moved", at.Int("x"))
	}
	if at := now.Item("n2"); at.Int("x") != 99 || at.Text("kind") != "quote" {
		t.Errorf("a note that was moved since is at %d, kind %q: want it left there, and the rest done", at.Int("x"), at.Text("kind"))
	}
	found := proposals(now)
	if len(e.Refusals) != 1 || len(found) != 1 {
		t.Fatalf("got refusals %v and %d proposals, want one of each", e.Refusals, len(found))
	}
	p := found[0]
	if p.Text("by") != "pA" || p.Text("client") != "tab" || p.Int("n") != 7 || !p.Flag("rescued") || p.Text("code") != string(ChangedSince) ||
		!strings.Contains(p.Text("op"), `"n2",7,8`) || !p.To.Includes("pX", Facilitator) || p.To.Includes("pA", Participant) {
		t.Errorf("got the proposal %s to %v", p.JSON(), p.To)
	}
}

func TestWhatWasToldAsRefusedStaysRefused(t *testing.T) {
	s := withNotes(t)
	e := &Entry{
		Seq: s.Seq() + 1, By: "pA", Role: Participant, Link: "l1", Client: "tab", N: 1, Rescued: true,
		Ops:  []Op{Move{Moves: []Place{{"n1", 5, 6}}}, Move{Moves: []Place{{"n2", 7, 8}}}},
		Told: []Refusal{{Op: 0, Code: BoardLocked, By: "pF", Set: 7}},
	}
	s.Apply(e)
	if s.Item("n1").Int("x") != 10 || s.Item("n2").Int("x") != 7 {
		t.Errorf("got %d and %d, want the first where it was and the second moved", s.Item("n1").Int("x"), s.Item("n2").Int("x"))
	}
	if len(e.Refusals) != 1 || e.Refusals[0] != e.Told[0] || len(proposals(s)) != 0 {
		t.Errorf("got refusals %v and %d proposals, want what was told and none", e.Refusals, len(proposals(s)))
	}
}

func TestWhatWasToldAsRefusedAltogetherIsSoForTheSameReason(t *testing.T) {
	s := withNotes(t)
	e := &Entry{
		Seq: s.Seq() + 1, By: "pA", Role: Participant, Link: "l1", Client: "tab", N: 1, Rescued: true, Whole: true,
		Ops:  []Op{Move{Moves: []Place{{"nowhere", 5, 6}}}, Move{Moves: []Place{{"n2", 7, 8}}}},
		Told: []Refusal{{Op: 1, Code: BoardLocked, By: "pF", Set: 7}},
	}
	s.Apply(e)
	if len(e.Refusals) != 1 || e.Refusals[0] != e.Told[0] || len(e.Changes)+len(proposals(s)) != 0 {
		t.Errorf("got refusals %v, changes %v and %d proposals, want what was told alone", e.Refusals, e.Changes, len(proposals(s)))
	}
}

func TestAFacilitatorDecidesWhatWasProposed(t *testing.T) {
	s := withNotes(t)
	facilitate := func(n int64, op Op) *Entry {
		e := &Entry{Seq: s.Seq() + 1, By: "pF", Role: Facilitator, Link: "l2", Client: "f", N: n, Ops: []Op{op}}
		s.Apply(e)
		return e
	}
	facilitate(1, Lock{Level: "closed"})
	rescued(s, 1, false, Create{Type: TypeNote, ID: "n3", Fields: []Field{{"x", int64(1)}, {"y", int64(1)}, {"text", "tallessa"}}})
	rescued(s, 2, false, Move{Moves: []Place{{"n1", 5, 6}}, Was: Was{"n1": {"x": int64(1), "y": int64(1)}}})
	all := proposals(s)
	if len(all) != 2 {
		t.Fatalf("got %d proposals, want 2", len(all))
	}
	by := &Entry{Seq: s.Seq() + 1, By: "pA", Role: Participant, Link: "l1", Client: "x", N: 1, Ops: []Op{Decide{Proposal: all[0].ID, Accept: true}}}
	if s.Apply(by); len(by.Refusals) != 1 || by.Refusals[0].Code != Forbidden {
		t.Errorf("a participant decides: got %v", by.Refusals)
	}
	if e := facilitate(2, Decide{Proposal: all[0].ID, Accept: true}); len(e.Refusals) != 0 || s.Item("n3") == nil || s.Item("n3").Text("authorId") != "pA" {
		t.Errorf("accepted: got %v and %v, want the note of who wrote it", e.Refusals, s.Item("n3"))
	}
	if e := facilitate(3, Decide{Proposal: all[1].ID, Accept: true}); len(e.Refusals) != 0 || s.Item("n1").Int("x") != 5 {
		t.Errorf("accepted though it was moved since: got %v at %d", e.Refusals, s.Item("n1").Int("x"))
	}
	if e := facilitate(4, Decide{Proposal: all[1].ID}); len(e.Refusals) != 1 || e.Refusals[0].Code != Gone {
		t.Errorf("decided twice: got %v", e.Refusals)
	}
	if e := facilitate(5, Decide{Proposal: "n1"}); len(e.Refusals) != 1 || e.Refusals[0].Code != Invalid {
		t.Errorf("a note decided upon: got %v", e.Refusals)
	}
	if len(proposals(s)) != 0 {
		t.Errorf("%d proposals are left", len(proposals(s)))
	}
}

func TestWhatIsRescuedUnderALockIsProposed(t *testing.T) {
	s := withNotes(t)
	s.Apply(&Entry{Seq: s.Seq() + 1, By: "pF", Role: Facilitator, Link: "l2", Client: "f", N: 1, Ops: []Op{Lock{Level: "closed"}}})
	create := Create{Type: TypeNote, ID: "n3", Fields: []Field{{"x", int64(1)}, {"y", int64(1)}, {"text", "tallessa"}}}
	rescued(s, 1, true, create, Move{Moves: []Place{{"n1", 5, 6}}})
	if s.Item("n3") != nil || len(proposals(s)) != 2 {
		t.Fatalf("got note %v and %d proposals, want none and both ops", s.Item("n3"), len(proposals(s)))
	}
	if again := rescued(s, 1, true, create); !again.Duplicate || len(proposals(s)) != 2 {
		t.Errorf("rescued twice: got duplicate %v and %d proposals", again.Duplicate, len(proposals(s)))
	}
	// What is proposed of a text that is erased goes with it.
	rescued(s, 2, false, Text{ID: "n1", Field: "text", From: "eka", To: "salaisuus"})
	if len(proposals(s)) != 3 {
		t.Fatalf("got %d proposals, want 3", len(proposals(s)))
	}
	e := &Entry{Seq: s.Seq() + 1, By: "pF", Role: Facilitator, Link: "l2", Client: "f", N: 2, Ops: []Op{Blank{ID: "n1"}}}
	s.Apply(e)
	if len(e.Refusals) > 0 || strings.Contains(string(s.Snapshot().Encode()), "salaisuus") {
		t.Errorf("got %v, and the text is still in the state: %v", e.Refusals, strings.Contains(string(s.Snapshot().Encode()), "salaisuus"))
	}
	if left := proposals(s); len(left) != 1 || !strings.Contains(left[0].Text("op"), "tallessa") {
		t.Errorf("got %d proposals left, want the one of the other note", len(left))
	}
	// A facilitator declines by deleting; nobody else may.
	id := proposals(s)[0].ID
	no := &Entry{Seq: s.Seq() + 1, By: "pA", Role: Participant, Link: "l1", Client: "tab", N: 9, Ops: []Op{Delete{IDs: []ID{id}}}}
	s.Apply(no)
	yes := &Entry{Seq: s.Seq() + 1, By: "pF", Role: Facilitator, Link: "l2", Client: "f", N: 3, Ops: []Op{Delete{IDs: []ID{id}}}}
	s.Apply(yes)
	if len(no.Refusals) != 1 || len(yes.Refusals) != 0 || len(proposals(s)) != 0 {
		t.Errorf("got %v for a participant and %v for a facilitator", no.Refusals, yes.Refusals)
	}
}

func TestWhatWasOvertakenByACopyThatWasRefusedIsProposed(t *testing.T) {
	s := withNotes(t)
	s.Apply(&Entry{Seq: s.Seq() + 1, By: "pF", Role: Facilitator, Link: "l2", Client: "f", N: 1, Ops: []Op{Lock{Level: "closed"}}})
	create := Create{Type: TypeNote, ID: "n3", Fields: []Field{{"x", int64(1)}, {"y", int64(1)}, {"text", "tallessa"}}}
	stale := &Entry{Seq: s.Seq() + 1, By: "pA", Role: Participant, Link: "l1", Client: "tab", N: 1, Ops: []Op{create}}
	s.Apply(stale)
	if len(stale.Refusals) != 1 || len(proposals(s)) != 0 {
		t.Fatalf("got refusals %v and %d proposals, want the copy refused", stale.Refusals, len(proposals(s)))
	}
	before := s.Hash()
	landed, err := Load(s.Snapshot().Encode())
	if err != nil {
		t.Fatal(err)
	}
	e := rescued(s, 1, false, create)
	all := proposals(s)
	if e.Duplicate || len(all) != 1 || all[0].Text("code") != string(BoardLocked) || !strings.Contains(all[0].Text("op"), "tallessa") {
		t.Fatalf("got duplicate %v and %d proposals, want one: it was called saved at its first place", e.Duplicate, len(all))
	}
	if err := landed.Land(throughLog(t, e)); err != nil || landed.Hash() != s.Hash() || s.Hash() == before {
		t.Errorf("landing it gives another board (%v)", err)
	}
	consistent(t, s)
	for _, decided := range []bool{false, true} {
		if decided {
			s.Apply(&Entry{Seq: s.Seq() + 1, By: "pF", Role: Facilitator, Link: "l2", Client: "f", N: 2, Ops: []Op{Decide{Proposal: all[0].ID}}})
		}
		if again := rescued(s, 1, false, create); !again.Duplicate {
			t.Errorf("rescued twice, decided upon: %v: it was proposed again", decided)
		}
	}
	// What never could happen is not asked about.
	exists := Create{Type: TypeNote, ID: "n1", Fields: []Field{{"x", int64(1)}, {"y", int64(1)}}}
	s.Apply(&Entry{Seq: s.Seq() + 1, By: "pF", Role: Facilitator, Link: "l2", Client: "f", N: 4, Ops: []Op{exists}})
	never := &Entry{Seq: s.Seq() + 1, By: "pF", Role: Facilitator, Link: "l2", Client: "f", N: 4, Ops: []Op{exists}, Rescued: true}
	if s.Apply(never); !never.Duplicate || len(never.Refusals) > 0 {
		t.Errorf("got duplicate %v and %v of what never could happen", never.Duplicate, never.Refusals)
	}
	if fate, _ := s.Fate("pA", "tab", 1); fate.Seq != stale.Seq || len(fate.Refused) != 1 {
		t.Errorf("got the fate %+v, want that of the copy at %d", fate, stale.Seq)
	}
}
