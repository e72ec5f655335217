package room

import (
	"jana/protocol"
	"jana/protocol/board"
)

// people is what the list of people is made of, besides the participant items.
type people struct {
	here   map[board.ID]int
	guests map[board.ID]guest // those at the board who are no participants
	hidden map[board.ID]int   // notes not shown yet
	// recount: hidden may have changed. changed are those to be told about.
	recount bool
	changed map[board.ID]struct{}
}

type guest struct {
	name string
	role board.Role
	link board.ID
}

// isGuest: no item on the board tells of them.
func (m *Member) isGuest() bool { return m.role != board.Facilitator && m.role != board.Participant }

func newPeople() people {
	return people{here: map[board.ID]int{}, guests: map[board.ID]guest{}, changed: map[board.ID]struct{}{}}
}

func (p *people) came(m *Member) {
	p.here[m.id]++
	if m.isGuest() {
		p.guests[m.id] = guest{m.name, m.role, m.link}
	}
	p.changed[m.id] = struct{}{}
}

func (p *people) went(m *Member) {
	p.here[m.id]--
	if p.here[m.id] == 0 {
		delete(p.here, m.id)
		delete(p.guests, m.id)
	}
	p.changed[m.id] = struct{}{}
}

// person is nil for who is neither a participant nor here.
func (r *room) person(id board.ID) *protocol.Person {
	p := protocol.Person{Here: r.people.here[id] + r.elsewhere(id), Hidden: r.people.hidden[id]}
	if it := r.state.Item(id); it != nil && it.Type == board.TypeParticipant {
		p.Name, p.Role = it.Text("name"), board.Role(it.Text("role"))
		return &p
	}
	guest, ok := r.people.guests[id]
	if !ok {
		guest, ok = r.remote.guest(id)
	}
	if !ok {
		return nil
	}
	p.Name, p.Role, p.Link = guest.name, guest.role, guest.link
	return &p
}

// everyone is all people, as a welcome tells them.
func (r *room) everyone() map[board.ID]protocol.Person {
	r.countHidden()
	all := make(map[board.ID]protocol.Person, len(r.items.participants)+len(r.people.guests))
	for id := range r.items.participants {
		all[id] = *r.person(id)
	}
	for id := range r.people.guests {
		all[id] = *r.person(id)
	}
	for id := range r.remote.people {
		if p := r.person(id); p != nil { // else its item is on its way
			all[id] = *p
		}
	}
	return all
}

// peopleChanged is those who differ from what was told last.
func (r *room) peopleChanged() map[board.ID]*protocol.Person {
	r.countHidden()
	if len(r.people.changed) == 0 {
		return nil
	}
	changed := make(map[board.ID]*protocol.Person, len(r.people.changed))
	for id := range r.people.changed {
		changed[id] = r.person(id)
	}
	clear(r.people.changed)
	return changed
}

func (r *room) countHidden() {
	if !r.people.recount {
		return
	}
	r.people.recount = false
	before := r.people.hidden
	r.people.hidden = r.state.Hidden()
	for id, n := range before {
		if r.people.hidden[id] != n {
			r.people.changed[id] = struct{}{}
		}
	}
	for id, n := range r.people.hidden {
		if before[id] != n {
			r.people.changed[id] = struct{}{}
		}
	}
}
