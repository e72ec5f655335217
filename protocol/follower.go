package protocol

import (
	"context"

	"jana/protocol/board"
)

// Follower is told what becomes of a board's order, one call at a time.
type Follower interface {
	// Deliver takes the next entry. It may wait for its reader, and then the
	// order waits; an error means that the entry was not taken.
	Deliver(ctx context.Context, e *board.Entry) error
	// Renew takes over where the board is in a new epoch. What is delivered next
	// follows that.
	Renew(ctx context.Context, r board.Renewal) error
	// Look gives a copy of the board, with its epochs, and up to where it is on
	// disk.
	Look(ctx context.Context) (s *board.Snapshot, epochs board.Epochs, saved int64, err error)
	// Ordering tells whether anything can be ordered at the moment.
	Ordering(works bool)
	// Deleted tells that the board is gone for good.
	Deleted()
}
