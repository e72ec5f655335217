package room

import (
	"context"
	"slices"
	"sync"
	"time"

	"jana/protocol"
	"jana/protocol/board"
)

// Result is what became of a push that came by HTTP.
type Result struct {
	// Seq is 0 for a push so old that only its having been ordered is known,
	// for one that waits for its place still, and for one that gets none: then
	// Refused says why.
	Seq int64
	// Changes that its author may see, as a JSON array.
	Changes []byte
	Refused []board.Refusal
	// Saved: it is on disk, or never will have to be.
	Saved bool
}

// waiter waits for what becomes of a push.
type waiter struct {
	id    pushID
	saved chan struct{} // closed when it is
	over  chan struct{} // closed when the room stops before

	mu        sync.Mutex
	fate      board.Fate
	entry     *board.Entry // nil until it has its place
	duplicate bool         // and then entry is another
}

// Do has a push ordered for somebody who has no socket and waits until it is
// saved, [Options.SaveWait] at most. The same (participant, client, n) gives the same result.
// Errors as those of Join; a push over the limits is refused as too_fast.
func (h *Hub) Do(ctx context.Context, id string, v Visit, p protocol.Push) (Result, error) {
	var result Result
	err := h.with(ctx, id, func(r *room) (err error) {
		result, err = r.do(ctx, v, p)
		return err
	})
	return result, err
}

func (r *room) do(ctx context.Context, v Visit, p protocol.Push) (Result, error) {
	link, _, err := r.enroll(ctx, v)
	if err != nil {
		return Result{}, err
	}
	role := board.Role(link.Text("role"))
	no := inadmissible(role, p)
	if no == nil {
		no, err = r.payFor(ctx, v.Participant, len(p.Ops))
	}
	client := v.Client
	if p.Client != "" {
		client = p.Client
	}
	w := &waiter{id: pushID{v.Participant, client, p.N}, saved: make(chan struct{}), over: make(chan struct{})}
	if no == nil && err == nil {
		err = r.ask(ctx, func(r *room) { r.waiters[w.id] = append(r.waiters[w.id], w) })
	}
	if no == nil && err == nil {
		// Whatever happens, nothing is left behind.
		defer func() {
			_ = r.ask(context.WithoutCancel(ctx), func(r *room) { r.forgetWaiter(w) }) // but in a room that has stopped
		}()
		no, err = r.order(ctx, &board.Entry{By: v.Participant, Role: role, Link: v.Link, Client: client, N: p.N, Ops: p.Ops, Whole: p.Whole})
	}
	switch {
	case err != nil:
		return Result{}, err
	case no != nil:
		r.hub.counters.refuse(no.Code)
		return Result{Changes: []byte("[]"), Refused: []board.Refusal{*no}, Saved: true}, nil
	}
	late := time.NewTimer(r.hub.o.SaveWait)
	defer late.Stop()
	select {
	case <-w.saved:
	case <-late.C:
	case <-w.over:
		return Result{}, errStopped
	case <-ctx.Done():
		return Result{}, ctx.Err()
	}
	return r.result(ctx, w, role)
}

// payFor waits until a participant's push has been paid for and the disk takes it.
func (r *room) payFor(ctx context.Context, id board.ID, ops int) (*board.Refusal, error) {
	o := &r.hub.o
	if !r.buckets.queue(o, id, 1) {
		return &board.Refusal{Code: board.TooFast}, nil
	}
	defer r.buckets.queue(o, id, -1)
	wait, ok := r.buckets.reserve(o, id, ops)
	if !ok {
		return &board.Refusal{Code: board.TooFast}, nil
	}
	end := time.Now().Add(o.SaveWait)
	for wait > 0 || r.load.full() {
		if wait <= 0 {
			wait = lookAgain
		}
		t := time.NewTimer(wait)
		select {
		case <-t.C:
		case <-r.stopped:
			t.Stop()
			return nil, errStopped
		case <-ctx.Done():
			t.Stop()
			return nil, ctx.Err()
		}
		if wait = 0; r.load.full() && time.Now().After(end) {
			return &board.Refusal{Code: board.TooFast}, nil
		}
	}
	return nil, nil
}

// result words what has become of a push so far.
func (r *room) result(ctx context.Context, w *waiter, role board.Role) (Result, error) {
	w.mu.Lock()
	fate, e, duplicate := w.fate, w.entry, w.duplicate
	w.mu.Unlock()
	result := Result{Seq: fate.Seq, Refused: fate.Refused, Changes: []byte("[]")}
	select {
	case <-w.saved:
		result.Saved = true
	default:
	}
	if duplicate && result.Saved && fate.Seq > 0 {
		entries, err := r.hub.store.History(ctx, r.id, fate.Seq, fate.Seq, 1)
		if err != nil {
			return Result{}, err
		}
		if len(entries) == 1 {
			e = entries[0]
		}
	}
	if e != nil && e.Seq == fate.Seq {
		result.Changes = changesArray(e, w.id.by, role)
	}
	return result, nil
}

func changesArray(e *board.Entry, id board.ID, role board.Role) []byte {
	b := []byte{'['}
	for _, c := range e.Changes {
		if c.To.Includes(id, role) {
			if len(b) > 1 {
				b = append(b, ',')
			}
			b = c.AppendJSON(b)
		}
	}
	return append(b, ']')
}

// answerWaiters tells who waits for a push that it has its place.
func (r *room) answerWaiters(e *board.Entry) {
	id := pushID{e.By, e.Client, e.N}
	waiting := r.waiters[id]
	if waiting == nil {
		return
	}
	delete(r.waiters, id)
	fate, known := r.state.Fate(e.By, e.Client, e.N)
	if !known {
		fate = board.Fate{N: e.N, Seq: e.Seq, Refused: e.Refusals}
	}
	for _, w := range waiting {
		w.mu.Lock()
		w.fate, w.entry, w.duplicate = fate, e, e.Duplicate
		w.mu.Unlock()
		if !w.saveUpTo(r.keeping.saved) {
			r.keeping.waiters = append(r.keeping.waiters, w)
		}
	}
}

// saveUpTo tells a waiter if its push is among those saved.
func (w *waiter) saveUpTo(seq int64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fate.Seq > seq {
		return false
	}
	close(w.saved)
	return true
}

func (r *room) forgetWaiter(w *waiter) {
	is := func(other *waiter) bool { return other == w }
	r.keeping.waiters = slices.DeleteFunc(r.keeping.waiters, is)
	if left := slices.DeleteFunc(r.waiters[w.id], is); len(left) == 0 {
		delete(r.waiters, w.id)
	} else {
		r.waiters[w.id] = left
	}
}
