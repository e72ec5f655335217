package sequence

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"jana/protocol"
	"jana/protocol/board"
	"jana/server/cluster"
)

const (
	// pageEntries are loaded at a time.
	pageEntries = 400
	// snapBehind entries behind the last snapshot, a new one is put into Redis;
	// mostBehind, nothing is ordered before there is one; keptBehind stay in the
	// stream for who comes a little later.
	snapBehind, mostBehind, keptBehind = 500, 5000, 1000
	// Between attempts to reach Redis again.
	minRetry, maxRetry = 100 * time.Millisecond, time.Second
)

// following is one open board's place in the order.
type following struct {
	q  *Shared
	id string
	f  protocol.Follower

	ctx  context.Context
	end  context.CancelFunc
	live atomic.Bool   // run has been started
	over chan struct{} // closed when run has returned

	requests chan request
	messages chan []byte
	look     chan struct{} // told when there is something to look at
	snapped  chan int64    // seqs of snapshots that were put into Redis

	// at is the position, for the probe.
	at atomic.Pointer[protocol.Position]
	// astray: it has come to another state than elsewhere.
	astray   atomic.Bool
	compared comparing

	// Only join, and after it run, touch what follows.

	epochs board.Epochs
	seq    int64 // -1: nothing is known of the board
	// snapshot is the seq of the one in Redis, as far as is known; snapping: one
	// is being made.
	snapshot int64
	snapping bool
	// erased is the seq behind which nothing may be left of texts that were erased
	// for good, 0 if Redis has none of them.
	erased  int64
	hushed  bool   // the follower was told that nothing is ordered
	unheard func() // ends the subscription, nil without one
	pending []batch
}

func newFollowing(q *Shared, id string, f protocol.Follower, epochs board.Epochs, seq int64) *following {
	b := &following{
		q: q, id: id, f: f, over: make(chan struct{}), epochs: epochs, seq: seq,
		requests: make(chan request, maxEntries), messages: make(chan []byte, maxEntries), look: make(chan struct{}, 1), snapped: make(chan int64, 1),
	}
	b.ctx, b.end = context.WithCancel(q.ctx)
	b.note()
	return b
}

// note makes the position known to the probe.
func (b *following) note() { b.at.Store(&protocol.Position{Epoch: b.epochs.Name(), Seq: b.seq}) }

// start begins to deliver.
func (b *following) start() {
	b.live.Store(true)
	b.q.running.Go(b.run)
}

// stop returns when nothing is delivered any more.
func (b *following) stop() {
	b.end()
	if b.live.Load() {
		<-b.over
	}
	if b.unheard != nil {
		b.unheard()
	}
}

// lookAgain has the board look where its order is. It never waits.
func (b *following) lookAgain() {
	select {
	case b.look <- struct{}{}:
	default:
	}
}

// hear takes what is published. It never waits: what cannot be kept is looked up.
func (b *following) hear(m cluster.Message) {
	if m.Hole {
		b.lookAgain()
		return
	}
	select {
	case b.messages <- m.Data:
	default:
		b.lookAgain()
	}
}

// join subscribes, then looks where the board is, so that nothing falls between.
func (b *following) join(ctx context.Context) (board.Renewal, error) {
	f, err := b.find(ctx)
	switch {
	case err == nil:
		b.took(f)
		return f.renewal, nil
	case errors.As(err, new(protocol.Bye)):
		b.q.tend(notice{Type: noticeGone, Board: b.id})
		return board.Renewal{}, err
	case errors.Is(err, fs.ErrNotExist):
		return board.Renewal{}, err
	}
	if b.seq < 0 {
		b.q.o.Log.Error("a board that is not here cannot be opened", "board", b.id, "error", err)
		return board.Renewal{}, down()
	}
	b.q.o.Log.Warn("a board opens without the others", "board", b.id, "error", err)
	b.hush(true)
	return board.Renewal{Epochs: b.epochs, Fork: b.seq}, nil
}

// took notes where the follower is after what was found.
func (b *following) took(f found) {
	was := b.epochs
	b.epochs, b.snapshot = f.renewal.Epochs, f.snapshot
	if f.renewal.State != nil {
		b.seq = f.renewal.State.Seq()
	}
	b.pending = f.tail
	b.note()
	b.q.carryHolds(b.id, was, b.epochs) // after it is known where who asks now has to wait
}

// run follows the order until the board is closed.
func (b *following) run() {
	defer close(b.over)
	tail := b.pending
	b.pending = nil
	if !b.deliverAll(tail) {
		b.hush(true)
	}
	b.lookAgain() // there may be more
	var again <-chan time.Time
	wait := minRetry
	for {
		ok := true
		select {
		case <-b.ctx.Done():
			return
		case r := <-b.requests:
			ok = b.order(b.gather(r))
		case m := <-b.messages:
			ok = b.take(m)
		case <-b.look:
			ok = b.sync()
		case seq := <-b.snapped:
			b.noteSnapshot(seq)
			continue
		case <-again:
			again = nil
			ok = b.sync()
		}
		if b.ctx.Err() != nil {
			return
		}
		b.hush(!ok)
		switch {
		case ok:
			again, wait = nil, minRetry
			b.snap()
		case again == nil:
			again = time.After(wait/2 + rand.N(wait/2))
			wait = min(maxRetry, 2*wait)
		}
	}
}

// hush tells the follower whether anything is ordered, when that has changed.
func (b *following) hush(hushed bool) {
	if hushed == b.hushed {
		return
	}
	b.hushed = hushed
	b.f.Ordering(!hushed)
}

// take handles something published.
func (b *following) take(m []byte) bool {
	epoch, published, err := decodePublished(m)
	switch {
	case err != nil:
		b.log("a message is left out", err)
		return b.sync()
	case len(published.entries) == 0, epoch != b.epochs.Name(), published.first > b.seq+1:
		return b.sync()
	case published.last <= b.seq:
		return true
	}
	return b.deliver(published)
}

// sync brings the follower to where the order is.
func (b *following) sync() bool {
	for range maxTries {
		f, err := b.find(b.ctx)
		if isGone(err) {
			b.f.Deleted()
			b.end()
			return true
		}
		if err != nil {
			b.log("the order is out of reach", err)
			return false
		}
		if f.anew {
			if err := b.f.Renew(b.ctx, f.renewal); err != nil {
				return false
			}
		}
		b.took(f)
		tail := b.pending
		b.pending = nil
		if !b.deliverAll(tail) {
			return false
		}
		if f.upTo <= b.seq {
			return true
		}
	}
	b.lookAgain()
	return true
}

func (b *following) deliverAll(batches []batch) bool {
	for _, at := range batches {
		if !b.deliver(at) {
			return false
		}
	}
	return true
}

// deliver hands over the entries of a batch that the follower does not have.
func (b *following) deliver(at batch) bool {
	erased := b.erased
	for _, e := range at.entries {
		if e.Seq <= b.seq {
			continue
		}
		if erases(e) {
			erased = at.last
		}
		if e.Seq != b.seq+1 {
			err := fmt.Errorf("%w: entry %d after %d", errForeign, e.Seq, b.seq)
			b.mend(b.ctx, err)
			b.log("a gap in the order", err)
			return false
		}
		seq := e.Seq // once delivered it belongs to the follower
		if err := b.f.Deliver(b.ctx, e); err != nil {
			return false
		}
		b.seq = seq
	}
	b.erased = erased
	b.note()
	return true
}

func (b *following) log(what string, err error) {
	if b.ctx.Err() == nil && !b.hushed {
		b.q.o.Log.Warn(what, "board", b.id, "epoch", b.epochs.Name(), "seq", b.seq, "error", err)
	}
}
