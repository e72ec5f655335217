package room_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	"jana/protocol"
	"jana/protocol/board"
)

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
	case "held":
		m, err := read[protocol.Held](raw)
		if err != nil {
			return err
		}
		p.held = m.Seq
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
