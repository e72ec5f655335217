package chaos

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
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
