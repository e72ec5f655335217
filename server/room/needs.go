package room

import (
	"context"

	"jana/protocol"
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
	// Milestones are the ids of those that there are.
	Milestones(ctx context.Context, id string) ([]board.ID, error)
	// Renew puts a board in the place of what is kept under its id, if anything
	// is: it begins anew with r.State, and entries behind r.Fork become orphans.
	// When it returns nil that is on disk. A deleted board is a [protocol.Bye]
	// that says so.
	Renew(ctx context.Context, id string, r board.Renewal) error
	// Orphans are entries of the board that lost their places, oldest first, and
	// the number up to which Settle forgets them.
	Orphans(ctx context.Context, id string) (entries []*board.Entry, upTo int64, err error)
	Settle(ctx context.Context, id string, upTo int64) error
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
	// Epochs of its history, and whether entries have lost their places in it.
	Epochs  board.Epochs
	Orphans bool
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
	// Epochs of the history, if they are others than before.
	Epochs board.Epochs
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
	// Create tells of a new board that is on disk here.
	Create(ctx context.Context, id string, birth *board.State) error
	// Open joins the order of a board behind the entry with seq and time, the
	// last that is saved here, in the last of epochs; seq -1 if nothing is. It
	// tells where the board is: with a State if that is no continuation of what
	// is here. A board that nobody has is fs.ErrNotExist, a deleted one a
	// [protocol.Bye] that says so.
	//
	// Every entry that is ordered from then on is delivered: in the order, none
	// left out, one at a time.
	Open(ctx context.Context, id string, epochs board.Epochs, seq, time int64, f protocol.Follower) (board.Renewal, error)
	// Append gives the entry its Seq and Time. When it returns nil the entry has
	// its place and was delivered; with an error it may have neither, and
	// appending it again is harmless. A [protocol.Bye] says that nothing can be
	// ordered at the moment.
	Append(ctx context.Context, id string, e *board.Entry) error
	// Hold says whether a second instance has everything up to a seq, which is
	// saved here, on disk as well, or there is none. If not yet, held is called
	// when it has, from any goroutine, unless the board is closed before.
	Hold(id string, seq int64, held func()) bool
	// Milestone gives the state that another instance has kept under a name, and
	// the seq up to which it has nothing any more of texts that were erased for
	// good; fs.ErrNotExist if none has it.
	Milestone(ctx context.Context, id string, milestone board.ID) (then *board.State, at int64, err error)
	// Compare tells what the board has come to at a seq of an epoch, to be held
	// against what others have. It does not block.
	Compare(id, epoch string, seq int64, hash string)
	// Delete tells that a board is gone for good.
	Delete(ctx context.Context, id string) error
	// Close ends deliveries. lost says that entries had a place which are not
	// saved: the seqs that follow then belong to another epoch, unless others
	// have them.
	Close(id string, lost bool)
}
