package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"testing"

	"jana/protocol/board"
)

func TestAnEpochIsKnownWithItsFirstEntry(t *testing.T) {
	s := opened(t)
	b := newTable(t, s, "koe")
	b.push(b.some(seedOf(t)))
	b.settle()
	epochs := board.Epochs{{Name: "1.a", Base: 0}, {Name: "2.b", Base: b.state.Seq()}}
	e := &board.Entry{Seq: b.state.Seq() + 1, By: "p1", Client: "c", N: 1}
	b.state.Apply(e)
	saved := make(chan error, 1)
	if err := s.Append(ctx, "koe", Batch{Entries: []*board.Entry{e}, Epochs: epochs}, func(err error) { saved <- err }); err != nil {
		t.Fatal(err)
	}
	if err := <-saved; err != nil {
		t.Fatal(err)
	}
	s = reopen(t, s)
	loaded, err := s.Load(ctx, "koe")
	if err != nil || !slices.Equal(loaded.Epochs, epochs) {
		t.Fatalf("got epochs %v and %v, want %v", loaded.Epochs, err, epochs)
	}
	all, err := s.Boards()
	if err != nil || !slices.Equal(all[0].Epochs, epochs) {
		t.Fatalf("listed: got %v and %v, want %v", all, err, epochs)
	}
}

func TestARenewedBoardMayLackPartOfItsOwnHistory(t *testing.T) {
	s := opened(t)
	r := seedOf(t)
	b := newTable(t, s, "koe")
	b.settle()
	further := newTable(t, s, "toinen")
	for range 30 {
		further.push(further.some(r))
	}
	further.settle()
	// It had followed all of that history, and not handed over the last of it.
	fork := further.state.Seq()
	if err := s.Renew(ctx, "koe", board.Renewal{Epochs: board.Epochs{{Name: "2.b", Base: fork}}, Fork: fork, State: further.state}); err != nil {
		t.Fatal(err)
	}
	s = reopen(t, s)
	same(t, s, "koe", further.state)
}

func TestARenewedBoardKeepsWhatLostItsPlace(t *testing.T) {
	s := opened(t)
	r := seedOf(t)
	b := newTable(t, s, "koe")
	b.settle()
	for range 20 {
		b.push(b.some(r))
	}
	b.settle()
	fork := b.state.Seq() - 8
	// What the others have: the same up to the fork, then something else.
	before := newTable(t, s, "toinen")
	for range 30 {
		before.push(before.some(r))
	}
	before.settle()
	epochs := board.Epochs{{Name: "1.a", Base: 0}, {Name: "2.b", Base: fork}}
	if err := s.Renew(ctx, "koe", board.Renewal{Epochs: epochs, Fork: fork, State: before.state}); err != nil {
		t.Fatal(err)
	}
	same(t, s, "koe", before.state)
	s = reopen(t, s)
	same(t, s, "koe", before.state)
	loaded, err := s.Load(ctx, "koe")
	if err != nil || !loaded.Orphans || !slices.Equal(loaded.Epochs, epochs) {
		t.Fatalf("got orphans %v, epochs %v and %v", loaded.Orphans, loaded.Epochs, err)
	}
	orphans, upTo, err := s.Orphans(ctx, "koe")
	if err != nil {
		t.Fatal(err)
	}
	if len(orphans) == 0 || len(orphans) > 8 {
		t.Fatalf("got %d orphans of 8 entries", len(orphans))
	}
	for i, e := range orphans {
		if e.Seq <= fork || i > 0 && e.Seq <= orphans[i-1].Seq {
			t.Errorf("orphan %d is entry %d, behind the fork at %d", i, e.Seq, fork)
		}
	}
	// Losing its place again adds to them.
	e := &board.Entry{Seq: loaded.State.Seq() + 1, By: "p1", Client: "c", N: 1, Ops: []board.Op{board.Delete{IDs: []board.ID{"n1"}}}}
	loaded.State.Apply(e)
	if err := s.Append(ctx, "koe", Batch{Entries: []*board.Entry{e}}, func(error) {}); err != nil {
		t.Fatal(err)
	}
	if err := s.Renew(ctx, "koe", board.Renewal{Epochs: epochs, Fork: e.Seq - 1, State: before.state}); err != nil {
		t.Fatal(err)
	}
	more, upToMore, err := s.Orphans(ctx, "koe")
	if err != nil || len(more) != len(orphans)+1 || upToMore <= upTo {
		t.Fatalf("got %d orphans up to %d and %v, want one more than %d up to %d", len(more), upToMore, err, len(orphans), upTo)
	}
	if err := s.Settle(ctx, "koe", upTo); err != nil {
		t.Fatal(err)
	}
	if left, _, err := s.Orphans(ctx, "koe"); err != nil || len(left) != 1 {
		t.Fatalf("after most were settled: got %d and %v, want 1", len(left), err)
	}
}

func TestABoardThatOthersHaveComesToBe(t *testing.T) {
	s := opened(t)
	state := birth(t)
	epochs := board.Epochs{{Name: "7.x", Base: 0}}
	if err := s.Renew(ctx, "uusi", board.Renewal{Epochs: epochs, State: state}); err != nil {
		t.Fatal(err)
	}
	same(t, s, "uusi", state)
	if err := s.Delete(ctx, "uusi"); err != nil {
		t.Fatal(err)
	}
	if err := s.Renew(ctx, "uusi", board.Renewal{Epochs: epochs, State: state}); !errors.Is(err, ErrDeleted) {
		t.Fatalf("a deleted board is renewed: got %v, want ErrDeleted", err)
	}
}

func TestWhatWasErasedElsewhereIsErasedHere(t *testing.T) {
	s := opened(t)
	b := newTable(t, s, "koe")
	const secret = "Pirkko Pohjonen soitti"
	write := func(op board.Op) {
		b.push(op)
		b.settle()
	}
	write(board.Text{ID: "n1", Field: "text", From: "eka", To: secret})
	fork := b.state.Seq()
	kept := make(chan error, 1)
	if err := s.Append(ctx, "koe", Batch{Milestones: map[board.ID]*board.Snapshot{"m1": b.state.Snapshot()}}, func(err error) { kept <- err }); err != nil {
		t.Fatal(err)
	}
	if err := <-kept; err != nil {
		t.Fatal(err)
	}
	write(board.Text{ID: "n1", Field: "text", From: secret, To: secret + " taas"}) // becomes an orphan

	other := birth(t)
	for i, op := range []board.Op{board.Text{ID: "n1", Field: "text", From: "eka", To: secret}, board.Blank{ID: "n1"}} {
		other.Apply(&board.Entry{Seq: other.Seq() + 1, By: "pF", Role: board.Facilitator, Client: "tab", N: int64(i + 1), Ops: []board.Op{op}})
	}
	if err := s.Renew(ctx, "koe", board.Renewal{Epochs: board.Epochs{{Name: "1.a", Base: fork}}, Fork: fork, State: other}); err != nil {
		t.Fatal(err)
	}
	then, err := s.Milestone(ctx, "koe", "m1")
	if err != nil {
		t.Fatal(err)
	}
	if text := then.Item("n1").Text("text"); text == secret {
		t.Errorf("the milestone still has %q", text)
	}
	if err := s.Compact(ctx); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(s.path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte("Pohjonen")) {
		t.Error("the text is still in the file")
	}
}

func TestABoardThatHasComeToAnotherStateTakesOverAnother(t *testing.T) {
	s := opened(t) // verified whole at the end
	r := seedOf(t)
	b := newTable(t, s, "koe")
	for range 30 {
		b.push(b.some(r))
	}
	b.settle()
	// The same history, and something else has become of it.
	other := birth(t)
	for other.Seq() < b.state.Seq()-10 {
		other.Apply(&board.Entry{Seq: other.Seq() + 1, Client: "other", N: other.Seq() + 1})
	}
	epochs := board.Epochs{{Name: "1.a", Base: 0}}
	if err := s.Renew(ctx, "koe", board.Renewal{Epochs: epochs, Fork: other.Seq(), State: other, Astray: true}); err != nil {
		t.Fatal(err)
	}
	same(t, s, "koe", other)
	if loaded, err := s.Load(ctx, "koe"); err != nil || loaded.Orphans {
		t.Errorf("got orphans %v and %v: nothing has lost its place", loaded.Orphans, err)
	}
	b.state = other
	b.saved.Store(0)
	b.push(b.some(r))
	b.settle()
	same(t, s, "koe", other)
}

func TestOneGapMayFollowAnother(t *testing.T) {
	s := opened(t) // verified whole at the end
	r := seedOf(t)
	b := newTable(t, s, "koe")
	b.push(b.some(r))
	b.settle()
	others := newTable(t, s, "toinen")
	renew := func() {
		t.Helper()
		for range 10 {
			others.push(others.some(r))
		}
		others.settle()
		fork := b.state.Seq()
		if err := s.Renew(ctx, "koe", board.Renewal{Epochs: board.Epochs{{Name: "1.a", Base: fork}}, Fork: fork, State: others.state}); err != nil {
			t.Fatal(err)
		}
		loaded, err := s.Load(ctx, "koe")
		if err != nil {
			t.Fatal(err)
		}
		b.state = loaded.State
		if problems, err := s.Check(ctx); err != nil || len(problems) > 0 {
			t.Fatalf("got %v and %v", problems, err)
		}
	}
	renew()
	renew()
	b.push(board.Move{Moves: []board.Place{{ID: "n1", X: 1, Y: 1}}})
	b.settle()
	same(t, s, "koe", b.state)
}

// erase is a board whose n1 says something, has that erased, and says something else, with the seq of the erasure.
func erase(t *testing.T, s *Store) (b *table, at int64) {
	t.Helper()
	b = newTable(t, s, "koe")
	b.push(board.Text{ID: "n1", Field: "text", From: "eka", To: "salaisuus"})
	e := b.entry(board.Blank{ID: "n1"})
	b.append(Batch{Entries: []*board.Entry{e}, Blanked: e.Blanked})
	b.push(board.Text{ID: "n1", Field: "text", From: "", To: "uusi teksti"})
	b.settle()
	return b, e.Seq
}

func TestWhatWasWrittenSinceATextWasErasedStaysInTheHistory(t *testing.T) {
	s := opened(t) // verified whole at the end
	b, _ := erase(t, s)
	last := b.state.Seq()
	if err := s.Renew(ctx, "koe", board.Renewal{Epochs: board.Epochs{{Name: "1.a", Base: last}}, Fork: last, State: b.state}); err != nil {
		t.Fatal(err)
	}
	same(t, s, "koe", b.state)
	entries, err := s.History(ctx, "koe", last, last, 1)
	if err != nil || len(entries) != 1 {
		t.Fatalf("got %d entries and %v", len(entries), err)
	}
	if raw, err := json.Marshal(entries[0]); err != nil || !bytes.Contains(raw, []byte("uusi teksti")) {
		t.Errorf("got %s and %v", raw, err)
	}
}

func TestAnErasureThatLostItsPlaceWaitsForAnother(t *testing.T) {
	s := opened(t) // verified whole at the end
	b, at := erase(t, s)
	others := birth(t)
	others.Apply(&board.Entry{Seq: others.Seq() + 1, By: "pF", Role: board.Facilitator, Client: "tab", N: 1, Ops: []board.Op{board.Text{ID: "n1", Field: "text", From: "eka", To: "salaisuus"}}})
	if others.Seq() != at-1 {
		t.Fatalf("the others are at %d, and it was erased at %d", others.Seq(), at)
	}
	if err := s.Renew(ctx, "koe", board.Renewal{Epochs: board.Epochs{{Name: "1.a", Base: at - 1}}, Fork: at - 1, State: others}); err != nil {
		t.Fatal(err)
	}
	same(t, s, "koe", others)
	orphans, _, err := s.Orphans(ctx, "koe")
	if err != nil || len(orphans) != 2 {
		t.Fatalf("got %d orphans and %v, want the erasure and what was written since", len(orphans), err)
	}
	b.state = others
	b.saved.Store(0)
	b.push(board.Move{Moves: []board.Place{{ID: "n1", X: 1, Y: 1}}})
	b.settle()
	same(t, s, "koe", others)
}

func TestHistoryGoesOnBehindAGap(t *testing.T) {
	s := opened(t) // verified whole at the end
	r := seedOf(t)
	far := newTable(t, s, "toinen")
	for range 40 {
		far.push(far.some(r))
	}
	far.settle()
	for name, entries := range map[string]int{"syntynyt": 0, "jatkettu": 10} {
		b := newTable(t, s, name)
		for range entries {
			b.push(b.some(r))
		}
		b.settle()
		fork := b.state.Seq()
		if err := s.Renew(ctx, name, board.Renewal{Epochs: board.Epochs{{Name: "1.a", Base: 0}}, Fork: fork, State: far.state}); err != nil {
			t.Fatal(err)
		}
		same(t, s, name, far.state)
		before, err := s.History(ctx, name, 0, fork, 100)
		if err != nil || len(before) != entries {
			t.Errorf("%s: got %d entries of before and %v, want %d", name, len(before), err, entries)
		}
		loaded, err := s.Load(ctx, name)
		if err != nil || loaded.Orphans {
			t.Fatalf("%s: got orphans %v and %v, want none", name, loaded.Orphans, err)
		}
		// A snapshot in the place of the newest leaves the one behind the gap.
		saved := make(chan error, 2)
		for n := range int64(2) {
			e := &board.Entry{Seq: loaded.State.Seq() + 1, By: "p1", Client: "c", N: n + 1}
			loaded.State.Apply(e)
			if err := s.Append(ctx, name, Batch{Entries: []*board.Entry{e}, Snapshot: loaded.State.Snapshot()}, func(err error) { saved <- err }); err != nil {
				t.Fatal(err)
			}
			if err := <-saved; err != nil {
				t.Fatal(err)
			}
		}
		same(t, s, name, loaded.State)
	}
}
