package room

import (
	"jana/protocol"
	"jana/protocol/board"
)

// present is who does what at the moment.
type present struct {
	// dirty have said something that was not told yet, gone are keys of those
	// who left.
	dirty []*Member
	gone  []string
}

func newPresent() present { return present{} }

// moved: a member has said what it does.
type moved struct{ member *Member }

func (ev moved) happen(r *room) {
	if ev.member.at >= 0 {
		r.present.dirty = append(r.present.dirty, ev.member)
		r.pace.note(r.now)
	}
}

func (p *present) went(m *Member, others *remote) {
	if m.shown != nil && !others.shows(m.key()) {
		p.gone = append(p.gone, m.key())
	}
	m.shown = nil
}

// takePresence appends one message with what was said since the last one; what
// comes more often than a socket may say it waits for the next.
func (r *room) takePresence(b []byte) []byte {
	kept := r.present.dirty[:0]
	opened := false
	for _, m := range r.present.dirty {
		if m.at < 0 {
			continue
		}
		if r.now.Sub(m.looked) < r.hub.presenceGap {
			kept = append(kept, m)
			continue
		}
		m.looked = r.now
		m.mu.Lock()
		m.shown, m.told = m.said, false
		m.mu.Unlock()
		b = r.appendPresence(b, m, &opened)
	}
	clear(r.present.dirty[len(kept):])
	r.present.dirty = kept
	r.remote.say(b)
	b = r.appendRemote(b, &opened)
	if opened {
		b = append(b, `}}`...)
	}
	return b
}

// presenceFrame is what everybody does.
func (r *room) presenceFrame() frame {
	var b []byte
	opened := false
	for _, m := range r.members.all {
		if m.shown != nil {
			b = r.appendPresence(b, m, &opened)
		}
	}
	b = r.appendAllRemote(b, &opened)
	if !opened {
		return newFrame(protocol.Presences{}.Append(nil), nil, 1)
	}
	return newFrame(append(b, `}}`...), nil, 1)
}

func (r *room) appendPresence(b []byte, m *Member, opened *bool) []byte {
	return r.appendShown(b, m.id, m.client, m.shown, opened)
}

func (r *room) appendShown(b []byte, id board.ID, client string, shown *protocol.Presence, opened *bool) []byte {
	if *opened {
		b = append(b, ',')
	} else {
		*opened = true
		b = append(b, `{"type":"presence","people":{`...)
	}
	// Neither ids nor tabs have anything in them that JSON would escape.
	b = append(append(append(append(append(b, '"'), id...), '.'), client...), `":`...)
	return r.visible(shown).AppendJSON(b)
}

// visible is a presence as everybody may know it. Of what is done to a note that
// is not for everyone, others learn nothing but that its author is busy; an id
// that is not on the board says nothing to anybody.
func (r *room) visible(p *protocol.Presence) *protocol.Presence {
	hidden := false
	open := func(id board.ID) bool {
		it := r.state.Item(id)
		if it != nil && len(it.To) > 0 {
			hidden = true
		}
		return it != nil && len(it.To) == 0
	}
	written := func(id board.ID) bool {
		if r.state.Item(id) == nil {
			if one, other, joined := board.Joined(id); joined {
				return open(one) && open(other)
			}
		}
		return open(id)
	}
	all := p.Editing == "" || written(p.Editing)
	for _, d := range p.Drag {
		all = open(d.ID) && all
	}
	for _, id := range p.Selected {
		all = open(id) && all
	}
	switch {
	case all:
		return p
	case hidden:
		return &protocol.Presence{View: p.View, Lead: p.Lead, Busy: true}
	}
	shown := &protocol.Presence{Cursor: p.Cursor, View: p.View, Lead: p.Lead}
	for _, d := range p.Drag {
		if open(d.ID) {
			shown.Drag = append(shown.Drag, d)
		}
	}
	for _, id := range p.Selected {
		if open(id) {
			shown.Selected = append(shown.Selected, id)
		}
	}
	if p.Editing != "" && written(p.Editing) {
		shown.Editing = p.Editing
	}
	return shown
}
