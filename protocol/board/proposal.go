package board

import (
	"fmt"
	"slices"
	"strings"
)

// Guarded are ops as they are ordered again after they have lost their place:
// what they change is left alone where it is not, by then, as it was before
// them. s is the board as it was then.
func (s *State) Guarded(ops []Op) []Op {
	guarded := make([]Op, len(ops))
	for i, op := range ops {
		switch op := op.(type) {
		case Edit:
			names := make([]string, len(op.Fields))
			for j, f := range op.Fields {
				names[j] = f.Name
			}
			op.Was = s.seen(op.Was, op.ID, names...)
			guarded[i] = op
		case Move:
			for _, to := range op.Moves {
				op.Was = s.seen(op.Was, to.ID, "x", "y")
			}
			guarded[i] = op
		case Group:
			for _, id := range op.Notes {
				op.Was = s.seen(op.Was, id, "groupId")
			}
			guarded[i] = op
		case Ungroup:
			for _, id := range op.Notes {
				op.Was = s.seen(op.Was, id, "groupId")
			}
			guarded[i] = op
		case Delete:
			for _, id := range op.IDs {
				if it := s.items[id]; it != nil {
					names := make([]string, len(it.fields))
					for j, f := range it.fields {
						names[j] = f.Name
					}
					op.Was = s.seen(op.Was, id, names...)
				}
			}
			guarded[i] = op
		default:
			guarded[i] = op
		}
	}
	return guarded
}

// seen adds fields of an item as they are to what an op says it saw.
func (s *State) seen(was Was, id ID, names ...string) Was {
	it := s.items[id]
	if _, told := was[id]; it == nil || told {
		return was
	}
	next := make(Was, len(was)+1)
	for other, fields := range was {
		next[other] = fields
	}
	next[id] = make(map[string]Value, len(names))
	for _, name := range names {
		next[id][name] = it.Get(name)
	}
	return next
}

// told is what an op was refused for before its entry lost its place, nil if it
// happened, or some of it did.
func (t *tx) told(op int) *Refusal {
	for _, no := range t.e.Told {
		if no.Op == op && no.Code != ChangedSince {
			return &no
		}
	}
	return nil
}

// proposeOvertaken keeps what an entry asks that was overtaken, and reports whether
// there was anything.
func (t *tx) proposeOvertaken(by Fate) bool {
	if !t.overtaken(by) {
		return false
	}
	t.e.Refusals = slices.Clone(by.Refused)
	t.proposeRefused(by.Seq)
	return len(t.e.Changes) > 0
}

// overtaken says whether an entry that lost its place, where it happened, comes
// behind a copy of itself that was refused: one that waited on an instance which
// its author had left.
func (t *tx) overtaken(by Fate) bool {
	if !t.e.Rescued || len(by.Refused) == 0 {
		return false
	}
	for i := range t.e.Ops {
		if id := proposalID(by.Seq, i); t.s.items[id] != nil || t.wasHere(id) {
			return false // it came before
		}
	}
	return true
}

func proposalID(seq int64, op int) ID { return fmt.Sprintf("r.%d.%d", seq, op) }

// proposeRefused keeps the refused ops of an entry for facilitators to decide
// upon: their author may have been told that they happened. seq is where they
// were refused.
func (t *tx) proposeRefused(seq int64) {
	for i, op := range t.e.Ops {
		at := slices.IndexFunc(t.e.Refusals, func(no Refusal) bool { return no.Op == i })
		whole := t.e.Whole && len(t.e.Refusals) > 0
		if at < 0 && !whole || t.told(i) != nil || whole && len(t.e.Told) > 0 {
			continue
		}
		code := t.e.Refusals[max(0, at)].Code
		raw, err := MarshalOp(op)
		if err != nil || len(raw) > maxProposal || code == Invalid || code == Exists {
			continue // it never could happen, or has
		}
		t.put(NewItem(TypeProposal, proposalID(seq, i), []Field{
			{"op", string(raw)},
			{"by", t.e.By},
			{"client", t.e.Client},
			{"n", t.e.N},
			{"code", string(code)},
			{"rescued", true},
			{"made", t.stamp()},
		}).readdressed(Audience{Facilitators}, ""))
	}
}

// proposalsAbout are proposals whose ops speak of an item, by id.
func (t *tx) proposalsAbout(id ID) []ID {
	if t.s.count[TypeProposal] == 0 {
		return nil
	}
	var found []ID
	for _, it := range t.s.ofType(TypeProposal) {
		if strings.Contains(it.Text("op"), `"`+id+`"`) {
			found = append(found, it.ID)
		}
	}
	return found
}

// decide does what was proposed, in the name of who wanted it and whatever has
// changed since, or does not. With a refusal the proposal stays.
func (t *tx) decide(op Decide) *Refusal {
	it := t.s.items[op.Proposal]
	switch {
	case it == nil:
		return refuse(Gone).about(op.Proposal)
	case it.Type != TypeProposal:
		return refuse(Invalid).about(op.Proposal)
	}
	if op.Accept {
		by := t.e.By
		t.e.By = it.Text("by")
		no := t.apply(unguarded(DecodeOp([]byte(it.Text("op")))))
		t.e.By = by
		if no != nil {
			return no
		}
	}
	t.remove(it.ID)
	return nil
}

// unguarded is an op that is done whatever it saw.
func unguarded(op Op) Op {
	switch op := op.(type) {
	case Edit:
		op.Was = nil
		return op
	case Move:
		op.Was = nil
		return op
	case Group:
		op.Was = nil
		return op
	case Ungroup:
		op.Was = nil
		return op
	case Delete:
		op.Was = nil
		return op
	case Decide:
		return Undecoded{Field: "op"}
	}
	return op
}
