package store

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"jana/protocol/board"
)

const secret = "Salainen-Sairaus-4711"

// told is a board in which a text that is to be erased stands wherever the
// store may keep it: the log, both snapshots, a milestone, a tombstone.
func told(t *testing.T, s *Store, id string) *table {
	t.Helper()
	b := &table{t: t, s: s, id: id, state: birth(t)}
	b.state.Apply(&board.Entry{Seq: 1, Time: 1, By: "pF", Role: board.Facilitator, Client: "tab", N: 1, Ops: []board.Op{
		note("s1", secret), note("s2", secret), note("open", "julkinen"),
	}})
	b.n = 1
	if err := s.Create(ctx, id, b.state.Snapshot()); err != nil {
		t.Fatal(err)
	}
	b.push(board.Text{ID: "s1", Field: "text", From: secret, To: "ennen " + secret})
	b.push(note("s3", secret))
	b.push(board.Delete{IDs: []board.ID{"s2"}})
	b.append(Batch{Snapshot: b.state.Snapshot()})
	b.push(board.Edit{ID: "s1", Fields: []board.Field{{Name: "perspectiveId", Value: "p2"}}})
	e := b.entry(board.Milestone{Name: "väli"})
	b.append(Batch{Entries: []*board.Entry{e}, Milestones: map[board.ID]*board.Snapshot{"m6": b.state.Snapshot()}})
	b.push(board.Text{ID: "s1", Field: "text", From: "ennen " + secret, To: "jälkeen " + secret})
	b.push(board.Move{Moves: []board.Place{{ID: "s1", X: 5000, Y: 5000}, {ID: "open", X: 1, Y: 1}}})
	return b
}

func note(id board.ID, text string) board.Op {
	return board.Create{Type: board.TypeNote, ID: id, Fields: []board.Field{
		{Name: "text", Value: text}, {Name: "x", Value: int64(10)}, {Name: "y", Value: int64(10)},
	}}
}

// blank erases the texts of items as a room does.
func (b *table) blank(items ...board.ID) *board.Entry {
	var ops []board.Op
	for _, id := range items {
		ops = append(ops, board.Blank{ID: id})
	}
	e := b.entry(ops...)
	b.append(Batch{Entries: []*board.Entry{e}, Blanked: e.Blanked})
	return e
}

func TestABlankedTextIsGoneWhenItsEntryIsSaved(t *testing.T) {
	for name, wait := range map[string]bool{"in one transaction with it": false, "long after it": true} {
		t.Run(name, func(t *testing.T) {
			s := opened(t)
			release := func() {}
			if !wait {
				release = hold(s)
			}
			var b, other *table
			if wait {
				b, other = told(t, s, "koe"), told(t, s, "koe-2")
				b.settle()
				other.settle()
			} else {
				// Creating waits for the disk.
				done := make(chan struct{})
				go func() { defer close(done); b, other = told(t, s, "koe"), told(t, s, "koe-2") }()
				release()
				<-done
				release = hold(s)
			}
			late := b.state.Snapshot()
			e := b.blank("s1", "s2", "s3")
			b.push(board.Rename{Name: "Pöytä"})
			release()
			b.settle()
			if len(e.Refusals) > 0 {
				t.Fatalf("blank: %+v", e.Refusals)
			}
			mentioned(t, s, "koe", false)
			mentioned(t, s, "koe-2", true)
			same(t, s, "koe", b.state)
			same(t, s, "koe-2", other.state)

			// What was taken before and comes after holds nothing of it either.
			b.append(Batch{Snapshot: late, Milestones: map[board.ID]*board.Snapshot{"m9": late}})
			b.settle()
			mentioned(t, s, "koe", false)
			then, err := s.Milestone(ctx, "koe", "m9")
			if err != nil || then.Item("s1") == nil || then.Item("open").Text("text") != "julkinen" {
				t.Errorf("the late milestone lost more than the text, or %v", err)
			}
			if then.Item("s1").Text("text") != "" || then.Item("s1").Int("x") != 5000 {
				t.Errorf("got %s, want it in its place without its text", then.Item("s1").JSON())
			}
			same(t, s, "koe", b.state)

			// The other texts, and what is written later, stay.
			b.push(board.Text{ID: "s1", Field: "text", From: "", To: "uusi"})
			b.settle()
			s = reopen(t, s)
			same(t, s, "koe", b.state)
			all, err := s.History(ctx, "koe", 0, 100, 100)
			if err != nil {
				t.Fatal(err)
			}
			if last := all[len(all)-1]; !bytes.Contains(stored(t, last), []byte("uusi")) {
				t.Errorf("got %s, want the text that was written after the blank", stored(t, last))
			}
		})
	}
}

func TestCompactTakesErasedTextsOutOfTheFile(t *testing.T) {
	s := opened(t)
	b := told(t, s, "koe")
	gone := told(t, s, "gone")
	b.settle()
	gone.settle()
	if at := s.Stats().Erased; !at.IsZero() {
		t.Errorf("got erased at %v before anything was", at)
	}
	b.blank("s1", "s2", "s3")
	for range 40 { // several of the steps in which a file grows
		gone.append(Batch{Milestones: map[board.ID]*board.Snapshot{
			fmt.Sprintf("m%d", gone.notes): bulky(t),
		}})
		gone.notes++
	}
	b.settle()
	gone.settle()
	if err := s.Delete(ctx, "gone"); err != nil {
		t.Fatal(err)
	}
	if s.Stats().Erased.IsZero() {
		t.Error("got nothing erased, want since when compacting is due")
	}
	if !inFile(t, s) {
		t.Fatal("the test proves nothing: the text is not in the free pages")
	}
	before := s.Stats().FileBytes
	if err := s.Compact(ctx); err != nil {
		t.Fatal(err)
	}
	if inFile(t, s) {
		t.Error("the text is still in the file")
	}
	if after := s.Stats(); !after.Erased.IsZero() || after.FileBytes > before/2 {
		t.Errorf("got %+v after compacting a file of %d bytes", after, before)
	}
	b.push(board.Rename{Name: "Pöytä"})
	b.settle()
	same(t, s, "koe", b.state)
	s = reopen(t, s)
	same(t, s, "koe", b.state)
}

// bulky is a snapshot of some 300 kB.
func bulky(t *testing.T) *board.Snapshot {
	t.Helper()
	state := birth(t)
	e := &board.Entry{Seq: 1, By: "pF", Role: board.Facilitator, Client: "tab", N: 1}
	for i := range 300 {
		e.Ops = append(e.Ops, note(fmt.Sprintf("bulk%d", i), strings.Repeat("x", 1000)))
	}
	state.Apply(e)
	return state.Snapshot()
}

func inFile(t *testing.T, s *Store) bool {
	t.Helper()
	raw, err := os.ReadFile(s.path)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(raw, []byte(secret))
}

// mentioned says whether any value that can be reached has the secret.
func mentioned(t *testing.T, s *Store, id string, want bool) {
	t.Helper()
	if err := s.view(func(tx *bolt.Tx) error {
		found := false
		for _, name := range ofABoard {
			for _, key := range keysOf(tx.Bucket(name), id) {
				if bytes.Contains(tx.Bucket(name).Get(key), []byte(secret)) {
					found = true
					if !want {
						t.Errorf("it is still under %s/%q", name, key)
					}
				}
			}
		}
		if want && !found {
			t.Errorf("it is gone from board %s as well", id)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func TestNothingThatComesAfterABlankBringsTheWordsBackIntoTheFile(t *testing.T) {
	s := opened(t)
	b := told(t, s, "koe")
	before := b.state.Snapshot()
	b.push(board.Group{Notes: []board.ID{"n1", "n2", "n3"}, Group: "g1"})
	b.push(board.Edit{ID: "g1", Fields: []board.Field{{Name: "name", Value: secret}}})
	b.push(board.Ungroup{Notes: []board.ID{"n1", "n2", "n3"}}) // it stays, since it has a name
	b.push(board.Group{Notes: []board.ID{"n1"}, Group: "g1"})
	b.push(board.Delete{IDs: []board.ID{"s2"}}, board.Restore{IDs: []board.ID{"s2"}})
	b.blank("s1", "s2", "s3", "g1")

	saw := map[string]board.Value{"text": secret, "name": secret, "x": int64(-1)}
	was := board.Was{"s1": saw, "s2": saw, "s3": saw, "g1": saw}
	late := []board.Op{
		note("s1", secret),
		board.Create{Type: board.TypeNote, ID: "s3", Fields: []board.Field{{Name: "unheard", Value: secret}}},
		board.Text{ID: "s1", Field: "text", From: "ennen " + secret, To: "ennen " + secret + " ja nyt"},
		board.Text{ID: "s1", Field: "text", From: secret, To: secret + strings.Repeat("x", 2000)},
		board.Text{ID: "g1", Field: "name", From: secret, To: secret + "!"},
		board.Text{ID: "g1", Field: "nope", From: secret, To: secret + "!"},
		board.Edit{ID: "s1", Fields: []board.Field{{Name: "text", Value: secret + "!"}}, Was: was},
		board.Edit{ID: "n1", Fields: []board.Field{{Name: "kind", Value: "quote"}}, Was: was},
		board.Move{Moves: []board.Place{{ID: "s1", X: 7, Y: 7}, {ID: "n1", X: 7, Y: 7}}, Was: was},
		board.Group{Notes: []board.ID{"s1", "n1"}, Group: "g2", Was: was},
		board.Ungroup{Notes: []board.ID{"n1"}, Was: was},
		board.Settings{Fields: []board.Field{{Name: "region", Value: "R"}}, Was: was},
		board.Assess{Service: "s1", Segment: "s1", Was: was},
		board.Delete{IDs: []board.ID{"s1", "n2"}, Was: was},
		board.Rewind{Milestone: "m6", At: before.Seq(), Changes: []board.Change{
			{Put: board.NewItem(board.TypeNote, "s3", []board.Field{{Name: "text", Value: secret}, {Name: "x", Value: int64(1)}, {Name: "y", Value: int64(1)}})},
		}},
	}
	for _, op := range late {
		b.push(op)
	}
	e := b.entry(late...)
	b.append(Batch{Entries: []*board.Entry{e}})
	// The push with which it began, sent again by a tab that slept.
	again := &board.Entry{Seq: b.state.Seq() + 1, Time: 2000, By: "pF", Role: board.Facilitator, Client: "tab", N: 1, Ops: late}
	b.state.Apply(again)
	b.append(Batch{Entries: []*board.Entry{again}})
	// And once more by one that has been forgotten.
	stranger := &board.Entry{Seq: b.state.Seq() + 1, Time: 2000, By: "pA", Role: board.Viewer, Client: "old", N: 1, Ops: late, Whole: true}
	b.state.Apply(stranger)
	b.append(Batch{Entries: []*board.Entry{stranger}})
	b.settle()
	if !again.Duplicate || len(stranger.Refusals) == 0 || len(e.Refusals) == 0 {
		t.Fatalf("the test proves nothing: %v, %v, %v", again.Duplicate, stranger.Refusals, e.Refusals)
	}
	if got := b.state.Item("s1").Text("text"); got != " ja nyt ja nyt" {
		t.Errorf("got %q, want what was written anew and nothing else", got)
	}
	mentioned(t, s, "koe", false)
	if err := s.Compact(ctx); err != nil {
		t.Fatal(err)
	}
	if inFile(t, s) {
		t.Error("the text is in the file")
	}
	s = reopen(t, s)
	same(t, s, "koe", b.state)
}
