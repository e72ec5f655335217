package room_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"
	"testing"
	"time"

	"jana/protocol"
	"jana/protocol/board"
	"jana/server/room"
)

func TestARoomClosesWhenNobodyHasBeenThereForAWhile(t *testing.T) {
	w := newWorld(t, room.Options{IdleAfter: 5 * time.Millisecond})
	id := w.board("b1")
	anna := w.join(id, participants, "panna")
	anna.do(note("n1", "x"))
	time.Sleep(20 * time.Millisecond) // somebody is there, however quiet
	if rooms, members := w.hub.Rooms(); rooms != 1 || members != 1 {
		t.Errorf("got %d rooms and %d members", rooms, members)
	}
	anna.push(move("n1", 1, 1))
	anna.leave()
	w.await("no room", func() bool { rooms, members := w.hub.Rooms(); return rooms == 0 && members == 0 })
	epoch := anna.look().at.Epoch
	if err := anna.connect(); err != nil {
		t.Fatal(err)
	}
	anna.settle()
	if anna.look().items["n1"].Int("x") != 1 || anna.look().at.Epoch != epoch {
		t.Errorf("got %v at %v, want it moved, in epoch %s", anna.look().items["n1"], anna.look().at, epoch)
	}
	// All had seen all, so nothing is sent again.
	before := anna.look().replaced
	anna.leave()
	w.await("no room", func() bool { rooms, _ := w.hub.Rooms(); return rooms == 0 })
	if err := anna.connect(); err != nil {
		t.Fatal(err)
	}
	if anna.look().replaced != before {
		t.Error("got the whole board again")
	}
}

func TestABoardThatWasWorkedOnForLongIsLeftWithASnapshot(t *testing.T) {
	for name, c := range map[string]struct {
		pushes, notes int
		kept          bool // of the log, for the next to load
	}{
		"a few pushes":               {50, 10, true},
		"many pushes":                {150, 10, false},
		"many, but few for its size": {150, 1200, true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, room.Options{IdleAfter: 5 * time.Millisecond, PushBurst: 1 << 20})
			id := w.board("b1")
			anna := w.join(id, participants, "panna")
			for i := 0; i < c.notes; i += 100 {
				var notes []board.Op
				for j := range min(100, c.notes-i) {
					notes = append(notes, note(board.ID(fmt.Sprintf("n%d", i+j)), "x"))
				}
				anna.do(notes...)
			}
			for i := range c.pushes {
				anna.push(move("n1", int64(i), 1))
			}
			anna.settle()
			anna.leave()
			w.await("no room", func() bool { rooms, _ := w.hub.Rooms(); return rooms == 0 })
			loaded, err := w.disk.Load(context.Background(), id)
			if err != nil {
				t.Fatal(err)
			}
			if kept := loaded.Entries > 0; kept != c.kept {
				t.Errorf("%d entries lie behind the snapshot", loaded.Entries)
			}
			if err := anna.connect(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestComingAndGoingWhileTheRoomCloses(t *testing.T) {
	w := newWorld(t, room.Options{IdleAfter: time.Nanosecond, PushBurst: 1 << 20})
	id := w.board("b1")
	var tabs []*tab
	for i := range 4 {
		tabs = append(tabs, w.tab(id, participants, board.ID("p"+string(rune('a'+i))), "t"))
	}
	var all sync.WaitGroup
	for i, tab := range tabs {
		all.Go(func() {
			for round := range 40 {
				if err := tab.connect(); err != nil {
					t.Error(err)
					return
				}
				if round == 0 {
					tab.do(note("n"+tab.id, "x"))
				} else {
					tab.do(move("n"+tab.id, int64(round), int64(i)))
				}
				tab.leave()
			}
		})
	}
	all.Wait()
	for _, tab := range tabs {
		if err := tab.connect(); err != nil {
			t.Fatal(err)
		}
	}
	for _, tab := range tabs {
		tab.settle()
		for _, other := range tabs {
			if got := tab.look().items["n"+other.id].Int("x"); got != 39 {
				t.Errorf("%s sees %s's note at %d", tab.id, other.id, got)
			}
		}
	}
}

func TestWhoComesAsTheRoomIsAboutToCloseStays(t *testing.T) {
	w := newWorld(t, room.Options{IdleAfter: time.Nanosecond, PushBurst: 1 << 20})
	id := w.board("b1")
	anna := w.join(id, participants, "panna")
	anna.do(note("n1", "x"))
	for round := range 300 {
		anna.leave()
		w.look(id, "", "") // the room is about to close whenever nobody looks any more
		if err := anna.connect(); err != nil {
			t.Fatal(err)
		}
		anna.do(move("n1", int64(round), 0))
		if !anna.connected() {
			t.Fatalf("round %d: she was sent away", round)
		}
	}
}

// slowToDelete is an order that takes as long over deleting a board as the test wants.
type slowToDelete struct {
	room.Sequencer
	asked, goOn chan struct{}
	err         error
}

func (s *slowToDelete) Delete(ctx context.Context, id string) error {
	close(s.asked)
	<-s.goOn
	if s.err != nil {
		return s.err
	}
	return s.Sequencer.Delete(ctx, id)
}

func TestNobodyIsLetIntoARoomThatIsClosing(t *testing.T) {
	verifyNoLeaks(t)
	order := &slowToDelete{newSequencer(), make(chan struct{}), make(chan struct{}), nil}
	w := newWorldOn(t, func() room.Sequencer { return order }, room.Options{})
	id := w.board("b1")
	w.look(id, "", "")
	deleted := make(chan error, 1)
	go func() { deleted <- w.hub.Delete(context.Background(), id) }()
	<-order.asked
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if err := w.hub.View(ctx, id, func(room.View) {}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("while the room closes: got %v, want to be kept waiting", err)
	}
	close(order.goOn)
	if err := <-deleted; err != nil {
		t.Error(err)
	}
}

func TestWhoWaitedForABoardThatIsNotDeletedAfterAllIsLetIn(t *testing.T) {
	verifyNoLeaks(t)
	order := &slowToDelete{newSequencer(), make(chan struct{}), make(chan struct{}), errors.New("redis is away")}
	w := newWorldOn(t, func() room.Sequencer { return order }, room.Options{})
	id := w.board("b1")
	w.look(id, "", "")
	deleted, viewed := make(chan error, 1), make(chan error, 2)
	go func() { deleted <- w.hub.Delete(context.Background(), id) }()
	<-order.asked
	for range 2 {
		go func() { viewed <- w.hub.View(t.Context(), id, func(room.View) {}) }()
	}
	time.Sleep(20 * time.Millisecond) // until they wait; if they come later, they are let in all the same
	close(order.goOn)
	if err := <-deleted; !errors.Is(err, order.err) {
		t.Errorf("got %v, want %v", err, order.err)
	}
	for range 2 {
		if err := <-viewed; err != nil {
			t.Error(err)
		}
	}
	w.join(id, participants, "panna").do(note("n1", "x"))
}

func TestADeletedBoardIsGoneForGood(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	w.board("b2")
	anna, ben := w.join(id, participants, "panna"), w.join("b2", participants, "pben")
	anna.push(note("n1", "x"))
	if err := w.hub.Delete(context.Background(), id); err != nil {
		t.Fatal(err)
	}
	anna.until("a bye", func() bool { return len(anna.byes) == 1 && anna.byes[0].Code == protocol.Deleted })
	w.await("the close", func() bool { code, closed := anna.wire.end(); return closed && code == protocol.Deleted })
	if err := anna.connect(); !errors.Is(err, protocol.Bye{Code: protocol.Deleted}) {
		t.Errorf("coming back: got %v", err)
	}
	if err := w.hub.Delete(context.Background(), id); !errors.Is(err, protocol.Bye{Code: protocol.Deleted}) {
		t.Errorf("deleting it again: got %v", err)
	}
	if err := w.hub.Create(context.Background(), id, board.New()); !errors.Is(err, fs.ErrExist) {
		t.Errorf("making it again: got %v", err)
	}
	if err := w.hub.Delete(context.Background(), "nowhere"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("deleting what never was: got %v", err)
	}
	ben.do(note("n1", "x"))
}

func TestADrainSavesEverythingAndTellsEverybodyToComeBack(t *testing.T) {
	w := newWorld(t, room.Options{PushBurst: 1 << 20})
	id := w.board("b1")
	var tabs []*tab
	for i := range 10 {
		tabs = append(tabs, w.join(id, participants, board.ID("p"+string(rune('a'+i)))))
	}
	for i := range 30 {
		tabs[i%10].push(note(board.ID("n"+string(rune('A'+i))), "x"))
	}
	w.disk.hold()
	drained := make(chan error, 1)
	go func() { drained <- w.hub.Drain(context.Background(), time.Second) }()
	var bye protocol.Bye
	w.await("nobody to be let in", func() bool {
		err := w.hub.View(context.Background(), id, func(room.View) {})
		return errors.As(err, &bye)
	})
	if bye.Code != protocol.Draining || bye.Retry == nil {
		t.Errorf("got %v", bye)
	}
	if err := tabs[0].member.Push(context.Background(), protocol.Push{N: 99, Ops: []board.Op{note("nlate", "x")}}); err != nil {
		t.Errorf("a push while draining: %v, want it left to the outbox", err)
	}
	if _, err := w.hub.Do(context.Background(), id, room.Visit{Link: participants, Participant: "pbot", Client: "c"}, protocol.Push{N: 1, Ops: []board.Op{note("nbot", "x")}}); !errors.As(err, &bye) {
		t.Errorf("a push by HTTP while draining: got %v", err)
	}
	select {
	case err := <-drained:
		t.Fatalf("it did not wait for the disk: %v", err)
	default:
	}
	w.disk.letGo()
	if err := <-drained; err != nil {
		t.Fatal(err)
	}
	retries := map[int64]bool{}
	for _, tab := range tabs {
		if len(tab.look().outbox) > 0 {
			t.Errorf("%s was not told that %d pushes are saved", tab.id, len(tab.look().outbox))
		}
		if code, closed := tab.wire.end(); !closed || code != protocol.Draining || len(tab.look().byes) != 1 || tab.look().byes[0].Retry == nil {
			t.Fatalf("%s got %v, closed %v with %v", tab.id, tab.look().byes, closed, code)
		}
		retries[*tab.look().byes[0].Retry] = true
	}
	if len(retries) < 3 {
		t.Errorf("all come back at the same times: %v", retries)
	}
	if tabs[0].look().items["nlate"] != nil {
		t.Error("something was ordered after the drain had begun")
	}
	w.boards = nil // the hub shows nothing any more; the file is looked at
}

func TestADrainDoesNotWaitForEver(t *testing.T) {
	w := newWorld(t, room.Options{})
	anna := w.join(w.board("b1"), participants, "panna")
	w.disk.hold()
	anna.push(note("n1", "x"))
	anna.until("the note", func() bool { return anna.items["n1"] != nil })
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if err := w.hub.Drain(ctx, 0); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	anna.until("a bye all the same", func() bool { return len(anna.byes) == 1 })
	if len(anna.look().outbox) != 1 {
		t.Error("what is not on disk was called saved")
	}
	w.boards = nil
}

func TestADiskThatTakesNothingIsToldAndRecovers(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	anna, ben := w.join(id, participants, "panna"), w.join(id, participants, "pben")
	anna.do(note("n1", "x"))
	w.disk.hold()
	s := anna.push(note("n2", "x"))
	ben.until("the unsaved note", func() bool { return ben.items["n2"] != nil })
	anna.until("that the disk takes nothing", func() bool { return !anna.disk })
	ben.until("that the disk takes nothing", func() bool { return !ben.disk })
	if s.saved {
		t.Error("it was called saved")
	}
	late := w.join(id, viewers, "plate")
	late.until("that the disk takes nothing, and the note", func() bool { return !late.disk && late.items["n2"] != nil })
	w.disk.letGo()
	anna.until("it to be saved, and that the disk is well", func() bool { return s.saved && anna.disk })
	late.until("that the disk is well", func() bool { return late.disk })
}

func TestNothingMoreIsOrderedThanMemoryHolds(t *testing.T) {
	w := newWorld(t, room.Options{PushBurst: 1 << 20, QueueMessages: 1 << 20, QueueBytes: 1 << 30})
	id := w.board("b1")
	anna := w.join(id, participants, "panna")
	anna.do(note("n1", "x"))
	deaf := newWire(func([]byte) {})
	bot, err := w.hub.Join(context.Background(), id, room.Visit{Link: participants, Participant: "pbot", Client: "c"}, protocol.Hello{}, deaf)
	if err != nil {
		t.Fatal(err)
	}
	defer bot.Leave()
	w.disk.hold()
	const most, slack, more = 5000, 300, 30
	n := int64(0)
	push := func() {
		n++
		if err := bot.Push(context.Background(), protocol.Push{N: n, Ops: []board.Op{move("n1", n, 0)}}); err != nil {
			t.Fatal(err)
		}
	}
	for range most {
		push()
	}
	w.await("all of them", func() bool { return w.look(id, "", "").at.Seq >= most })
	for range more {
		push()
	}
	waits := anna.push(move("n1", -1, 0))
	// Whoever looks is answered all the same.
	if got := w.look(id, "", "").at.Seq; got > most+slack {
		t.Errorf("got up to %d", got)
	}
	if waits.seq != 0 {
		t.Error("more was ordered")
	}
	w.disk.letGo()
	anna.until("it to be saved", func() bool { return waits.saved })
	w.await("all of them", func() bool { return w.look(id, "", "").at.Seq >= most+more+4 })
}

// failing is a disk that loses a board.
type failing struct {
	*disk
	mu   sync.Mutex
	lose string
}

var errLost = errors.New("the disk has lost it")

func (f *failing) Append(ctx context.Context, id string, b room.Batch, done func(error)) error {
	f.mu.Lock()
	lose := f.lose == id
	f.mu.Unlock()
	if lose {
		go done(errLost)
		return nil
	}
	return f.disk.Append(ctx, id, b, done)
}

func TestABoardWhoseStateIsUnknownIsLoadedAnew(t *testing.T) {
	var log bytes.Buffer
	w := newWorld(t, room.Options{})
	f := &failing{disk: w.disk}
	w.hub = room.NewHub(f, newSequencer(), room.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	id, other := w.board("b1"), w.board("b2")
	anna, ben := w.join(id, participants, "panna"), w.join(other, participants, "pben")
	anna.do(note("n1", mark("text")))
	epoch := anna.look().at.Epoch
	f.mu.Lock()
	f.lose = id
	f.mu.Unlock()
	lost := anna.push(note("n2", mark("text")))
	anna.until("a bye", func() bool { return len(anna.byes) == 1 && anna.byes[0].Code == protocol.Draining })
	if lost.saved {
		t.Error("it was called saved")
	}
	f.mu.Lock()
	f.lose = ""
	f.mu.Unlock()
	anna.leave()
	if err := anna.connect(); err != nil {
		t.Fatal(err)
	}
	anna.until("the push that was lost to be saved", func() bool { return lost.saved })
	if anna.look().at.Epoch == epoch {
		t.Error("the seqs that were lost are given again in the same epoch")
	}
	anna.settle()
	anna.equals(w.look(id, "panna", board.Participant))
	if anna.look().items["n2"] == nil {
		t.Error("it was not sent again")
	}
	ben.do(note("n1", "x"))
	if len(ben.look().byes) > 0 {
		t.Error("another board was stopped with it")
	}
	if got := w.hub.Counters().Failed.Load(); got != 1 {
		t.Errorf("got %d counted", got)
	}
	if !bytes.Contains(log.Bytes(), []byte("board=b1")) || bytes.Contains(log.Bytes(), []byte("SECRET")) {
		t.Errorf("got log %s", log.String())
	}
}

func TestAFaultOfOursStopsItsBoardAlone(t *testing.T) {
	w := newWorld(t, room.Options{})
	id, other := w.board("b1"), w.board("b2")
	anna, ben := w.join(id, participants, "panna"), w.join(other, participants, "pben")
	anna.do(note("n1", "x"))
	_ = w.hub.View(context.Background(), id, func(room.View) { panic("a fault of ours") })
	anna.until("a bye", func() bool { return len(anna.byes) == 1 && anna.byes[0].Code == protocol.Draining })
	anna.leave()
	if err := anna.connect(); err != nil {
		t.Fatal(err)
	}
	anna.do(move("n1", 1, 1))
	ben.do(note("n1", "x"))
	if len(ben.look().byes) > 0 {
		t.Error("another board was stopped with it")
	}
}

func TestAnUnknownBoardLeavesNothingBehind(t *testing.T) {
	w := newWorld(t, room.Options{})
	for range 10 {
		if _, err := w.hub.Links(context.Background(), "nowhere"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("got %v", err)
		}
	}
	w.await("no rooms", func() bool { rooms, _ := w.hub.Rooms(); return rooms == 0 })
}

func TestWhoGivesUpWaitingIsNotShownAnything(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	w.join(id, viewers, "pvera")
	entered, free := make(chan struct{}), make(chan struct{})
	go func() {
		_ = w.hub.View(context.Background(), id, func(room.View) { close(entered); <-free })
	}()
	<-entered
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- w.hub.View(ctx, id, func(room.View) { t.Error("it was shown") }) }()
	cancel()
	if err := <-ran; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	close(free)
	w.look(id, "", "")
}
