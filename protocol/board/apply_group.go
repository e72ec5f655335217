package board

// Grouping: which notes belong together.

func (t *tx) group(op Group) *Refusal {
	if len(op.Notes) == 0 {
		return refuse(Invalid).field("notes")
	}
	into := t.s.items[op.Group]
	if into != nil {
		if _, no := t.item(op.Group, TypeGroup); no != nil {
			return no
		}
	} else if no := t.newID(op.Group); no != nil {
		return no
	}
	if no := t.groupable(op.Notes); no != nil {
		return no
	}
	if into != nil {
		if no := t.untouched(into); no != nil {
			return no
		}
	}
	if no := t.require(RightGroup, nil); no != nil {
		return no
	}
	notes := t.unchanged(op.Notes, op.Was, "groupId")
	if len(notes) == 0 {
		return nil
	}
	if into == nil {
		if no := t.room(1); no != nil {
			return no
		}
		t.put(NewItem(TypeGroup, op.Group, []Field{{"order", t.s.counters[string(TypeGroup)] + 1}}))
	}
	t.regroup(notes, op.Group)
	return nil
}

func (t *tx) ungroup(op Ungroup) *Refusal {
	if len(op.Notes) == 0 {
		return refuse(Invalid).field("notes")
	}
	if no := t.groupable(op.Notes); no != nil {
		return no
	}
	if no := t.require(RightGroup, nil); no != nil {
		return no
	}
	t.regroup(t.unchanged(op.Notes, op.Was, "groupId"), nil)
	return nil
}

// groupable refuses notes that are not there or may not change their group.
func (t *tx) groupable(notes []ID) *Refusal {
	for _, id := range notes {
		if _, no := t.item(id, TypeNote); no != nil {
			return no
		}
	}
	for _, id := range notes {
		if no := t.untouched(t.s.items[id]); no != nil {
			return no
		}
	}
	return nil
}

// unchanged leaves out, and tells, the notes that differ from what the author
// of an undo saw.
func (t *tx) unchanged(notes []ID, was Was, field string) []ID {
	kept := make([]ID, 0, len(notes))
	for _, id := range notes {
		if no := t.changedSince(t.s.items[id], was, field); no != nil {
			t.tell(no)
			continue
		}
		kept = append(kept, id)
	}
	return kept
}

func (t *tx) regroup(notes []ID, group Value) {
	for _, id := range notes {
		from := t.s.items[id].Text("groupId")
		t.setFields(id, Field{"groupId", group})
		if from != group {
			t.dissolve(from)
		}
	}
}

// dissolve removes a group that nothing belongs to, unless it has a name or a
// segment: those were somebody's work.
func (t *tx) dissolve(id ID) {
	group := t.s.items[id]
	if group == nil || group.Type != TypeGroup || group.Text("name") != "" || len(t.s.referrers[id]) > 0 {
		return
	}
	t.remove(id)
}
