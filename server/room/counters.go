package room

import (
	"sync/atomic"
	"time"

	"jana/protocol/board"
)

// Counters count what has happened in all rooms since the start.
type Counters struct {
	Entries    atomic.Int64 // applied, duplicates not counted
	Ops        atomic.Int64 // applied
	Duplicates atomic.Int64 // pushes that had been applied before
	Frames     atomic.Int64 // made, one per room and tick
	Deliveries atomic.Int64 // frames times members
	Joins      atomic.Int64
	Continued  atomic.Int64 // joins that went on from their position
	SlowReader atomic.Int64 // backlogs replaced by a fresh welcome
	TooSlow    atomic.Int64 // members closed for it
	Failed     atomic.Int64 // boards that were stopped to be loaded anew
	Renewed    atomic.Int64 // boards that went on in another epoch
	Astray     atomic.Int64 // boards that had come to another state than elsewhere
	Rescued    atomic.Int64 // entries that lost their places and got new ones
	Saved      Histogram    // from ordered to saved

	refused [len(codes)]atomic.Int64
}

// codes in the order of their counters.
var codes = [...]board.Code{
	board.BoardLocked, board.PhaseForbids, board.Frozen, board.Pinned, board.NotYours, board.Forbidden,
	board.Revoked, board.Gone, board.Exists, board.Invalid, board.TooLong, board.Full, board.TooFast,
	board.ChangedSince, board.ClosedCode,
}

func (c *Counters) refuse(code board.Code) {
	for i := range codes {
		if codes[i] == code {
			c.refused[i].Add(1)
		}
	}
}

// Refused calls yield with the number of refused ops per code.
func (c *Counters) Refused(yield func(board.Code, int64) bool) {
	for i := range codes {
		if !yield(codes[i], c.refused[i].Load()) {
			return
		}
	}
}

// Bounds are the upper bounds of a [Histogram]'s buckets.
var Bounds = [...]time.Duration{
	time.Millisecond, 2 * time.Millisecond, 5 * time.Millisecond, 10 * time.Millisecond, 20 * time.Millisecond,
	50 * time.Millisecond, 100 * time.Millisecond, 200 * time.Millisecond, 500 * time.Millisecond, time.Second,
	2 * time.Second, 5 * time.Second,
}

// Histogram counts durations.
type Histogram struct {
	buckets [len(Bounds) + 1]atomic.Int64
	sum     atomic.Int64
}

func (h *Histogram) observe(d time.Duration) {
	i := 0
	for i < len(Bounds) && d > Bounds[i] {
		i++
	}
	h.buckets[i].Add(1)
	h.sum.Add(int64(d))
}

// Read gives the count per bucket, the last one over all bounds, and the sum of
// all durations.
func (h *Histogram) Read() (buckets [len(Bounds) + 1]int64, sum time.Duration) {
	for i := range h.buckets {
		buckets[i] = h.buckets[i].Load()
	}
	return buckets, time.Duration(h.sum.Load())
}
