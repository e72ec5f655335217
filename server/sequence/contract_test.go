package sequence

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"sync"
	"testing"
	"time"

	"jana/protocol"
	"jana/protocol/board"
)

// sequencer is what rooms need; every implementation has to pass testContract.
type sequencer interface {
	Create(ctx context.Context, id string, birth *board.State) error
	Open(ctx context.Context, id string, epochs board.Epochs, seq, time int64, f protocol.Follower) (board.Renewal, error)
	Append(ctx context.Context, id string, e *board.Entry) error
	Hold(id string, seq int64, held func()) bool
	Delete(ctx context.Context, id string) error
	Close(id string, lost bool)
}

// reader takes deliveries as a room does.
type reader struct {
	mu      sync.Mutex
	busy    bool
	entries []*board.Entry
	refuse  error
	hold    chan struct{} // while open, deliveries wait
}

func (r *reader) Deliver(ctx context.Context, e *board.Entry) error {
	r.mu.Lock()
	if r.busy {
		defer r.mu.Unlock()
		return errors.New("two deliveries at a time")
	}
	r.busy = true
	hold, refuse := r.hold, r.refuse
	r.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			refuse = ctx.Err()
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.busy = false
	if refuse == nil {
		r.entries = append(r.entries, e)
	}
	return refuse
}

func (r *reader) set(refuse error, hold chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refuse, r.hold = refuse, hold
}

func (r *reader) Renew(context.Context, board.Renewal) error {
	return errors.New("nothing has happened")
}

func (r *reader) Look(context.Context) (*board.Snapshot, board.Epochs, int64, error) {
	return board.New().Snapshot(), nil, 0, nil
}

func (r *reader) Ordering(bool) {}

func (r *reader) Deleted() {}

func (r *reader) seqs() []int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	var seqs []int64
	for _, e := range r.entries {
		seqs = append(seqs, e.Seq)
	}
	return seqs
}

// testContract holds an implementation against what rooms rely upon. start makes
// the sequencer of an instance that has just started.
func testContract(t *testing.T, start func(*testing.T) sequencer) {
	ctx := t.Context()
	open := func(t *testing.T, s sequencer, id string, seq, at int64, r *reader) string {
		t.Helper()
		joined, err := s.Open(ctx, id, nil, seq, at, r)
		if err != nil {
			t.Fatal(err)
		}
		if joined.Epochs.Name() == "" || joined.State != nil || joined.Fork != seq {
			t.Fatalf("got %+v, want to go on behind %d in an epoch with a name", joined, seq)
		}
		return joined.Epochs.Name()
	}
	appendOne := func(t *testing.T, s sequencer, id string) *board.Entry {
		t.Helper()
		e := &board.Entry{By: "p1"}
		if err := s.Append(ctx, id, e); err != nil {
			t.Fatal(err)
		}
		return e
	}

	// appendSome appends as soon as that works again.
	appendSome := func(t *testing.T, s sequencer, id string) *board.Entry {
		t.Helper()
		for range 200 {
			e := &board.Entry{By: "p1"}
			if s.Append(ctx, id, e) == nil {
				return e
			}
			time.Sleep(20 * time.Millisecond)
		}
		t.Fatal("nothing is ordered any more")
		return nil
	}
	gapless := func(t *testing.T, r *reader, last int64) {
		t.Helper()
		got := r.seqs()
		for i, seq := range got {
			if seq != int64(i+1) {
				t.Fatalf("got %v delivered, want no gap", got)
			}
		}
		if int64(len(got)) != last {
			t.Errorf("got %v delivered, want them up to %d", got, last)
		}
	}

	t.Run("entries follow what is saved, without a gap", func(t *testing.T) {
		s, r := start(t), &reader{}
		before := time.Now().UnixMilli()
		open(t, s, "b1", 41, 0, r)
		for want := int64(42); want < 45; want++ {
			if e := appendOne(t, s, "b1"); e.Seq != want || e.Time < before {
				t.Errorf("got seq %d at %d, want %d after %d", e.Seq, e.Time, want, before)
			}
		}
		if got := r.seqs(); !slices.Equal(got, []int64{42, 43, 44}) {
			t.Errorf("got %v delivered", got)
		}
		s.Close("b1", false)
	})
	t.Run("time never goes back", func(t *testing.T) {
		s, r := start(t), &reader{}
		ahead := time.Now().Add(time.Hour).UnixMilli()
		open(t, s, "b1", 7, ahead, r)
		if e := appendOne(t, s, "b1"); e.Time != ahead {
			t.Errorf("got time %d, want that of the entry before, %d", e.Time, ahead)
		}
		s.Close("b1", false)
	})
	t.Run("whoever appends at the same time, one is delivered after the other", func(t *testing.T) {
		s, r := start(t), &reader{}
		open(t, s, "b1", 0, 0, r)
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for range 100 {
					if err := s.Append(ctx, "b1", &board.Entry{}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		s.Close("b1", false)
		got := r.seqs()
		if len(got) != 800 {
			t.Fatalf("got %d deliveries, want 800", len(got))
		}
		for i, seq := range got {
			if seq != int64(i+1) {
				t.Fatalf("got seq %d as number %d", seq, i+1)
			}
		}
	})
	t.Run("an entry that was not taken leaves no gap", func(t *testing.T) {
		s, r := start(t), &reader{}
		open(t, s, "b1", 0, 0, r)
		appendOne(t, s, "b1")
		r.set(errors.New("not now"), nil)
		if err := s.Append(ctx, "b1", &board.Entry{}); err == nil {
			t.Error("got no error for an entry that was not taken")
		}
		r.set(nil, nil)
		last := appendSome(t, s, "b1")
		gapless(t, r, last.Seq)
		s.Close("b1", false)
	})
	t.Run("who waits for a reader can give up, and others go on", func(t *testing.T) {
		hold := make(chan struct{})
		s, r := start(t), &reader{hold: hold}
		open(t, s, "b1", 0, 0, r)
		open(t, s, "b2", 0, 0, &reader{})
		impatient, cancel := context.WithCancel(ctx)
		gaveUp := make(chan error, 2)
		for range 2 {
			go func() { gaveUp <- s.Append(impatient, "b1", &board.Entry{}) }()
		}
		appendOne(t, s, "b2") // another board does not wait
		cancel()
		for range 2 {
			if err := <-gaveUp; !errors.Is(err, context.Canceled) {
				t.Errorf("got %v, want context.Canceled", err)
			}
		}
		close(hold)
		last := appendSome(t, s, "b1")
		gapless(t, r, last.Seq)
		s.Close("b1", false)
		s.Close("b2", false)
	})
	t.Run("a board that is not open takes nothing", func(t *testing.T) {
		s := start(t)
		if err := s.Append(ctx, "b1", &board.Entry{}); !errors.Is(err, fs.ErrClosed) {
			t.Errorf("got %v, want fs.ErrClosed", err)
		}
		open(t, s, "b1", 0, 0, &reader{})
		s.Close("b1", false)
		if err := s.Append(ctx, "b1", &board.Entry{}); !errors.Is(err, fs.ErrClosed) {
			t.Errorf("after it was closed: got %v, want fs.ErrClosed", err)
		}
		s.Close("b1", false) // may be closed again
	})
	t.Run("a board that is open is not opened", func(t *testing.T) {
		s := start(t)
		open(t, s, "b1", 0, 0, &reader{})
		if _, err := s.Open(ctx, "b1", nil, 0, 0, &reader{}); !errors.Is(err, fs.ErrExist) {
			t.Errorf("got %v, want fs.ErrExist", err)
		}
		s.Close("b1", false)
	})
	t.Run("an epoch lasts as long as nothing is lost", func(t *testing.T) {
		s := start(t)
		first := open(t, s, "b1", 0, 0, &reader{})
		appendOne(t, s, "b1")
		s.Close("b1", false)
		joined, err := s.Open(ctx, "b1", board.Epochs{{Name: first, Base: 0}}, 1, 0, &reader{})
		if err != nil || joined.Epochs.Name() != first || joined.State != nil {
			t.Errorf("opened again: got epoch %s and %v, want %s", joined.Epochs.Name(), err, first)
		}
		s.Close("b1", false)
	})
}
