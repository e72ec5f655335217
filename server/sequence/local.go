package sequence

import (
	"context"
	"crypto/rand"
	"fmt"
	"io/fs"
	"sync"
	"time"

	"jana/protocol"
	"jana/protocol/board"
)

// Local orders the boards of a single instance. Its clock never goes back on a
// board, whatever that of the machine does.
type Local struct {
	mu     sync.Mutex
	epoch  string
	boards map[string]*order
	anew   map[string]string // epochs of boards that lost entries since the start
}

// order is that of one board.
type order struct {
	follower protocol.Follower
	turn     chan struct{} // holds a token while somebody appends
	closed   chan struct{}

	// Whoever has the turn may touch what follows.
	seq, time int64
}

// NewLocal makes the sequencer of an instance that has just started.
func NewLocal() *Local {
	return &Local{epoch: newEpoch(0), boards: map[string]*order{}, anew: map[string]string{}}
}

// newEpoch is <counter>.<random>, with a counter above another. The clock is the
// counter: it grows from start to start.
func newEpoch(above int64) string {
	return fmt.Sprintf("%d.%s", max(above+1, time.Now().UnixMilli()), rand.Text()[:10])
}

// Create has nobody to tell.
func (l *Local) Create(context.Context, string, *board.State) error { return nil }

// Delete has nobody to tell.
func (l *Local) Delete(context.Context, string) error { return nil }

// Compare has nobody to compare with.
func (l *Local) Compare(string, string, int64, string) {}

// Milestone is fs.ErrNotExist: there is no other instance that could have it.
func (l *Local) Milestone(_ context.Context, id string, milestone board.ID) (*board.State, int64, error) {
	return nil, 0, fmt.Errorf("milestone %s of board %s: %w", milestone, id, fs.ErrNotExist)
}

// Hold is true: there is no other instance that could have a copy.
func (l *Local) Hold(string, int64, func()) bool { return true }

// Open joins the order of a board behind seq and time, in an epoch of this
// start. What is not here nobody has: fs.ErrNotExist. A board that is open
// already is fs.ErrExist.
func (l *Local) Open(_ context.Context, id string, epochs board.Epochs, seq, lastTime int64, f protocol.Follower) (board.Renewal, error) {
	if seq < 0 {
		return board.Renewal{}, fmt.Errorf("order of board %s: %w", id, fs.ErrNotExist)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.boards[id] != nil {
		return board.Renewal{}, fmt.Errorf("order of board %s: %w", id, fs.ErrExist)
	}
	l.boards[id] = &order{follower: f, turn: make(chan struct{}, 1), closed: make(chan struct{}), seq: seq, time: lastTime}
	name, lost := l.anew[id]
	if !lost {
		name = l.epoch
	}
	if board.CompareEpochs(epochs.Name(), name) > 0 {
		name = newEpoch(board.EpochCounter(epochs.Name())) // the clock has gone back since
		l.anew[id] = name
	}
	if epochs.Name() != name {
		epochs = epochs.Then(name, seq)
	}
	return board.Renewal{Epochs: epochs, Fork: seq}, nil
}

// Append gives the entry its Seq and Time and delivers it. With an error it has
// no place. A board that is not open is fs.ErrClosed.
func (l *Local) Append(ctx context.Context, id string, e *board.Entry) error {
	l.mu.Lock()
	o := l.boards[id]
	l.mu.Unlock()
	if o == nil {
		return fmt.Errorf("order of board %s: %w", id, fs.ErrClosed)
	}
	select {
	case o.turn <- struct{}{}:
		defer func() { <-o.turn }()
	case <-o.closed:
		return fmt.Errorf("order of board %s: %w", id, fs.ErrClosed)
	case <-ctx.Done():
		return fmt.Errorf("order of board %s: %w", id, ctx.Err())
	}
	e.Seq, e.Time = o.seq+1, max(o.time, time.Now().UnixMilli())
	// Once delivered it belongs to the room.
	seq, at := e.Seq, e.Time
	if err := o.follower.Deliver(ctx, e); err != nil {
		return fmt.Errorf("order of board %s: %w", id, err)
	}
	o.seq, o.time = seq, at
	return nil
}

// Close ends the deliveries of a board. lost says that entries had a place
// which are not saved: the seqs that follow then belong to another epoch.
func (l *Local) Close(id string, lost bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if o := l.boards[id]; o != nil {
		close(o.closed)
		delete(l.boards, id)
	}
	if lost {
		l.anew[id] = newEpoch(board.EpochCounter(l.epoch))
	}
}
