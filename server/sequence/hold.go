package sequence

import (
	"context"
	"io/fs"
	"slices"
	"time"

	"jana/protocol/board"
)

// hold is somebody who waits until a second instance has a board on disk.
type hold struct {
	board, epoch string
	seq          int64
	held         func()
}

// Hold says whether a second instance has everything up to a seq on disk, or
// there is none that lives. If not yet, held is called when it has.
func (q *Shared) Hold(id string, seq int64, held func()) bool {
	if len(q.others(aliveFor)) == 0 {
		return true
	}
	b := q.following(id)
	if b == nil {
		return false
	}
	q.mu.Lock()
	h := &hold{id, b.at.Load().Epoch, seq, held}
	q.holds = append(q.holds, h)
	q.mu.Unlock()
	q.running.Go(func() { q.askFor(h) })
	return false
}

// carryHolds has those wait on in the next epoch of a board who wait for what is
// part of it. What is not has lost its place, and is waited for again where it
// gets another.
func (q *Shared) carryHolds(id string, was, is board.Epochs) {
	if was.Name() == is.Name() {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	var holds []*hold
	for _, h := range q.holds {
		switch {
		case h.board != id:
			holds = append(holds, h)
		case was.Fork(h.seq, is) == h.seq:
			holds = append(holds, &hold{id, is.Name(), h.seq, h.held})
		}
	}
	q.holds = holds
}

func (q *Shared) askFor(h *hold) {
	q.tell(q.ctx, notice{Type: noticeHold, Board: h.board, Epoch: h.epoch, Seq: h.seq})
}

// askToHold asks again for what somebody waits for: an answer may have been lost.
// Who waits for instances that live no more waits no longer.
func (q *Shared) askToHold() {
	alone := len(q.others(aliveFor)) == 0
	q.mu.Lock()
	waiting := slices.Clone(q.holds)
	if alone && q.bus.Up() == nil {
		q.holds = nil
	}
	q.mu.Unlock()
	for _, h := range waiting {
		if alone && q.bus.Up() == nil {
			h.held()
		} else {
			q.askFor(h)
		}
	}
}

// report tells who asks that a board is on disk here up to where they need it.
// One that is not open here is opened, to get there.
func (q *Shared) report(n notice) {
	ctx, cancel := context.WithTimeout(q.ctx, callTimeout)
	defer cancel()
	b, err := q.opened(ctx, n.Board)
	if err != nil {
		return // they ask again
	}
	// Most often it is on its way to the disk here while they ask.
	for wait := firstLook; wait < lastLook; wait *= 2 {
		_, epochs, saved, err := b.f.Look(ctx)
		switch {
		case err != nil:
			return
		case epochs.Name() == n.Epoch && saved >= n.Seq:
			q.tell(ctx, notice{Type: noticeKept, Board: n.Board, Epoch: n.Epoch, Seq: saved})
			return
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return
		}
	}
}

// firstLook and lastLook are how long it takes until it is seen again whether
// what others wait for has been saved here. After that they ask again.
const firstLook, lastLook = 2 * time.Millisecond, 300 * time.Millisecond

// opened is a board's place in the order; it is opened if it is not.
func (q *Shared) opened(ctx context.Context, id string) (*following, error) {
	if b := q.following(id); b != nil {
		return b, nil
	}
	if q.o.Wake == nil {
		return nil, fs.ErrClosed
	}
	if err := q.o.Wake(ctx, id); err != nil {
		return nil, err
	}
	if b := q.following(id); b != nil {
		return b, nil
	}
	return nil, fs.ErrClosed
}

// kept lets those go on who have waited for that.
func (q *Shared) kept(n notice) {
	q.mu.Lock()
	var done []*hold
	q.holds = slices.DeleteFunc(q.holds, func(h *hold) bool {
		is := h.board == n.Board && h.epoch == n.Epoch && h.seq <= n.Seq
		if is {
			done = append(done, h)
		}
		return is
	})
	q.mu.Unlock()
	for _, h := range done {
		h.held()
	}
}
