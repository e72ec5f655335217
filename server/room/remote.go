package room

import (
	"context"
	"encoding/json"
	"slices"
	"time"
	"unicode/utf8"

	"jana/protocol"
	"jana/protocol/board"
)

const (
	// repeatEvery so often an instance says again who is at a board and what
	// they do, whatever of it was lost before. One that has not been heard for
	// lostAfter has nobody there.
	repeatEvery = 2 * time.Second
	lostAfter   = 3 * repeatEvery
	// askedTogether are answered together.
	askedTogether = 100 * time.Millisecond
	// What another instance may claim at most. More is none of ours.
	maxRelayedBytes = 8 << 20
	maxInstances    = 64
	maxRemoteTabs   = 5000
)

// remote is who is at the board on other instances. Without a relay nobody is,
// and nothing is done for it.
type remote struct {
	relay Relay
	// heard is when instances with people at the board said something last.
	heard map[string]time.Time
	// tabs are by what presence is known by. A tab that moves is for a while at
	// two instances: what was said last holds.
	tabs   map[string]*remoteTab
	people map[board.ID][]*remoteTab
	moved  []*remoteTab // what they do has not been told here yet

	here int // members of ours
	// said is what ours do, as it was told here last; arrived and left are those
	// of whom the others have not heard.
	said    []byte
	arrived []*Member
	left    []string
	// next is when all is said again, zero for never, repeated when it was last;
	// ask, that all others are to do so too; claimed, that then somebody was here.
	next, repeated time.Time
	ask, claimed   bool
}

// remoteTab is somebody's tab on other instances.
type remoteTab struct {
	id     board.ID
	client string
	guest  *guest             // nil: a participant or a facilitator
	at     []claim            // who did something last is the last
	shown  *protocol.Presence // what others here are to know; nil: nothing
	moved  bool               // it is among those who have
	looked time.Time          // when it did something last
}

// claim is what one instance says of a tab.
type claim struct {
	instance string
	text     string // as it was sent
	presence *protocol.Presence
}

// relayed is what an instance tells others of a board.
type relayed struct {
	// All: everybody there is named, and whoever is not has left.
	All bool `json:"all,omitempty"`
	// Ask: who hears it says all.
	Ask bool `json:"ask,omitempty"`
	// Gone are tabs that left, Here those that came, with what no item on the
	// board tells of them.
	Gone []string                 `json:"gone,omitempty"`
	Here map[string]*relayedGuest `json:"here,omitempty"`
	// People is what they do, by tab. It is kept as it came: most of it is
	// repeated.
	People map[string]json.RawMessage `json:"people,omitempty"`
}

type relayedGuest struct {
	Name string     `json:"name"`
	Role board.Role `json:"role"`
	Link board.ID   `json:"link"`
}

// heard: another instance has told something; without one, something may have
// been missed.
type heard struct {
	from string
	relayed
}

// meet begins to hear other instances.
func (r *room) meet() {
	if r.hub.o.Relay == nil {
		return
	}
	r.remote = remote{
		relay: r.hub.o.Relay, heard: map[string]time.Time{}, tabs: map[string]*remoteTab{}, people: map[board.ID][]*remoteTab{},
	}
	r.remote.relay.Open(r.id, func(from string, data []byte) {
		ev := heard{from: from}
		if from != "" && (len(data) > maxRelayedBytes || json.Unmarshal(data, &ev.relayed) != nil) {
			r.log.Debug("another instance sent what is no presence", "instance", from)
			return
		}
		_ = r.post(context.Background(), ev) // a room that has stopped shows nobody
	})
}

// part tells the others that nobody is here any more. The room has stopped.
func (r *room) part() {
	if r.remote.relay == nil {
		return
	}
	if r.remote.claimed {
		r.remote.relay.Send(r.id, []byte(`{"all":true}`))
	}
	r.remote.relay.Close(r.id)
}

func (ev heard) happen(r *room) {
	if r.leaving != nil {
		return
	}
	if ev.from == "" {
		r.remote.ask = true
		r.remote.soon(r.now)
		return
	}
	r.remote.hear(r, ev)
}

// hear takes what another instance told.
func (o *remote) hear(r *room, ev heard) {
	_, known := o.heard[ev.from]
	if !known && len(o.heard) >= maxInstances {
		return
	}
	if ev.All {
		for key, tab := range o.tabs {
			_, here := ev.Here[key]
			_, active := ev.People[key]
			// One that did something and has done nothing since it came has been
			// away, which was lost.
			if !active && (!here || tab.activeAt(ev.from)) {
				o.drop(r, tab, ev.from)
			}
		}
		if len(ev.Here) == 0 {
			delete(o.heard, ev.from) // nobody there needs to be told anything
			return
		}
	}
	o.heard[ev.from] = r.now
	if ev.Ask || !known {
		o.soon(r.now)
	}
	for _, key := range ev.Gone {
		if tab := o.tabs[key]; tab != nil {
			o.drop(r, tab, ev.from)
		}
	}
	for key, who := range ev.Here {
		if tab := o.claim(r, key, ev.from); tab != nil && who != nil && who.valid() {
			tab.guest = &guest{who.Name, who.Role, who.Link}
		}
	}
	for key, raw := range ev.People {
		if tab := o.claim(r, key, ev.from); tab != nil {
			o.show(r, tab, ev.from, raw)
		}
	}
}

func (g *relayedGuest) valid() bool {
	return (g.Role == board.Viewer || g.Role == board.Visitor) && utf8.RuneCountInString(g.Name) <= board.MaxName && len(g.Link) <= board.MaxID
}

// soon has all said again, but not for everyone who asks at the same time.
func (o *remote) soon(now time.Time) {
	if at := o.repeated.Add(askedTogether); at.After(now) {
		now = at
	}
	if o.next.IsZero() || now.Before(o.next) {
		o.next = now
	}
}

// claim notes that an instance has a tab; nil if it can have no such one.
func (o *remote) claim(r *room, key, from string) *remoteTab {
	tab := o.tabs[key]
	if tab == nil {
		id, client, ok := protocol.SplitTab(key)
		if !ok || len(o.tabs) >= maxRemoteTabs {
			return nil
		}
		tab = &remoteTab{id: id, client: client}
		o.tabs[key] = tab
		o.people[id] = append(o.people[id], tab)
		r.people.changed[id] = struct{}{}
		r.pace.note(r.now)
	}
	if !slices.ContainsFunc(tab.at, func(c claim) bool { return c.instance == from }) {
		tab.at = append(tab.at, claim{instance: from})
	}
	return tab
}

// show takes up what is done in a tab. What an instance only repeats does not
// hide what another has said since.
func (o *remote) show(r *room, tab *remoteTab, from string, raw []byte) {
	i := slices.IndexFunc(tab.at, func(c claim) bool { return c.instance == from })
	if i < 0 || tab.at[i].text == string(raw) {
		return
	}
	p := protocol.DecodeShown(raw)
	if p == nil {
		return
	}
	tab.at = append(slices.Delete(tab.at, i, i+1), claim{from, string(raw), p})
	tab.shown, tab.looked = p, r.now
	o.tell(tab)
	r.pace.note(r.now)
}

func (o *remote) tell(tab *remoteTab) {
	if !tab.moved {
		tab.moved = true
		o.moved = append(o.moved, tab)
	}
}

// drop takes back an instance's claim to a tab. With the last one it has left.
func (o *remote) drop(r *room, tab *remoteTab, from string) {
	i := slices.IndexFunc(tab.at, func(c claim) bool { return c.instance == from })
	if i < 0 {
		return
	}
	showed := tab.at[i].presence != nil && tab.at[i].presence == tab.shown
	tab.at = slices.Delete(tab.at, i, i+1)
	if showed {
		tab.shown = nil
		for _, c := range tab.at {
			if c.presence != nil {
				tab.shown = c.presence
			}
		}
		o.showInstead(r, tab)
	}
	if len(tab.at) > 0 {
		return
	}
	delete(o.tabs, tab.id+"."+tab.client)
	if rest := slices.DeleteFunc(o.people[tab.id], func(other *remoteTab) bool { return other == tab }); len(rest) > 0 {
		o.people[tab.id] = rest
	} else {
		delete(o.people, tab.id)
	}
	r.people.changed[tab.id] = struct{}{}
	r.pace.note(r.now)
}

// showInstead tells what is done in a tab after who said so last has lost it.
func (o *remote) showInstead(r *room, tab *remoteTab) {
	switch m := r.members.tab(tab.id, tab.client); {
	case m != nil && m.shown != nil:
		r.present.dirty = append(r.present.dirty, m)
	case tab.shown != nil:
		o.tell(tab)
	default:
		r.present.gone = append(r.present.gone, tab.id+"."+tab.client)
	}
	r.pace.note(r.now)
}

func (tab *remoteTab) activeAt(instance string) bool {
	return slices.ContainsFunc(tab.at, func(c claim) bool { return c.instance == instance && c.presence != nil })
}

// lose drops all that an instance has claimed.
func (o *remote) lose(r *room, from string) {
	for _, tab := range o.tabs {
		o.drop(r, tab, from)
	}
	delete(o.heard, from)
}

// shows says whether others know what is done in a tab, also when it is no
// longer one of ours.
func (o *remote) shows(key string) bool {
	tab := o.tabs[key]
	return tab != nil && tab.shown != nil
}

// guest is somebody on another instance of whom no item tells.
func (o *remote) guest(id board.ID) (guest, bool) {
	for _, tab := range o.people[id] {
		if tab.guest != nil {
			return *tab.guest, true
		}
	}
	return guest{}, false
}

// elsewhere is how many tabs of somebody are on other instances and not here
// as well.
func (r *room) elsewhere(id board.ID) int {
	n := 0
	for _, tab := range r.remote.people[id] {
		if r.members.tab(id, tab.client) == nil {
			n++
		}
	}
	return n
}

// appendRemote appends what others have done since the last frame.
func (r *room) appendRemote(b []byte, opened *bool) []byte {
	for _, tab := range r.remote.moved {
		tab.moved = false
		if tab.shown != nil {
			b = r.appendShown(b, tab.id, tab.client, tab.shown, opened)
		}
	}
	clear(r.remote.moved)
	r.remote.moved = r.remote.moved[:0]
	return b
}

// appendAllRemote appends what all others do.
func (r *room) appendAllRemote(b []byte, opened *bool) []byte {
	for _, tab := range r.remote.tabs {
		if tab.shown == nil {
			continue
		}
		if m := r.members.tab(tab.id, tab.client); m != nil && m.shown != nil && m.looked.After(tab.looked) {
			continue // it came here since
		}
		b = r.appendShown(b, tab.id, tab.client, tab.shown, opened)
	}
	return b
}
