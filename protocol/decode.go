package protocol

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"jana/protocol/board"
)

// What a frame of a stranger may hold at most.
const (
	maxMessages   = 64
	maxDepth      = 16 // nested arrays and objects; an op needs half of it
	maxDragged    = 200
	maxSelected   = 500
	maxMeBytes    = 200
	maxEpochBytes = 100
	// maxIDBytes leaves room for the derived ids, which join two.
	maxIDBytes = 2*board.MaxID + 4
	// maxView leaves room around the board, all of which a zoomed out view shows.
	maxView = 10 * board.MaxCoordinate
)

// BadFrame says how a frame ends its socket.
type BadFrame struct {
	// Code of the bye; "" for a frame that is not text, which gets none.
	Code ByeCode
	// Status of the websocket.
	Status int
	// Why is for the log. It quotes nothing of the frame.
	Why string
}

func badMessage(why string) *BadFrame { return &BadFrame{BadMessage, BadMessage.Status(), why} }

// Decode reads a frame of a browser. It is total: whatever the bytes are, the
// answer is valid messages or how to close, at a cost in proportion to their
// number. Members that no message has are dropped. An op that has no valid form
// does not spoil its frame: it becomes one that is refused at its place.
func Decode(frame []byte) ([]ClientMessage, *BadFrame) {
	if len(frame) > MaxFrameBytes {
		return nil, &BadFrame{TooLarge, TooLarge.Status(), "over the limit"}
	}
	if !utf8.Valid(frame) {
		return nil, &BadFrame{"", 1007, "not UTF-8"}
	}
	s := scanner{b: frame}
	var messages []ClientMessage
	ok := s.elements(1, func() bool {
		var m message
		if len(messages) == maxMessages || !s.message(&m) {
			return false
		}
		decoded := m.decode(&s)
		messages = append(messages, decoded)
		return decoded != nil
	})
	s.space()
	if !ok || s.at != len(frame) {
		return nil, badMessage("not an array of messages")
	}
	return messages, nil
}

// DecodeShown reads a presence as [Presence.AppendJSON] writes it, as total as
// [Decode]; nil if it is none.
func DecodeShown(raw []byte) *Presence {
	if len(raw) > MaxFrameBytes || !utf8.Valid(raw) {
		return nil
	}
	s := scanner{b: raw}
	var m message
	if s.peek() != '{' || !s.message(&m) || len(s.flaws) > 0 {
		return nil
	}
	if s.space(); s.at != len(raw) {
		return nil
	}
	p := m.presence()
	if p != nil {
		p.Busy = string(m.busy) == "true"
	}
	return p
}

// SplitTab splits what presence is known by into the participant and the tab.
func SplitTab(key string) (participant board.ID, client string, ok bool) {
	participant, client, ok = strings.Cut(key, ".")
	return participant, client, ok && isClient(participant) && isClient(client)
}

// message is the raw members of one, nil where absent.
type message struct {
	typ, version, key, me, client, name, at, waiting []byte
	n, ops, whole                                    []byte
	cursor, drag, selected, editing, view, lead      []byte
	busy                                             []byte // from another instance
}

func (m *message) member(name []byte) *[]byte {
	switch string(name) {
	case "type":
		return &m.typ
	case "version":
		return &m.version
	case "key":
		return &m.key
	case "me":
		return &m.me
	case "client":
		return &m.client
	case "name":
		return &m.name
	case "at":
		return &m.at
	case "waiting":
		return &m.waiting
	case "n":
		return &m.n
	case "ops":
		return &m.ops
	case "whole":
		return &m.whole
	case "cursor":
		return &m.cursor
	case "drag":
		return &m.drag
	case "selected":
		return &m.selected
	case "editing":
		return &m.editing
	case "view":
		return &m.view
	case "lead":
		return &m.lead
	case "busy":
		return &m.busy
	}
	return nil
}

// decode gives the message, nil if it is none. The flaws of s are its own.
func (m *message) decode(s *scanner) ClientMessage {
	if string(m.typ) == `"push"` {
		return m.push(s)
	}
	if len(s.flaws) > 0 {
		return nil
	}
	switch string(m.typ) {
	case `"presence"`:
		if p := m.presence(); p != nil {
			return p
		}
		return nil
	case `"hello"`:
		if h, ok := m.hello(); ok {
			return h
		}
		return nil
	case `"ping"`:
		return Ping{}
	case `"pong"`:
		return Pong{}
	}
	return nil
}

func (m *message) hello() (h Hello, ok bool) {
	h.Version, _ = integer(m.version, MaxN) // what is none is no version of ours
	h.Key, _ = text(m.key)                  // nor any key of ours
	h.At = position(m.at)
	var known [5]bool
	h.Me, known[0] = textOrAbsent(m.me)
	h.Name, known[1] = textOrAbsent(m.name)
	h.Client, known[2] = text(m.client)
	known[3] = isClient(h.Client) && len(h.Me) <= maxMeBytes
	known[4] = absent(m.waiting) || list(m.waiting, MaxFrameBytes, func(raw []byte) bool {
		n, ok := integer(raw, MaxN)
		h.Waiting = append(h.Waiting, n)
		return ok
	})
	return h, known == [5]bool{true, true, true, true, true}
}

// position is nil for what makes none: who says nonsense begins anew.
func position(raw []byte) *Position {
	var in Position
	if absent(raw) || json.Unmarshal(raw, &in) != nil || in.Seq < 0 || in.Seq > MaxN || in.Epoch == "" || len(in.Epoch) > maxEpochBytes {
		return nil
	}
	return &in
}

// push is a valid one, or one that says why it can have no place.
func (m *message) push(s *scanner) ClientMessage {
	var p Push
	p.N, _ = integer(m.n, math.MaxInt64)
	refuse := func(field string, limit int) ClientMessage {
		p.Ops = nil
		p.Refused = &board.Refusal{Code: board.Invalid, Reason: board.Reason{Field: field, Limit: limit}}
		return p
	}
	if p.N < 1 || p.N > MaxN {
		return refuse("n", 0)
	}
	if !absent(m.whole) {
		if p.Whole = string(m.whole) == "true"; !p.Whole && string(m.whole) != "false" {
			return refuse("whole", 0)
		}
	}
	if !absent(m.client) {
		if p.Client, _ = text(m.client); !isClient(p.Client) {
			p.Client = ""
			return refuse("client", 0)
		}
	}
	tooMany := false
	isList := list(m.ops, MaxFrameBytes, func(raw []byte) bool {
		if tooMany = len(p.Ops) == board.MaxOps; tooMany {
			return false
		}
		if s.flawed(raw) {
			p.Ops = append(p.Ops, board.Undecoded{})
		} else {
			p.Ops = append(p.Ops, board.DecodeOp(raw))
		}
		return true
	})
	switch {
	case tooMany:
		return refuse("ops", board.MaxOps)
	case !isList || len(p.Ops) == 0:
		return refuse("ops", 0)
	}
	return p
}

// presence is nil for what makes none.
func (m *message) presence() *Presence {
	p := &Presence{}
	if !absent(m.cursor) {
		p.Cursor = new([2]int64)
		if !integers(m.cursor, p.Cursor[:], board.MaxCoordinate) {
			return nil
		}
	}
	if !absent(m.view) {
		p.View = new([4]int64)
		if !integers(m.view, p.View[:], maxView) {
			return nil
		}
	}
	if !absent(m.drag) && !list(m.drag, maxDragged, func(raw []byte) bool {
		var d board.Place
		var part int
		ok := list(raw, 3, func(raw []byte) (ok bool) {
			switch part++; part {
			case 1:
				d.ID, ok = identifier(raw)
			case 2:
				d.X, ok = integer(raw, board.MaxCoordinate)
			case 3:
				d.Y, ok = integer(raw, board.MaxCoordinate)
			}
			return ok
		})
		p.Drag = append(p.Drag, d)
		return ok && part == 3
	}) {
		return nil
	}
	if !absent(m.selected) && !list(m.selected, maxSelected, func(raw []byte) bool {
		id, ok := identifier(raw)
		p.Selected = append(p.Selected, id)
		return ok
	}) {
		return nil
	}
	if !absent(m.editing) {
		id, ok := identifier(m.editing)
		if !ok {
			return nil
		}
		p.Editing = id
	}
	if !absent(m.lead) {
		if p.Lead = string(m.lead) == "true"; !p.Lead && string(m.lead) != "false" {
			return nil
		}
	}
	return p
}

// What follows reads values that the scanner has found to be well formed.

func absent(raw []byte) bool { return raw == nil || string(raw) == "null" }

// text reads a string.
func text(raw []byte) (string, bool) {
	if len(raw) < 2 || raw[0] != '"' {
		return "", false
	}
	for _, c := range raw {
		if c == '\\' {
			var s string
			err := json.Unmarshal(raw, &s)
			return s, err == nil
		}
	}
	return string(raw[1 : len(raw)-1]), true
}

func textOrAbsent(raw []byte) (string, bool) {
	if absent(raw) {
		return "", true
	}
	return text(raw)
}

// identifier reads the id of an item, derived ones included.
func identifier(raw []byte) (board.ID, bool) {
	if len(raw) < 3 || len(raw) > maxIDBytes+2 || raw[0] != '"' {
		return "", false
	}
	id := raw[1 : len(raw)-1]
	for _, c := range id {
		if !isIDByte(c) && c != '.' {
			return "", false
		}
	}
	return string(id), true
}

func isClient(s string) bool {
	for i := range len(s) {
		if !isIDByte(s[i]) {
			return false
		}
	}
	return s != "" && len(s) <= board.MaxID
}

func isIDByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_'
}

// integer reads a whole number between -limit and limit, however it is written:
// -0 is 0, 1e2 is 100.
func integer(raw []byte, limit int64) (int64, bool) {
	if len(raw) == 0 || raw[0] != '-' && (raw[0] < '0' || raw[0] > '9') {
		return 0, false
	}
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil {
		f, err := strconv.ParseFloat(string(raw), 64)
		if err != nil || f != math.Trunc(f) || math.Abs(f) > MaxN {
			return 0, false
		}
		n = int64(f)
	}
	if n < -limit || n > limit {
		return 0, false
	}
	return n, true
}

// integers reads an array of as many whole numbers as there is room for.
func integers(raw []byte, into []int64, limit int64) bool {
	read := 0
	ok := list(raw, len(into), func(raw []byte) (ok bool) {
		into[read], ok = integer(raw, limit)
		read++
		return ok
	})
	return ok && read == len(into)
}

// list calls each with the elements of an array of no more than limit, until
// it is refused.
func list(raw []byte, limit int, each func(raw []byte) bool) bool {
	if len(raw) == 0 || raw[0] != '[' {
		return false
	}
	s := scanner{b: raw}
	count := 0
	return s.elements(0, func() bool {
		from := s.at
		count++
		return count <= limit && s.value(1) && each(raw[from:s.at])
	})
}
