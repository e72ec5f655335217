package room

import (
	"math"
	"math/rand/v2"
	"time"

	"jana/protocol"
)

// tick is what is to be told with the next frame.
type tick struct {
	pieces []piece
	// told is how many messages pieces hold for who sees all that everyone sees.
	told int
}

// piece is what one entry has to tell.
type piece struct {
	all []byte // for everyone else, nil for nothing
	own []ownPiece
}

// ownPiece is what it is for one member instead.
type ownPiece struct {
	member   *Member
	text     []byte // nil for nothing
	messages int
}

// differ gives a member another text than the rest; the last one holds.
func (p *piece) differ(m *Member, text []byte, messages int) {
	m.differs = true
	if text == nil {
		messages = 0
	}
	for i := range p.own {
		if p.own[i].member == m {
			p.own[i] = ownPiece{m, text, messages}
			return
		}
	}
	p.own = append(p.own, ownPiece{m, text, messages})
}

func (p *piece) textFor(m *Member) ([]byte, int) {
	for i := range p.own {
		if p.own[i].member == m {
			return p.own[i].text, p.own[i].messages
		}
	}
	if p.all == nil {
		return nil, 0
	}
	return p.all, 1
}

func (t *tick) add(p piece) {
	t.pieces = append(t.pieces, p)
	if p.all != nil {
		t.told++
	}
}

// tell adds messages for one member alone.
func (t *tick) tell(m *Member, text []byte, messages int) {
	var p piece
	p.differ(m, text, messages)
	t.add(p)
}

// forget lets go of a member who is no longer at the board.
func (t *tick) forget(m *Member) {
	if !m.differs {
		return
	}
	m.differs = false
	for i := range t.pieces {
		own := t.pieces[i].own
		for j := range own {
			if own[j].member == m {
				own[j].text = nil
			}
		}
	}
}

// textFor is what of the tick a member does not have yet.
func (t *tick) textFor(m *Member) (text []byte, messages int) {
	for i := m.skip; i < len(t.pieces); i++ {
		more, n := t.pieces[i].textFor(m)
		text = appendPart(text, more)
		messages += n
	}
	return text, messages
}

// appendPart appends what may be nothing, with a comma before it if need be.
func appendPart(b, part []byte) []byte {
	if len(part) == 0 {
		return b
	}
	if len(b) > 0 {
		b = append(b, ',')
	}
	return append(b, part...)
}

// send sends a frame if one is due.
func (r *room) send() {
	if due := r.frameDue(); !due.IsZero() && !due.After(r.now) {
		r.flush()
	}
	if due := r.remote.next; !due.IsZero() && !due.After(r.now) {
		r.repeat()
	}
}

// due is when there is something to send next, zero for never.
func (r *room) due() time.Time {
	due := r.frameDue()
	if next := r.remote.next; due.IsZero() || !next.IsZero() && next.Before(due) {
		due = next
	}
	return due
}

func (r *room) frameDue() time.Time {
	due := r.pace.due()
	if r.keeping.saved > r.keeping.told {
		if quiet := r.keeping.savedAt.Add(savedAlone); due.IsZero() || quiet.Before(due) {
			due = quiet
		}
	}
	return due
}

// flush tells everybody what they do not know yet, as one frame: the same bytes
// for all, but for the few who have some of it already or see it otherwise.
func (r *room) flush() {
	tail, messages := r.tail()
	presence := r.takePresence(nil)
	if len(presence) > 0 {
		messages++
	}
	facts := make([]byte, 0, r.pace.size+r.pace.size/4)
	for i := range r.tick.pieces {
		facts = appendPart(facts, r.tick.pieces[i].all)
	}
	facts = appendPart(facts, tail)
	r.pace.size = len(facts)
	var shared frame
	if len(facts)+len(presence) > 0 {
		shared = newFrame(facts, presence, r.tick.told+messages)
		r.hub.counters.Frames.Add(1)
		r.hub.counters.Deliveries.Add(int64(len(r.members.all)))
	}
	members, behind := len(r.members.all), 0
	for i := members - 1; i >= 0; i-- { // pass may take the one at i out
		m := r.members.all[i]
		f := shared
		if m.skip > 0 || m.differs {
			text, n := r.tick.textFor(m)
			text = appendPart(text, tail)
			if f = (frame{}); len(text)+len(presence) > 0 {
				f = newFrame(text, presence, n+messages)
			}
			m.skip, m.differs = 0, false
		}
		if f.text != nil && r.pass(m, f) == busy {
			behind++
		}
	}
	clear(r.tick.pieces)
	r.tick.pieces, r.tick.told = r.tick.pieces[:0], 0
	r.holding.flushed()
	r.tellOthers()
	waiting := len(r.present.dirty)+len(r.present.gone)+len(r.people.changed) > 0
	r.pace.flushed(r.now, behind, members, waiting)
}

// tail is what a frame tells everybody behind the entries.
func (r *room) tail() (tail []byte, messages int) {
	if changed := r.peopleChanged(); changed != nil {
		tail = protocol.People{People: changed}.Append(tail)
		messages++
	}
	if len(r.present.gone) > 0 {
		gone := make(map[string]*protocol.Presence, len(r.present.gone))
		for _, key := range r.present.gone {
			gone[key] = nil
		}
		tail = appendPart(tail, protocol.Presences{People: gone}.Append(nil))
		messages++
		r.present.gone = r.present.gone[:0]
	}
	if ok := r.keeping.healthy(r.now); ok != !r.keeping.unwell {
		r.keeping.unwell = !ok
		tail = appendPart(tail, protocol.Disk{OK: ok}.Append(nil))
		messages++
	}
	if r.keeping.saved > r.keeping.told {
		r.keeping.told = r.keeping.saved
		tail = appendPart(tail, protocol.Saved{Seq: r.keeping.saved}.Append(nil))
		messages++
	}
	return tail, messages
}

// renewAgain is how long after a fresh welcome a reader that is behind again has
// had its chance.
const renewAgain = 10 * time.Second

// pass queues a frame for one member.
func (r *room) pass(m *Member, f frame) reach {
	got := m.out.put(f)
	if got != overflowed {
		return got
	}
	if !m.renewed.IsZero() && r.now.Sub(m.renewed) < renewAgain {
		r.hub.counters.TooSlow.Add(1)
		r.dismiss(m, protocol.Bye{Code: protocol.TooSlow})
		return got
	}
	r.hub.counters.SlowReader.Add(1)
	return got
}

// advance tells one member at once what the tick has for it so far, and that it
// is saved.
func (r *room) advance(m *Member, saved int64) {
	text, messages := r.tick.textFor(m)
	m.skip, m.differs = len(r.tick.pieces), false
	text = appendPart(text, protocol.Saved{Seq: saved}.Append(nil))
	r.pass(m, newFrame(text, nil, messages+1))
}

// The frames of a room.
const (
	minGap = 16 * time.Millisecond
	maxGap = 50 * time.Millisecond
	// gather is how long the first of a busy room's updates waits for others.
	gather = minGap / 2
	// maxEarly is how much less a gap may be.
	maxEarly = minGap / 8
	// memory is how far back the load of a room is looked at.
	memory = 250 * time.Millisecond
	// savedAlone is how long a watermark waits for something else to be told,
	// by those who did not wait for it.
	savedAlone = 250 * time.Millisecond
)

// pace says when frames are sent: at once while little happens, together when
// much does, and further apart when they are not taken as fast as they are made.
type pace struct {
	first time.Time // of the updates that wait; zero if none does
	last  time.Time // frame
	gap   time.Duration
	// early is taken off the gap by chance: rooms whose people move in step do
	// not send their frames in step.
	early time.Duration
	size  int // of the facts in the last frame, in bytes

	updates float64 // lately, each counting less as it gets older
	seen    time.Time
}

func newPace() pace { return pace{gap: minGap} }

// note notes that there is something to tell.
func (p *pace) note(now time.Time) {
	if p.first.IsZero() {
		p.first = now
	}
	p.updates = p.lately(now) + 1
	p.seen = now
}

func (p *pace) lately(now time.Time) float64 {
	return p.updates * math.Exp(-now.Sub(p.seen).Seconds()/memory.Seconds())
}

// due is when the next frame is, zero for never.
func (p *pace) due() time.Time {
	if p.first.IsZero() {
		return time.Time{}
	}
	next := p.last.Add(p.gap - p.early)
	if busy := p.updates*p.gap.Seconds()/memory.Seconds() >= 1; busy {
		if gathered := p.first.Add(gather); gathered.After(next) {
			next = gathered
		}
	}
	if next.Before(p.first) {
		return p.first
	}
	return next
}

// flushed notes a frame that was sent to members, so many of whom had not taken
// the one before. Something waits that could not go with it, or nothing does.
func (p *pace) flushed(now time.Time, behind, members int, waiting bool) {
	p.last = now
	p.first = time.Time{}
	if waiting {
		p.first = now
	}
	switch {
	case behind > 2 && behind > members/4:
		p.gap = min(maxGap, p.gap+p.gap/4)
	case behind <= members/8:
		p.gap = max(minGap, p.gap-p.gap/16)
	}
	p.early = time.Duration(rand.Int64N(int64(maxEarly)))
}
