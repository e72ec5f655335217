package room

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"
	"unicode/utf8"

	"jana/protocol"
	"jana/protocol/board"
)

const (
	// maxWaiting pushes of a socket, or of a participant by HTTP, wait in order.
	maxWaiting = 32
	// patience is how long a socket is not read because of it, and how long a
	// push may have to wait, before it is refused as too fast.
	patience = 30 * time.Second
	// lookAgain is how often it is seen whether the disk has taken something.
	lookAgain = 20 * time.Millisecond
	// maxRewindBytes of changes may make up a rewind.
	maxRewindBytes = 8 << 20
)

// line is where the pushes of a socket wait when they cannot be ordered at once.
type line struct {
	pushes []waitingPush
	moving bool          // a goroutine is ordering them
	space  chan struct{} // told when one less waits
}

type waitingPush struct {
	push protocol.Push
	due  time.Time // when it is paid for
}

// Push has a push ordered. It waits while more are waiting than may, so the
// socket is not read meanwhile; what becomes of the push goes to the Conn.
// An error means that the member is gone or ctx has ended.
func (m *Member) Push(ctx context.Context, p protocol.Push) error {
	if no := inadmissible(m.role, p); no != nil {
		m.refuse(p, *no)
		return nil
	}
	wait, ok := m.room.buckets.reserve(&m.room.hub.o, m.id, len(p.Ops))
	if !ok {
		m.refuse(p, board.Refusal{Code: board.TooFast})
		return nil
	}
	m.mu.Lock()
	if !m.waiting.moving && wait == 0 && !m.room.load.full() {
		m.mu.Unlock() // nobody else lets pushes of this socket wait
		return m.order(ctx, p)
	}
	defer m.mu.Unlock()
	if full := len(m.waiting.pushes) == maxWaiting; full {
		if ok, err := m.awaitSpace(ctx); !ok {
			m.refuse(p, board.Refusal{Code: board.TooFast})
			return err
		}
	}
	m.waiting.pushes = append(m.waiting.pushes, waitingPush{p, time.Now().Add(wait)})
	if !m.waiting.moving {
		m.waiting.moving = true
		m.room.hub.hold(m.room)
		m.room.hub.running.Go(m.orderWaiting)
	}
	return nil
}

// awaitSpace waits for a place in the line. mu is let go of meanwhile.
func (m *Member) awaitSpace(ctx context.Context) (bool, error) {
	if m.waiting.space == nil {
		m.waiting.space = make(chan struct{}, 1)
	}
	late := time.NewTimer(patience)
	defer late.Stop()
	for len(m.waiting.pushes) == maxWaiting {
		space := m.waiting.space
		m.mu.Unlock()
		var err error
		inTime := true
		select {
		case <-space:
		case <-late.C:
			inTime = false
		case <-m.left:
			inTime, err = false, errStopped
		case <-m.room.stopped:
			inTime, err = false, errStopped
		case <-ctx.Done():
			inTime, err = false, ctx.Err()
		}
		m.mu.Lock()
		if !inTime {
			return false, err
		}
	}
	return true, nil
}

// orderWaiting orders the pushes that wait, one after the other.
func (m *Member) orderWaiting() {
	defer m.room.hub.release(m.room)
	for {
		m.mu.Lock()
		if len(m.waiting.pushes) == 0 {
			m.waiting.moving = false
			m.mu.Unlock()
			return
		}
		w := m.waiting.pushes[0]
		m.mu.Unlock()
		if !m.sleep(time.Until(w.due)) || !m.sleepWhileFull() || m.order(context.Background(), w.push) != nil {
			return // for good: the browser sends them again by another socket
		}
		m.mu.Lock()
		m.waiting.pushes = m.waiting.pushes[1:]
		if m.waiting.space != nil {
			select {
			case m.waiting.space <- struct{}{}:
			default:
			}
		}
		m.mu.Unlock()
	}
}

func (m *Member) sleep(d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-m.left:
	case <-m.room.stopped:
	}
	return false
}

func (m *Member) sleepWhileFull() bool {
	for m.room.load.full() {
		if !m.sleep(lookAgain) {
			return false
		}
	}
	return true
}

// inadmissible says why a push can have no place at all, nil if it can.
func inadmissible(role board.Role, p protocol.Push) *board.Refusal {
	switch {
	case p.Refused != nil:
		return p.Refused
	case role == board.Viewer:
		return &board.Refusal{Code: board.Forbidden}
	}
	return nil
}

// refuse tells the member about a push that gets no place.
func (m *Member) refuse(p protocol.Push, no board.Refusal) {
	m.room.hub.counters.refuse(no.Code)
	client := ""
	if p.Client != "" {
		client = m.ofClient(p.Client)
	}
	m.sendAlone(single(refused(p.N, 0, no, client)))
}

// order gives a push its place.
func (m *Member) order(ctx context.Context, p protocol.Push) error {
	client := m.client
	if p.Client != "" {
		client = p.Client
		m.adopt(client)
	}
	no, err := m.room.order(ctx, &board.Entry{By: m.id, Role: m.role, Link: m.link, Client: client, N: p.N, Ops: p.Ops, Whole: p.Whole})
	if no != nil {
		m.refuse(p, *no)
		return nil
	}
	if errors.As(err, new(protocol.Bye)) {
		return nil // the browser is about to be told, and sends it again to the next who runs
	}
	return err
}

// order gives an entry its place, or says why it can have none.
func (r *room) order(ctx context.Context, e *board.Entry) (*board.Refusal, error) {
	if r.hub.isDraining() {
		return nil, r.hub.drainBye()
	}
	if no := blankedBefore(e.Ops); no != nil {
		return no, nil
	}
	if no, err := r.expand(ctx, e); no != nil || err != nil {
		return no, err
	}
	if err := r.hub.sequencer.Append(ctx, r.id, e); err != nil {
		if errors.Is(err, fs.ErrClosed) {
			return nil, errStopped
		}
		return nil, err
	}
	return nil, nil
}

// blankedBefore refuses what is done, in the same push, to an item whose texts
// were erased in it: what an entry erases, it does not write again.
func blankedBefore(ops []board.Op) *board.Refusal {
	for i, op := range ops {
		blank, is := op.(board.Blank)
		if !is {
			continue
		}
		for j, later := range ops[i+1:] {
			raw, err := board.MarshalOp(later)
			if _, again := later.(board.Blank); !again && (err != nil || bytes.Contains(raw, []byte(`"`+blank.ID+`"`))) {
				return &board.Refusal{Op: i + 1 + j, Code: board.Invalid, Reason: board.Reason{ID: blank.ID}}
			}
		}
	}
	return nil
}

// expand fills in what a rewind is to change, from now to then.
func (r *room) expand(ctx context.Context, e *board.Entry) (*board.Refusal, error) {
	rewinds := 0
	for i, op := range e.Ops {
		rewind, is := op.(board.Rewind)
		if !is {
			continue
		}
		rewind.At, rewind.Changes = 0, nil // nobody else says what they are
		if rewinds++; rewinds > 1 {
			return &board.Refusal{Op: i, Code: board.Invalid}, nil
		}
		if e.Role == board.Facilitator {
			then, at, err := r.milestone(ctx, rewind.Milestone)
			switch rewind.At = at; {
			case errors.Is(err, fs.ErrNotExist): // none that lives has it
				return &board.Refusal{Op: i, Code: board.Gone, Reason: board.Reason{ID: rewind.Milestone}}, nil
			case err != nil:
				return nil, fmt.Errorf("milestone %s: %w", rewind.Milestone, err)
			case then != nil:
				if err := r.ask(ctx, func(r *room) { rewind.Changes = board.Diff(r.state, then) }); err != nil {
					return nil, err
				}
			}
		}
		size := 0
		for _, c := range rewind.Changes {
			size += len(c.AppendJSON(nil))
		}
		if size > maxRewindBytes {
			return &board.Refusal{Op: i, Code: board.Full, Reason: board.Reason{ID: rewind.Milestone, Limit: maxRewindBytes}}, nil
		}
		e.Ops[i] = rewind
	}
	return nil, nil
}

// enroll sees that a visitor comes by an open link, and that a participant is
// known to the board as one who came by it. It gives the link, and whether the
// visitor is new in that role.
func (r *room) enroll(ctx context.Context, v Visit) (link *board.Item, fresh bool, err error) {
	known := false
	look := func(r *room) {
		link = r.links[v.Link]
		it := r.state.Item(v.Participant)
		known = link != nil && it != nil && it.Type == board.TypeParticipant && it.Text("role") == link.Text("role") && it.Text("link") == link.ID
	}
	for try := 0; ; try++ {
		if err := r.ask(ctx, look); err != nil {
			return nil, false, err
		}
		switch {
		case link == nil:
			return nil, false, protocol.Bye{Code: protocol.Unknown}
		case link.Get("revoked") != nil:
			return nil, false, protocol.Bye{Code: protocol.LinkClosed}
		}
		role := board.Role(link.Text("role"))
		switch {
		case known, role != board.Facilitator && role != board.Participant:
			return link, fresh, nil
		case try > 0:
			retry := patience.Milliseconds()
			return nil, false, protocol.Bye{Code: protocol.BoardFull, Retry: &retry}
		}
		fresh = true
		e := &board.Entry{By: v.Participant, Role: role, Link: v.Link, Client: v.Client, Ops: []board.Op{joinOp(v)}}
		if no, err := r.order(ctx, e); no != nil || err != nil {
			return nil, false, err
		}
	}
}

// joinOp is a first visit as an op. A name that is no name is left out, and the
// board gives one.
func joinOp(v Visit) board.Op {
	raw, err := json.Marshal(map[string]string{"do": "join", "name": v.Name, "kind": v.Kind})
	if err != nil {
		panic(err) // made of strings
	}
	op := board.DecodeOp(raw) // which cleans it
	if join, is := op.(board.Join); is && utf8.RuneCountInString(join.Name) > board.MaxName {
		join.Name = ""
		return join
	}
	return op
}
