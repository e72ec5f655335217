package board

import (
	"crypto/sha256"
	"slices"
)

// What a facilitator does to the whole board. admit has asked for the role.

// settle is the board item, which every board of the product has.
func (t *tx) settle() *Refusal {
	if t.board == nil {
		return refuse(Gone).about(BoardID)
	}
	return nil
}

func (t *tx) lock(op Lock) *Refusal {
	if no := t.settle(); no != nil {
		return no
	}
	switch op.Level {
	case "open":
		t.setFields(BoardID, Field{"lock", nil})
	case "text", "closed":
		t.setFields(BoardID, Field{"lock", t.stamp(Field{"level", op.Level})})
	default:
		return refuse(Invalid).field("level")
	}
	return nil
}

func (t *tx) pin(op Pin) *Refusal {
	if len(op.IDs) == 0 {
		return refuse(Invalid).field("ids")
	}
	for _, id := range op.IDs {
		it, no := t.item(id)
		if no != nil {
			return no
		}
		if it.Type == TypeBoard || it.Type == TypeLink || it.Type == TypeParticipant {
			return refuse(Invalid).about(id)
		}
	}
	for _, id := range op.IDs {
		switch on := t.s.items[id].Get("pinned") != nil; {
		case op.On && !on:
			t.setFields(id, Field{"pinned", t.stamp()})
		case !op.On && on:
			t.setFields(id, Field{"pinned", nil})
		}
	}
	return nil
}

// segments are those named, in their order on the board, or all.
func (t *tx) segments(ids []ID) ([]*Item, *Refusal) {
	if len(ids) == 0 {
		return t.s.ofType(TypeSegment), nil
	}
	var named []*Item
	for _, id := range ids {
		seg, no := t.item(id, TypeSegment)
		if no != nil {
			return nil, no
		}
		if !slices.Contains(named, seg) {
			named = append(named, seg)
		}
	}
	sortByOrder(named)
	return named, nil
}

func (t *tx) freeze(op Freeze) *Refusal {
	if no := t.settle(); no != nil {
		return no
	}
	segments, no := t.segments(op.Segments)
	if no != nil {
		return no
	}
	if len(segments) == 0 {
		return refuse(Invalid).field("segments")
	}
	for _, seg := range segments {
		if group := seg.Text("groupId"); group != "" && seg.Get("position") == nil {
			if stats := t.s.Statistics(group); stats.N > 0 {
				t.setFields(seg.ID, Field{"position", stats.Position()})
			}
		}
		hash := t.frozenHash(t.s.items[seg.ID], op.Texts)
		t.setFields(seg.ID, Field{"frozen", t.stamp(Field{"texts", op.Texts}, Field{"hash", hash})})
	}
	return t.keep(Field{"what", "freeze"})
}

func (t *tx) unfreeze(op Unfreeze) *Refusal {
	segments, no := t.segments(op.Segments)
	if no != nil {
		return no
	}
	for _, seg := range segments {
		t.setFields(seg.ID, Field{"frozen", nil})
	}
	return nil
}

// frozenHash is the hexadecimal SHA-256 over what a freeze of a segment covers:
// the segment's name and place, with texts its descriptions, its group's name,
// and the notes in it by id with text and place; each as canonical JSON, one a line.
func (t *tx) frozenHash(seg *Item, texts bool) string {
	h := sha256.New()
	write := func(it *Item, names ...string) {
		fields := make([]Field, 0, len(names))
		for _, name := range names {
			fields = append(fields, Field{name, it.Get(name)})
		}
		h.Write(append(NewItem(it.Type, it.ID, fields).json, '\n'))
	}
	if texts {
		write(seg, "name", "position", "descriptions")
	} else {
		write(seg, "name", "position")
	}
	if group := t.s.items[seg.Text("groupId")]; group != nil {
		write(group, "name")
		for _, note := range t.s.referring(group.ID, TypeNote) {
			write(note, "text", "x", "y")
		}
	}
	return hexOf(h.Sum(nil))
}

func (t *tx) phase(op Phase) *Refusal {
	if no := t.settle(); no != nil {
		return no
	}
	if !slices.Contains(Phases, op.To) {
		return refuse(Invalid).field("to")
	}
	if op.To == t.board.Text("phase") {
		return nil
	}
	t.setFields(BoardID, Field{"phase", op.To}, Field{"phaseSet", t.stamp()}, Field{"rights", nil})
	if op.To == "segment" {
		t.makeSegments()
	}
	return nil
}

// makeSegments makes the missing segments of ready groups. A segment that was
// deleted stays deleted.
func (t *tx) makeSegments() {
	for _, group := range t.s.ofType(TypeGroup) {
		id := "s." + group.ID
		if len(t.s.referring(group.ID, TypeSegment)) > 0 || t.wasHere(id) || len(t.s.Statistics(group.ID).FailedChecks) > 0 {
			continue
		}
		if t.room(1) != nil {
			return
		}
		t.put(NewItem(TypeSegment, id, []Field{
			{"name", group.Text("name")},
			{"groupId", group.ID},
			{"order", t.s.counters[string(TypeSegment)] + 1},
		}))
	}
}

func (t *tx) setRights(op SetRights) *Refusal {
	if no := t.settle(); no != nil {
		return no
	}
	if len(op.Rights) == 0 {
		return refuse(Invalid).field("rights")
	}
	var fields []Field
	for _, name := range sortedKeys(op.Rights) {
		v := op.Rights[name]
		reach, ok := v.(string)
		if !slices.Contains(Rights, Right(name)) || v != nil && (!ok || !validReach(Right(name), Reach(reach))) {
			return refuse(Invalid).field(name)
		}
		fields = append(fields, Field{"rights/" + name, v})
	}
	t.setFields(BoardID, fields...)
	return nil
}

func (t *tx) settings(op Settings) *Refusal {
	if no := t.settle(); no != nil {
		return no
	}
	return t.editFields(t.board, op.Fields, op.Was)
}

func (t *tx) private(op Private) *Refusal {
	if no := t.settle(); no != nil {
		return no
	}
	switch on := t.board.Get("private") != nil; {
	case op.On && !on:
		t.setFields(BoardID, Field{"private", t.stamp()})
	case !op.On && on:
		t.setFields(BoardID, Field{"private", nil})
	}
	return nil
}

func (t *tx) reveal() *Refusal {
	if no := t.settle(); no != nil {
		return no
	}
	named := t.board.Text("authors") == "all"
	for _, id := range sortedKeys(t.s.named) {
		note := t.s.items[id]
		if note.Type != TypeNote {
			continue
		}
		if named {
			t.put(note.readdressed(nil, ""))
			continue
		}
		owner := note.Text("authorId")
		t.put(note.With([]Field{{"authorId", nil}}).readdressed(nil, owner))
	}
	t.setFields(BoardID, Field{"private", nil})
	return nil
}

func (t *tx) milestone(op Milestone) *Refusal {
	if no := t.settle(); no != nil {
		return no
	}
	if op.Name == "" {
		return refuse(Invalid).field("name")
	}
	if textLength(op.Name) > MaxName {
		return refuse(TooLong).field("name").over(MaxName)
	}
	return t.keep(Field{"name", op.Name})
}

// keep notes a milestone on the board item; the store keeps the snapshot.
func (t *tx) keep(what Field) *Refusal {
	kept := t.board.Map("milestones")
	if len(kept) >= maxMilestones {
		return refuse(Full).field("milestones").over(maxMilestones)
	}
	id := seqID("m", t.e.Seq, kept)
	t.setFields(BoardID, Field{"milestones/" + id, t.stamp(what, Field{"seq", t.e.Seq})})
	return nil
}

func (t *tx) rewind(op Rewind) *Refusal {
	if no := t.settle(); no != nil {
		return no
	}
	if t.board.Get("milestones/"+op.Milestone) == nil {
		return refuse(Gone).about(op.Milestone)
	}
	for _, seg := range t.s.ofType(TypeSegment) {
		if frozen := seg.Map("frozen"); frozen != nil {
			return refuse(Frozen).about(seg.ID).set(frozen)
		}
	}
	puts := map[ID]Type{}
	for _, c := range op.Changes {
		if c.Put != nil {
			puts[c.Put.ID] = c.Put.Type
		}
	}
	for _, c := range op.Changes {
		if t.s.blanked[c.ID()] > op.At {
			return refuse(ChangedSince).about(c.ID()) // or its texts would come back with it
		}
		if no := t.rewound(c, puts); no != nil {
			return no
		}
	}
	return t.room(0)
}

// rewound lands one change of a rewind, checked as an import is. It may point
// at what the rewind puts later.
func (t *tx) rewound(c Change, puts map[ID]Type) *Refusal {
	before := t.s.items[c.ID()]
	if c.Remove != "" && before == nil {
		return nil // removed along with another
	}
	if c.Put == nil && before == nil {
		return refuse(Gone).about(c.ID())
	}
	if before != nil && !rewinds(before) || c.Put != nil && !rewinds(c.Put) {
		return refuse(Invalid).about(c.ID())
	}
	next := c.Put
	if c.Set != "" {
		next = before.With(c.Fields)
	}
	if next != nil {
		checked, no := CheckItem(next, func(id ID) Type {
			if typ, ok := puts[id]; ok {
				return typ
			}
			return t.typeOf(id)
		})
		if no != nil {
			return no.about(c.ID())
		}
		if !checked.Equal(next) {
			return refuse(Invalid).about(c.ID())
		}
		t.land(c)
		return nil
	}
	t.detach(before) // a group that is empty then is to stay
	return nil
}
