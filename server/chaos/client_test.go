package chaos

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// A browser waits longer; so do its faults.
const (
	dialLimit     = 2 * time.Second
	quietLimit    = 500 * time.Millisecond
	answerLimit   = 1200 * time.Millisecond
	maxUnanswered = 8
	maxWaiting    = 20
	tooFastRest   = 2 * time.Second
)

// push is one that a client made, and all that it was told of it.
type push struct {
	By     string   `json:"by"`
	Client string   `json:"client"`
	N      int64    `json:"n"`
	Role   string   `json:"role"`
	Ops    []object `json:"ops"`
	Whole  bool     `json:"whole,omitempty"`

	// When, since the storm began; 0 for never. Called: it was made. Told: what became of it was told, the last time if that
	// was taken back. Held: it was told to be so.
	Called, Told, Held time.Duration
	// Saved: it was called so, as Seq of Epoch, and was kept no longer.
	Saved bool
	Seq   int64
	Epoch string
	// Vague: it is so old that the server knew no more than that it has a place.
	Vague bool
	// Refused ops with their codes.
	Refused map[int]string

	state state
	times int
}

type state int

const (
	waiting state = iota // to be sent
	sent                 // not answered yet
	ordered              // has its place, not saved yet
	done                 // saved, or refused without a place
)

// binds says whether others rely upon something in it that was not refused: it is kept until it is held.
func (p *push) binds() bool {
	if p.Whole && len(p.Refused) > 0 {
		return false
	}
	for i, o := range p.Ops {
		_, refused := p.Refused[i]
		switch o.text("do") {
		case "lock", "freeze", "unfreeze", "pin", "blank", "rewind":
		case "link":
			if o["revoke"] != true {
				continue
			}
		default:
			continue
		}
		if !refused {
			return true
		}
	}
	return false
}

func (p *push) id() pushID { return pushID{p.By, p.Client, p.N} }

// client is a participant in a browser that never stops: what it makes it keeps until it is saved, and sends again
// wherever it comes to. It keeps the board as the browser does, by the generic half of the changes alone.
type client struct {
	w    *world
	role string
	// me is its secret, by which it is the same participant wherever it comes.
	me   string
	dice *rand.Rand
	wake chan struct{}

	mu sync.Mutex
	// pinned: to come to this instance alone; nil for any. host is where it is.
	pinned, host *instance
	// leave: the connection at hand is to be given up.
	leave bool
	// next makes a push when it is asked to and there is room; nil makes none.
	next func(items map[string]object) ([]object, bool)

	tab    string
	tabs   int
	n      int64
	outbox []*push // in the order in which they are sent
	all    []*push
	resume time.Time // nothing is sent before

	open bool
	at   *position
	// Up to where all is saved, and cannot be lost with one machine.
	saved, held int64

	id    string
	items map[string]object
	// asking: a ping is to be sent; pongs: how many came.
	asking bool
	pongs  int
	wrong  []string // what must never be
}

type position struct {
	Epoch string `json:"epoch"`
	Seq   int64  `json:"seq"`
}

func newClient(w *world, role, me string, seed uint64) *client {
	c := &client{w: w, role: role, me: me, dice: rand.New(rand.NewPCG(seed, 7)), wake: make(chan struct{}, 1), items: map[string]object{}}
	c.newTab()
	return c
}

func (c *client) newTab() {
	c.tabs++
	c.tab, c.n, c.at = fmt.Sprintf("%s-t%d", c.me, c.tabs), 0, nil
}

// say makes a push and sends it as soon as it may.
func (c *client) say(whole bool, ops ...object) *push {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.make(ops, whole)
	c.hurry()
	return p
}

func (c *client) make(ops []object, whole bool) *push {
	c.n++
	p := &push{By: c.id, Client: c.tab, N: c.n, Role: c.role, Ops: ops, Whole: whole, Called: c.w.now(), Refused: map[int]string{}}
	c.outbox = append(c.outbox, p)
	c.all = append(c.all, p)
	return p
}

func (c *client) hurry() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// with reads or writes what the client's own goroutine does.
func (c *client) with(do func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	do()
	c.hurry()
}

func (c *client) ask(is func() bool) (yes bool) {
	c.with(func() { yes = is() })
	return yes
}

func (c *client) empty() bool { return c.ask(func() bool { return len(c.outbox) == 0 }) }

// run comes again and again until ctx ends.
func (c *client) run(ctx context.Context) {
	tries := 0
	var to *instance
	for ctx.Err() == nil {
		to = c.whereTo(to, tries > 0)
		wait, welcomed := c.visit(ctx, to)
		if tries++; welcomed {
			tries = 0
		}
		if wait < 0 {
			wait = time.Duration(c.dice.Int64N(int64(min(400*time.Millisecond, 20*time.Millisecond<<min(tries, 10)))))
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
		}
	}
}

// whereTo picks an instance, another one than the last if that did not let it in.
func (c *client) whereTo(last *instance, avoid bool) *instance {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pinned != nil {
		return c.pinned
	}
	for {
		to := c.w.instances[c.dice.IntN(len(c.w.instances))]
		if !avoid || to != last || len(c.w.instances) == 1 {
			return to
		}
	}
}

var dialer = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// visit is one connection. It says after how long to come back, below 0 if the server did not say.
func (c *client) visit(ctx context.Context, to *instance) (retry time.Duration, welcomed bool) {
	ctx, cancel := context.WithCancel(ctx)
	var reading sync.WaitGroup
	defer reading.Wait()
	defer cancel()
	dialing, dialed := context.WithTimeout(ctx, dialLimit)
	conn, response, err := websocket.Dial(dialing, "ws://"+to.front.address()+c.w.path("/socket"), &websocket.DialOptions{HTTPClient: dialer})
	dialed()
	if err != nil {
		if response != nil && (response.StatusCode == http.StatusNotFound || response.StatusCode == http.StatusGone) {
			c.fail("%s answered %d for a board that is there", to.name, response.StatusCode)
		}
		return -1, false
	}
	defer conn.CloseNow() // whatever state it is in
	conn.SetReadLimit(-1)
	frames := make(chan []object)
	reading.Go(func() {
		defer close(frames)
		for {
			_, raw, err := conn.Read(ctx)
			if err != nil {
				return
			}
			var messages []object
			if err := json.Unmarshal(raw, &messages); err != nil {
				c.fail("a frame is no JSON: %v", err)
				return
			}
			select {
			case frames <- messages:
			case <-ctx.Done():
				return
			}
		}
	})
	send := func(messages ...any) bool {
		raw, err := json.Marshal(messages)
		if err != nil {
			panic(err) // they are made of strings and numbers
		}
		writing, written := context.WithTimeout(ctx, time.Second)
		defer written()
		return conn.Write(writing, websocket.MessageText, raw) == nil
	}
	if !send(c.hello(to)) {
		return -1, false
	}
	defer c.with(func() { c.open = false })
	heard, asked := time.Now(), time.Now().Add(time.Second) // the first answer may take longer
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case messages, ok := <-frames:
			if !ok {
				return -1, welcomed
			}
			heard, asked = time.Now(), time.Time{}
			for _, m := range messages {
				switch m.text("type") {
				case "ping":
					if !send(message("pong")) {
						return -1, welcomed
					}
				case "bye":
					return c.bye(m), welcomed
				default:
					welcomed = true
					c.take(m)
				}
			}
		case <-tick.C:
		case <-c.wake:
		case <-ctx.Done():
			return -1, welcomed
		}
		due, leave := c.due()
		if leave {
			return 0, welcomed
		}
		if len(due) > 0 && !send(due...) {
			return -1, welcomed
		}
		switch now := time.Now(); {
		case !asked.IsZero() && now.Sub(asked) > answerLimit:
			return -1, welcomed
		case asked.IsZero() && now.Sub(heard) > quietLimit:
			asked = now
			if !send(message("ping")) {
				return -1, welcomed
			}
		}
	}
}

// message is a message of a type and nothing else.
func message(kind string) object { return object{"type": kind} }

func (c *client) hello(to *instance) object {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.host = to
	c.leave = false
	hello := object{"type": "hello", "version": 1, "key": c.w.keys[c.role], "me": c.me, "client": c.tab, "name": c.me}
	if c.at != nil {
		hello["at"] = *c.at
	}
	asked := []int64{}
	for _, p := range c.outbox {
		if p.times > 0 && p.Client == c.tab {
			asked = append(asked, p.N)
		}
	}
	hello["waiting"] = asked
	return hello
}

// due gives what is to be sent now, and whether to go elsewhere instead.
func (c *client) due() (messages []any, leave bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.open || c.leave {
		return nil, c.leave // a new tab says nothing on the connection of the old one
	}
	if c.next != nil && len(c.outbox) < maxWaiting {
		if ops, whole := c.next(c.items); ops != nil {
			c.make(ops, whole)
		}
	}
	if c.asking {
		c.asking = false
		messages = append(messages, message("ping"))
	}
	unanswered := 0
	for _, p := range c.outbox {
		if p.state == sent {
			unanswered++
		}
	}
	for _, p := range c.outbox {
		if p.state != waiting || unanswered >= maxUnanswered || time.Now().Before(c.resume) {
			continue
		}
		p.state, p.By = sent, c.id
		p.times++
		unanswered++
		m := object{"type": "push", "n": p.N, "ops": p.Ops}
		if p.Whole {
			m["whole"] = true
		}
		if p.Client != c.tab {
			m["client"] = p.Client
		}
		messages = append(messages, m)
	}
	return messages, false
}

func (c *client) bye(m object) time.Duration {
	switch code := m.text("code"); code {
	case "draining", "too_slow", "elsewhere", "full":
	default:
		c.fail("it was sent away: %s", code)
	}
	if retry, told := m["retry"].(float64); told {
		return time.Duration(retry) * time.Millisecond
	}
	return -1
}

func (c *client) fail(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wrong = append(c.wrong, fmt.Sprintf("%s: ", c.me)+fmt.Sprintf(format, args...))
}

func (c *client) find(tab string, n int64) *push {
	if tab == "" {
		tab = c.tab
	}
	for _, p := range c.outbox {
		if p.Client == tab && p.N == n {
			return p
		}
	}
	return nil
}

// take does what a browser does with a message.
func (c *client) take(m object) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.leave {
		return // what an abandoned connection still says concerns nobody
	}
	switch m.text("type") {
	case "welcome":
		c.welcome(m)
	case "changes":
		if seq := m.number("seq"); c.at != nil && seq > c.at.Seq {
			for _, change := range m.list("changes") {
				if err := land(c.items, asObject(change)); err != nil {
					c.wrong = append(c.wrong, fmt.Sprintf("%s: entry %d: %v", c.me, seq, err))
				}
			}
			c.at.Seq = seq
		}
		if m.text("by") == c.id {
			c.place(c.find(m.text("client"), m.number("n")), m.number("seq"))
		}
	case "fate":
		c.fate(m)
	case "refused":
		c.refused(m)
	case "saved":
		c.saved = max(c.saved, m.number("seq"))
		c.keepNoMore()
	case "held":
		c.held = max(c.held, m.number("seq"))
		c.keepNoMore()
	case "pong":
		c.pongs++
	}
}

func (c *client) welcome(m object) {
	at := m.object("at")
	if board := m.object("board"); board != nil {
		c.items = itemsOf(board.list("items"))
		c.at = &position{at.text("epoch"), at.number("seq")}
	} else if c.at == nil {
		c.wrong = append(c.wrong, c.me+": a welcome has no board, and it never had one")
		return
	} else {
		c.at.Epoch = at.text("epoch")
	}
	id := m.object("you").text("id")
	if c.id != "" && c.id != id {
		c.wrong = append(c.wrong, fmt.Sprintf("%s: it was %s and is now %s", c.me, c.id, id))
	}
	c.id, c.open, c.saved, c.held = id, true, m.number("saved"), 0
	fates := map[int64]object{}
	for _, f := range m.list("fate") {
		fates[asObject(f).number("n")] = asObject(f)
	}
	// What has no place in this epoch first: its seq is one of another, and must not be taken for saved.
	for _, p := range c.outbox {
		if p.state != waiting {
			p.state, p.Seq = waiting, 0
			clear(p.Refused)
		}
	}
	for _, p := range slices.Clone(c.outbox) { // what turns out to be saved leaves it
		if f := fates[p.N]; f != nil && p.Client == c.tab {
			c.fate(f)
		}
	}
	c.keepNoMore()
}

func (c *client) fate(m object) {
	p := c.find(m.text("client"), m.number("n"))
	if p == nil {
		return
	}
	clear(p.Refused)
	for _, no := range m.list("refused") {
		p.Refused[int(asObject(no).number("op"))] = asObject(no).text("code")
	}
	seq := m.number("seq")
	if p.Vague = seq == 0; p.Vague {
		seq = c.at.Seq
	}
	c.place(p, seq)
}

func (c *client) refused(m object) {
	p := c.find(m.text("client"), m.number("n"))
	switch {
	case p == nil:
	case m["seq"] != nil:
		p.Refused[int(m.number("op"))] = m.text("code")
	case m.text("code") == "too_fast":
		p.state = waiting
		c.resume = time.Now().Add(tooFastRest)
	default:
		// It never got a place, and that is final.
		for i := range p.Ops {
			p.Refused[i] = m.text("code")
		}
		p.state, p.Told = done, c.w.now()
		c.outbox = slices.DeleteFunc(c.outbox, func(other *push) bool { return other == p })
	}
}

// place notes that a push has its place.
func (c *client) place(p *push, seq int64) {
	if p == nil {
		return
	}
	if p.state == ordered && p.Epoch == c.at.Epoch && p.Seq != seq {
		c.wrong = append(c.wrong, fmt.Sprintf("%s: push %d is at %d and at %d of one epoch", c.me, p.N, p.Seq, seq))
	}
	if p.state != ordered || p.Epoch != c.at.Epoch {
		p.Told = c.w.now()
	}
	p.state, p.Seq, p.Epoch = ordered, seq, c.at.Epoch
	c.keepNoMore()
}

func (c *client) keepNoMore() {
	c.outbox = slices.DeleteFunc(c.outbox, func(p *push) bool {
		if p.state != ordered || p.Seq > c.saved {
			return p.state == done
		}
		p.Saved = true
		if p.binds() && p.Seq > c.held {
			return false
		}
		if p.state = done; p.binds() {
			p.Held = c.w.now()
		}
		return true
	})
}

// reload closes the tab and opens another one, which takes over what waits.
func (c *client) reload() {
	c.with(func() {
		for _, p := range c.outbox {
			if p.state != waiting {
				p.state, p.Seq = waiting, 0
				clear(p.Refused)
			}
		}
		c.newTab()
		c.leave = true
	})
}

// hop goes to another instance.
func (c *client) hop() { c.with(func() { c.leave = true }) }

// goTo has it come to one instance alone, nil for any.
func (c *client) goTo(in *instance) { c.with(func() { c.pinned, c.leave = in, true }) }

func itemsOf(list []any) map[string]object {
	items := make(map[string]object, len(list))
	for _, it := range list {
		items[asObject(it).text("id")] = asObject(it)
	}
	return items
}

// land applies a change, as anybody does who keeps a board.
func land(items map[string]object, change object) error {
	if put := change.object("put"); put != nil {
		items[put.text("id")] = put
		return nil
	}
	if set := change.object("set"); set != nil {
		id := set.text("id")
		if items[id] == nil {
			return fmt.Errorf("%s is set and is not there", id)
		}
		item := maps.Clone(items[id])
		for name, v := range set {
			setPath(item, strings.Split(name, "/"), v)
		}
		items[id] = item
		return nil
	}
	delete(items, change.text("remove"))
	return nil
}

func setPath(into map[string]any, path []string, v any) {
	if len(path) > 1 {
		inner, _ := into[path[0]].(map[string]any)
		if inner = maps.Clone(inner); inner == nil {
			inner = map[string]any{}
		}
		setPath(inner, path[1:], v)
		if v = inner; len(inner) == 0 {
			v = nil
		}
	}
	if v == nil {
		delete(into, path[0])
		return
	}
	into[path[0]] = v
}
