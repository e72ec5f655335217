package room

import (
	"context"
	"log/slog"
	"time"

	"jana/protocol"
	"jana/protocol/board"
)

// Options of a hub. The zero value of a field is its default.
type Options struct {
	Log *slog.Logger // slog.Default()
	// IdleAfter the last one has left, a room closes: 60 s.
	IdleAfter time.Duration
	// PushesPerSecond of a participant, in bursts of PushBurst: 60 and 300. A
	// push costs one, plus one per 20 ops.
	PushesPerSecond, PushBurst int
	// PresencePerSecond of a socket, more are merged: 40.
	PresencePerSecond int
	// QueueMessages and QueueBytes may wait for a slow reader: 512 and 1 MiB.
	QueueMessages, QueueBytes int
}

// Hub holds the rooms of this instance.
type Hub struct{}

// NewHub makes a hub without rooms.
func NewHub(store Store, sequencer Sequencer, o Options) *Hub { panic("being written") }

// Counters are for reading, at any time.
func (h *Hub) Counters() *Counters { panic("being written") }

// Rooms and members at this moment.
func (h *Hub) Rooms() (rooms, members int) { panic("being written") }

// Create keeps a new board. When it returns nil the board is on disk;
// fs.ErrExist if the id is taken.
func (h *Hub) Create(ctx context.Context, id string, s *board.State) error { panic("being written") }

// Links are the link items of a board, closed ones included, in no particular
// order; fs.ErrNotExist if there is no such board.
func (h *Hub) Links(ctx context.Context, id string) ([]*board.Item, error) { panic("being written") }

// View is what [Hub.View] shows.
type View struct {
	// State may be read until look returns; its items may be kept.
	State *board.State
	// At is its position, Saved the seq up to which it is on disk.
	At    protocol.Position
	Saved int64
}

// View runs look on the goroutine that owns the board, so it had better be
// short: take what is needed, encode later. fs.ErrNotExist if there is no such
// board.
func (h *Hub) View(ctx context.Context, id string, look func(View)) error { panic("being written") }

// Visit says who comes to a board. The edge has checked the key; the room
// checks that the link is on the board and open, and takes the role from it.
type Visit struct {
	Link        board.ID
	Participant board.ID
	// Client is the tab, 1–40 characters of an id.
	Client string
	Name   string
	// Kind of a participant: "tablet", "remote" or "".
	Kind string
}

// Conn is the way to one browser. One goroutine at a time calls it.
type Conn interface {
	// Write sends one frame and returns when it has been handed to the network,
	// or will never be: then the member is as good as gone, and Close follows.
	// The frame is shared and must not be changed or kept.
	Write(frame []byte) error
	// Close is called once, after the last Write, unless the member left by
	// itself: it ends the socket with the status of the bye that was written,
	// or just so for "". It must not wait for the browser.
	Close(code protocol.ByeCode)
}

// Join brings somebody to a board: a participant's first visit is ordered as a
// join; then the welcome is on its way to conn, and everything that happens
// from then on follows it. The error is a [protocol.Bye] for who is turned
// away, and fs.ErrNotExist if there is no such board.
func (h *Hub) Join(ctx context.Context, id string, v Visit, hello protocol.Hello, conn Conn) (*Member, error) {
	panic("being written")
}

// Member is somebody at a board through one socket. Its methods are for the one
// goroutine that reads the socket.
type Member struct{}

// ID of the participant, Role by the link they came by.
func (m *Member) ID() board.ID     { panic("being written") }
func (m *Member) Role() board.Role { panic("being written") }

// Push has a push ordered. It waits while more are waiting than may, so the
// socket is not read meanwhile; what becomes of the push goes to the Conn.
// An error means that the member is gone or ctx has ended.
func (m *Member) Push(ctx context.Context, p protocol.Push) error { panic("being written") }

// Presence replaces what the member was doing.
func (m *Member) Presence(p *protocol.Presence) { panic("being written") }

// Send queues a message for this member alone, such as a pong.
func (m *Member) Send(msg protocol.ServerMessage) { panic("being written") }

// Leave ends the visit. It is to be called when the socket has ended, whoever
// ended it, and may be called again. It does not wait for a write under way.
func (m *Member) Leave() { panic("being written") }

// Result is what became of a push that came by HTTP.
type Result struct {
	// Seq is 0 for a push so old that only its having been ordered is known,
	// or one that got no place: then Refused says why.
	Seq int64
	// Changes that its author may see, as a JSON array.
	Changes []byte
	Refused []board.Refusal
	// Saved: it is on disk.
	Saved bool
}

// Do has a push ordered for somebody who has no socket and waits until it is
// saved, 5 s at most. The same (participant, client, n) gives the same result.
// Errors as those of Join; a push over the limits is refused as too_fast.
func (h *Hub) Do(ctx context.Context, id string, v Visit, p protocol.Push) (Result, error) {
	panic("being written")
}

// Delete says goodbye to everybody at a board and forgets it for good.
func (h *Hub) Delete(ctx context.Context, id string) error { panic("being written") }

// Drain lets nobody in any more, waits until everything ordered is saved, sends
// everybody away to come back within spread, and returns when no room is left
// or ctx has ended, with its error.
func (h *Hub) Drain(ctx context.Context, spread time.Duration) error { panic("being written") }
