package room

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"jana/protocol"
	"jana/protocol/board"
)

// Options of a hub. The zero value of a field is its default.
type Options struct {
	Log *slog.Logger // slog.Default()
	// Relay to the other instances; nil: there are none.
	Relay Relay
	// IdleAfter the last one has left, a room closes: 60 s.
	IdleAfter time.Duration
	// SaveWait is how long a push by HTTP waits until it is saved: 5 s.
	SaveWait time.Duration
	// PushesPerSecond of a participant, in bursts of PushBurst: 60 and 300. A
	// push costs one, plus one per 20 ops.
	PushesPerSecond, PushBurst int
	// PresencePerSecond of a socket, more are merged: 40.
	PresencePerSecond int
	// QueueMessages and QueueBytes may wait for a slow reader: 512 and 1 MiB.
	QueueMessages, QueueBytes int
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.IdleAfter == 0 {
		o.IdleAfter = time.Minute
	}
	if o.SaveWait == 0 {
		o.SaveWait = 5 * time.Second
	}
	for _, d := range []struct {
		value *int
		is    int
	}{
		{&o.PushesPerSecond, 60},
		{&o.PushBurst, 300},
		{&o.PresencePerSecond, 40},
		{&o.QueueMessages, 512},
		{&o.QueueBytes, 1 << 20},
	} {
		if *d.value == 0 {
			*d.value = d.is
		}
	}
	return o
}

// Hub holds the rooms of this instance. Its methods may be called from any
// goroutine.
type Hub struct {
	store       Store
	sequencer   Sequencer
	o           Options
	limits      map[string]int64
	presenceGap time.Duration
	counters    *Counters
	members     atomic.Int64
	// noWait is a context that has ended: for what must not wait.
	noWait context.Context
	// running are all goroutines of the hub, its rooms and its members.
	running sync.WaitGroup

	mu       sync.Mutex
	rooms    map[string]*room // opening, open, or ending
	draining bool
	spread   time.Duration
}

// NewHub makes a hub without rooms.
func NewHub(store Store, sequencer Sequencer, o Options) *Hub {
	o = o.withDefaults()
	ended, end := context.WithCancel(context.Background())
	end()
	return &Hub{
		store: store, sequencer: sequencer, o: o, limits: limits(o), presenceGap: time.Second / time.Duration(o.PresencePerSecond),
		counters: &Counters{}, noWait: ended, rooms: map[string]*room{},
	}
}

// Counters are for reading, at any time.
func (h *Hub) Counters() *Counters { return h.counters }

// Rooms and members at this moment.
func (h *Hub) Rooms() (rooms, members int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.rooms), int(h.members.Load())
}

// Create keeps a new board. When it returns nil the board is on disk;
// fs.ErrExist if the id is or was taken.
func (h *Hub) Create(ctx context.Context, id string, s *board.State) error {
	if h.isDraining() {
		return h.drainBye()
	}
	if err := h.store.Create(ctx, id, s.Snapshot()); err != nil {
		return err
	}
	return h.sequencer.Create(ctx, id, s)
}

// Links are the link items of a board, closed ones included, in no particular
// order; fs.ErrNotExist if there is no such board.
func (h *Hub) Links(ctx context.Context, id string) ([]*board.Item, error) {
	var links []*board.Item
	err := h.with(ctx, id, func(r *room) error {
		links = nil
		return r.ask(ctx, func(r *room) {
			for _, link := range r.links {
				links = append(links, link)
			}
		})
	})
	return links, err
}

// View is what [Hub.View] shows.
type View struct {
	// State may be read until look returns; its items may be kept.
	State *board.State
	// At is its position, Saved the seq up to which it is on disk.
	At    protocol.Position
	Saved int64
}

// View runs look on the goroutine that owns the board, so it had better be
// short: take what is needed, encode later. fs.ErrNotExist if there is no such
// board. look has run, once, if the error is nil.
func (h *Hub) View(ctx context.Context, id string, look func(View)) error {
	return h.with(ctx, id, func(r *room) error {
		return r.ask(ctx, func(r *room) {
			look(View{r.state, protocol.Position{Epoch: r.epochs.Name(), Seq: r.state.Seq()}, r.keeping.saved})
		})
	})
}

// Delete forgets a board for good and says goodbye to everybody at it.
func (h *Hub) Delete(ctx context.Context, id string) error {
	return h.with(ctx, id, func(r *room) error {
		h.mu.Lock()
		if r.ending {
			h.mu.Unlock()
			return errStopped
		}
		r.ending, r.deleting, r.spared = true, true, make(chan struct{})
		h.mu.Unlock()
		err := h.sequencer.Delete(ctx, id)
		if err == nil {
			err = h.store.Delete(ctx, id)
		}
		if bye := (protocol.Bye{}); errors.As(err, &bye) && bye.Code == protocol.Deleted {
			err = nil // the room has heard of it before
		}
		if err != nil {
			h.mu.Lock()
			r.ending, r.deleting = false, false
			close(r.spared)
			r.spared = nil
			h.mu.Unlock()
			// The store may have told the room already that it takes no more.
			r.wake()
			return fmt.Errorf("delete board %s: %w", id, err)
		}
		_ = r.post(context.WithoutCancel(ctx), goodbye{code: protocol.Deleted}) // or it has stopped by itself
		<-r.stopped
		return nil
	})
}

// Drain lets nobody in any more, waits until everything ordered is saved, sends
// everybody away to come back within spread, and returns when no room is left
// or ctx has ended, with its error.
func (h *Hub) Drain(ctx context.Context, spread time.Duration) error {
	h.mu.Lock()
	h.draining, h.spread = true, spread
	var open []*room
	for _, r := range h.rooms {
		open = append(open, r)
		if r.idle != nil {
			r.idle.Stop()
		}
	}
	h.mu.Unlock()
	for _, r := range open {
		select {
		case <-r.opened:
		case <-ctx.Done():
			return ctx.Err()
		}
		if r.openErr != nil {
			continue
		}
		if err := r.post(ctx, goodbye{code: protocol.Draining, spread: spread, saved: true}); err != nil && !errors.Is(err, errStopped) {
			return err
		}
	}
	done := make(chan struct{})
	go func() {
		h.running.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
	}
	// Better told than left hanging, even if the disk does not take it.
	for _, r := range open {
		select {
		case r.inbox <- goodbye{code: protocol.Draining, spread: spread}:
		default: // it does not even do that
		}
	}
	return ctx.Err()
}

func (h *Hub) isDraining() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.draining
}

// drainBye is what who comes while the hub drains is told.
func (h *Hub) drainBye() protocol.Bye {
	h.mu.Lock()
	defer h.mu.Unlock()
	return spreadBye(protocol.Draining, h.spread)
}

// spreadBye says when to come back: at a time of one's own within spread.
func spreadBye(code protocol.ByeCode, spread time.Duration) protocol.Bye {
	bye := protocol.Bye{Code: code}
	if spread > 0 {
		retry := rand.Int64N(spread.Milliseconds() + 1)
		bye.Retry = &retry
	}
	return bye
}

// with runs do with the board's room open. A room that stops under it is opened
// again, and do runs again.
func (h *Hub) with(ctx context.Context, id string, do func(*room) error) error {
	for {
		r, err := h.acquire(ctx, id)
		if err != nil {
			return err
		}
		err = do(r)
		h.release(r)
		if !errors.Is(err, errStopped) {
			return err
		}
		if err := h.await(ctx, r); err != nil {
			return err
		}
	}
}

// await waits until a room that is ending is gone, or goes on after all.
func (h *Hub) await(ctx context.Context, r *room) error {
	h.mu.Lock()
	spared, ending := r.spared, r.ending
	h.mu.Unlock()
	if !ending {
		select {
		case <-r.stopped:
		default:
			return nil // it goes on since a moment ago
		}
	}
	select {
	case <-r.gone:
	case <-spared:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// acquire gives the open room of a board, and keeps it open until it is released.
func (h *Hub) acquire(ctx context.Context, id string) (*room, error) {
	for {
		r, wait, err := h.find(id)
		if err != nil {
			return nil, err
		}
		if wait {
			if err := h.await(ctx, r); err != nil {
				return nil, err
			}
			continue
		}
		select {
		case <-r.opened:
		case <-ctx.Done():
			h.release(r)
			return nil, ctx.Err()
		}
		if r.openErr != nil {
			h.release(r)
			return nil, r.openErr
		}
		return r, nil
	}
}

// find gives a board's room, opening or open, with a reference taken; or one
// that is ending, to be waited for.
func (h *Hub) find(id string) (r *room, wait bool, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.draining {
		return nil, false, spreadBye(protocol.Draining, h.spread)
	}
	r = h.rooms[id]
	if r != nil && r.ending {
		return r, true, nil
	}
	if r == nil {
		r = newRoom(h, id)
		h.rooms[id] = r
		h.running.Go(func() { h.live(r) })
	}
	r.refs++
	if r.idle != nil {
		r.idle.Stop()
		r.idle = nil
	}
	return r, false, nil
}

// live is the life of a room. It opens for everybody who waits for it, so no
// one of them can cut it short.
func (h *Hub) live(r *room) {
	r.openErr = r.open(context.Background())
	close(r.opened)
	if r.openErr == nil {
		r.run()
	}
	h.mu.Lock()
	if r.idle != nil {
		r.idle.Stop()
		r.idle = nil
	}
	delete(h.rooms, r.id)
	h.mu.Unlock()
	close(r.gone)
}

// hold takes one more reference to a room that is held already.
func (h *Hub) hold(r *room) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r.refs++
}

// release gives a reference back. Some time after the last one the room closes.
func (h *Hub) release(r *room) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r.refs--
	if r.refs == 0 && h.rooms[r.id] == r && !r.ending && !h.draining {
		r.idle = time.AfterFunc(h.o.IdleAfter, func() { h.expire(r) })
	}
}

// expire closes a room that nobody has come to. Whether somebody has is decided
// under the same lock by which they come, and by then all of it is on disk:
// whoever comes next finds either the room or all that was in it.
func (h *Hub) expire(r *room) {
	h.mu.Lock()
	if r.refs > 0 || r.ending || h.draining || h.rooms[r.id] != r {
		h.mu.Unlock()
		return
	}
	if saved, err := r.disk.look(); err == nil && saved < r.ordered.Load() {
		r.idle = time.AfterFunc(time.Second, func() { h.expire(r) })
		h.mu.Unlock()
		return
	}
	r.ending = true
	h.mu.Unlock()
	_ = r.post(context.Background(), goodbye{saved: true}) // or it has stopped by itself
}

// deleting says whether a board is being deleted, so that what the store says of
// it is no fault.
func (h *Hub) deleting(r *room) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return r.deleting
}
