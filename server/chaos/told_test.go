package chaos

import (
	"fmt"
	"slices"
	"time"
)

// What a client does with what it is told.

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
