package room

import (
	"context"
	"slices"

	"jana/protocol"
	"jana/protocol/board"
)

// holding is who waits until what others rely upon cannot be lost with one
// machine. All seqs are of this epoch.
type holding struct {
	// to: everything up to there is on a second disk, or there is no second
	// instance. asked is how far that was asked for.
	to, asked int64
	waiting   []holder
}

// holder waits until everything up to a seq is held.
type holder struct {
	member *Member
	seq    int64
	told   bool // with the next frame
}

// awaitHeld has the senders of an entry told when it is held, if it is one that
// others rely upon. asked are its ops.
func (r *room) awaitHeld(e *board.Entry, asked []board.Op, senders []*Member) {
	if len(senders) == 0 || !binds(e, asked) {
		return
	}
	for _, m := range senders {
		r.holding.waiting = append(r.holding.waiting, holder{member: m, seq: e.Seq})
	}
}

// awaitAgain has a member told when the last of its pushes that have their places
// is held: which of them others rely upon it knows itself.
func (r *room) awaitAgain(m *Member, pushes []int64) {
	last := int64(0)
	for _, n := range pushes {
		switch fate, known := r.state.Fate(m.id, m.client, n); {
		case !known:
		case fate.Seq == 0: // so old that its place is not known any more
			last = r.state.Seq()
		default:
			last = max(last, fate.Seq)
		}
	}
	if last > 0 {
		r.holding.waiting = append(r.holding.waiting, holder{member: m, seq: last})
	}
}

// holdAgain begins anew in another epoch.
func (r *room) holdAgain() {
	waiting := r.holding.waiting
	r.holding = holding{}
	for i, w := range waiting {
		if !slices.ContainsFunc(waiting[:i], func(other holder) bool { return other.member == w.member }) {
			r.awaitAgain(w.member, w.member.recent)
		}
	}
}

// hold sees that what is saved here and somebody waits for is held, and tells
// them when it is.
func (r *room) hold() {
	h := &r.holding
	if len(h.waiting) == 0 {
		return
	}
	wanted := h.asked
	for _, w := range h.waiting {
		if w.seq <= r.keeping.saved {
			wanted = max(wanted, w.seq)
		}
	}
	if wanted > h.asked {
		h.asked = wanted
		at := held{r.epochs.Name(), wanted}
		if r.hub.sequencer.Hold(r.id, wanted, func() { go func() { _ = r.post(context.Background(), at) }() }) {
			h.to = wanted
		}
	}
	for i := range h.waiting {
		if w := &h.waiting[i]; w.seq <= h.to && !w.told {
			w.told = true
			r.tick.tell(w.member, protocol.Held{Seq: h.to}.Append(nil), 1)
			r.pace.note(r.now)
		}
	}
}

// flushed lets go of those who have been told. Not before: whoever gets the board
// anew in another epoch meanwhile waits on.
func (h *holding) flushed() {
	h.waiting = slices.DeleteFunc(h.waiting, func(w holder) bool { return w.told })
}

// forget lets go of a member who is no longer at the board.
func (h *holding) forget(m *Member) {
	h.waiting = slices.DeleteFunc(h.waiting, func(w holder) bool { return w.member == m })
}

// held: everything up to a seq cannot be lost with one machine.
type held struct {
	epoch string
	seq   int64
}

func (ev held) happen(r *room) {
	if ev.epoch == r.epochs.Name() { // or its place may be another now
		r.holding.to = max(r.holding.to, ev.seq)
	}
}

// binds says whether an entry holds something that must not be lost with one
// machine, since others rely upon its being in force. Of one that came again it
// says so for what it asks.
func binds(e *board.Entry, asked []board.Op) bool {
	for i, op := range asked {
		switch op := op.(type) {
		case board.Lock, board.Freeze, board.Unfreeze, board.Pin, board.Blank, board.Rewind:
		case board.Link:
			if !op.Revoke {
				continue
			}
		default:
			continue
		}
		if e.Duplicate || happened(e, i) {
			return true
		}
	}
	return false
}
