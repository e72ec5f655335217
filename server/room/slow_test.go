package room_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"jana/protocol"
	"jana/protocol/board"
	"jana/server/room"
)

func TestASlowReaderGetsTheBoardAnewInsteadOfItsBacklog(t *testing.T) {
	w := newWorld(t, room.Options{PushBurst: 1 << 20, QueueMessages: 40})
	id := w.board("b1")
	anna, slow := w.join(id, participants, "panna"), w.join(id, participants, "pslow")
	anna.do(note("n1", "x"))
	slow.settle()
	slow.wire.hold()
	// Its own push is among what it does not hear of.
	own, bad := slow.push(note("nslow", "x")), slow.push(move("nowhere", 0, 0))
	for i := 0; w.hub.Counters().SlowReader.Load() == 0 && i < 10_000; i++ {
		anna.do(move("n1", int64(i), 0)) // much may go into one frame
	}
	if got := w.hub.Counters().SlowReader.Load(); got != 1 {
		t.Errorf("got %d backlogs dropped", got)
	}
	slow.wire.letGo()
	slow.until("a fresh welcome", func() bool { return slow.welcomes == 2 })
	slow.until("the fate of its pushes", func() bool { return own.saved && bad.saved })
	if len(bad.refused) != 1 {
		t.Errorf("got %+v", bad.refused)
	}
	if text := slow.wire.text(); strings.Count(text, `"changes"`) > 2*40 {
		t.Error("the backlog came all the same")
	}
	anna.do(move("n1", 9999, 0))
	slow.until("what came after", func() bool { return slow.items["n1"].Int("x") == 9999 })
	if len(slow.look().byes) > 0 {
		t.Errorf("got %v", slow.look().byes)
	}
}

func TestWhoIsTooSlowAgainIsSentAwayAndComesBack(t *testing.T) {
	w := newWorld(t, room.Options{PushBurst: 1 << 20, QueueMessages: 20})
	id := w.board("b1")
	anna, slow := w.join(id, participants, "panna"), w.join(id, participants, "pslow")
	anna.do(note("n1", "x"))
	// On a machine that is busy with other things, much may go into one frame.
	overflows := func() int64 { return w.hub.Counters().SlowReader.Load() + w.hub.Counters().TooSlow.Load() }
	flood := func() {
		before := overflows()
		for i := 0; overflows() == before && i < 10_000; i++ {
			anna.do(move("n1", int64(i), 0))
		}
	}
	slow.wire.hold()
	flood()
	slow.wire.letGo()
	slow.until("a fresh welcome", func() bool { return slow.welcomes == 2 })
	slow.settle()
	slow.wire.hold()
	flood()
	slow.wire.letGo()
	slow.until("a bye", func() bool { return len(slow.byes) == 1 })
	w.await("the close", func() bool { _, closed := slow.wire.end(); return closed })
	if code, _ := slow.wire.end(); code != protocol.TooSlow || slow.look().byes[0].Code != protocol.TooSlow {
		t.Errorf("got %v and %v", slow.look().byes[0], code)
	}
	if got := w.hub.Counters().TooSlow.Load(); got != 1 {
		t.Errorf("got %d counted", got)
	}
	slow.leave()
	anna.until("it to be gone", func() bool { return anna.people["pslow"].Here == 0 })
	if err := slow.connect(); err != nil {
		t.Fatal(err)
	}
	slow.settle()
}

func TestPresenceIsLeftOutForWhoLagsAndMadeUpFor(t *testing.T) {
	w := newWorld(t, room.Options{PushBurst: 1 << 20})
	id := w.board("b1")
	anna, slow := w.join(id, participants, "panna"), w.join(id, participants, "pslow")
	anna.do(note("n1", "x"))
	slow.settle()
	slow.wire.hold()
	for i := range 100 {
		anna.member.Presence(&protocol.Presence{Cursor: &[2]int64{int64(i), 0}})
		if i%10 == 0 {
			anna.do(move("n1", int64(i), 0))
		}
		anna.until("its own cursor", func() bool {
			who := anna.presence["panna."+anna.client]
			return who != nil && who.Cursor[0] == int64(i)
		})
	}
	slow.wire.letGo()
	slow.until("the last cursor", func() bool {
		who := slow.presence["panna."+anna.client]
		return who != nil && who.Cursor[0] == 99
	})
	if got := strings.Count(slow.wire.text(), `"type":"presence"`); got > 30 {
		t.Errorf("got %d messages of presence", got)
	}
	if slow.look().welcomes != 1 {
		t.Errorf("got %d welcomes", slow.look().welcomes)
	}
	slow.settle()
}

func TestWhoNeverReadsItsRefusalsIsSentAway(t *testing.T) {
	w := newWorld(t, room.Options{QueueMessages: 20})
	slow := w.join(w.board("b1"), viewers, "pslow")
	for n := range int64(100) {
		slow.fates[n+1] = &sent{}
	}
	slow.wire.hold()
	for n := range int64(100) {
		_ = slow.member.Push(context.Background(), protocol.Push{N: n + 1, Ops: []board.Op{note("n1", "x")}})
	}
	slow.wire.letGo()
	slow.until("a bye", func() bool { return len(slow.byes) == 1 && slow.byes[0].Code == protocol.TooSlow })
	if got := strings.Count(slow.wire.text(), `"refused"`); got > 60 {
		t.Errorf("%d refusals waited", got)
	}
}

func TestASlowReaderHoldsNobodyUp(t *testing.T) {
	w := newWorld(t, room.Options{PushBurst: 1 << 20})
	id := w.board("b1")
	anna := w.join(id, participants, "panna")
	for i := range 5 {
		w.join(id, participants, board.ID(fmt.Sprintf("pslow%d", i))).wire.hold()
	}
	anna.do(note("n1", "x"))
	for i := range 50 {
		anna.do(move("n1", int64(i), 0)) // saved, and told so
	}
	for _, tab := range w.tabs[1:] {
		tab.wire.letGo()
	}
}

func TestWhoseWireIsCutIsGone(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	anna, ben := w.join(id, participants, "panna"), w.join(id, participants, "pben")
	ben.wire.cut()
	anna.do(note("n1", "x"))
	w.await("the socket to be told to close", func() bool { _, closed := ben.wire.end(); return closed })
	if code, _ := ben.wire.end(); code != "" {
		t.Errorf("got close with %q", code)
	}
	ben.leave()
	anna.until("nobody else", func() bool { return anna.people["pben"].Here == 0 })
}
