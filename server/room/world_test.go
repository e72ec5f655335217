package room_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"jana/protocol"
	"jana/protocol/board"
	"jana/server/room"
	"jana/server/sequence"
	"jana/store"
)

// patience is how long a test waits for what must happen.
const patience = 20 * time.Second

// The links of every board here.
const (
	facilitators = "lfacilitators"
	participants = "lparticipants"
	viewers      = "lviewers"
)

var quiet = slog.New(slog.DiscardHandler)

// disk is a real store, which can be held: then nothing of it is called saved.
type disk struct {
	*store.Store

	mu   sync.Mutex
	held bool
	kept []func()
}

func (d *disk) Load(ctx context.Context, id string) (room.Loaded, error) {
	loaded, err := d.Store.Load(ctx, id)
	if errors.Is(err, store.ErrDeleted) {
		err = protocol.Bye{Code: protocol.Deleted}
	}
	return room.Loaded(loaded), err
}

func (d *disk) Renew(ctx context.Context, id string, r board.Renewal) error {
	err := d.Store.Renew(ctx, id, r)
	if errors.Is(err, store.ErrDeleted) {
		err = protocol.Bye{Code: protocol.Deleted}
	}
	return err
}

func (d *disk) Append(ctx context.Context, id string, b room.Batch, done func(error)) error {
	return d.Store.Append(ctx, id, store.Batch(b), func(err error) {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.held {
			d.kept = append(d.kept, func() { done(err) })
			return
		}
		done(err)
	})
}

func (d *disk) hold() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.held = true
}

func (d *disk) letGo() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.held = false
	for _, done := range d.kept {
		done()
	}
	d.kept = nil
}

// world is a hub over a file, and what is to be true of it at the end.
type world struct {
	t         testing.TB
	path      string
	disk      *disk
	sequencer func() room.Sequencer
	hub       *room.Hub
	boards    []string
	tabs      []*tab
}

// newWorld makes a hub over a new file. At the end of the test every tab that is
// still there and every board must agree with what lies on disk, and nothing may
// be left running.
func newWorld(t testing.TB, o room.Options) *world {
	t.Helper()
	verifyNoLeaks(t)
	return newWorldOn(t, newSequencer, o)
}

func verifyNoLeaks(t testing.TB) {
	leaks := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, leaks) })
}

// newWorldOn is one of several worlds, which look together at what is left
// running.
func newWorldOn(t testing.TB, sequencer func() room.Sequencer, o room.Options) *world {
	t.Helper()
	w := &world{t: t, path: filepath.Join(t.TempDir(), "boards.db"), sequencer: sequencer}
	w.start(o)
	t.Cleanup(func() {
		w.disk.letGo()
		w.compare()
		w.stop()
		w.verify()
	})
	return w
}

func (w *world) start(o room.Options) {
	w.t.Helper()
	if o.Log == nil {
		o.Log = quiet
	}
	s, err := store.Open(w.path, store.Options{})
	if err != nil {
		w.t.Fatal(err)
	}
	w.disk = &disk{Store: s}
	w.hub = room.NewHub(w.disk, w.sequencer(), o)
}

// stop drains the hub and closes the file.
func (w *world) stop() {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for _, tab := range w.tabs {
		tab.wire.letGo()
	}
	if err := w.hub.Drain(ctx, 0); err != nil {
		w.t.Errorf("drain: %v", err)
	}
	for _, tab := range w.tabs {
		tab.leave()
	}
	if rooms, members := w.hub.Rooms(); rooms != 0 || members != 0 {
		w.t.Errorf("%d rooms and %d members are left", rooms, members)
	}
	if err := w.disk.Close(ctx); err != nil {
		w.t.Error(err)
	}
}

// verify looks at the file alone.
func (w *world) verify() {
	w.t.Helper()
	s, err := store.Open(w.path, store.Options{MustExist: true})
	if err != nil {
		w.t.Fatal(err)
	}
	defer s.Close(context.Background())
	problems, err := s.Check(context.Background())
	if err != nil {
		w.t.Error(err)
	}
	for _, p := range problems {
		w.t.Errorf("check: %v", p)
	}
}

// board makes a board with a link of each kind, in phase free.
func (w *world) board(id string) string {
	w.t.Helper()
	s, wrong := board.Import([]byte(`{"schema":"workshop-fixture/1","board":{"id":"x","title":"T","language":"fi","phase":"free"}}`), 1000)
	if len(wrong) > 0 {
		w.t.Fatal(wrong)
	}
	w.create(id, s)
	return id
}

func (w *world) create(id string, s *board.State) {
	w.t.Helper()
	made := map[string]board.Value{"time": int64(1000)}
	links := []board.Change{
		{Put: board.NewLink(facilitators, board.Facilitator, "", "", made, true)},
		{Put: board.NewLink(participants, board.Participant, "", "", made, false)},
		{Put: board.NewLink(viewers, board.Viewer, "", "", made, false)},
	}
	if err := s.Land(&board.Entry{Seq: s.Seq() + 1, Time: 1000, Role: board.Facilitator, Changes: links}); err != nil {
		w.t.Fatal(err)
	}
	if err := w.hub.Create(context.Background(), id, s); err != nil {
		w.t.Fatal(err)
	}
	w.boards = append(w.boards, id)
}

// seen is what somebody with that role may see of a board, by the room itself.
type seen struct {
	items map[board.ID]string
	at    protocol.Position
	saved int64
	hash  string
}

func (w *world) look(id string, participant board.ID, role board.Role) seen {
	w.t.Helper()
	s := seen{items: map[board.ID]string{}}
	err := w.hub.View(context.Background(), id, func(v room.View) {
		s.at, s.saved, s.hash = v.At, v.Saved, v.State.Hash()
		for _, it := range v.State.Items() {
			if it.To.Includes(participant, role) {
				s.items[it.ID] = string(it.JSON())
			}
		}
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// saved waits until all of a board is on disk.
func (w *world) saved(id string) {
	w.t.Helper()
	w.await("all to be saved", func() bool {
		s := w.look(id, "", "")
		return s.saved == s.at.Seq
	})
}

func (w *world) await(what string, is func() bool) {
	w.t.Helper()
	for end := time.Now().Add(patience); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			w.t.Fatalf("waited in vain for %s", what)
		}
	}
}

// compare holds every tab and the file against the rooms.
func (w *world) compare() {
	w.t.Helper()
	if w.t.Failed() || len(w.boards) == 0 {
		return // or the hub shows nothing any more
	}
	for _, id := range w.boards {
		if err := w.hub.View(context.Background(), id, func(room.View) {}); err != nil {
			continue // deleted
		}
		w.saved(id)
		loaded, err := w.disk.Store.Load(context.Background(), id)
		if err != nil {
			w.t.Error(err)
			continue
		}
		now := w.look(id, "", "")
		if got := loaded.State.Hash(); got != now.hash || loaded.State.Seq() != now.at.Seq {
			w.t.Errorf("board %s: on disk %s at %d, in the room %s at %d", id, got, loaded.State.Seq(), now.hash, now.at.Seq)
		}
	}
	for _, tab := range w.tabs {
		if tab.connected() {
			tab.settle()
			tab.equals(w.look(tab.board, tab.id, tab.role))
		}
	}
}

func newSequencer() room.Sequencer { return sequence.NewLocal() }
