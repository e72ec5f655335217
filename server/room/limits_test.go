package room_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"jana/protocol"
	"jana/protocol/board"
	"jana/server/room"
)

func TestPushesBeyondTheRateWaitInOrder(t *testing.T) {
	w := newWorld(t, room.Options{PushesPerSecond: 200, PushBurst: 10})
	id := w.board("b1")
	anna := w.join(id, participants, "panna")
	began := time.Now()
	anna.push(note("n1", "x"))
	var last *sent
	for i := range 40 {
		last = anna.push(move("n1", int64(i), 0))
	}
	anna.until("all of them", func() bool { return last.saved })
	if x := anna.look().items["n1"].Int("x"); x != 39 {
		t.Errorf("got the note at %d", x)
	}
	if took := time.Since(began); took < 31*time.Second/200 {
		t.Errorf("41 pushes took %v", took)
	}
	if len(last.refused) > 0 {
		t.Errorf("got %+v", last.refused)
	}
	ben := w.join(id, participants, "pben")
	ben.do(note("n2", "x")) // has a bucket of its own
}

func TestManyOpsCostMore(t *testing.T) {
	w := newWorld(t, room.Options{PushesPerSecond: 100, PushBurst: 11})
	anna := w.join(w.board("b1"), participants, "panna")
	var ops []board.Op
	for i := range 200 {
		ops = append(ops, note(board.ID(fmt.Sprintf("n%d", i)), "x"))
	}
	began := time.Now()
	anna.do(ops...) // costs 11
	anna.do(ops...)
	if took := time.Since(began); took < 100*time.Millisecond {
		t.Errorf("two pushes of 200 ops took %v", took)
	}
}

// At one push per minute, the second one would have to wait for longer than
// anybody has patience.
func TestAPushThatWouldWaitTooLongIsTooFast(t *testing.T) {
	w := newWorld(t, room.Options{PushesPerSecond: 1, PushBurst: 1})
	id := w.board("b1")
	anna := w.join(id, participants, "panna")
	anna.do(note("n1", "x"))
	var refused, waiting int
	second := w.join(id, participants, "panna") // shares the bucket
	for _, tab := range []*tab{anna, second} {
		for n := range int64(20) {
			tab.mu.Lock()
			tab.fates[100+n] = &sent{}
			tab.mu.Unlock()
			if err := tab.member.Push(context.Background(), protocol.Push{N: 100 + n, Ops: []board.Op{move("n1", n, 0)}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	second.until("refusals", func() bool {
		refused = 0
		for _, s := range second.fates {
			if s.final && s.refused[0].Code == board.TooFast {
				refused++
			}
		}
		return refused >= 9
	})
	anna.mu.Lock()
	for _, s := range anna.fates {
		if !s.final {
			waiting++
		}
	}
	anna.mu.Unlock()
	if waiting != 21 || refused > 11 {
		t.Errorf("got %d of the first tab's not refused, %d of the second's refused", waiting, refused)
	}
	got, err := w.hub.Do(context.Background(), id, room.Visit{Link: participants, Participant: "panna", Client: "bot"}, protocol.Push{N: 1, Ops: []board.Op{move("n1", 1, 1)}})
	if err != nil || len(got.Refused) != 1 || got.Refused[0].Code != board.TooFast {
		t.Errorf("by HTTP: got %+v, %v", got, err)
	}
	// What waits when they leave is theirs to send again.
	anna.leave()
	second.leave()
}

func TestASocketIsNotReadWhileTooMuchWaits(t *testing.T) {
	w := newWorld(t, room.Options{PushesPerSecond: 2, PushBurst: 1})
	id := w.board("b1")
	anna := w.join(id, participants, "panna")
	const fits = 1 + 32
	n := int64(0)
	push := func(ctx context.Context) error {
		n++
		return anna.member.Push(ctx, protocol.Push{N: n, Ops: []board.Op{board.Rename{Name: fmt.Sprint(n)}}})
	}
	for range fits + 1 {
		anna.mu.Lock()
		anna.fates[n+1] = &sent{}
		anna.mu.Unlock()
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		err := push(ctx)
		cancel()
		if err != nil && n <= fits {
			t.Fatalf("push %d: %v", n, err)
		}
		if err == nil && n > fits {
			t.Fatalf("push %d did not have to wait", n)
		}
	}
	// Leaving frees whoever waits.
	waited := make(chan error, 1)
	go func() { waited <- push(context.Background()) }()
	anna.wire.cut()
	anna.member.Leave()
	if err := <-waited; err == nil {
		t.Error("got no error for a push of somebody who has left")
	}
	anna.member = nil
}

func TestPresenceBeyondTheRateIsMerged(t *testing.T) {
	w := newWorld(t, room.Options{PresencePerSecond: 10})
	id := w.board("b1")
	anna, ben := w.join(id, participants, "panna"), w.join(id, participants, "pben")
	began := time.Now()
	const last = 3000
	for i := range int64(last + 1) {
		anna.member.Presence(&protocol.Presence{Cursor: &[2]int64{i, 0}})
		if i%100 == 0 {
			time.Sleep(5 * time.Millisecond)
		}
	}
	ben.until("the last of them", func() bool {
		who := ben.presence["panna."+anna.client]
		return who != nil && who.Cursor[0] == last
	})
	took := time.Since(began)
	if seen, most := strings.Count(ben.wire.text(), `"cursor"`), int(took.Seconds()*10)+2; seen > most {
		t.Errorf("got %d in %v, want %d at most", seen, took, most)
	}
}

// TestNothingLandsAfterALock has many people write while a facilitator locks and
// unlocks the board: whatever was ordered after a lock is refused, before it lands.
func TestNothingLandsAfterALock(t *testing.T) {
	w := newWorld(t, room.Options{PushBurst: 1 << 20})
	id := w.board("b1")
	ben := w.join(id, facilitators, "pben")
	var writers []*tab
	for i := range 10 {
		writers = append(writers, w.join(id, participants, board.ID(fmt.Sprintf("p%d", i))))
	}
	for round := range 20 {
		var all sync.WaitGroup
		pushes := make([][]*sent, len(writers))
		for i, tab := range writers {
			all.Go(func() {
				for k := range 5 {
					pushes[i] = append(pushes[i], tab.push(note(board.ID(fmt.Sprintf("n%d-%d-%d", round, i, k)), "x")))
				}
			})
		}
		lock := ben.do(board.Lock{Level: "closed"})
		all.Wait()
		for i, tab := range writers {
			for k, s := range pushes[i] {
				tab.until("its fate", func() bool { return s.saved })
				stands := tab.look().items[board.ID(fmt.Sprintf("n%d-%d-%d", round, i, k))] != nil
				refused := len(s.refused) == 1 && s.refused[0].Code == board.BoardLocked
				if after := s.seq > lock.seq; stands == after || refused != after {
					t.Fatalf("round %d: locked at %d, a push at %d stands: %v, refused: %+v", round, lock.seq, s.seq, stands, s.refused)
				}
			}
		}
		ben.do(board.Lock{Level: "open"})
	}
}
