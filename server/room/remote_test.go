package room_test

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io/fs"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jana/protocol"
	"jana/protocol/board"
	"jana/server/cluster"
	"jana/server/redistest"
	"jana/server/relay"
	"jana/server/room"
)

// pair is two instances that meet in a real Redis for presence. Their order is
// one, made here.
type pair struct {
	redis *redistest.Server
	order *oneOrder
	a, b  *world
	// sentA and sentB are what they gave to the relay.
	sentA, sentB *spy
}

func newPair(t testing.TB) *pair {
	t.Helper()
	verifyNoLeaks(t)
	p := &pair{redis: redistest.Start(t), order: &oneOrder{boards: map[string]*oneBoard{}}}
	p.a, p.sentA = p.instance(t, "a")
	p.b, p.sentB = p.instance(t, "b")
	return p
}

func (p *pair) instance(t testing.TB, name string) (*world, *spy) {
	t.Helper()
	c, err := cluster.Dial(t.Context(), cluster.Options{URL: p.redis.URL(), Prefix: "jana", Instance: name, Boot: "1", Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	way := &spy{Relay: relay.New(c, quiet)}
	t.Cleanup(func() {
		way.Stop()
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return newWorldOn(t, func() room.Sequencer { return &member{oneOrder: p.order, name: name} }, room.Options{Relay: way}), way
}

// board makes a board on both and opens it there.
func (p *pair) board(id string) string {
	for _, w := range []*world{p.a, p.b} {
		w.board(id)
		w.look(id, "", "")
	}
	return id
}

// pretend publishes what an instance of that name could have sent.
func (p *pair) pretend(instance, id, message string) {
	p.redis.Do("PUBLISH", fmt.Sprintf("jana:{%d}:b:%s:q", crc32.ChecksumIEEE([]byte(id))%16, id), instance+"\n"+message)
}

// spy keeps what is sent by the way, and can lose some of it.
type spy struct {
	*relay.Relay
	mu   sync.Mutex
	sent []string
	lose func() bool // nil: nothing
}

func (s *spy) Send(id string, data []byte) {
	s.mu.Lock()
	s.sent = append(s.sent, string(data))
	lost := s.lose != nil && s.lose()
	s.mu.Unlock()
	if !lost {
		s.Relay.Send(id, data)
	}
}

func (s *spy) loses(lose func() bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lose = lose
}

func (s *spy) all() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.sent...)
}

// oneOrder gives the boards of several instances one order. It loses nothing.
type oneOrder struct {
	mu     sync.Mutex
	boards map[string]*oneBoard
}

type oneBoard struct {
	mu        sync.Mutex
	epochs    board.Epochs
	seq, time int64
	followers map[string]protocol.Follower
}

// anew has a board go on from a state in an epoch of its own, as it does when
// what came behind a fork was lost.
func (m *member) anew(ctx context.Context, id string, fork int64, from *board.State) (board.Epochs, error) {
	b := m.board(id)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seq, b.epochs = from.Seq(), b.epochs.Then(fmt.Sprintf("%d.anew", len(b.epochs)+1), fork)
	for _, f := range b.followers {
		state, err := board.Load(from.Snapshot().Encode())
		if err != nil {
			return nil, err
		}
		if err := f.Renew(ctx, board.Renewal{Epochs: b.epochs, Fork: fork, State: state}); err != nil {
			return nil, err
		}
	}
	return b.epochs, nil
}

// member is an instance's end of it.
type member struct {
	*oneOrder
	name string
}

func (m *member) board(id string) *oneBoard {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.boards[id] == nil {
		m.boards[id] = &oneBoard{epochs: board.Epochs{{Name: "1.one", Base: 0}}, followers: map[string]protocol.Follower{}}
	}
	return m.boards[id]
}

func (m *member) Open(_ context.Context, id string, _ board.Epochs, seq, time int64, f protocol.Follower) (board.Renewal, error) {
	b := m.board(id)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seq, b.time, b.followers[m.name] = max(b.seq, seq), max(b.time, time), f
	return board.Renewal{Epochs: b.epochs, Fork: seq}, nil
}

func (m *member) Create(context.Context, string, *board.State) error { return nil }

func (m *member) Delete(context.Context, string) error { return nil }

func (m *member) Hold(string, int64, func()) bool { return true }

func (m *member) Compare(string, string, int64, string) {}

func (m *member) Milestone(context.Context, string, board.ID) (*board.State, int64, error) {
	return nil, 0, fs.ErrNotExist
}

func (m *member) Append(ctx context.Context, id string, e *board.Entry) error {
	b := m.board(id)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seq++
	b.time = max(b.time, time.Now().UnixMilli())
	e.Seq, e.Time = b.seq, b.time
	text, err := json.Marshal(e)
	if err != nil {
		return err
	}
	for name, f := range b.followers {
		own := e
		if name != m.name {
			own = &board.Entry{}
			if err := json.Unmarshal(text, own); err != nil {
				return err
			}
		}
		if err := f.Deliver(ctx, own); err != nil {
			return err
		}
	}
	return nil
}

func (m *member) Close(id string, _ bool) {
	b := m.board(id)
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.followers, m.name)
}

func at(x, y int64) *protocol.Presence { return &protocol.Presence{Cursor: &[2]int64{x, y}} }

// sees says whether a tab knows where somebody's cursor is. It is for until.
func (p *tab) sees(who *tab, x int64) bool {
	shown := p.presence[who.id+"."+who.client]
	return shown != nil && shown.Cursor != nil && shown.Cursor[0] == x
}

func (p *tab) misses(who *tab) bool { return p.presence[who.id+"."+who.client] == nil }

func TestPeopleOnAnotherInstanceAreHere(t *testing.T) {
	p := newPair(t)
	id := p.board("b1")
	ben := p.a.join(id, facilitators, "pben")
	anna := p.b.tab(id, participants, "panna", "annas")
	if err := anna.connect(); err != nil {
		t.Fatal(err)
	}
	vera := p.b.tab(id, viewers, "pvera", "veras")
	if err := vera.connect(); err != nil {
		t.Fatal(err)
	}
	ben.until("anna and vera", func() bool {
		return ben.people["panna"].Here == 1 && ben.people["pvera"] == protocol.Person{Name: "name of pvera", Role: board.Viewer, Here: 1, Link: viewers}
	})
	anna.until("ben", func() bool { return anna.people["pben"].Here == 1 && anna.people["panna"].Here == 1 })
	anna.do(note("n1", "x"))
	anna.member.Presence(&protocol.Presence{Cursor: &[2]int64{7, 8}, Drag: []board.Place{{ID: "n1", X: 1, Y: 2}}, Selected: []board.ID{"n1"}, Editing: "n1", View: &[4]int64{1, 2, 3, 4}})
	ben.until("all that anna does", func() bool {
		shown := ben.presence["panna.annas"]
		return shown != nil && shown.Cursor[1] == 8 && len(shown.Drag) == 1 && len(shown.Selected) == 1 && shown.Editing == "n1" && shown.View[3] == 4
	})
	for x := range int64(50) {
		anna.member.Presence(at(x, 0))
		ben.member.Presence(at(-x, 0))
	}
	ben.until("where anna is at last", func() bool { return ben.sees(anna, 49) })
	vera.until("where both are at last", func() bool { return vera.sees(ben, -49) && vera.sees(anna, 49) })
	late := p.a.join(id, participants, "plate")
	if !late.look().sees("panna.annas", 49) || late.look().people["pvera"].Here != 1 {
		t.Error("who comes later is not told of the other instance in the welcome")
	}
	vera.leave()
	ben.until("vera to be gone", func() bool { _, here := ben.people["pvera"]; return !here })
	anna.leave()
	ben.until("anna to be gone", func() bool { return ben.people["panna"].Here == 0 && ben.misses(anna) })
}

func (k known) sees(key string, x int64) bool {
	shown := k.presence[key]
	return shown != nil && shown.Cursor != nil && shown.Cursor[0] == x
}

func TestATabThatMovesToAnotherInstanceIsHereOnce(t *testing.T) {
	p := newPair(t)
	id := p.board("b1")
	ben, carl := p.a.join(id, facilitators, "pben"), p.b.tab(id, participants, "pcarl", "carls")
	if err := carl.connect(); err != nil {
		t.Fatal(err)
	}
	old := p.a.tab(id, participants, "panna", "annas")
	if err := old.connect(); err != nil {
		t.Fatal(err)
	}
	old.member.Presence(at(1, 0))
	both := func(what string, see func(*tab) bool) {
		t.Helper()
		for _, tab := range []*tab{ben, carl} {
			tab.until(what, func() bool { return see(tab) })
		}
	}
	both("anna", func(tab *tab) bool { return tab.sees(old, 1) && tab.people["panna"].Here == 1 })
	// Her socket dies and nobody has noticed yet.
	anew := p.b.tab(id, participants, "panna", "annas")
	if err := anew.connect(); err != nil {
		t.Fatal(err)
	}
	anew.member.Presence(at(2, 0))
	both("where she is now", func(tab *tab) bool { return tab.sees(old, 2) })
	// What her old instance repeats hides nothing.
	heard := len(p.sentA.all())
	p.a.await("the old instance to have repeated all", func() bool {
		for _, sent := range p.sentA.all()[heard:] {
			if strings.Contains(sent, `"all":true`) && strings.Contains(sent, `"panna.annas":{"cursor":[1,0]}`) {
				return true
			}
		}
		return false
	})
	if late := p.b.join(id, participants, "plate").look(); !late.sees("panna.annas", 2) {
		t.Errorf("who comes later sees %+v", late.presence["panna.annas"])
	}
	both("her once", func(tab *tab) bool { return tab.sees(old, 2) && tab.people["panna"].Here == 1 })
	old.leave()
	anew.member.Presence(at(3, 0))
	both("her still", func(tab *tab) bool { return tab.sees(old, 3) && tab.people["panna"].Here == 1 })
	anew.leave()
	both("her to be gone", func(tab *tab) bool { return tab.misses(old) && tab.people["panna"].Here == 0 })
}

func TestWhatIsDoneToAHiddenNoteLeavesNoInstance(t *testing.T) {
	p := newPair(t)
	id := p.board("b1")
	ben, anna := p.a.join(id, facilitators, "pben"), p.b.tab(id, participants, "panna", "annas")
	if err := anna.connect(); err != nil {
		t.Fatal(err)
	}
	ben.do(board.Private{On: true})
	anna.do(note("nanna", mark("anna")), note("nelse", mark("else")))
	ben.until("the count", func() bool { return ben.people["panna"].Hidden == 2 })
	anna.member.Presence(&protocol.Presence{Cursor: &[2]int64{4321, 1}, Drag: []board.Place{{ID: "nanna", X: 4321, Y: 1}}, Editing: "nanna", View: &[4]int64{1, 2, 3, 4}})
	ben.until("that anna is busy", func() bool { who := ben.presence["panna.annas"]; return who != nil && who.Busy })
	late := p.a.join(id, facilitators, "plate")
	for _, sent := range p.sentB.all() {
		for _, secret := range []string{"4321", "nanna", "SECRET"} {
			if strings.Contains(sent, secret) {
				t.Errorf("%q was sent: %s", secret, sent)
			}
		}
	}
	// An instance that does not know yet that a note is hidden says it all.
	p.pretend("z", id, `{"here":{"pzoe.z":null},"people":{"pzoe.z":{"cursor":[4321,1],"drag":[["nanna",4321,1]],"selected":["nanna","nowhere"]}}}`)
	ben.until("that zoe is busy", func() bool { who := ben.presence["pzoe.z"]; return who != nil && who.Busy })
	for _, tab := range []*tab{ben, late} {
		if text := tab.wire.text(); strings.Contains(text, "4321") || strings.Contains(text, "nanna") || strings.Contains(text, "nowhere") {
			t.Errorf("%s learnt of it:\n%s", tab.id, text)
		}
	}
	ben.do(board.Reveal{})
	anna.settle()
	anna.member.Presence(&protocol.Presence{Drag: []board.Place{{ID: "nanna", X: 1, Y: 1}}})
	ben.until("what anna drags", func() bool { who := ben.presence["panna.annas"]; return len(who.Drag) == 1 })
}

func TestPresenceCostsAMessageATickAndNoneAlone(t *testing.T) {
	p := newPair(t)
	id := p.board("b1")
	ben := p.a.join(id, facilitators, "pben")
	var tabs []*tab
	for i := range 20 {
		tab := p.a.tab(id, participants, fmt.Sprintf("p%d", i), "c")
		if err := tab.connect(); err != nil {
			t.Fatal(err)
		}
		tabs = append(tabs, tab)
	}
	move := func(to int64) {
		for x := range to {
			for _, tab := range tabs {
				tab.member.Presence(at(x, 0))
			}
		}
		ben.until("the last", func() bool { return ben.sees(tabs[0], to-1) && ben.sees(tabs[19], to-1) })
	}
	move(50)
	for _, sent := range p.sentA.all() {
		if !strings.HasPrefix(sent, `{"all":true`) {
			t.Errorf("with nobody to hear it was sent: %s", sent)
		}
	}
	carl := p.b.tab(id, participants, "pcarl", "carls")
	if err := carl.connect(); err != nil {
		t.Fatal(err)
	}
	ben.until("carl", func() bool { return ben.people["pcarl"].Here == 1 })
	carl.until("all people", func() bool { return carl.people["p19"].Here == 1 && carl.sees(tabs[19], 49) })
	sent, frames := len(p.sentA.all()), p.a.hub.Counters().Frames.Load()
	move(200)
	carl.until("the last", func() bool { return carl.sees(tabs[0], 199) && carl.sees(tabs[19], 199) })
	partial := 0
	for _, sent := range p.sentA.all()[sent:] {
		if !strings.HasPrefix(sent, `{"all":true`) {
			partial++
		}
	}
	if frames := p.a.hub.Counters().Frames.Load() - frames; partial == 0 || int64(partial) > frames {
		t.Errorf("got %d messages for %d frames", partial, frames)
	}
}

func TestWhatIsRepeatedIsNotToldAgain(t *testing.T) {
	p := newPair(t)
	id := p.board("b1")
	ben := p.a.join(id, facilitators, "pben")
	all := `{"all":true,"here":{"pzoe.z":{"name":"Zoe","role":"viewer","link":"lviewers"},"pyan.y":null},"people":{"pyan.y":{"cursor":[5,5]}}}`
	p.pretend("z", id, all)
	ben.until("those of the other instance", func() bool { return ben.people["pzoe"].Name == "Zoe" && ben.presence["pyan.y"] != nil })
	before := len(ben.wire.text())
	for range 5 {
		p.pretend("z", id, all)
	}
	p.pretend("z", id, `{"people":{"pyan.y":{"cursor":[6,6]}}}`)
	ben.until("what is new", func() bool { return ben.presence["pyan.y"].Cursor[0] == 6 })
	if told := ben.wire.text()[before:]; strings.Count(told, "cursor") != 1 || strings.Contains(told, "people\",\"people") {
		t.Errorf("it was told %s", told)
	}
}

func TestAnInstanceThatIsNoLongerHeardHasNobody(t *testing.T) {
	p := newPair(t)
	id := p.board("b1")
	ben := p.a.join(id, facilitators, "pben")
	p.pretend("z", id, `{"all":true,"here":{"pzoe.z":{"name":"Zoe","role":"viewer","link":"lviewers"},"pyan.y":null},"people":{"pyan.y":{"cursor":[5,5]}}}`)
	ben.until("those of the other instance", func() bool { return ben.people["pzoe"].Name == "Zoe" && ben.presence["pyan.y"] != nil })
	since := time.Now()
	ben.until("them to be gone", func() bool { return ben.people["pzoe"].Here == 0 && ben.presence["pyan.y"] == nil })
	if took := time.Since(since); took < 3*time.Second || took > 12*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestAnInstanceThatDrainsSaysThatNobodyIsThere(t *testing.T) {
	p := newPair(t)
	id := p.board("b1")
	ben := p.a.join(id, facilitators, "pben")
	anna := p.b.tab(id, participants, "panna", "annas")
	if err := anna.connect(); err != nil {
		t.Fatal(err)
	}
	anna.member.Presence(at(1, 1))
	ben.until("anna", func() bool { return ben.sees(anna, 1) })
	since := time.Now()
	if err := p.b.hub.Drain(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	ben.until("anna to be gone", func() bool { return ben.misses(anna) && ben.people["panna"].Here == 0 })
	if took := time.Since(since); took > 3*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestWithoutRedisLocalPresenceGoesOn(t *testing.T) {
	p := newPair(t)
	id := p.board("b1")
	ben, carl := p.a.join(id, facilitators, "pben"), p.a.join(id, participants, "pcarl")
	anna := p.b.tab(id, participants, "panna", "annas")
	if err := anna.connect(); err != nil {
		t.Fatal(err)
	}
	anna.member.Presence(at(1, 0))
	ben.until("anna", func() bool { return ben.sees(anna, 1) })
	for i, fault := range []struct{ end, mend func() }{{p.redis.Pause, p.redis.Resume}, {p.redis.Stop, func() { p.redis.Restart() }}} {
		fault.end()
		for x := range int64(200) {
			carl.member.Presence(at(x, int64(i)))
		}
		since := time.Now()
		ben.until("carl", func() bool { return ben.sees(carl, 199) })
		if took := time.Since(since); took > 2*time.Second {
			t.Errorf("it took %v", took)
		}
		late := p.a.join(id, participants, board.ID(fmt.Sprintf("plate%d", i)))
		late.leave()
		x := int64(1000 + i)
		anna.member.Presence(at(x, 0))
		fault.mend()
		ben.until("anna again", func() bool { return ben.sees(anna, x) && ben.people["panna"].Here == 1 })
	}
}

func TestWhatIsNoPresenceIsNobodys(t *testing.T) {
	p := newPair(t)
	id := p.board("b1")
	ben := p.a.join(id, facilitators, "pben")
	long := strings.Repeat("x", 200)
	for _, junk := range []string{
		"", "null", "[]", "{", `{"all":"yes"}`, `{"gone":["nobody.x",""]}`, `{"people":{"p1.c":null,"p2.c":7,"p3.c":{"cursor":[1]},"p4.c":{"cursor":[1e9,0]}}}`,
		`{"here":{"\"":null,"a.b.c":null,"noclient":null,".c":null,"p.":null,"ö.c":null,"` + long + `.c":null}}`,
		`{"here":{"pq.c":{"name":"Q","role":"facilitator"},"pr.c":{"name":"` + long + `","role":"viewer"}}}`,
	} {
		p.pretend("z", id, junk)
	}
	p.pretend("z", id, `{"here":{"pzoe.z":{"name":"Zoe","role":"viewer","link":"lviewers"}}}`)
	ben.until("zoe", func() bool { return ben.people["pzoe"].Here == 1 })
	look := ben.look()
	if len(look.people) != 2 || len(look.presence) != 0 {
		t.Errorf("got people %v and presence %v", look.people, look.presence)
	}
}

func TestWhateverIsLostAllKnowWhoIsThereAtLast(t *testing.T) {
	p := newPair(t)
	c, sentC := p.instance(t, "c")
	worlds := []*world{p.a, p.b, c}
	id := p.board("b1")
	c.board(id)
	c.look(id, "", "")
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for i, s := range []*spy{p.sentA, p.sentB, sentC} {
		lossy := rand.New(rand.NewPCG(seed, uint64(i+1)))
		s.loses(func() bool { return lossy.IntN(3) == 0 })
	}
	// One who stays on each, to look.
	var lookers []*tab
	for i, w := range worlds {
		lookers = append(lookers, w.join(id, facilitators, fmt.Sprintf("plooker%d", i)))
	}
	// By tab: where it is, if anywhere, and what it said last there.
	type whereabouts struct {
		tab  *tab
		said int64
	}
	there := map[string]whereabouts{}
	connect := func(person, client string) *tab {
		link := participants
		if person == "p0" {
			link = viewers
		}
		tab := worlds[random.IntN(3)].tab(id, link, person, client)
		if err := tab.connect(); err != nil {
			t.Fatal(err)
		}
		return tab
	}
	for step := range int64(300) {
		person, client := fmt.Sprintf("p%d", random.IntN(4)), fmt.Sprintf("t%d", random.IntN(2))
		now := there[person+"."+client]
		switch {
		case now.tab == nil:
			now = whereabouts{tab: connect(person, client)}
		case random.IntN(6) == 0:
			now.tab.leave()
			now = whereabouts{}
		case random.IntN(6) == 0:
			old := now.tab
			now = whereabouts{tab: connect(person, client)}
			if random.IntN(2) == 0 {
				now.said = step + 1
				now.tab.member.Presence(at(now.said, 0))
				time.Sleep(time.Millisecond)
			}
			old.leave()
		default:
			now.said = step + 1
			now.tab.member.Presence(at(now.said, 0))
		}
		there[person+"."+client] = now
		if random.IntN(4) == 0 {
			time.Sleep(time.Duration(random.IntN(20)) * time.Millisecond)
		}
	}
	for _, s := range []*spy{p.sentA, p.sentB, sentC} {
		s.loses(nil)
	}
	for i, looker := range lookers {
		looker.until("all and nobody else", func() bool {
			here := map[board.ID]int{"plooker0": 1, "plooker1": 1, "plooker2": 1}
			shown := 0
			for key, now := range there {
				if now.tab == nil {
					continue
				}
				here[now.tab.id]++
				if now.said > 0 && now.tab.role != board.Viewer {
					shown++
					if !looker.sees(now.tab, now.said) {
						return false
					}
				} else if looker.presence[key] != nil {
					return false
				}
			}
			for id, person := range looker.people {
				if person.Here != here[id] {
					return false
				}
			}
			for _, known := range looker.presence {
				if known != nil {
					shown--
				}
			}
			return shown == 0
		})
		late := worlds[i].join(id, facilitators, fmt.Sprintf("plate%d", i))
		if got, want := fmt.Sprint(len(late.look().presence)), fmt.Sprint(len(looker.look().presence)); got != want {
			t.Errorf("who comes late to %d is told of %s, who was there knows of %s", i, got, want)
		}
		late.leave()
	}
}

// line is a relay of which the test is the other end.
type line struct {
	hear func(from string, data []byte)
	sent atomic.Int64
}

func (l *line) Open(_ string, hear func(from string, data []byte)) { l.hear = hear }
func (l *line) Send(string, []byte)                                { l.sent.Add(1) }
func (l *line) Close(string)                                       {}

// BenchmarkRemotePresence is 50 people dragging on two instances, half of them
// on each, as fast as frames are made: what a delivery costs one of the two.
func BenchmarkRemotePresence(b *testing.B) {
	l := &line{}
	w, id := benchWorld(b, room.Options{Relay: l}, 1000)
	members, sinks := attend(b, w, id, 25)
	wait := make(chan struct{}, 1)
	sinks[0].wait.Store(&wait)
	deliveries, before := 0, cpu()
	b.ResetTimer()
	for b.Loop() {
		text := []byte(`{"people":{`)
		for i, m := range members {
			text = fmt.Appendf(text, `"q%d.t":{"cursor":[%d,%d],"drag":[["n%d",%d,5]]},`, i, deliveries, i, 25+i, deliveries)
			m.Presence(&protocol.Presence{Cursor: &[2]int64{int64(deliveries), int64(i)}, Drag: []board.Place{{ID: board.ID(fmt.Sprintf("n%d", i)), X: int64(deliveries), Y: 5}}})
		}
		l.hear("z", append(text[:len(text)-1], "}}"...))
		<-wait
		deliveries += 50 * 25
	}
	b.ReportMetric(float64((cpu()-before).Nanoseconds())/float64(deliveries), "cpu-ns/delivery")
	b.ReportMetric(float64(l.sent.Load())/float64(b.N), "sent/frame")
}
