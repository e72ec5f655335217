package sequence

import (
	"slices"
	"time"

	"jana/protocol/board"
)

// snap puts a snapshot into Redis when much has happened since the last, and when
// a text was erased for good, which the entries behind it still have.
func (b *following) snap() {
	if b.snapping || b.seq-b.snapshot < snapBehind && b.erased == 0 {
		return
	}
	b.snapping = true
	epoch, kept := b.epochs.Name(), b.kept()
	b.q.running.Go(func() {
		seq, err := b.putSnapshot(epoch, kept)
		if err != nil && b.ctx.Err() == nil {
			b.q.o.Log.Warn("a snapshot is not in Redis", "board", b.id, "error", err)
		}
		select {
		case b.snapped <- seq:
		case <-b.over:
		}
	})
}

// eraseAgain is how long after a snapshot that did not come about another one is
// tried, if a text is to be erased by it.
const eraseAgain = time.Second

// noteSnapshot notes the one that was put into Redis.
func (b *following) noteSnapshot(seq int64) {
	b.snapping, b.snapshot = false, max(b.snapshot, seq)
	switch {
	case b.erased == 0:
	case seq >= b.erased:
		b.erased = 0
	default:
		time.AfterFunc(eraseAgain, b.lookAgain)
	}
}

// kept is how many entries are to stay in the stream behind a snapshot, for who
// comes a little later: none, if one of them may have a text that was erased.
func (b *following) kept() int {
	if b.erased > 0 {
		return -1
	}
	return keptBehind
}

func (b *following) snapNow() bool {
	seq, err := b.putSnapshot(b.epochs.Name(), b.kept())
	if err != nil {
		b.log("a snapshot is not in Redis", err)
		return false
	}
	b.snapshot = max(b.snapshot, seq)
	return true
}

// putSnapshot tells the seq of the snapshot that Redis has then.
func (b *following) putSnapshot(epoch string, kept int) (int64, error) {
	s, _, _, err := b.f.Look(b.ctx)
	if err != nil {
		return 0, err
	}
	packed, err := encodeState(s)
	if err != nil {
		return 0, err
	}
	r, err := b.q.run(b.ctx, b.q.scripts.snap, b.q.keys(b.id, "m", "s", "n"), epoch, s.Seq(), packed, kept)
	if err != nil {
		return 0, err
	}
	return max(0, r.number(0)), nil
}

// erases says whether an entry may erase a text for good.
func erases(e *board.Entry) bool {
	return slices.ContainsFunc(e.Ops, func(op board.Op) bool {
		_, is := op.(board.Blank)
		return is
	})
}
