package room_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jana/protocol"
	"jana/protocol/board"
	"jana/server/room"
)

// seedOf is that of the environment, to repeat a run, or a new one.
func seedOf(t *testing.T) uint64 {
	seed := rand.Uint64()
	if again := os.Getenv("JANA_SEED"); again != "" {
		var err error
		if seed, err = strconv.ParseUint(again, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("JANA_SEED=%d", seed)
	return seed
}

// TestWhateverHappensAllAgreeInTheEnd has people do anything at all over links
// that are held, cut and come back, to boards that are closed under them and
// lost by their disk.
func TestWhateverHappensAllAgreeInTheEnd(t *testing.T) {
	seed := seedOf(t)
	const people, wanted = 7, 12_000
	w := newWorld(t, room.Options{})
	f := &failing{disk: w.disk}
	w.hub = room.NewHub(f, newSequencer(), room.Options{
		Log: quiet, IdleAfter: time.Millisecond, PushBurst: 1 << 30, QueueMessages: 64, QueueBytes: 32 << 10,
	})
	id := w.board("b1")
	var ops atomic.Int64
	var actors []*actor
	for i := range people {
		link := []board.ID{participants, facilitators, participants, participants, viewers}[i%5]
		actors = append(actors, &actor{
			tab: w.tab(id, link, board.ID(fmt.Sprintf("p%d", i/2)), fmt.Sprintf("t%d", i)), // some are two tabs of one person
			rnd: rand.New(rand.NewPCG(seed, uint64(i))), name: string(rune('a' + i)),
		})
	}
	for _, a := range actors {
		// One person has one role.
		if a.tab.id == "p0" {
			a.tab.link, a.tab.role = facilitators, board.Facilitator
		} else if a.tab.id != "p2" {
			a.tab.link, a.tab.role = participants, board.Participant
		} else {
			a.tab.link, a.tab.role = viewers, board.Viewer
		}
	}
	var all sync.WaitGroup
	for _, a := range actors {
		all.Go(func() {
			for ops.Load() < wanted && !t.Failed() {
				ops.Add(int64(a.act()))
			}
			a.tab.wire.letGo()
		})
	}
	stopFaults := make(chan struct{})
	var faults sync.WaitGroup
	faults.Go(func() { f.trouble(rand.New(rand.NewPCG(seed, 1000)), id, stopFaults) })
	all.Wait()
	close(stopFaults)
	faults.Wait()
	if t.Failed() {
		return
	}
	for _, a := range actors {
		w.await("all that "+a.tab.client+" sent to be saved", func() bool {
			if _, closed := a.tab.wire.end(); closed || a.tab.member == nil {
				a.comeBack()
			}
			done, _ := a.tab.now(func() bool { return len(a.tab.outbox) == 0 })
			return done
		})
	}
	w.saved(id)
	entries := history(t, w, id)
	for _, a := range actors {
		a.verify(t, entries)
	}
	t.Logf("%d ops in %d entries, %d slow readers, %d too slow, %d continued of %d joins, %d boards failed", ops.Load(), len(entries),
		w.hub.Counters().SlowReader.Load(), w.hub.Counters().TooSlow.Load(), w.hub.Counters().Continued.Load(),
		w.hub.Counters().Joins.Load(), w.hub.Counters().Failed.Load())
}

func history(t *testing.T, w *world, id string) []*board.Entry {
	t.Helper()
	entries, err := w.disk.History(context.Background(), id, 0, protocol.MaxN, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

// trouble makes the disk slow, or lose the board, now and then.
func (f *failing) trouble(rnd *rand.Rand, id string, stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			f.letGo()
			return
		case <-time.After(time.Duration(rnd.IntN(30)) * time.Millisecond):
		}
		switch rnd.IntN(8) {
		case 0:
			f.set(id)
			time.Sleep(time.Duration(rnd.IntN(5)) * time.Millisecond)
			f.set("")
		case 1, 2:
			f.hold()
			time.Sleep(time.Duration(rnd.IntN(50)) * time.Millisecond)
			f.letGo()
		}
	}
}

func (f *failing) set(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lose = id
}

// actor is somebody at a tab who does anything at all.
type actor struct {
	tab  *tab
	rnd  *rand.Rand
	name string
	made int
	all  []*sent
}

// act does one thing, and tells how many ops it was.
func (a *actor) act() int {
	p := a.tab
	if p.member == nil {
		a.comeBack()
		return 0
	}
	if _, closed := p.wire.end(); closed {
		p.leave()
		return 0
	}
	switch a.rnd.IntN(40) {
	case 0:
		p.leave()
		if a.rnd.IntN(3) == 0 {
			time.Sleep(time.Duration(a.rnd.IntN(20)) * time.Millisecond)
		}
		return 0
	case 1:
		p.wire.cut() // it notices later
		return 0
	case 2:
		p.wire.hold()
		return 0
	case 3, 4, 5:
		p.wire.letGo()
		return 0
	case 6, 7:
		p.member.Presence(&protocol.Presence{Cursor: &[2]int64{a.rnd.Int64N(100), 0}, Selected: []board.ID{a.pick(board.TypeNote)}})
		return 0
	}
	if waiting, _ := p.now(func() bool { return unanswered(p) >= protocol.MaxUnanswered }); waiting {
		p.wire.letGo()
		late := time.After(5 * time.Millisecond)
		p.mu.Lock()
		pulse := p.pulse
		p.mu.Unlock()
		select {
		case <-pulse:
		case <-late:
		}
		return 0
	}
	push := protocol.Push{Whole: a.rnd.IntN(10) == 0}
	for range 1 + a.rnd.IntN(8) {
		push.Ops = append(push.Ops, a.op())
	}
	a.all = append(a.all, p.pushes(push))
	return len(push.Ops)
}

func (a *actor) comeBack() {
	for try := 0; ; try++ {
		err := a.tab.connect()
		if err == nil {
			return
		}
		if try == 100 {
			a.tab.w.t.Errorf("%s cannot come back: %v", a.tab.id, err)
			return
		}
		time.Sleep(time.Millisecond)
	}
}

func unanswered(p *tab) int {
	n := 0
	for _, s := range p.outbox {
		if s.seq == 0 {
			n++
		}
	}
	return n
}

// pick is the id of an item of a type that the tab sees, or of none.
func (a *actor) pick(t board.Type) board.ID {
	a.tab.mu.Lock()
	defer a.tab.mu.Unlock()
	var ids []board.ID
	for id, it := range a.tab.items {
		if it.Type == t {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 || a.rnd.IntN(30) == 0 {
		return "nowhere"
	}
	slices.Sort(ids)
	return ids[a.rnd.IntN(len(ids))]
}

func (a *actor) textOf(id board.ID) string {
	a.tab.mu.Lock()
	defer a.tab.mu.Unlock()
	if it := a.tab.items[id]; it != nil {
		return it.Text("text")
	}
	return ""
}

func (a *actor) op() board.Op {
	id := a.pick(board.TypeNote)
	switch n := a.rnd.IntN(200); {
	case n < 30:
		a.made++
		return note(board.ID(fmt.Sprintf("n%s%d", a.name, a.made)), "text of "+a.name)
	case n < 90:
		return move(id, a.rnd.Int64N(1000), a.rnd.Int64N(1000))
	case n < 120:
		from := a.textOf(id)
		at := 0
		if len(from) > 0 {
			at = a.rnd.IntN(len(from))
		}
		to := from[:at] + string(rune('a'+a.rnd.IntN(26))) + from[at:]
		if len(to) > 40 {
			to = to[:5]
		}
		return board.Text{ID: id, Field: "text", From: from, To: to}
	case n < 150:
		return board.Delete{IDs: []board.ID{id}}
	case n < 160:
		return board.Restore{IDs: []board.ID{board.ID(fmt.Sprintf("n%s%d", a.name, 1+a.rnd.IntN(a.made+1)))}}
	case n < 170:
		return board.Group{Notes: []board.ID{id}, Group: board.ID(fmt.Sprintf("g%d", a.rnd.IntN(5)))}
	case n < 175:
		return board.Ungroup{Notes: []board.ID{id}}
	case n < 180:
		return board.Edit{ID: id, Fields: []board.Field{{Name: "kind", Value: "quote"}}}
	case n < 183:
		return board.Private{On: a.rnd.IntN(2) == 0}
	case n < 186:
		return board.Reveal{}
	case n < 188:
		return board.Lock{Level: []string{"open", "open", "text", "closed"}[a.rnd.IntN(4)]}
	case n < 190:
		return board.Phase{To: []string{"free", "describe", "group"}[a.rnd.IntN(3)]}
	case n < 192:
		return board.Pin{IDs: []board.ID{id}, On: a.rnd.IntN(2) == 0}
	case n < 194:
		return board.Milestone{Name: "m"}
	case n < 195:
		return board.Blank{ID: id}
	case n < 197:
		return board.Rename{Name: "name " + a.name}
	}
	return board.Undecoded{}
}

// verify looks for every push of the actor in what lies on disk.
func (a *actor) verify(t *testing.T, entries []*board.Entry) {
	t.Helper()
	times := map[int64][]*board.Entry{}
	for _, e := range entries {
		if e.By == a.tab.id && e.Client == a.tab.client && e.N > 0 && !e.Duplicate {
			times[e.N] = append(times[e.N], e)
		}
	}
	for _, s := range a.all {
		there := times[s.push.N]
		switch {
		case s.final && len(there) > 0:
			t.Errorf("%s: push %d was refused for good and stands at %d", a.tab.client, s.push.N, there[0].Seq)
		case s.final:
		case !s.saved:
			t.Errorf("%s: push %d was never called saved", a.tab.client, s.push.N)
		case len(there) != 1:
			t.Errorf("%s: push %d was called saved and stands on disk %d times", a.tab.client, s.push.N, len(there))
		case there[0].Seq != s.seq:
			t.Errorf("%s: push %d was told to be at %d and is at %d", a.tab.client, s.push.N, s.seq, there[0].Seq)
		case len(there[0].Ops) != len(s.push.Ops):
			t.Errorf("%s: push %d has %d ops on disk, had %d", a.tab.client, s.push.N, len(there[0].Ops), len(s.push.Ops))
		}
	}
}
