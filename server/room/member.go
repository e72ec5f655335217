package room

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"jana/protocol"
	"jana/protocol/board"
)

// Visit says who comes to a board. The edge has checked the key; the room
// checks that the link is on the board and open, and takes the role from it.
type Visit struct {
	Link        board.ID
	Participant board.ID
	// Client is the tab, 1–40 characters of an id.
	Client string
	Name   string
	// Kind of a participant: "tablet", "remote" or "".
	Kind string
}

// Conn is the way to one browser. One goroutine at a time calls it.
type Conn interface {
	// Write sends one frame and returns when it has been handed to the network,
	// or will never be: then nothing more is written, and Close("") follows.
	// The frame is shared and must not be changed or kept.
	Write(frame []byte) error
	// Close is called once, after the last Write, unless the member left by
	// itself: it ends the socket with the status of the bye that was written,
	// or just so for "". It must not wait for the browser.
	Close(code protocol.ByeCode)
}

// Member is somebody at a board through one socket. Its methods are for the one
// goroutine that reads the socket.
type Member struct {
	id     board.ID
	role   board.Role
	link   board.ID
	client string
	name   string
	room   *room
	out    queue

	left     chan struct{} // closed by Leave
	leftOnce sync.Once

	mu sync.Mutex
	// What the room has yet to look at: said is the latest presence; told that
	// an event is on its way.
	said *protocol.Presence
	told bool
	// adopted are closed tabs whose pushes come through this one.
	adopted []string
	waiting line

	// Only the room's owner touches what follows.

	at int // index in the room's members, -1 when not among them
	// skip is how many pieces of the tick at hand it has already, or must not
	// get; differs, that some of them look otherwise to it.
	skip    int
	differs bool
	shown   *protocol.Presence // what others know of it, nil for nothing
	looked  time.Time          // when that was taken up
	renewed time.Time          // when its backlog was last replaced by a welcome
	recent  []int64            // its last pushes, whose fate a fresh welcome tells
}

// maxRecent pushes of a member are answered again by a fresh welcome. A browser
// has at most protocol.MaxUnanswered under way.
const maxRecent = 4 * protocol.MaxUnanswered

// maxAdopted closed tabs may be sent for by one.
const maxAdopted = 16

// ID of the participant.
func (m *Member) ID() board.ID { return m.id }

// Role by the link they came by.
func (m *Member) Role() board.Role { return m.role }

// key is what presence is known by.
func (m *Member) key() string { return m.id + "." + m.client }

// Join brings somebody to a board: a participant's first visit is ordered as a
// join; then the welcome is on its way to conn, and everything that happens
// from then on follows it. The error is a [protocol.Bye] for who is turned
// away, and fs.ErrNotExist if there is no such board.
func (h *Hub) Join(ctx context.Context, id string, v Visit, hello protocol.Hello, conn Conn) (*Member, error) {
	var m *Member
	err := h.with(ctx, id, func(r *room) error {
		link, fresh, err := r.enroll(ctx, v)
		if err != nil {
			return err
		}
		if fresh {
			hello.At = nil // in another role they may have seen less
		}
		joining := &Member{
			id: v.Participant, role: board.Role(link.Text("role")), link: v.Link, client: v.Client, name: v.Name,
			room: r, left: make(chan struct{}), at: -1,
		}
		joining.out = queue{
			conn: conn, writers: &h.running, maxMessages: h.o.QueueMessages, maxBytes: h.o.QueueBytes,
			drained: joining.drained,
		}
		in := enter{joining, hello.At, hello.Waiting, make(chan entered, 1)}
		if err := r.post(ctx, in); err != nil {
			return err
		}
		select {
		case done := <-in.reply:
			err = done.err
		case <-r.stopped:
			select {
			case done := <-in.reply:
				err = done.err
			default:
				err = errStopped
			}
		}
		if err != nil {
			return err
		}
		h.hold(r) // until it leaves
		m = joining
		return nil
	})
	return m, err
}

// Leave ends the visit. It is to be called when the socket has ended, whoever
// ended it, and may be called again. It does not wait for a write under way.
func (m *Member) Leave() {
	m.leftOnce.Do(func() {
		m.out.leave()
		close(m.left)
		// A room that has stopped has let go of everybody.
		if err := m.room.post(context.Background(), leave{m}); err != nil && !errors.Is(err, errStopped) {
			panic(err)
		}
		m.room.hub.release(m.room)
	})
}

// Presence replaces what the member was doing.
func (m *Member) Presence(p *protocol.Presence) {
	if m.role != board.Facilitator {
		p.Lead = false
		if m.role != board.Participant {
			return // who only looks is not looked at
		}
	}
	m.mu.Lock()
	m.said = p
	tell := !m.told
	m.told = true
	m.mu.Unlock()
	if tell {
		_ = m.room.post(context.Background(), moved{m}) // a room that has stopped shows nobody
	}
}

// Send queues a message for this member alone, such as a pong.
func (m *Member) Send(msg protocol.ServerMessage) { m.sendAlone(single(msg)) }

func (m *Member) sendAlone(f frame) {
	if !m.out.keep(f) {
		m.room.hub.counters.TooSlow.Add(1)
	}
}

// drained is told, by who writes to it, that a slow reader has taken all there was.
func (m *Member) drained() {
	_ = m.room.post(context.Background(), caughtUp{m}) // a room that has stopped owes nothing
}

// sends says whether a push of that client comes through this socket.
func (m *Member) sends(client string) bool {
	if m.client == client {
		return true
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Contains(m.adopted, client)
}

// adopt notes a closed tab that this one sends for.
func (m *Member) adopt(client string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if client == m.client || slices.Contains(m.adopted, client) {
		return
	}
	if len(m.adopted) == maxAdopted {
		m.adopted = slices.Delete(m.adopted, 0, 1)
	}
	m.adopted = append(m.adopted, client)
}

// ofClient is a push's client as it is told to the member: "" for its own.
func (m *Member) ofClient(client string) string {
	if client == m.client {
		return ""
	}
	return client
}

// members are those at the board now.
type members struct {
	all  []*Member
	byID map[board.ID][]*Member
}

func (l *members) add(m *Member) {
	m.at = len(l.all)
	l.all = append(l.all, m)
	l.byID[m.id] = append(l.byID[m.id], m)
}

func (l *members) remove(m *Member) {
	end := len(l.all) - 1
	l.all[m.at] = l.all[end]
	l.all[m.at].at = m.at
	l.all[end] = nil
	l.all = l.all[:end]
	m.at = -1
	tabs := l.byID[m.id]
	tabs = slices.DeleteFunc(tabs, func(other *Member) bool { return other == m })
	if len(tabs) == 0 {
		delete(l.byID, m.id)
	} else {
		l.byID[m.id] = tabs
	}
}

// tab finds the socket of a participant's tab.
func (l *members) tab(id board.ID, client string) *Member {
	for _, m := range l.byID[id] {
		if m.client == client {
			return m
		}
	}
	return nil
}

type (
	// enter asks to be let in.
	enter struct {
		member  *Member
		at      *protocol.Position
		waiting []int64
		reply   chan entered
	}
	entered struct{ err error }
	// leave: the socket has ended.
	leave struct{ member *Member }
	// caughtUp: a reader that is owed something has taken all there was.
	caughtUp struct{ member *Member }
)

func (ev enter) happen(r *room) { r.entering = append(r.entering, ev) }

func (ev leave) happen(r *room) {
	if ev.member.at >= 0 {
		r.remove(ev.member)
	}
	r.entering = slices.DeleteFunc(r.entering, func(in enter) bool { return in.member == ev.member })
}

func (ev caughtUp) happen(r *room) {
	m := ev.member
	if m.at < 0 {
		return
	}
	switch behind, missed := m.out.owed(); {
	case behind:
		r.renew(m)
	case missed:
		m.out.catchUp(r.presenceFrame())
	}
}

// admit lets in those who wait for it, all with the same bytes.
func (r *room) admit() {
	for _, in := range r.entering {
		in.reply <- entered{r.letIn(in)}
	}
	r.entering = r.entering[:0]
}

func (r *room) letIn(in enter) error {
	m := in.member
	// What was true when they were enrolled may not be now.
	switch link := r.links[m.link]; {
	case r.leaving != nil:
		return errStopped
	case link == nil:
		return protocol.Bye{Code: protocol.Unknown}
	case link.Get("revoked") != nil:
		return protocol.Bye{Code: protocol.LinkClosed}
	}
	// A tab has one socket: the newer one, since an older may not have noticed
	// yet that it is dead.
	if old := r.members.tab(m.id, m.client); old != nil {
		r.remove(old)
		old.out.finish("")
	}
	r.members.add(m)
	r.hub.members.Add(1)
	r.hub.counters.Joins.Add(1)
	m.skip = len(r.tick.pieces)
	r.people.came(m)
	r.remote.came(m, r.now)
	r.pace.note(r.now)
	r.welcome(m, in.at, in.waiting)
	r.awaitAgain(m, in.waiting)
	return nil
}

// remove takes a member off the board.
func (r *room) remove(m *Member) {
	r.members.remove(m)
	r.hub.members.Add(-1)
	r.people.went(m)
	r.remote.went(m, r.now)
	r.present.went(m, &r.remote)
	r.tick.forget(m)
	r.holding.forget(m)
	r.pace.note(r.now)
}

// dismiss sends a member away.
func (r *room) dismiss(m *Member, bye protocol.Bye) {
	r.remove(m)
	m.out.finish(bye.Code, single(bye))
}

// dismissAll sends everybody away, to come back at different times if at all.
func (r *room) dismissAll(code protocol.ByeCode, spread time.Duration) {
	for len(r.members.all) > 0 {
		r.dismiss(r.members.all[len(r.members.all)-1], spreadBye(code, spread))
	}
}
