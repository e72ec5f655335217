package sequence

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"time"

	"jana/server/cluster"
)

// mendAgain is how often a board may be taken out of Redis. What this instance
// alone takes for junk must not keep the others from working.
const mendAgain = time.Minute

// spoilt says whether an error means that Redis holds something in a board's
// place with which nobody can go on. What only a newer version can read is none
// of it.
func spoilt(err error) bool {
	if err == nil || errors.Is(err, errNewer) {
		return false
	}
	if errors.Is(err, errForeign) {
		return true
	}
	if !cluster.IsReply(err) {
		return false
	}
	for _, sign := range []string{
		"WRONGTYPE",         // another type of key
		"specified in XADD", // an entry in the place of the next
		"attempt to ",       // what a script took for a number is none
	} {
		if strings.Contains(err.Error(), sign) {
			return true
		}
	}
	return false
}

// mend has a board begin anew whose place in Redis is spoilt: from what is here,
// or by who has it. True if it can be looked for again.
func (b *following) mend(ctx context.Context, err error) bool {
	switch {
	case !spoilt(err):
		return false
	case b.seq < 0:
		b.q.tell(ctx, notice{Type: noticeSpoilt, Board: b.id})
		return false
	}
	return b.q.forget(ctx, b.id, b.epochs.Name(), err)
}

// forget takes a board out of Redis, unless it is in a later epoch than here.
func (q *Shared) forget(ctx context.Context, id, epoch string, why error) bool {
	q.mu.Lock()
	soon := time.Since(q.mended[id]) < mendAgain
	if !soon {
		q.mended[id] = time.Now()
	}
	q.mu.Unlock()
	if soon {
		return false
	}
	q.o.Log.Error("redis held something else in a board's place; the board is brought back from disk", "board", id, "error", why)
	_, err := q.run(ctx, q.scripts.forget, q.keys(id, "m", "s", "n", "r", "p"), epoch)
	return err == nil
}

// bring has a board begin anew from what is here, for an instance that has
// nothing of it and can make nothing of what Redis has.
func (q *Shared) bring(n notice) {
	if b := q.following(n.Board); b != nil {
		if at := b.at.Load(); at.Seq >= 0 && q.forget(q.ctx, n.Board, at.Epoch, errForeign) {
			b.lookAgain()
		}
		return
	}
	_, epochs, err := q.shelf.Load(q.ctx, n.Board)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		q.o.Log.Warn("a board that is not open here", "board", n.Board, "why", n.Type, "error", err)
	case q.forget(q.ctx, n.Board, epochs.Name(), errForeign):
		q.tend(notice{Type: noticeBegin, Board: n.Board})
	}
}
