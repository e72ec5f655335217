package room

import (
	"maps"
	"slices"
	"sort"
	"time"

	"jana/protocol"
	"jana/protocol/board"
)

// What a reader may have missed and still be continued from where it stood.
const (
	maxPastEntries = 2000
	maxPastBytes   = 4 << 20
)

// past is the last entries as they were sent.
type past struct {
	// from is the seq behind which all is here.
	from    int64
	entries []pastEntry
	bytes   int
}

type pastEntry struct {
	seq int64
	all []byte // its changes message for who is not named in it, nil if there is none
	// entry is there if some of its changes are not for everyone, or some of its
	// ops were refused.
	entry *board.Entry
}

func (p *past) add(e pastEntry) {
	p.entries = append(p.entries, e)
	p.bytes += len(e.all)
	drop := 0
	for drop < len(p.entries) && (len(p.entries)-drop > maxPastEntries || p.bytes > maxPastBytes) {
		p.bytes -= len(p.entries[drop].all)
		p.from = p.entries[drop].seq
		drop++
	}
	if drop > 0 {
		clear(p.entries[:drop])
		p.entries = p.entries[drop:]
	}
}

// forget drops everything up to a seq: something in it has been erased for good.
func (p *past) forget(seq int64) { *p = past{from: seq} }

// after gives the entries behind seq, if all of them are here.
func (p *past) after(seq int64) ([]pastEntry, bool) {
	if seq < p.from {
		return nil, false
	}
	at := sort.Search(len(p.entries), func(i int) bool { return p.entries[i].seq > seq })
	return p.entries[at:], true
}

// limits as a welcome tells them, by name.
func limits(o Options) map[string]int64 {
	return map[string]int64{
		"noteText": board.MaxNoteText, "description": board.MaxDescription, "name": board.MaxName,
		"items": board.MaxItems, "participants": board.MaxParticipants, "ops": board.MaxOps,
		"frame": protocol.MaxFrameBytes, "unanswered": protocol.MaxUnanswered,
		"pushesPerSecond": int64(o.PushesPerSecond), "presencePerSecond": int64(o.PresencePerSecond),
	}
}

// welcome brings a member to where the board is: by what it missed if it stood
// at a place in our history, else by the whole board.
func (r *room) welcome(m *Member, at *protocol.Position, waiting []int64) {
	w := protocol.Welcome{
		You:    protocol.You{ID: m.id, Role: m.role, Link: m.link, Mine: r.state.Mine(m.id)},
		At:     protocol.Position{Epoch: r.epochs.Name(), Seq: r.state.Seq()},
		Saved:  r.keeping.saved,
		People: r.everyone(),
		Limits: maps.Clone(r.hub.limits),
		Time:   time.Now().UnixMilli(),
	}
	for _, n := range waiting {
		if fate, known := r.state.Fate(m.id, m.client, n); known {
			w.Fate = append(w.Fate, fate)
		}
	}
	missed, continued := r.missed(at)
	b := []byte{'['}
	messages := 1
	if continued {
		r.hub.counters.Continued.Add(1)
		// What is told as saved has been told before.
		w.At.Seq, w.Saved = at.Seq, min(at.Seq, r.keeping.saved)
		b = w.Append(b)
		for _, e := range missed {
			text, n := e.asSeenBy(m), 1
			if text != nil && e.entry != nil && e.entry.By == m.id {
				text, n = answerTo(m, e.entry, text) // it may be of a closed tab that this one sends for
			}
			if text != nil {
				b = append(append(b, ','), text...)
				messages += n
			}
		}
		b = protocol.Saved{Seq: r.keeping.saved}.Append(append(b, ','))
		messages++
	} else {
		w.Board = &protocol.Whole{Items: r.items.visible(m.id, m.role)}
		b = w.Append(slices.Grow(b, len(w.Board.Items)+1024+200*len(w.People)))
	}
	if r.holding.to > 0 {
		b = protocol.Held{Seq: r.holding.to}.Append(append(b, ','))
		messages++
	}
	if !r.keeping.healthy(r.now) {
		b = protocol.Disk{}.Append(append(b, ','))
		messages++
	}
	b = append(append(append(b, ','), r.presenceFrame().body()...), ']')
	m.out.welcome(frame{b, len(b) - 2, messages + 1})
}

// missed is what happened since a position, if that is one in our history.
func (r *room) missed(at *protocol.Position) ([]pastEntry, bool) {
	if at == nil || at.Epoch != r.epochs.Name() || at.Seq > r.state.Seq() || r.state.Seq()-at.Seq > maxPastEntries {
		return nil, false
	}
	return r.past.after(at.Seq)
}

// renew gives a slow reader the board anew in the place of its backlog.
func (r *room) renew(m *Member) {
	m.renewed = r.now
	m.skip, m.differs = len(r.tick.pieces), false
	r.welcome(m, nil, m.recent)
}

// asSeenBy is the entry's changes message for a member, nil for nothing.
func (e pastEntry) asSeenBy(m *Member) []byte {
	if e.entry == nil || e.all != nil && !named(e.entry) {
		return e.all
	}
	return changesFor(e.entry, m.id, m.role)
}

// changesFor is the changes message of an entry as a participant with that role
// sees it, nil for nothing.
func changesFor(e *board.Entry, id board.ID, role board.Role) []byte {
	return changesMessage(e, func(to board.Audience) bool { return to.Includes(id, role) })
}

// changesMessage is the changes message with those changes whose audience is
// included, nil for none.
func changesMessage(e *board.Entry, includes func(board.Audience) bool) []byte {
	m := protocol.Changes{Seq: e.Seq, By: e.By, Client: e.Client, N: e.N, Time: e.Time}
	if named(e) {
		for _, c := range e.Changes {
			if includes(c.To) {
				m.Changes = append(m.Changes, c)
			}
		}
	} else {
		m.Changes = e.Changes
	}
	if len(m.Changes) == 0 {
		return nil
	}
	return m.Append(nil)
}

func forEveryone(to board.Audience) bool { return len(to) == 0 }

// named says whether some of an entry's changes are not for everyone.
func named(e *board.Entry) bool {
	for _, c := range e.Changes {
		if len(c.To) > 0 {
			return true
		}
	}
	return false
}
