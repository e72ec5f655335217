package sequence

import (
	"slices"
	"sync"
)

// mostCompared hashes of a board are kept until the others' have come.
const mostCompared = 8

// outcome is what a board came to at a place of its order.
type outcome struct {
	epoch string
	seq   int64
	hash  string
}

// comparing is what a board came to here and at other instances.
type comparing struct {
	mu           sync.Mutex
	here, others []outcome
}

// put notes an outcome, and reports whether another side came to another one at
// the same place.
func (c *comparing) put(o outcome, here bool) (differs bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	mine, other := &c.here, &c.others
	if !here {
		mine, other = other, mine
	}
	if *mine = append(*mine, o); len(*mine) > mostCompared {
		*mine = slices.Delete(*mine, 0, 1)
	}
	differs = slices.ContainsFunc(*other, func(p outcome) bool { return p.epoch == o.epoch && p.seq == o.seq && p.hash != o.hash })
	if differs {
		c.here, c.others = nil, nil
	}
	return differs
}

// Compare tells the other instances what a board has come to at a place of its
// order. Who has come to another state takes over that of Redis: two versions of
// the program, or a broken machine, must not show people two boards.
func (q *Shared) Compare(id, epoch string, seq int64, hash string) {
	b := q.following(id)
	if b == nil {
		return
	}
	b.compare(outcome{epoch, seq, hash}, true)
	q.running.Go(func() {
		q.tell(q.ctx, notice{Type: noticeHash, Board: id, Epoch: epoch, Seq: seq, Hash: hash})
	})
}

func (b *following) compare(o outcome, here bool) {
	if !b.compared.put(o, here) {
		return
	}
	b.q.o.Log.Error("a board has come to another state than at another instance, and is taken from Redis", "board", b.id, "epoch", o.epoch, "seq", o.seq)
	b.astray.Store(true)
	b.lookAgain()
}
