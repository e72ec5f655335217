package room

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"jana/protocol"
	"jana/protocol/board"
)

// Deliver takes an entry from the sequencer.
func (r *room) Deliver(ctx context.Context, e *board.Entry) error {
	seq := e.Seq
	if err := r.post(ctx, ordered{e}); err != nil {
		return err
	}
	r.ordered.Store(seq)
	return nil
}

// Renew takes over where the board is in a new epoch.
func (r *room) Renew(ctx context.Context, to board.Renewal) error {
	return r.post(ctx, renewed{to})
}

// Look gives a copy of the board, with its epochs, and up to where it is on disk.
func (r *room) Look(ctx context.Context) (s *board.Snapshot, epochs board.Epochs, saved int64, err error) {
	err = r.ask(ctx, func(r *room) {
		s, epochs, saved = r.state.Snapshot(), r.epochs, r.keeping.saved
	})
	return s, epochs, saved, err
}

// Ordering is told whether anything can be ordered at the moment.
func (r *room) Ordering(works bool) {
	r.disk.mu.Lock()
	if r.disk.down = !works; !works {
		r.disk.outages++
	}
	r.disk.mu.Unlock()
	r.wake()
}

// Deleted is told that the board is gone for good, by another instance.
func (r *room) Deleted() {
	r.hub.mu.Lock()
	r.ending, r.deleting = true, true
	r.hub.mu.Unlock()
	_ = r.post(context.Background(), gone{}) // or it has stopped by itself
}

type (
	// renewed: the board goes on in another epoch.
	renewed struct{ to board.Renewal }
	// gone: another instance has deleted the board.
	gone struct{}
)

func (gone) happen(r *room) {
	if err := r.hub.store.Delete(context.Background(), r.id); err != nil && !errors.Is(err, fs.ErrNotExist) {
		r.log.Error("a board that was deleted elsewhere is still on disk", "error", err)
	}
	r.leaving = &goodbye{code: protocol.Deleted}
}

func (ev renewed) happen(r *room) {
	if r.failure != nil {
		return
	}
	if ev.to.State != nil {
		r.hand() // or what is no part of the new history would be no orphan either
		// Whatever the store has been handed is on disk, or an orphan, when it returns.
		ctx, cancel := context.WithTimeout(context.Background(), renewPatience)
		defer cancel()
		if err := r.hub.store.Renew(ctx, r.id, ev.to); err != nil {
			r.fail(fmt.Errorf("go on in epoch %s: %w", ev.to.Epochs.Name(), err))
			return
		}
		r.restart(ev.to.State)
	} else {
		r.keepEpochs = true
	}
	r.epochs = ev.to.Epochs
	if ev.to.Astray {
		r.hub.counters.Astray.Add(1)
	} else {
		r.hub.counters.Renewed.Add(1)
	}
	r.renewAll()
	r.holdAgain()
	if ev.to.State != nil {
		r.rescue()
		r.fetchMilestones()
	}
}

// renewPatience is how long a room may wait for the disk when it goes on in
// another epoch.
const renewPatience = 10 * time.Second

// restart goes on from a state that is on disk. Who waits for a push by HTTP
// goes on waiting: it may yet get another place.
func (r *room) restart(s *board.State) {
	waiting := r.keeping.waiters
	r.load.entries.Store(0)
	r.load.bytes.Store(0)
	was := r.keeping
	r.show(s)
	r.keeping.retry, r.keeping.unwell, r.keeping.down, r.keeping.outages = was.retry, was.unwell, was.down, was.outages
	for _, w := range waiting {
		r.waiters[w.id] = append(r.waiters[w.id], w)
	}
	clear(r.tick.pieces)
	r.tick.pieces, r.tick.told = r.tick.pieces[:0], 0
	for i := len(r.members.all) - 1; i >= 0; i-- {
		m := r.members.all[i]
		m.skip, m.differs = 0, false
		if link := r.links[m.link]; link == nil || link.Get("revoked") != nil {
			r.dismiss(m, protocol.Bye{Code: protocol.LinkClosed})
		}
	}
}

// renewAll gives everybody the board anew, with the fate of what they sent last:
// what has none they send again.
func (r *room) renewAll() {
	for _, m := range r.members.all {
		m.skip, m.differs = len(r.tick.pieces), false
		r.welcome(m, nil, m.recent)
	}
	r.pace.note(r.now)
}

// rescue gives entries that have lost their places new ones. What they say and
// could not be done again is refused there.
func (r *room) rescue() {
	r.inBackground(r.reorder, "entries that lost their places wait for new ones")
}

// inBackground does something besides, once the room has opened and until it
// stops, and keeps it open as long. otherwise is what is logged if it fails.
func (r *room) inBackground(do func(context.Context) error, otherwise string) {
	ctx, end := context.WithCancel(context.Background())
	r.hub.running.Go(func() {
		defer end()
		select {
		case <-r.stopped:
		case <-ctx.Done():
		}
	})
	r.hub.hold(r)
	r.hub.running.Go(func() {
		defer r.hub.release(r)
		defer end()
		select {
		case <-r.opened:
		case <-ctx.Done():
			return
		}
		if err := do(ctx); err != nil && !errors.Is(err, errStopped) && ctx.Err() == nil {
			r.log.Error(otherwise, "error", err)
		}
	})
}

// reorder orders the orphans of the board again and forgets them once that is
// saved.
func (r *room) reorder(ctx context.Context) error {
	orphans, upTo, err := r.hub.store.Orphans(ctx, r.id)
	if err != nil || len(orphans) == 0 {
		return err
	}
	r.log.Warn("entries have lost their places", "entries", len(orphans))
	// What is ordered from here on counts only if it is saved in this epoch.
	epoch, err := r.epochNow(ctx)
	if err != nil {
		return err
	}
	for _, lost := range orphans {
		told := lost.Refusals
		if lost.Rescued {
			told = lost.Told // what it was refused for since then was proposed, and that is lost as well
		}
		e := &board.Entry{By: lost.By, Role: lost.Role, Link: lost.Link, Client: lost.Client, N: lost.N, Ops: lost.Ops, Whole: lost.Whole, Rescued: true, Told: told}
		for {
			err := r.hub.sequencer.Append(ctx, r.id, e)
			if err == nil {
				break
			}
			if !errors.As(err, new(protocol.Bye)) {
				return err
			}
			if !r.pause(time.Second) {
				return errStopped
			}
		}
		r.hub.counters.Rescued.Add(1)
	}
	ordered := r.ordered.Load()
	for saved := int64(-1); saved < ordered; {
		now := ""
		if err := r.ask(ctx, func(r *room) { saved, now = r.keeping.saved, r.epochs.Name() }); err != nil {
			return err
		}
		if now != epoch {
			return r.reorder(ctx) // sending twice is harmless
		}
		if saved < ordered && !r.pause(lookAgain) {
			return errStopped
		}
	}
	return r.hub.store.Settle(ctx, r.id, upTo)
}

func (r *room) epochNow(ctx context.Context) (epoch string, err error) {
	err = r.ask(ctx, func(r *room) { epoch = r.epochs.Name() })
	return epoch, err
}

// pause waits, unless the room stops.
func (r *room) pause(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.stopped:
		return false
	}
}
