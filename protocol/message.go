// Package protocol is the wire of Jana: every message of the websocket, a
// sentence each, how they are written, and how what strangers send becomes one
// or is refused ([Decode]).
//
// A frame is JSON text: an array of messages, in both directions. Twin of
// message.ts.
package protocol

import (
	"encoding/json"
	"strconv"

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

// Held: the lock-type entry has a second copy, or needs none.
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

// Append implements ServerMessage.
func (m Welcome) Append(b []byte) []byte {
	type head struct {
		You   You      `json:"you"`
		At    Position `json:"at"`
		Saved int64    `json:"saved"`
	}
	type rest struct {
		Limits map[string]int64 `json:"limits"`
		Time   int64            `json:"time"`
		Fate   []board.Fate     `json:"fate"`
	}
	b = appendTyped(b, "welcome", head{m.You, m.At, m.Saved})
	b = append(b[:len(b)-1], `,"board":`...)
	if m.Board == nil {
		b = append(b, "null"...)
	} else {
		// The items are many, and valid JSON by themselves: copied, not looked at.
		b = append(append(append(b, `{"items":`...), m.Board.Items...), '}')
	}
	b = append(b, `,"people":{`...)
	first := true
	for id, p := range m.People {
		b = p.append(appendName(b, id, &first))
	}
	if m.Fate == nil {
		m.Fate = []board.Fate{}
	}
	more := encode(rest{m.Limits, m.Time, m.Fate})
	more[0] = ','
	return append(append(b, '}'), more...)
}

// Append implements ServerMessage.
func (m Changes) Append(b []byte) []byte {
	b = append(b, `{"type":"changes","seq":`...)
	b = strconv.AppendInt(b, m.Seq, 10)
	b = append(b, `,"by":`...)
	b = appendString(b, m.By)
	b = append(b, `,"client":`...)
	b = appendString(b, m.Client)
	b = append(b, `,"n":`...)
	b = strconv.AppendInt(b, m.N, 10)
	b = append(b, `,"time":`...)
	b = strconv.AppendInt(b, m.Time, 10)
	b = append(b, `,"changes":[`...)
	for i := range m.Changes {
		if i > 0 {
			b = append(b, ',')
		}
		b = m.Changes[i].AppendJSON(b)
	}
	return append(b, `]}`...)
}

// Append implements ServerMessage.
func (m Refused) Append(b []byte) []byte { return appendTyped(b, "refused", m) }

// Append implements ServerMessage.
func (m Saved) Append(b []byte) []byte {
	b = append(b, `{"type":"saved","seq":`...)
	return append(strconv.AppendInt(b, m.Seq, 10), '}')
}

// Append implements ServerMessage.
func (m Held) Append(b []byte) []byte { return appendTyped(b, "held", m) }

// Append implements ServerMessage.
func (m Fate) Append(b []byte) []byte { return appendTyped(b, "fate", m) }

// Append implements ServerMessage.
func (m Presences) Append(b []byte) []byte {
	b = append(b, `{"type":"presence","people":{`...)
	first := true
	for key, p := range m.People {
		b = appendName(b, key, &first)
		if p == nil {
			b = append(b, "null"...)
		} else {
			b = p.AppendJSON(b)
		}
	}
	return append(b, `}}`...)
}

// AppendJSON appends the presence as it is shown to others.
func (p *Presence) AppendJSON(b []byte) []byte {
	b = append(b, '{')
	start := len(b)
	name := func(name string) {
		if len(b) > start {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), name...), `":`...)
	}
	if p.Cursor != nil {
		name("cursor")
		b = appendInts(b, p.Cursor[:])
	}
	if len(p.Drag) > 0 {
		name("drag")
		for i, d := range p.Drag {
			b = append(b, "[,"[min(i, 1)])
			b = append(appendString(append(b, '['), d.ID), ',')
			b = append(strconv.AppendInt(b, d.X, 10), ',')
			b = append(strconv.AppendInt(b, d.Y, 10), ']')
		}
		b = append(b, ']')
	}
	if len(p.Selected) > 0 {
		name("selected")
		for i, id := range p.Selected {
			b = appendString(append(b, "[,"[min(i, 1)]), id)
		}
		b = append(b, ']')
	}
	if p.Editing != "" {
		name("editing")
		b = appendString(b, p.Editing)
	}
	if p.View != nil {
		name("view")
		b = appendInts(b, p.View[:])
	}
	if p.Lead {
		name("lead")
		b = append(b, "true"...)
	}
	if p.Busy {
		name("busy")
		b = append(b, "true"...)
	}
	return append(b, '}')
}

// Append implements ServerMessage.
func (m People) Append(b []byte) []byte {
	b = append(b, `{"type":"people","people":{`...)
	first := true
	for id, p := range m.People {
		b = appendName(b, id, &first)
		if p == nil {
			b = append(b, "null"...)
		} else {
			b = p.append(b)
		}
	}
	return append(b, `}}`...)
}

func (p Person) append(b []byte) []byte {
	b = appendString(append(b, `{"name":`...), p.Name)
	b = appendString(append(b, `,"role":`...), string(p.Role))
	b = strconv.AppendInt(append(b, `,"here":`...), int64(p.Here), 10)
	if p.Hidden > 0 {
		b = strconv.AppendInt(append(b, `,"hidden":`...), int64(p.Hidden), 10)
	}
	return append(b, '}')
}

// Append implements ServerMessage.
func (m Disk) Append(b []byte) []byte { return appendTyped(b, "disk", m) }

// Append implements ServerMessage.
func (m Ping) Append(b []byte) []byte { return append(b, `{"type":"ping"}`...) }

// Append implements ServerMessage.
func (m Pong) Append(b []byte) []byte {
	b = append(b, `{"type":"pong","time":`...)
	return append(strconv.AppendInt(b, m.Time, 10), '}')
}

// Append implements ServerMessage.
func (m Bye) Append(b []byte) []byte { return appendTyped(b, "bye", m) }

// Frame is the messages as one frame.
func Frame(messages ...ServerMessage) []byte {
	b := []byte{'['}
	for i, m := range messages {
		if i > 0 {
			b = append(b, ',')
		}
		b = m.Append(b)
	}
	return append(b, ']')
}

// appendTyped appends a struct with its type before its members.
func appendTyped(b []byte, name string, v any) []byte {
	b = append(append(append(b, `{"type":"`...), name...), '"')
	body := encode(v)
	if len(body) > 2 {
		b = append(b, ',')
	}
	return append(b, body[1:]...)
}

func encode(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // a message is made of strings and numbers
	}
	return raw
}

// appendName begins a member of an object.
func appendName(b []byte, name string, first *bool) []byte {
	if !*first {
		b = append(b, ',')
	}
	*first = false
	return append(appendString(b, name), ':')
}

func appendInts(b []byte, ints []int64) []byte {
	for i, n := range ints {
		b = strconv.AppendInt(append(b, "[,"[min(i, 1)]), n, 10)
	}
	return append(b, ']')
}

// appendString appends a string; ids and the like, which are most, as they are.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' {
			return append(b, encode(s)...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}
