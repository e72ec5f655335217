package room

import (
	"fmt"
	"slices"

	"jana/protocol"
	"jana/protocol/board"
)

// compareEvery so many entries instances hold what a board has come to against
// each other.
const compareEvery = 256

// take applies an ordered entry and notes what everybody is to be told of it.
func (r *room) take(e *board.Entry) {
	if e.Seq != r.state.Seq()+1 {
		r.fail(fmt.Errorf("entry %d was delivered after %d", e.Seq, r.state.Seq()))
		return
	}
	asked := e.Ops // of a duplicate nothing is left
	r.state.Apply(e)
	if e.Seq%compareEvery == 0 {
		r.hub.sequencer.Compare(r.id, r.epochs.Name(), e.Seq, r.state.Hash())
	}
	r.keeping.note(r, e)
	r.count(e)
	r.answerWaiters(e)
	senders := r.senders(e)
	r.awaitHeld(e, asked, senders)
	for _, m := range senders {
		if e.Client == m.client {
			if len(m.recent) == maxRecent {
				m.recent = slices.Delete(m.recent, 0, 1)
			}
			m.recent = append(m.recent, e.N)
		}
	}
	if e.Duplicate {
		if fate, known := r.state.Fate(e.By, e.Client, e.N); known {
			for _, m := range senders {
				r.tick.tell(m, protocol.Fate{Client: m.ofClient(e.Client), Fate: fate}.Append(nil), 1)
			}
			r.pace.note(r.now)
		}
		return
	}
	all := changesMessage(e, forEveryone)
	seen := pastEntry{seq: e.Seq, all: all}
	if named(e) || all != nil && len(e.Refusals) > 0 {
		seen.entry = e
	}
	if all != nil || seen.entry != nil {
		r.past.add(seen)
	}
	p := piece{all: all}
	if named(e) {
		for _, m := range r.addressed(e) {
			p.differ(m, seen.asSeenBy(m), 1)
		}
	}
	for _, m := range senders {
		r.answer(&p, m, e, &seen)
	}
	r.tick.add(p)
	r.pace.note(r.now)
	r.follow(e)
}

// senders are the sockets that an entry's answer goes to.
func (r *room) senders(e *board.Entry) []*Member {
	if e.N == 0 {
		return nil // made by the server
	}
	var found []*Member
	for _, m := range r.members.byID[e.By] {
		if m.sends(e.Client) {
			found = append(found, m)
		}
	}
	return found
}

// answer gives the sender of an entry what nobody else gets.
func (r *room) answer(p *piece, m *Member, e *board.Entry, seen *pastEntry) {
	changes := seen.asSeenBy(m)
	if len(e.Refusals) == 0 && changes != nil {
		return
	}
	b, messages := answerTo(m, e, changes)
	p.differ(m, b, messages)
}

// answerTo is what the sender of an entry is told: its refusals, and its fate if
// there is nothing for it to see.
func answerTo(m *Member, e *board.Entry, changes []byte) (b []byte, messages int) {
	client := m.ofClient(e.Client)
	for _, no := range e.Refusals {
		b = append(refused(e.N, e.Seq, no, client).Append(b), ',')
	}
	if changes != nil {
		b = append(b, changes...)
	} else {
		b = protocol.Fate{Client: client, Fate: board.Fate{N: e.N, Seq: e.Seq, Refused: e.Refusals}}.Append(b)
	}
	return b, len(e.Refusals) + 1
}

func refused(n, seq int64, no board.Refusal, client string) protocol.Refused {
	return protocol.Refused{N: n, Op: no.Op, Seq: seq, Code: no.Code, Reason: no.Reason, By: no.By, Set: no.Set, Client: client}
}

// addressed are the members who see more of an entry than everyone does.
func (r *room) addressed(e *board.Entry) []*Member {
	var found []*Member
	add := func(m *Member) {
		if !slices.Contains(found, m) {
			found = append(found, m)
		}
	}
	names := map[string]struct{}{}
	for _, c := range e.Changes {
		for _, name := range c.To {
			names[name] = struct{}{}
		}
	}
	for name := range names {
		for _, m := range r.members.byID[name] {
			add(m)
		}
		if name == board.Facilitators {
			for _, m := range r.members.all {
				if m.role == board.Facilitator {
					add(m)
				}
			}
		}
	}
	return found
}

// follow does what an entry asks of the room besides telling it.
func (r *room) follow(e *board.Entry) {
	for _, c := range e.Changes {
		id := c.ID()
		it := r.state.Item(id)
		if r.items.set(id, it) {
			r.people.recount = true
		}
		if len(c.To) > 0 {
			r.people.recount = true
		}
		if it == nil {
			delete(r.links, id)
			continue
		}
		switch it.Type {
		case board.TypeParticipant:
			r.people.changed[id] = struct{}{}
		case board.TypeLink:
			r.links[id] = it
			if it.Get("revoked") != nil {
				r.closeLink(id)
			}
		}
	}
	if len(e.Blanked) > 0 {
		r.past.forget(e.Seq)
	}
}

// closeLink sends away everybody who came by a link that was revoked.
func (r *room) closeLink(id board.ID) {
	for i := len(r.members.all) - 1; i >= 0; i-- {
		if m := r.members.all[i]; m.link == id {
			r.dismiss(m, protocol.Bye{Code: protocol.LinkClosed})
		}
	}
}

// happened says whether an op of an applied entry was not refused.
func happened(e *board.Entry, op int) bool {
	if e.Duplicate || e.Whole && len(e.Refusals) > 0 {
		return false
	}
	return !slices.ContainsFunc(e.Refusals, func(no board.Refusal) bool { return no.Op == op })
}

func (r *room) count(e *board.Entry) {
	c := r.hub.counters
	if e.Duplicate {
		c.Duplicates.Add(1)
		return
	}
	c.Entries.Add(1)
	refused := len(e.Refusals)
	if e.Whole && refused > 0 {
		refused = len(e.Ops)
	}
	c.Ops.Add(int64(max(0, len(e.Ops)-refused)))
	for _, no := range e.Refusals {
		c.refuse(no.Code)
	}
}
