package room

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"time"
)

// came notes a member whom the others do not know.
func (o *remote) came(m *Member, now time.Time) {
	if o.relay == nil {
		return
	}
	o.here++
	o.arrived = append(o.arrived, m)
	if o.here == 1 {
		o.ask = true
		o.soon(now)
	}
}

// went notes one who left.
func (o *remote) went(m *Member, now time.Time) {
	if o.relay == nil {
		return
	}
	o.here--
	o.arrived = slices.DeleteFunc(o.arrived, func(other *Member) bool { return other == m })
	o.left = append(o.left, m.key())
	if tab := o.tabs[m.key()]; tab != nil && tab.shown != nil {
		o.tell(tab) // it is there that it is now
	}
	if o.here == 0 {
		o.soon(now)
	}
}

// say notes what ours do, as it is told here: b is a presence message that is
// not closed yet, or nothing.
func (o *remote) say(b []byte) {
	if len(o.heard) > 0 {
		o.said = append(o.said[:0], b...)
	}
}

// tellOthers sends what has changed here since the last frame, in one message.
// While nobody else is at the board there is nobody to tell.
func (r *room) tellOthers() {
	o := &r.remote
	if o.relay == nil {
		return
	}
	if len(o.heard) > 0 && len(o.said)+len(o.arrived)+len(o.left) > 0 {
		b := []byte{'{'}
		if len(o.said) > 0 {
			b = append(slices.Clone(o.said), '}')
		}
		if len(o.left) > 0 {
			gone, _ := json.Marshal(o.left)
			b = appendMember(b, "gone", gone)
		}
		if len(o.arrived) > 0 {
			b = appendMember(b, "here", namesOf(o.arrived))
		}
		o.relay.Send(r.id, append(b, '}'))
	}
	o.told()
}

// told: the others know of all that has happened.
func (o *remote) told() {
	clear(o.arrived)
	o.said, o.arrived, o.left = o.said[:0], o.arrived[:0], o.left[:0]
}

// appendMember appends a member to an object that is not closed yet.
func appendMember(b []byte, name string, value []byte) []byte {
	if len(b) > 1 {
		b = append(b, ',')
	}
	return append(append(append(append(b, '"'), name...), `":`...), value...)
}

// namesOf is who members are, by tab.
func namesOf(members []*Member) []byte {
	here := make(map[string]*relayedGuest, len(members))
	for _, m := range members {
		var who *relayedGuest
		if m.isGuest() {
			who = &relayedGuest{m.name, m.role, m.link}
		}
		here[m.key()] = who
	}
	b, _ := json.Marshal(here) // strings alone
	return b
}

// repeat says all of what happens here, so that whatever was lost is known
// again, and lets go of instances that have not done so.
func (r *room) repeat() {
	o := &r.remote
	for from, at := range o.heard {
		if r.now.Sub(at) > lostAfter {
			o.lose(r, from)
		}
	}
	o.next = time.Time{}
	if o.here > 0 || len(o.heard) > 0 {
		o.next = r.now.Add(repeatEvery + rand.N(repeatEvery/8))
	}
	if o.here == 0 && !o.claimed {
		return
	}
	b := []byte(`{"all":true`)
	if o.here > 0 {
		if o.ask {
			b = append(b, `,"ask":true`...)
		}
		b = appendMember(b, "here", namesOf(r.members.all))
		people := []byte{'{'}
		for _, m := range r.members.all {
			if m.shown != nil {
				people = appendMember(people, m.key(), r.visible(m.shown).AppendJSON(nil))
			}
		}
		b = appendMember(b, "people", append(people, '}'))
	}
	o.relay.Send(r.id, append(b, '}'))
	o.claimed, o.repeated, o.ask = o.here > 0, r.now, false
	o.told()
}
