package protocol

import (
	"encoding/json"
	"strconv"

	"jana/protocol/board"
)

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
	if p.Link != "" {
		b = appendString(append(b, `,"link":`...), p.Link)
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
