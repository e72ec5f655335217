// Package protocol is the wire of Jana: every message of the websocket, a
// sentence each, how they are written, and how what strangers send becomes one
// or is refused ([Decode]).
//
// A frame is JSON text: an array of messages, in both directions. Twin of
// message.ts.
package protocol

import (
	"encoding/json"

	"jana/protocol/board"
)

// Version of this protocol.
const Version = 1

// Position is a place in a board's order: seqs of different epochs are not to
// be compared.
type Position struct {
	Epoch string `json:"epoch"`
	Seq   int64  `json:"seq"`
}

// ClientMessage is what a browser sends: [Hello], [Push], [Presence], [Ping] or
// [Pong].
type ClientMessage interface{ fromClient() }

// Hello is the first message of the browser, within 10 s.
type Hello struct {
	Version int64
	Key     string
	// Me is 128 random bits made once per browser and board, never shown to
	// others. Empty: Client takes its place.
	Me string
	// Client is random per tab, not secret.
	Client string
	Name   string
	// At is where this browser stood, to be continued from there; nil if
	// nowhere, or if what it said makes no sense.
	At *Position
	// Waiting are the n of pushes whose fate it does not know.
	Waiting []int64
}

// Push is ops sent together: one entry. N grows, gaps are fine; at most
// [MaxUnanswered] unanswered.
type Push struct {
	N   int64
	Ops []board.Op
	// Whole: the first refusal refuses all.
	Whole bool
	// Client is a closed tab of the same participant, whose outbox this is;
	// empty for the sender's own.
	Client string
	// Refused says why the push can have no place at all: its N, the number of
	// its ops or a member has no valid form. Then nothing else of it counts.
	Refused *board.Refusal
}

// Presence is what somebody is doing at the moment; never ordered or stored,
// the latest wins.
type Presence struct {
	// Cursor is x, y in board units; nil: not on the board.
	Cursor *[2]int64 `json:"cursor,omitempty"`
	// Drag are the notes under the finger.
	Drag     []board.Place `json:"drag,omitempty"`
	Selected []board.ID    `json:"selected,omitempty"`
	Editing  board.ID      `json:"editing,omitempty"`
	// View is what they see: x, y, width, height in board units.
	View *[4]int64 `json:"view,omitempty"`
	Lead bool      `json:"lead,omitempty"`
	// Busy: something is done to a note that this viewer may not see.
	Busy bool `json:"busy,omitempty"`
}

// Ping asks whether the other side is there, both ways.
type Ping struct{}

// Pong answers a [Ping]; the server's says what its clock shows.
type Pong struct {
	// Time in ms since 1970; 0 from a browser.
	Time int64 `json:"time"`
}

func (Hello) fromClient()     {}
func (Push) fromClient()      {}
func (*Presence) fromClient() {}
func (Ping) fromClient()      {}
func (Pong) fromClient()      {}

// Limits of the wire. Those of a board are in package board.
const (
	// MaxFrameBytes is how long a frame from a browser may be.
	MaxFrameBytes = 64 << 10
	// MaxUnanswered is how many pushes a browser sends before one is answered.
	MaxUnanswered = 8
	// MaxN is the highest n of a push: what a JavaScript number holds exactly.
	MaxN = 1<<53 - 1
)

// Person of the board as the people list shows them.
type Person struct {
	Name string     `json:"name"`
	Role board.Role `json:"role"`
	// Here is how many sockets they have open.
	Here int `json:"here"`
	// Hidden is how many notes of theirs are not shown yet (private writing).
	Hidden int `json:"hidden,omitempty"`
	// Link by which they came, of those whom no item on the board tells it of:
	// viewers.
	Link board.ID `json:"link,omitempty"`
}

// ServerMessage is what the server sends.
type ServerMessage interface {
	// Append appends the message as JSON.
	Append(b []byte) []byte
}

// Welcome may come at any time and replaces everything confirmed; Board is nil
// when the position of hello is continued: the missed changes follow.
type Welcome struct {
	You   You      `json:"you"`
	At    Position `json:"at"`
	Saved int64    `json:"saved"`
	Board *Whole   `json:"board"`
	// People by participant.
	People map[board.ID]Person `json:"people"`
	// Limits by name, such as "noteText".
	Limits map[string]int64 `json:"limits"`
	// Time is the server's clock, ms since 1970.
	Time int64        `json:"time"`
	Fate []board.Fate `json:"fate"`
}

// You says who the receiver of a welcome is.
type You struct {
	ID   board.ID   `json:"id"`
	Role board.Role `json:"role"`
	Link board.ID   `json:"link,omitempty"`
	// Mine are notes they own without being named as their author.
	Mine []board.ID `json:"mine,omitempty"`
}

// Whole is all of a board that its receiver may see.
type Whole struct {
	// Items is the JSON array of the items, in no particular order.
	Items json.RawMessage `json:"items"`
}

// Changes is one entry that changed something for its receiver. Seqs grow but
// may skip.
type Changes struct {
	Seq     int64          `json:"seq"`
	By      board.ID       `json:"by"`
	Client  string         `json:"client"`
	N       int64          `json:"n"`
	Time    int64          `json:"time"`
	Changes []board.Change `json:"changes"`
}

// Refused goes to the author alone. Without Seq the push never got a place, and
// the refusal is final.
type Refused struct {
	N      int64        `json:"n"`
	Op     int          `json:"op"`
	Seq    int64        `json:"seq,omitempty"`
	Code   board.Code   `json:"code"`
	Reason board.Reason `json:"reason,omitzero"`
	By     board.ID     `json:"by,omitempty"`
	Set    int64        `json:"set,omitempty"`
	// Client is absent for a push of the receiver's own.
	Client string `json:"client,omitempty"`
}

// ByeCode says why the server closes a socket.
type ByeCode string

// Bye codes.
const (
	Draining   ByeCode = "draining"    // the server stops; come back after retry
	TooSlow    ByeCode = "too_slow"    // cannot keep up; come back, keep the position
	OldVersion ByeCode = "version"     // keep the outbox, load the page anew
	Elsewhere  ByeCode = "elsewhere"   // come back, to another instance if there is one
	BoardFull  ByeCode = "full"        // as many people as a board may hold
	LinkClosed ByeCode = "revoked"     // the link has been closed
	Deleted    ByeCode = "deleted"     // the board is gone for good
	Unknown    ByeCode = "unknown"     // no such board, or not with this key
	BadMessage ByeCode = "bad_message" // something that the protocol does not have
	NoHello    ByeCode = "no_hello"    // it did not say who it is, or too late
	TooLarge   ByeCode = "too_large"   // a frame over the limit
)

// Saved: everything up to Seq of this epoch is on this instance's disk;
// cumulative.
type Saved struct {
	Seq int64 `json:"seq"`
}

// Held: everything up to Seq has a second copy, or needs none; cumulative, told
// to who waits for it with a lock-type entry.
type Held struct {
	Seq int64 `json:"seq"`
}

// Fate answers a push that was sent before, or one that changed nothing for its
// author.
type Fate struct {
	// Client is absent for a push of the receiver's own.
	Client string `json:"client,omitempty"`
	board.Fate
}

// Presences is who does what, by "<participant>.<client>"; nil: no longer.
type Presences struct {
	People map[string]*Presence `json:"people"`
}

// People that changed; nil: no longer known.
type People struct {
	People map[board.ID]*Person `json:"people"`
}

// Disk tells whether boards are being saved on this instance at the moment.
type Disk struct {
	OK bool `json:"ok"`
}

// Bye comes before a close. It is also the error with which a join ends that is
// turned away.
type Bye struct {
	Code ByeCode `json:"code"`
	// Retry is after how many ms to come back; nil: as the browser sees fit.
	Retry *int64 `json:"retry"`
}

// Error implements error.
func (b Bye) Error() string { return "bye: " + string(b.Code) }

// Status is the websocket status that a socket is closed with after a bye.
func (c ByeCode) Status() int {
	switch c {
	case Draining:
		return 1012
	case TooSlow:
		return 4008
	case OldVersion:
		return 4010
	case Elsewhere:
		return 4013
	case BoardFull:
		return 4029
	case LinkClosed:
		return 4403
	case Deleted:
		return 4410
	case Unknown:
		return 4404
	case TooLarge:
		return 1009
	}
	return 1008
}
