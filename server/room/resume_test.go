package room_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"jana/protocol"
	"jana/protocol/board"
	"jana/server/room"
)

// reset puts a tab that has left back to what it knew at some moment.
func (p *tab) reset(k known) {
	p.leave()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at, p.saved, p.items = k.at, k.saved, maps.Clone(k.items)
}

func TestWhoStoodAnywhereInOurHistoryIsContinuedFromThere(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	w := newWorld(t, room.Options{PushBurst: 1 << 20})
	id := w.board("b1")
	ben, anna := w.join(id, facilitators, "pben"), w.join(id, participants, "panna")
	var snaps []known
	for i := range 120 {
		// Some of it is for one of them only.
		if i == 40 || i == 80 {
			ben.do(board.Private{On: i == 40})
		}
		if i == 70 {
			ben.do(board.Reveal{})
		}
		by := []*tab{ben, anna}[random.IntN(2)]
		own := board.ID(fmt.Sprintf("n%d", i))
		switch random.IntN(4) {
		case 0:
			by.push(move("n0", int64(i), 0))
		case 1:
			by.push(board.Delete{IDs: []board.ID{board.ID(fmt.Sprintf("n%d", random.IntN(i+1)))}})
		default:
			by.push(note(own, "x"))
		}
		by.settle()
		anna.settle()
		snaps = append(snaps, anna.look())
	}
	for i, s := range snaps {
		anna.reset(s)
		before := anna.look().replaced
		if err := anna.connect(); err != nil {
			t.Fatal(err)
		}
		anna.settle()
		anna.equals(w.look(id, "panna", board.Participant))
		if anna.look().replaced != before {
			t.Errorf("from %v, %d entries back: got the whole board", s.at, len(snaps)-i)
		}
	}
}

func TestWhoStoodElsewhereGetsTheWholeBoard(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	ben, anna := w.join(id, facilitators, "pben"), w.join(id, participants, "panna")
	ben.do(note("n1", "x"))
	anna.settle()
	epoch := anna.look().at.Epoch
	for _, at := range []protocol.Position{
		{Epoch: "1.other", Seq: anna.look().at.Seq}, {Epoch: epoch, Seq: anna.look().at.Seq + 1}, {Epoch: epoch, Seq: protocol.MaxN}, {Epoch: epoch, Seq: 0},
	} {
		hash := w.look(id, "", "").hash
		anna.reset(known{at: at, items: map[board.ID]*board.Item{}})
		before := anna.look().replaced
		if err := anna.connect(); err != nil {
			t.Fatal(err)
		}
		if anna.look().replaced != before+1 {
			t.Errorf("from %v: continued", at)
		}
		if anna.look().at.Epoch != epoch || w.look(id, "", "").hash != hash {
			t.Errorf("from %v: the board is another", at)
		}
	}
}

func TestWhoIsFarBackGetsTheWholeBoard(t *testing.T) {
	w := newWorld(t, room.Options{PushBurst: 1 << 20})
	id := w.board("b1")
	ben, anna := w.join(id, facilitators, "pben"), w.join(id, participants, "panna")
	ben.do(note("n1", "x"))
	anna.settle()
	stood := anna.look()
	anna.leave()
	for i := range 2000 {
		ben.push(move("n1", int64(i), 0))
	}
	ben.settle()
	if err := anna.connect(); err != nil {
		t.Fatal(err)
	}
	if anna.look().replaced != 1 {
		t.Errorf("2000 entries back, from %v to %v: got the whole board", stood.at, anna.look().at)
	}
	anna.reset(stood)
	ben.do(move("n1", 0, 1))
	if err := anna.connect(); err != nil {
		t.Fatal(err)
	}
	if anna.look().replaced != 2 {
		t.Error("2001 entries back: continued")
	}
}

func TestWhoComesInAnotherRoleGetsTheWholeBoard(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	anna := w.join(id, participants, "panna")
	anna.do(note("n1", "x"))
	anna.leave()
	anna.link, anna.role = facilitators, board.Facilitator
	if err := anna.connect(); err != nil {
		t.Fatal(err)
	}
	if anna.look().items[facilitators] == nil {
		t.Error("a facilitator who was a participant does not see what facilitators see")
	}
}

func TestTheFateOfWhatWaitsIsTold(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	anna := w.join(id, participants, "panna")
	anna.wire.hold()
	lands, fails := anna.push(note("n1", "x")), anna.push(move("nowhere", 1, 1))
	w.await("both to be saved", func() bool { s := w.look(id, "", ""); return s.saved == s.at.Seq && s.at.Seq >= 4 })
	anna.leave()
	never := &sent{push: protocol.Push{N: 3, Ops: []board.Op{note("n3", "x")}}}
	anna.mu.Lock()
	anna.outbox, anna.fates[3], anna.lastN = append(anna.outbox, never), never, 3
	anna.mu.Unlock()
	if err := anna.connect(); err != nil {
		t.Fatal(err)
	}
	anna.until("all three to be saved", func() bool { return lands.saved && fails.saved && never.saved })
	if len(fails.refused) != 1 || fails.refused[0].Code != board.Gone || len(lands.refused)+len(never.refused) > 0 {
		t.Errorf("got %+v, %+v and %+v", lands.refused, fails.refused, never.refused)
	}
	if got := w.hub.Counters().Duplicates.Load(); got != 0 {
		t.Errorf("%d pushes were sent again in vain", got)
	}
}

func TestWhatWasRefusedOfAClosedTabIsToldToWhoComesBack(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	closed, anna := w.join(id, participants, "panna"), w.join(id, participants, "panna")
	anna.settle()
	anna.leave()
	closed.do(note("n1", "x"), move("nowhere", 1, 1))
	closed.leave()
	if err := anna.connect(); err != nil {
		t.Fatal(err)
	}
	anna.settle()
	if anna.look().replaced != 1 || anna.look().items["n1"] == nil {
		t.Fatal("it was not continued")
	}
	if told := anna.wire.text(); !strings.Contains(told, `"code":"gone","reason":{"id":"nowhere"}`) || !strings.Contains(told, `"client":"`+closed.client+`"`) {
		t.Errorf("nothing is told of the refused op: %s", told)
	}
}

func TestWhoWasAwayIsToldThatALockIsHeld(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	ben, anna := w.join(id, facilitators, "pben"), w.join(id, participants, "panna")
	// It is saved while its author is away, so that nobody has asked whether it is held.
	w.disk.hold()
	ben.wire.hold()
	lock := ben.push(board.Lock{Level: "closed"})
	w.await("the lock to be ordered", func() bool { return w.look(id, "", "").at.Seq >= 3 })
	ben.leave()
	w.disk.letGo()
	w.await("the lock to be saved", func() bool { s := w.look(id, "", ""); return s.saved == s.at.Seq })
	if err := ben.connect(); err != nil {
		t.Fatal(err)
	}
	ben.until("the lock to be held", func() bool { return lock.saved && ben.held == lock.seq })

	// A welcome takes back all that was told before.
	ben.reset(ben.look())
	ben.mu.Lock()
	ben.held = 0
	ben.mu.Unlock()
	if err := ben.connect(); err != nil {
		t.Fatal(err)
	}
	ben.until("that to be told again", func() bool { return ben.held >= lock.seq })

	// What is sent again is held as well, wherever it first came to.
	anna.do(note("n1", "x"))
	ben.send(lock)
	ben.until("the lock to be held once more", func() bool { return ben.held > lock.seq })
}
