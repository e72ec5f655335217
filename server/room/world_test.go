package room_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"jana/protocol"
	"jana/protocol/board"
	"jana/server/room"
	"jana/server/sequence"
	"jana/store"
)

// patience is how long a test waits for what must happen.
const patience = 20 * time.Second

// The links of every board here.
const (
	facilitators = "lfacilitators"
	participants = "lparticipants"
	viewers      = "lviewers"
)

var quiet = slog.New(slog.DiscardHandler)

// disk is a real store, which can be held: then nothing of it is called saved.
type disk struct {
	*store.Store

	mu   sync.Mutex
	held bool
	kept []func()
}

func (d *disk) Load(ctx context.Context, id string) (room.Loaded, error) {
	loaded, err := d.Store.Load(ctx, id)
	if errors.Is(err, store.ErrDeleted) {
		err = protocol.Bye{Code: protocol.Deleted}
	}
	return room.Loaded(loaded), err
}

func (d *disk) Append(ctx context.Context, id string, b room.Batch, done func(error)) error {
	return d.Store.Append(ctx, id, store.Batch(b), func(err error) {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.held {
			d.kept = append(d.kept, func() { done(err) })
			return
		}
		done(err)
	})
}

func (d *disk) hold() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.held = true
}

func (d *disk) letGo() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.held = false
	for _, done := range d.kept {
		done()
	}
	d.kept = nil
}

// world is a hub over a file, and what is to be true of it at the end.
type world struct {
	t      testing.TB
	path   string
	disk   *disk
	hub    *room.Hub
	boards []string
	tabs   []*tab
}

// newWorld makes a hub over a new file. At the end of the test every tab that is
// still there and every board must agree with what lies on disk, and nothing may
// be left running.
func newWorld(t testing.TB, o room.Options) *world {
	t.Helper()
	leaks := goleak.IgnoreCurrent()
	w := &world{t: t, path: filepath.Join(t.TempDir(), "boards.db")}
	w.start(o)
	t.Cleanup(func() {
		w.disk.letGo()
		w.compare()
		w.stop()
		w.verify()
		goleak.VerifyNone(t, leaks)
	})
	return w
}

func (w *world) start(o room.Options) {
	w.t.Helper()
	if o.Log == nil {
		o.Log = quiet
	}
	s, err := store.Open(w.path, store.Options{})
	if err != nil {
		w.t.Fatal(err)
	}
	w.disk = &disk{Store: s}
	w.hub = room.NewHub(w.disk, newSequencer(), o)
}

// stop drains the hub and closes the file.
func (w *world) stop() {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for _, tab := range w.tabs {
		tab.wire.letGo()
	}
	if err := w.hub.Drain(ctx, 0); err != nil {
		w.t.Errorf("drain: %v", err)
	}
	for _, tab := range w.tabs {
		tab.leave()
	}
	if rooms, members := w.hub.Rooms(); rooms != 0 || members != 0 {
		w.t.Errorf("%d rooms and %d members are left", rooms, members)
	}
	if err := w.disk.Close(ctx); err != nil {
		w.t.Error(err)
	}
}

// verify looks at the file alone.
func (w *world) verify() {
	w.t.Helper()
	s, err := store.Open(w.path, store.Options{MustExist: true})
	if err != nil {
		w.t.Fatal(err)
	}
	defer s.Close(context.Background())
	problems, err := s.Check(context.Background())
	if err != nil {
		w.t.Error(err)
	}
	for _, p := range problems {
		w.t.Errorf("check: %v", p)
	}
}

// board makes a board with a link of each kind, in phase free.
func (w *world) board(id string) string {
	w.t.Helper()
	s, wrong := board.Import([]byte(`{"schema":"workshop-fixture/1","board":{"id":"x","title":"T","language":"fi","phase":"free"}}`), 1000)
	if len(wrong) > 0 {
		w.t.Fatal(wrong)
	}
	w.create(id, s)
	return id
}

func (w *world) create(id string, s *board.State) {
	w.t.Helper()
	made := map[string]board.Value{"time": int64(1000)}
	links := []board.Change{
		{Put: board.NewLink(facilitators, board.Facilitator, "", "", made, true)},
		{Put: board.NewLink(participants, board.Participant, "", "", made, false)},
		{Put: board.NewLink(viewers, board.Viewer, "", "", made, false)},
	}
	if err := s.Land(&board.Entry{Seq: s.Seq() + 1, Time: 1000, Role: board.Facilitator, Changes: links}); err != nil {
		w.t.Fatal(err)
	}
	if err := w.hub.Create(context.Background(), id, s); err != nil {
		w.t.Fatal(err)
	}
	w.boards = append(w.boards, id)
}

// seen is what somebody with that role may see of a board, by the room itself.
type seen struct {
	items map[board.ID]string
	at    protocol.Position
	saved int64
	hash  string
}

func (w *world) look(id string, participant board.ID, role board.Role) seen {
	w.t.Helper()
	s := seen{items: map[board.ID]string{}}
	err := w.hub.View(context.Background(), id, func(v room.View) {
		s.at, s.saved, s.hash = v.At, v.Saved, v.State.Hash()
		for _, it := range v.State.Items() {
			if it.To.Includes(participant, role) {
				s.items[it.ID] = string(it.JSON())
			}
		}
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// saved waits until all of a board is on disk.
func (w *world) saved(id string) {
	w.t.Helper()
	w.await("all to be saved", func() bool {
		s := w.look(id, "", "")
		return s.saved == s.at.Seq
	})
}

func (w *world) await(what string, is func() bool) {
	w.t.Helper()
	for end := time.Now().Add(patience); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			w.t.Fatalf("waited in vain for %s", what)
		}
	}
}

// compare holds every tab and the file against the rooms.
func (w *world) compare() {
	w.t.Helper()
	if w.t.Failed() || len(w.boards) == 0 {
		return // or the hub shows nothing any more
	}
	for _, id := range w.boards {
		if err := w.hub.View(context.Background(), id, func(room.View) {}); err != nil {
			continue // deleted
		}
		w.saved(id)
		loaded, err := w.disk.Store.Load(context.Background(), id)
		if err != nil {
			w.t.Error(err)
			continue
		}
		now := w.look(id, "", "")
		if got := loaded.State.Hash(); got != now.hash || loaded.State.Seq() != now.at.Seq {
			w.t.Errorf("board %s: on disk %s at %d, in the room %s at %d", id, got, loaded.State.Seq(), now.hash, now.at.Seq)
		}
	}
	for _, tab := range w.tabs {
		if tab.connected() {
			tab.settle()
			tab.equals(w.look(tab.board, tab.id, tab.role))
		}
	}
}

// wire is the way to one tab. It can be held, and cut.
type wire struct {
	receive func(frame []byte)

	mu     sync.Mutex
	free   *sync.Cond
	held   bool
	broken bool
	frames [][]byte // all that came through
	closed bool
	code   protocol.ByeCode
}

func newWire(receive func([]byte)) *wire {
	w := &wire{receive: receive}
	w.free = sync.NewCond(&w.mu)
	return w
}

// Write implements room.Conn.
func (w *wire) Write(frame []byte) error {
	w.mu.Lock()
	for w.held && !w.broken {
		w.free.Wait()
	}
	if w.broken {
		w.mu.Unlock()
		return errors.New("the wire is cut")
	}
	w.frames = append(w.frames, frame)
	w.mu.Unlock()
	w.receive(frame)
	return nil
}

// Close implements room.Conn.
func (w *wire) Close(code protocol.ByeCode) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed, w.code = true, code
	w.broken = true
}

func (w *wire) hold() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.held = true
}

func (w *wire) letGo() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.held = false
	w.free.Broadcast()
}

func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.broken = true
	w.free.Broadcast()
}

// end tells how the wire was closed from the other side, if it was.
func (w *wire) end() (protocol.ByeCode, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.code, w.closed
}

// text is all that came through.
func (w *wire) text() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var b []byte
	for _, f := range w.frames {
		b = append(append(b, f...), '\n')
	}
	return string(b)
}

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

// receive takes a frame as a browser does.
func (p *tab) receive(frame []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer func() {
		close(p.pulse)
		p.pulse = make(chan struct{})
	}()
	var messages []json.RawMessage
	if err := json.Unmarshal(frame, &messages); err != nil {
		p.w.t.Errorf("%s.%s got %q: %v", p.id, p.client, frame, err)
		return
	}
	for _, raw := range messages {
		if err := p.take(raw); err != nil {
			p.w.t.Errorf("%s.%s got %s: %v", p.id, p.client, raw, err)
		}
	}
}

func read[T any](raw []byte) (m T, err error) {
	err = json.Unmarshal(raw, &m)
	return m, err
}

func (p *tab) take(raw []byte) error {
	head, err := read[struct{ Type string }](raw)
	if err != nil {
		return err
	}
	if p.welcomes == 0 && head.Type != "welcome" {
		return errors.New("before the first welcome")
	}
	switch head.Type {
	case "welcome":
		m, err := read[protocol.Welcome](raw)
		if err != nil {
			return err
		}
		return p.welcome(m)
	case "changes":
		m, err := read[protocol.Changes](raw)
		if err != nil {
			return err
		}
		return p.changes(m)
	case "saved":
		m, err := read[protocol.Saved](raw)
		if err != nil {
			return err
		}
		if m.Seq < p.saved {
			return fmt.Errorf("saved goes back from %d", p.saved)
		}
		p.saved = m.Seq
		p.at.Seq = max(p.at.Seq, m.Seq)
		p.forgetSaved()
	case "refused":
		m, err := read[protocol.Refused](raw)
		if err != nil {
			return err
		}
		return p.refused(m)
	case "fate":
		m, err := read[protocol.Fate](raw)
		if err != nil {
			return err
		}
		if m.Client == "" {
			p.fate(m.Fate)
		}
	case "people":
		m, err := read[protocol.People](raw)
		if err != nil {
			return err
		}
		for id, person := range m.People {
			if person == nil {
				delete(p.people, id)
			} else {
				p.people[id] = *person
			}
		}
	case "presence":
		m, err := read[protocol.Presences](raw)
		if err != nil {
			return err
		}
		for key, who := range m.People {
			if who == nil {
				delete(p.presence, key)
			} else {
				p.presence[key] = who
			}
		}
	case "disk":
		m, err := read[protocol.Disk](raw)
		if err != nil {
			return err
		}
		p.disk = m.OK
	case "bye":
		m, err := read[protocol.Bye](raw)
		if err != nil {
			return err
		}
		p.byes = append(p.byes, m)
	case "pong":
	default:
		return errors.New("unknown message")
	}
	return nil
}

func (p *tab) welcome(m protocol.Welcome) error {
	p.welcomes++
	if m.You.ID != p.id || m.You.Role != p.role || m.You.Link != p.link {
		return errors.New("for somebody else")
	}
	p.lastMine = m.You.Mine
	if m.Board == nil {
		if m.At != p.at {
			return fmt.Errorf("goes on from %v, not from %v", m.At, p.at)
		}
	} else {
		items, err := read[[]json.RawMessage](m.Board.Items)
		if err != nil {
			return err
		}
		p.replaced++
		p.items = map[board.ID]*board.Item{}
		for _, raw := range items {
			it, err := board.ParseItem(raw)
			if err != nil {
				return err
			}
			if p.items[it.ID] != nil {
				return fmt.Errorf("%s comes twice", it.ID)
			}
			p.items[it.ID] = it
		}
	}
	if m.At.Epoch != p.at.Epoch {
		p.saved = 0
		for _, s := range p.outbox {
			s.seq = 0 // of another epoch: a number without a meaning
		}
	}
	p.at, p.saved = m.At, max(p.saved, m.Saved)
	p.at.Seq = max(p.at.Seq, m.Saved)
	p.people = map[board.ID]protocol.Person{}
	maps.Copy(p.people, m.People)
	p.presence = map[string]*protocol.Presence{}
	for _, fate := range m.Fate {
		p.fate(fate)
	}
	p.forgetSaved()
	return nil
}

func (p *tab) changes(m protocol.Changes) error {
	if m.Seq <= p.at.Seq && m.Seq <= p.saved {
		return fmt.Errorf("comes after %d", p.at.Seq)
	}
	p.at.Seq = m.Seq
	if len(m.Changes) == 0 {
		return errors.New("changes nothing")
	}
	for _, c := range m.Changes {
		it := p.items[c.ID()]
		switch {
		case c.Put != nil:
			p.items[c.Put.ID] = c.Put
		case it == nil:
			return fmt.Errorf("%s is not there", c.ID())
		case c.Set != "":
			p.items[c.Set] = it.With(c.Fields)
		default:
			delete(p.items, c.Remove)
		}
	}
	if m.By == p.id && m.Client == p.client && m.N > 0 {
		p.fate(board.Fate{N: m.N, Seq: m.Seq})
	}
	return nil
}

func (p *tab) refused(m protocol.Refused) error {
	if m.Client != "" {
		return nil
	}
	s := p.fates[m.N]
	if s == nil {
		return errors.New("of a push that was never sent")
	}
	if m.Seq == 0 {
		s.final = true
		p.drop(s)
	}
	for _, known := range s.refused {
		if known.Op == m.Op && known.Code == m.Code {
			return nil
		}
	}
	s.refused = append(s.refused, m)
	return nil
}

func (p *tab) fate(f board.Fate) {
	s := p.fates[f.N]
	if s == nil {
		p.w.t.Errorf("%s.%s is told the fate of push %d, which it never sent", p.id, p.client, f.N)
		return
	}
	if s.seq != 0 && s.epoch == p.at.Epoch && s.seq != f.Seq {
		p.w.t.Errorf("%s.%s: push %d was ordered at %d, now at %d", p.id, p.client, f.N, s.seq, f.Seq)
	}
	s.seq, s.epoch = f.Seq, p.at.Epoch
	for _, no := range f.Refused {
		_ = p.refused(protocol.Refused{N: f.N, Op: no.Op, Seq: f.Seq, Code: no.Code, Reason: no.Reason, By: no.By, Set: no.Set})
	}
	p.forgetSaved()
}

// forgetSaved lets go of pushes once the server has called them saved.
func (p *tab) forgetSaved() {
	kept := p.outbox[:0]
	for _, s := range p.outbox {
		if s.seq != 0 && s.epoch == p.at.Epoch && s.seq <= p.saved {
			s.saved = true
		} else {
			kept = append(kept, s)
		}
	}
	p.outbox = kept
}

func (p *tab) drop(s *sent) {
	kept := p.outbox[:0]
	for _, other := range p.outbox {
		if other != s {
			kept = append(kept, other)
		}
	}
	p.outbox = kept
}

// note is an op that makes one.
func note(id board.ID, text string) board.Op {
	return board.Create{Type: board.TypeNote, ID: id, Fields: []board.Field{{Name: "text", Value: text}, {Name: "x", Value: int64(0)}, {Name: "y", Value: int64(0)}}}
}

func move(id board.ID, x, y int64) board.Op {
	return board.Move{Moves: []board.Place{{ID: id, X: x, Y: y}}}
}

func newSequencer() room.Sequencer { return sequence.NewLocal() }
