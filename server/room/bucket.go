package room

import (
	"sync"
	"time"

	"jana/protocol/board"
)

// opsPerCost ops cost as much as a push by itself.
const opsPerCost = 20

// buckets hold what participants may send for the moment. They are filled at a
// steady rate, up to a burst, and may be emptied in advance.
type buckets struct {
	mu sync.Mutex
	of map[board.ID]*bucket
}

type bucket struct {
	left    float64
	at      time.Time
	waiting int // by HTTP
}

// maxBuckets are kept before those that are full are thrown away.
const maxBuckets = 2 * board.MaxParticipants

// reserve takes out the cost of a push and tells how long it has to wait for
// it. It takes nothing if that is longer than patience.
func (b *buckets) reserve(o *Options, id board.ID, ops int) (wait time.Duration, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	own := b.bucket(o, id, now)
	left := own.left - float64(1+ops/opsPerCost)
	if left < 0 {
		wait = time.Duration(-left / float64(o.PushesPerSecond) * float64(time.Second))
	}
	if wait > patience {
		return 0, false
	}
	own.left = left
	return wait, true
}

// queue counts a participant's pushes that wait by HTTP; false if that is too
// many. by is 1 or -1.
func (b *buckets) queue(o *Options, id board.ID, by int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	own := b.bucket(o, id, time.Now())
	if by > 0 && own.waiting == maxWaiting {
		return false
	}
	own.waiting += by
	return true
}

func (b *buckets) bucket(o *Options, id board.ID, now time.Time) *bucket {
	if b.of == nil {
		b.of = map[board.ID]*bucket{}
	}
	own := b.of[id]
	if own == nil {
		if len(b.of) >= maxBuckets {
			for other, full := range b.of {
				full.fill(o, now)
				if full.waiting == 0 && full.left == float64(o.PushBurst) {
					delete(b.of, other)
				}
			}
		}
		own = &bucket{left: float64(o.PushBurst), at: now}
		b.of[id] = own
	}
	own.fill(o, now)
	return own
}

func (b *bucket) fill(o *Options, now time.Time) {
	b.left = min(float64(o.PushBurst), b.left+now.Sub(b.at).Seconds()*float64(o.PushesPerSecond))
	b.at = now
}
