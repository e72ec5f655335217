package room_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"jana/protocol"
	"jana/protocol/board"
	"jana/server/room"
)

// tab keeps what a browser's tab keeps, and checks what a browser relies upon.
type tab struct {
	w     *world
	board string
	link  board.ID
	id    board.ID
	role  board.Role
	name  string

	client string
	wire   *wire
	member *room.Member

	mu    sync.Mutex
	pulse chan struct{} // closed when something has come
	known
	lastN int64
	fates map[int64]*sent // of all pushes ever, by n
}

// known is what the server has told.
type known struct {
	welcomes int
	replaced int // welcomes with the whole board
	at       protocol.Position
	saved    int64
	held     int64
	items    map[board.ID]*board.Item
	people   map[board.ID]protocol.Person
	presence map[string]*protocol.Presence
	outbox   []*sent // not saved yet, in order
	disk     bool
	byes     []protocol.Bye
	lastMine []board.ID
}

// look is what is known at the moment. Within until, the tab shows it itself.
func (p *tab) look() known {
	p.mu.Lock()
	defer p.mu.Unlock()
	k := p.known
	k.items, k.people, k.presence = maps.Clone(k.items), maps.Clone(k.people), maps.Clone(k.presence)
	k.byes, k.outbox = slices.Clone(k.byes), slices.Clone(k.outbox)
	return k
}

// sent is a push and what became of it.
type sent struct {
	push    protocol.Push
	seq     int64 // 0: not known to be ordered
	epoch   string
	final   bool // it never got a place
	saved   bool // the server has called it saved
	refused []protocol.Refused
}

func (w *world) tab(boardID string, link board.ID, id board.ID, client string) *tab {
	role := map[board.ID]board.Role{facilitators: board.Facilitator, participants: board.Participant, viewers: board.Viewer}[link]
	tab := &tab{
		w: w, board: boardID, link: link, id: id, role: role, name: "name of " + id, client: client,
		pulse: make(chan struct{}), fates: map[int64]*sent{}, known: known{items: map[board.ID]*board.Item{}, disk: true},
	}
	tab.wire = newWire(tab.receive)
	w.tabs = append(w.tabs, tab)
	return tab
}

// join connects as somebody who has never been there.
func (w *world) join(boardID string, link board.ID, id board.ID) *tab {
	w.t.Helper()
	tab := w.tab(boardID, link, id, fmt.Sprintf("tab%d", len(w.tabs)))
	if err := tab.connect(); err != nil {
		w.t.Fatal(err)
	}
	return tab
}

// connect comes, or comes back: it says where it stood and what it does not know
// the fate of, and sends again what the server does not know.
func (p *tab) connect() error {
	p.mu.Lock()
	wire := newWire(nil)
	wire.receive = func(frame []byte) {
		p.mu.Lock()
		current := p.wire == wire
		p.mu.Unlock()
		if current {
			p.receive(frame)
		}
	}
	p.wire = wire
	hello := protocol.Hello{Client: p.client}
	if p.at.Epoch != "" {
		at := p.at
		hello.At = &at
	}
	for _, s := range p.outbox {
		hello.Waiting = append(hello.Waiting, s.push.N)
	}
	before := p.welcomes
	p.mu.Unlock()
	visit := room.Visit{Link: p.link, Participant: p.id, Client: p.client, Name: p.name}
	member, err := p.w.hub.Join(context.Background(), p.board, visit, hello, wire)
	if err != nil {
		p.leave()
		return err
	}
	p.member = member
	p.until("a welcome", func() bool {
		_, closed := wire.end() // sent away as soon as it came
		return p.welcomes > before || closed
	})
	p.mu.Lock()
	var again []*sent
	for _, s := range p.outbox {
		if s.seq == 0 {
			again = append(again, s)
		}
	}
	p.mu.Unlock()
	for _, s := range again {
		p.send(s)
	}
	return nil
}

func (p *tab) connected() bool {
	_, closed := p.wire.end()
	return p.member != nil && !closed
}

func (p *tab) leave() {
	p.wire.cut()
	if p.member != nil {
		p.member.Leave()
		p.member = nil
	}
}

// push sends ops and tells what becomes of them.
func (p *tab) push(ops ...board.Op) *sent { return p.pushes(protocol.Push{Ops: ops}) }

func (p *tab) pushes(push protocol.Push) *sent {
	p.until("one of its pushes to be answered", func() bool { return unanswered(p) < protocol.MaxUnanswered })
	p.mu.Lock()
	p.lastN++
	push.N = p.lastN
	s := &sent{push: push}
	p.outbox = append(p.outbox, s)
	p.fates[push.N] = s
	p.mu.Unlock()
	p.send(s)
	return s
}

func (p *tab) send(s *sent) {
	push := s.push
	push.Ops = append([]board.Op(nil), push.Ops...)
	_ = p.member.Push(context.Background(), push) // gone: it stays in the outbox
}

// do is push, and waiting until it is saved.
func (p *tab) do(ops ...board.Op) *sent {
	p.w.t.Helper()
	s := p.push(ops...)
	p.until(fmt.Sprintf("push %d to be saved", s.push.N), func() bool { return s.saved || s.final })
	return s
}

// until waits for something to be true of what has come.
func (p *tab) until(what string, is func() bool) {
	p.w.t.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		ok, pulse := p.now(is)
		if ok {
			return
		}
		select {
		case <-pulse:
		case <-late.C:
			p.w.t.Fatalf("%s.%s waited in vain for %s; it has got\n%s", p.id, p.client, what, tail(p.wire.text(), 2000))
		}
	}
}

func (p *tab) now(is func() bool) (bool, chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return is(), p.pulse
}

func tail(s string, n int) string { return s[max(0, len(s)-n):] }

// settle waits until everything that the board has for the tab has come.
func (p *tab) settle() {
	p.w.t.Helper()
	now := p.w.look(p.board, p.id, p.role)
	p.until("its pushes to be saved", func() bool { return len(p.outbox) == 0 })
	// The watermark comes behind all that it tells of.
	p.until(fmt.Sprintf("all up to %d", now.at.Seq), func() bool { return p.saved >= now.at.Seq && p.at.Epoch == now.at.Epoch })
}

func (p *tab) equals(want seen) {
	p.w.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, it := range p.items {
		if string(it.JSON()) != want.items[id] {
			p.w.t.Errorf("%s.%s has\n%s, the room\n%s", p.id, p.client, it.JSON(), want.items[id])
		}
	}
	for id, it := range want.items {
		if p.items[id] == nil {
			p.w.t.Errorf("%s.%s lacks %s", p.id, p.client, it)
		}
	}
}

// note is an op that makes one.
func note(id board.ID, text string) board.Op {
	return board.Create{Type: board.TypeNote, ID: id, Fields: []board.Field{{Name: "text", Value: text}, {Name: "x", Value: int64(0)}, {Name: "y", Value: int64(0)}}}
}

func move(id board.ID, x, y int64) board.Op {
	return board.Move{Moves: []board.Place{{ID: id, X: x, Y: y}}}
}
