package room

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"jana/protocol"
	"jana/protocol/board"
)

// maxInbox events wait for a room before who sends them has to wait.
const maxInbox = 256

// errStopped: the room is no more. Whoever gets it comes again, or has left.
var errStopped = errors.New("the room has been closed")

// room is a board that is being worked on.
type room struct {
	hub *Hub
	id  string
	log *slog.Logger

	inbox   chan event
	stopped chan struct{} // closed when run has returned

	// Guarded by hub.mu.
	refs int // members, and calls under way
	idle *time.Timer
	// ending: it is about to stop, and nobody is let in; deleting: because its
	// board is being deleted.
	ending, deleting bool
	// spared is closed if it goes on after all, nil if that cannot be.
	spared chan struct{}

	gone chan struct{} // closed when the hub has forgotten it

	// opened is closed once openErr, or else epoch and state, are there.
	opened  chan struct{}
	openErr error
	epochs  board.Epochs

	buckets buckets

	// disk is told by the store, from any goroutine. It is merged, so that the
	// store never waits for the room: woken says that there is something to see.
	disk  disk
	woken chan struct{}
	// load is how much is ordered and not saved.
	load load
	// ordered is the seq of the last entry that was delivered.
	ordered atomic.Int64

	// Only run touches what follows.

	state   *board.State
	now     time.Time // of the events at hand
	timer   *time.Timer
	members members
	links   map[board.ID]*board.Item
	items   items
	past    past
	tick    tick
	pace    pace
	people  people
	present present
	remote  remote
	keeping keeping
	holding holding
	waiters map[pushID][]*waiter
	// entering wait to be let in, until the events at hand have been handled.
	entering []enter
	// keepEpochs: they are not on disk yet.
	keepEpochs bool
	// leaving: when everything is saved, all are sent away and the room stops.
	leaving *goodbye
	ended   bool
	failure error // why it stops, if it should not have
}

// event is what the owner of a room is told. Its order is that of the inbox.
type event interface{ happen(*room) }

type (
	// ordered is an entry that has its place.
	ordered struct{ entry *board.Entry }
	// look runs on the owner's goroutine, unless who asked has given it up.
	look struct {
		see   func(*room)
		taken *atomic.Bool
		done  chan struct{}
	}
	// goodbye sends everybody away and stops the room. If it says so, not before
	// all is saved.
	goodbye struct {
		code   protocol.ByeCode
		spread time.Duration // retry is spread over it; 0: none is told
		saved  bool
	}
)

func (ev ordered) happen(r *room) { r.take(ev.entry) }

func (ev look) happen(r *room) {
	if ev.taken.CompareAndSwap(false, true) {
		defer close(ev.done)
		ev.see(r)
	}
}

func (ev goodbye) happen(r *room) {
	r.leaving = &ev
}

func newRoom(h *Hub, id string) *room {
	return &room{
		hub: h, id: id, log: h.o.Log.With("board", id),
		inbox: make(chan event, maxInbox), stopped: make(chan struct{}), gone: make(chan struct{}), opened: make(chan struct{}),
		woken: make(chan struct{}, 1),
	}
}

// open loads the board and joins its order. The room runs when it returns nil.
func (r *room) open(ctx context.Context) error {
	loaded, err := r.hub.store.Load(ctx, r.id)
	seq, at := int64(-1), int64(0)
	switch {
	case err == nil:
		seq, at = loaded.State.Seq(), loaded.State.Time()
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("open board %s: %w", r.id, err)
	}
	r.waiters = map[pushID][]*waiter{}
	r.members = members{byID: map[board.ID][]*Member{}}
	r.people = newPeople()
	r.present = newPresent()
	r.pace = newPace()
	joined, err := r.hub.sequencer.Open(ctx, r.id, loaded.Epochs, seq, at, r)
	if err != nil {
		return fmt.Errorf("open board %s: %w", r.id, err)
	}
	orphans := loaded.Orphans
	if joined.State != nil {
		err = r.hub.store.Renew(ctx, r.id, joined)
		loaded = Loaded{State: joined.State, Epochs: joined.Epochs}
		orphans = true // or not: whoever looks will see
	}
	if err != nil {
		r.hub.sequencer.Close(r.id, false)
		return fmt.Errorf("open board %s: %w", r.id, err)
	}
	r.show(loaded.State)
	r.keeping.entries, r.keeping.bytes = loaded.Entries, loaded.Bytes
	r.epochs = joined.Epochs
	r.keepEpochs = !slices.Equal(r.epochs, loaded.Epochs)
	r.meet()
	if orphans {
		r.rescue()
	}
	r.fetchMilestones()
	return nil
}

// show makes a state that is on disk the one of the room.
func (r *room) show(s *board.State) {
	r.ordered.Store(s.Seq())
	r.state = s
	r.keeping = keeping{saved: s.Seq(), told: s.Seq()}
	r.disk.show(s.Seq())
	r.past = past{from: s.Seq()}
	r.links = map[board.ID]*board.Item{}
	r.items = newItems(s)
	for _, it := range s.Items() {
		if it.Type == board.TypeLink {
			r.links[it.ID] = it
		}
	}
	r.people.hidden = s.Hidden()
}

// post hands an event to the owner. It waits while the inbox is full.
func (r *room) post(ctx context.Context, ev event) error {
	select {
	case <-r.stopped:
		return errStopped
	default:
	}
	select {
	case r.inbox <- ev:
		return nil
	case <-r.stopped:
		return errStopped
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ask has the owner run see and waits for it. With an error it has not run, and
// will not.
func (r *room) ask(ctx context.Context, see func(*room)) error {
	ev := look{see, new(atomic.Bool), make(chan struct{})}
	err := r.post(ctx, ev)
	if err != nil {
		return err
	}
	select {
	case <-ev.done:
		return nil
	case <-r.stopped:
		err = errStopped
	case <-ctx.Done():
		err = ctx.Err()
	}
	if ev.taken.CompareAndSwap(false, true) {
		return err
	}
	<-ev.done
	return nil
}

// wake tells the owner that something has been merged for it. It never waits.
func (r *room) wake() {
	select {
	case r.woken <- struct{}{}:
	default:
	}
}

// run owns the board until the room stops.
func (r *room) run() {
	r.timer = time.NewTimer(time.Hour)
	defer r.close()
	defer func() {
		if p := recover(); p != nil {
			// Half an entry may have landed: what the state is now, nobody knows.
			r.log.Error("room", "error", p, "stack", string(debug.Stack()))
			r.failure = fmt.Errorf("panic: %v", p)
		}
	}()
	for !r.ended {
		select {
		case ev := <-r.inbox:
			r.now = time.Now()
			ev.happen(r)
		case <-r.woken:
			r.now = time.Now()
		case <-r.timer.C:
			r.now = time.Now()
		}
		r.drainInbox()
		r.hand()
		r.settle()
		if r.failure != nil {
			return
		}
		r.admit()
		r.hold()
		r.send()
		r.depart()
		r.sleep()
	}
}

// drainInbox handles what waits already, so that it is saved and sent together.
func (r *room) drainInbox() {
	for range maxInbox {
		if r.failure != nil {
			return // what follows would be decided upon a state that nobody knows
		}
		select {
		case ev := <-r.inbox:
			ev.happen(r)
		default:
			return
		}
	}
}

// sleep sets the timer for what is due next.
func (r *room) sleep() {
	next := r.now.Add(time.Hour)
	for _, due := range [...]time.Time{r.due(), r.keeping.due()} {
		if !due.IsZero() && due.Before(next) {
			next = due
		}
	}
	r.timer.Reset(max(0, next.Sub(r.now)))
}

// fail stops the room: what the board is now is not known here.
func (r *room) fail(err error) {
	switch {
	case r.hub.deleting(r):
		// It is not known because it is no more.
		r.leaving = &goodbye{code: protocol.Deleted}
	case r.failure == nil:
		r.failure = err
	}
}

// depart sends everybody away when it is time to.
func (r *room) depart() {
	bye := r.leaving
	if bye == nil || bye.saved && r.keeping.saved < r.state.Seq() {
		return
	}
	r.flush()
	if bye.saved {
		r.foldAtLast()
	}
	r.dismissAll(bye.code, bye.spread)
	r.ended = true
}

// close leaves nothing behind.
func (r *room) close() {
	r.timer.Stop()
	if r.failure != nil {
		r.hub.counters.Failed.Add(1)
		r.log.Error("board stops, to be loaded again", "seq", r.state.Seq(), "error", r.failure)
		r.dismissAll(protocol.Draining, time.Second)
	}
	lost := r.failure != nil || r.keeping.saved < r.state.Seq()
	close(r.stopped)
	r.part()
	r.hub.sequencer.Close(r.id, lost || r.ordered.Load() > r.keeping.saved)
	for _, list := range r.waiters {
		for _, w := range list {
			close(w.over)
		}
	}
	for _, w := range r.keeping.waiters {
		close(w.over)
	}
	for _, in := range r.entering {
		select {
		case in.reply <- entered{err: errStopped}:
		default: // it has its answer
		}
	}
}

// disk is what the store has told last, and whether the sequencer works.
type disk struct {
	mu    sync.Mutex
	saved int64
	err   error
	down  bool // nothing can be ordered
	// outages counts how often that began: what was sent in the shortest of them
	// has no place.
	outages int
}

// load is how much of a board is ordered and not saved yet.
type load struct {
	entries, bytes atomic.Int64
}

// Beyond these nothing more is ordered until something is saved: what a disk
// that does not take it may cost in memory, per board.
const (
	maxUnsavedEntries = 5000
	maxUnsavedBytes   = 16 << 20
)

func (l *load) full() bool {
	return l.entries.Load() >= maxUnsavedEntries || l.bytes.Load() >= maxUnsavedBytes
}
