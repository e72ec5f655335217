package room_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"jana/protocol"
	"jana/protocol/board"
	"jana/server/room"
)

// snap is what a tab knew at some moment.
type snap struct {
	at    protocol.Position
	saved int64
	items map[board.ID]*board.Item
}

func (p *tab) snap() snap {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := snap{at: p.at, saved: p.saved, items: map[board.ID]*board.Item{}}
	for id, it := range p.items {
		s.items[id] = it
	}
	return s
}

// reset puts a tab that has left back to that moment.
func (p *tab) reset(s snap) {
	p.leave()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at, p.saved, p.items = s.at, s.saved, map[board.ID]*board.Item{}
	for id, it := range s.items {
		p.items[id] = it
	}
}

func TestWhoStoodAnywhereInOurHistoryIsContinuedFromThere(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	w := newWorld(t, room.Options{PushBurst: 1 << 20})
	id := w.board("b1")
	ben, anna := w.join(id, facilitators, "pben"), w.join(id, participants, "panna")
	var snaps []snap
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
		snaps = append(snaps, anna.snap())
	}
	for i, s := range snaps {
		anna.reset(s)
		before := anna.replaced
		if err := anna.connect(); err != nil {
			t.Fatal(err)
		}
		anna.settle()
		anna.equals(w.look(id, "panna", board.Participant))
		if anna.replaced != before {
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
	epoch := anna.at.Epoch
	for _, at := range []protocol.Position{
		{Epoch: "1.other", Seq: anna.at.Seq}, {Epoch: epoch, Seq: anna.at.Seq + 1}, {Epoch: epoch, Seq: protocol.MaxN}, {Epoch: epoch, Seq: 0},
	} {
		hash := w.look(id, "", "").hash
		anna.reset(snap{at: at, items: map[board.ID]*board.Item{}})
		before := anna.replaced
		if err := anna.connect(); err != nil {
			t.Fatal(err)
		}
		if anna.replaced != before+1 {
			t.Errorf("from %v: continued", at)
		}
		if anna.at.Epoch != epoch || w.look(id, "", "").hash != hash {
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
	stood := anna.snap()
	anna.leave()
	for i := range 2000 {
		ben.push(move("n1", int64(i), 0))
	}
	ben.settle()
	if err := anna.connect(); err != nil {
		t.Fatal(err)
	}
	if anna.replaced != 1 {
		t.Errorf("2000 entries back, from %v to %v: got the whole board", stood.at, anna.at)
	}
	anna.reset(stood)
	ben.do(move("n1", 0, 1))
	if err := anna.connect(); err != nil {
		t.Fatal(err)
	}
	if anna.replaced != 2 {
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
	if anna.items[facilitators] == nil {
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
	anna.outbox, anna.fates[3], anna.lastN = append(anna.outbox, never), never, 3
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
