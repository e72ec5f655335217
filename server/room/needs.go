package room

import (
	"context"

	"jana/protocol/board"
)

// Store keeps boards on disk.
type Store interface {
	// Create keeps a new board. When it returns nil the board is on disk. An
	// id that is or was taken is fs.ErrExist.
	Create(ctx context.Context, id string, birth *board.Snapshot) error
	// Load gives the board as saved, and how much log lies behind its newest
	// snapshot. An unknown board is fs.ErrNotExist, a deleted one a
	// [protocol.Bye] that says so.
	Load(ctx context.Context, id string) (Loaded, error)
	// Append hands over what follows what was handed over before, and returns
	// without waiting for the disk. While it cannot take more it waits until ctx
	// ends, and has then taken nothing. If it returns nil, done is called once,
	// from any goroutine and in the order of the appends of a board: with nil
	// when all of it is on disk; with an error if it never will be, and then the
	// board has to be loaded anew. A disk that is full for now is waited for.
	// done does not block.
	Append(ctx context.Context, id string, b Batch, done func(error)) error
	// History gives saved entries from one seq to another, both included, at
	// most limit of them.
	History(ctx context.Context, id string, from, to int64, limit int) ([]*board.Entry, error)
	// Milestone gives the state that was kept under a name; fs.ErrNotExist if
	// there is none.
	Milestone(ctx context.Context, id string, milestone board.ID) (*board.State, error)
	// Delete forgets the board and its history. When it returns nil that is on
	// disk, and the id is never a board again.
	Delete(ctx context.Context, id string) error
}

// Loaded is a board as it lies on disk.
type Loaded struct {
	State *board.State
	// Entries and Bytes of the log behind the newest snapshot.
	Entries int
	Bytes   int64
}

// Batch is what goes to disk together.
type Batch struct {
	// Entries with ascending seqs, without a gap to what was appended before.
	Entries []*board.Entry
	// Snapshot of the state after the last entry, nil for none. Loading begins
	// with it.
	Snapshot *board.Snapshot
	// Milestones to keep, by id.
	Milestones map[board.ID]*board.Snapshot
	// Blanked are items whose texts Entries have erased: they are to be erased,
	// in the same transaction, from everything that lies on disk.
	Blanked []board.ID
}

// Relay carries between the instances what people at a board do, and who is
// there. Nobody waits for it, and what gets lost on the way costs nothing.
type Relay interface {
	// Open begins to hear what other instances send of a board, without waiting
	// for it. hear is called from any goroutine, with the instance that a message
	// is from. Called without one it says that messages may have been missed so
	// far: when the board begins to be heard, and whenever it is heard again.
	Open(id string, hear func(from string, data []byte))
	// Send hands data to the other instances that have the board open. It keeps
	// none of it.
	Send(id string, data []byte)
	// Close ends what Open began; hear is not called after it. What was sent
	// before is still sent.
	Close(id string)
}

// Sequencer gives the entries of boards their order.
type Sequencer interface {
	// Open joins the order of a board behind seq and time, those of the last
	// entry that is saved here, and tells the epoch in which its seqs count.
	// Every entry that is ordered from then on is handed to deliver: in the
	// order, none left out, one at a time. deliver may wait for its reader, and
	// then the order waits; an error of it means that the entry was not taken.
	Open(ctx context.Context, id string, seq, time int64, deliver func(context.Context, *board.Entry) error) (epoch string, err error)
	// Append gives the entry its Seq and Time. When it returns nil the entry has
	// its place and was delivered; with an error it may have neither, and
	// appending it again is harmless.
	Append(ctx context.Context, id string, e *board.Entry) error
	// Close ends deliveries. lost says that entries had a place which are not
	// saved: the seqs that follow then belong to another epoch.
	Close(id string, lost bool)
}
