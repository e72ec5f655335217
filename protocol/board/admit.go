package board

import "slices"

// Whether an op may be done at all, before what it does is looked at.

// admit asks what can be said before any item is looked at: the role, the
// link, the board lock.
func (t *tx) admit(op Op) *Refusal {
	if _, ok := op.(Join); ok {
		if t.e.N != 0 {
			return refuse(Forbidden)
		}
		return t.admitLink()
	}
	switch t.e.Role {
	case Facilitator:
		return t.admitLink()
	case Participant:
	case Visitor:
		if create, is := op.(Create); is && create.Type == TypeFeedback {
			return t.admitLink() // the wall is open while its link is, whatever the phase or the lock
		}
		return refuse(Forbidden)
	default:
		return refuse(Forbidden)
	}
	switch op := op.(type) {
	case Lock, Pin, Freeze, Unfreeze, Phase, SetRights, Settings, Private, Reveal, Milestone, Rewind, Blank, Approve, Decide, Link:
		return refuse(Forbidden)
	case Rename:
		if op.Participant != "" && op.Participant != t.e.By {
			return refuse(Forbidden)
		}
		return t.admitLink()
	}
	if no := t.admitLink(); no != nil {
		return no
	}
	lock := t.lockMap()
	switch level, _ := lock["level"].(string); level {
	case "closed":
		return refuse(BoardLocked).set(lock)
	case "text":
		switch op.(type) {
		case Edit, Text:
		default:
			return refuse(BoardLocked).set(lock)
		}
	}
	return nil
}

// admitLink refuses who comes by a link that is closed or has another role.
// A board that knows no links, as in a vector, asks for none.
func (t *tx) admitLink() *Refusal {
	if t.e.Link == "" {
		return nil
	}
	link := t.s.items[t.e.Link]
	if link == nil || link.Type != TypeLink {
		return refuse(Revoked)
	}
	if revoked := link.Map("revoked"); revoked != nil {
		return refuse(Revoked).set(revoked)
	}
	if Role(link.Text("role")) != t.e.Role {
		return refuse(Forbidden)
	}
	return nil
}

func (t *tx) lockMap() map[string]Value {
	if t.board == nil {
		return nil
	}
	return t.board.Map("lock")
}

// item finds an item that the author may see: of any of the types, or of all
// if none is named. An id of another type is invalid, a missing one gone.
func (t *tx) item(id ID, types ...Type) (*Item, *Refusal) {
	it := t.s.items[id]
	if it == nil || !it.To.Includes(t.e.By, t.e.Role) {
		return nil, refuse(Gone).about(id)
	}
	if len(types) > 0 && !slices.Contains(types, it.Type) {
		return nil, refuse(Invalid).about(id)
	}
	return it, nil
}

// require asks for a right of the phase, over an item where it may be owned.
func (t *tx) require(r Right, it *Item) *Refusal {
	if t.e.Role == Facilitator {
		return nil
	}
	if r == "" {
		return refuse(Forbidden)
	}
	if t.board == nil {
		return nil
	}
	if level, _ := t.lockMap()["level"].(string); level == "text" && r != RightEdit && r != RightCard && r != RightComment {
		return refuse(BoardLocked).set(t.lockMap())
	}
	switch reachOf(t.board, r) {
	case All:
		return nil
	case Own:
		if it == nil || it.Text("authorId") == t.e.By || it.Owner == t.e.By {
			return nil
		}
		return refuse(NotYours).about(it.ID)
	}
	return refuse(PhaseForbids).set(t.board.Map("phaseSet"))
}

// frozenBy is the frozen segment that binds an item, nil if none does.
func (t *tx) frozenBy(it *Item) *Item {
	group := it.ID
	switch it.Type {
	case TypeSegment:
		if it.Get("frozen") != nil {
			return it
		}
		return nil
	case TypeNote:
		if group = it.Text("groupId"); group == "" {
			return nil
		}
	case TypeGroup:
	default:
		return nil
	}
	for _, seg := range t.s.referring(group, TypeSegment) {
		if seg.Get("frozen") != nil {
			return seg
		}
	}
	return nil
}

// untouched refuses what touches a frozen segment or a pinned item.
func (t *tx) untouched(it *Item) *Refusal {
	if seg := t.frozenBy(it); seg != nil {
		return refuse(Frozen).about(seg.ID).set(seg.Map("frozen"))
	}
	if pinned := it.Map("pinned"); pinned != nil {
		return refuse(Pinned).about(it.ID).set(pinned)
	}
	return nil
}

// changedSince reports the first field in which an item differs from what the
// author of an undo saw.
func (t *tx) changedSince(it *Item, was Was, fields ...string) *Refusal {
	saw, told := was[it.ID]
	if !told {
		return nil
	}
	if len(fields) == 0 {
		fields = sortedKeys(saw)
	}
	for _, name := range fields {
		v, said := saw[name]
		if said && !equalValue(it.Get(name), v) {
			return refuse(ChangedSince).about(it.ID).field(name)
		}
	}
	return nil
}
