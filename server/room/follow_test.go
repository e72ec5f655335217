package room_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"jana/protocol/board"
	"jana/server/room"
)

// forked is a board of which two notes are saved that another order does not have.
type forked struct {
	*world
	order *member
	id    string
	anna  *tab
	fork  *board.State
}

func newForked(t *testing.T, o room.Options) *forked {
	t.Helper()
	verifyNoLeaks(t)
	f := &forked{order: &member{oneOrder: &oneOrder{boards: map[string]*oneBoard{}}, name: "a"}}
	f.world = newWorldOn(t, func() room.Sequencer { return f.order }, o)
	f.id = f.board("b1")
	f.anna = f.join(f.id, participants, "panna")
	f.anna.do(note("n1", "x"))
	loaded, err := f.disk.Load(t.Context(), f.id)
	if err != nil {
		t.Fatal(err)
	}
	f.fork = loaded.State
	f.anna.do(note("n2", "x"))
	f.anna.do(note("n3", "x"))
	return f
}

// orphans are how many entries wait on disk for another place.
func (f *forked) orphans() int {
	f.t.Helper()
	entries, _, err := f.disk.Orphans(context.Background(), f.id)
	if err != nil {
		f.t.Fatal(err)
	}
	return len(entries)
}

// all waits until everything has a place again, which is saved.
func (f *forked) all() {
	f.t.Helper()
	f.await("nothing to wait for another place", func() bool { return f.orphans() == 0 })
	f.anna.settle()
	items := f.anna.look().items
	for _, id := range []board.ID{"n1", "n2", "n3"} {
		if items[id] == nil {
			f.t.Errorf("%s is lost", id)
		}
	}
}

func TestWhatLostItsPlaceGetsAnotherAndIsSavedThere(t *testing.T) {
	f := newForked(t, room.Options{})
	f.disk.hold()
	if _, err := f.order.anew(t.Context(), f.id, f.fork.Seq(), f.fork); err != nil {
		t.Fatal(err)
	}
	f.await("both to have places again", func() bool { return f.look(f.id, "", "").at.Seq == f.fork.Seq()+2 })
	// It was saved, up to those numbers, in the epoch before.
	if saved := f.look(f.id, "", "").saved; saved != f.fork.Seq() {
		t.Errorf("got all up to %d called saved, want %d: what follows is not on disk in this epoch", saved, f.fork.Seq())
	}
	if n := f.orphans(); n != 2 {
		t.Errorf("got %d entries kept until they are saved, want 2", n)
	}
	f.disk.letGo()
	f.all()
}

func TestWhatLostItsPlaceWhileNobodyWasThereComesBack(t *testing.T) {
	f := newForked(t, room.Options{IdleAfter: time.Millisecond})
	f.anna.leave()
	f.await("no room", func() bool { rooms, _ := f.hub.Rooms(); return rooms == 0 })
	epochs, err := f.order.anew(t.Context(), f.id, f.fork.Seq(), f.fork)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.disk.Renew(t.Context(), f.id, board.Renewal{Epochs: epochs, Fork: f.fork.Seq(), State: f.fork}); err != nil {
		t.Fatal(err)
	}
	if n := f.orphans(); n != 2 {
		t.Errorf("got %d entries without a place, want 2", n)
	}
	if err := f.anna.connect(); err != nil {
		t.Fatal(err)
	}
	f.all()
}

func TestWhatWaitsToBeDecidedIsNotLostWithAnotherOrder(t *testing.T) {
	f := newForked(t, room.Options{})
	fork := f.fork.Seq()
	locked := f.fork
	locked.Apply(&board.Entry{Seq: fork + 1, Time: locked.Time(), By: "pben", Role: board.Facilitator, Client: "c", N: 1, Ops: []board.Op{board.Lock{Level: "closed"}}})
	for _, from := range []int64{fork, locked.Seq()} {
		if _, err := f.order.anew(t.Context(), f.id, from, locked); err != nil {
			t.Fatal(err)
		}
		// Neither note can be made under the lock: facilitators are asked.
		f.await("two proposals", func() bool {
			proposals := 0
			for _, raw := range f.look(f.id, "pben", board.Facilitator).items {
				if strings.Contains(raw, `"type":"proposal"`) {
					proposals++
				}
			}
			return proposals == 2 && f.orphans() == 0
		})
	}
}

// witness is an order in which another instance has to have an entry as well,
// which it has when the test says so.
type witness struct {
	*member
	mu   sync.Mutex
	wait []func()
}

func (o *witness) Hold(_ string, _ int64, held func()) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.wait = append(o.wait, held)
	return false
}

func (o *witness) has() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, held := range o.wait {
		held()
	}
	o.wait = nil
}

func TestALockIsHeldOnceAnotherInstanceHasIt(t *testing.T) {
	verifyNoLeaks(t)
	order := &witness{member: &member{oneOrder: &oneOrder{boards: map[string]*oneBoard{}}, name: "a"}}
	w := newWorldOn(t, func() room.Sequencer { return order }, room.Options{})
	ben := w.join(w.board("b1"), facilitators, "pben")
	lock := ben.do(board.Lock{Level: "closed"})
	ben.do(note("n1", "x")) // what was to be told of the lock has been
	if held := ben.look().held; held != 0 {
		t.Errorf("the lock at %d was called held at %d, and only one disk has it", lock.seq, held)
	}
	// The order goes on from there in another epoch, before it has.
	loaded, err := w.disk.Load(t.Context(), ben.board)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := order.anew(t.Context(), ben.board, loaded.State.Seq(), loaded.State); err != nil {
		t.Fatal(err)
	}
	ben.settle()
	order.has()
	ben.until("the lock to be held", func() bool { return ben.held >= lock.seq })
}

func TestWhatWaitsForWhoHasLeftIsNotOrdered(t *testing.T) {
	w := newWorld(t, room.Options{PushesPerSecond: 2, PushBurst: 1})
	id := w.board("b1")
	anna := w.tab(id, participants, "panna", "first")
	if err := anna.connect(); err != nil {
		t.Fatal(err)
	}
	anna.do(note("n0", "x"))
	for _, name := range []board.ID{"n1", "n2", "n3", "n4"} {
		anna.push(note(name, "x"))
	}
	anna.leave() // its browser sends them again elsewhere
	second := w.tab(id, participants, "panna", "second")
	if err := second.connect(); err != nil {
		t.Fatal(err)
	}
	second.do(note("n5", "x")) // which is paid for after the others
	if items := second.look().items; items["n4"] != nil {
		t.Errorf("got %v: what waited was ordered after its socket had closed", items["n4"])
	}
}
