package board

import (
	"slices"
)

// Deleting, bringing back, and erasing for good.

func (t *tx) delete(op Delete) *Refusal {
	if len(op.IDs) == 0 {
		return refuse(Invalid).field("ids")
	}
	for _, id := range op.IDs {
		it, no := t.item(id)
		if no != nil {
			return no
		}
		if !schema[it.Type].deletable {
			return refuse(Invalid).about(id)
		}
	}
	for _, id := range op.IDs {
		if no := t.deletable(t.s.items[id]); no != nil {
			return no
		}
	}
	for _, id := range op.IDs {
		it := t.s.items[id]
		right := schema[it.Type].right
		if it.Type == TypeNote {
			right = RightDelete
		}
		if no := t.require(right, it); no != nil {
			return no
		}
	}
	for _, id := range op.IDs {
		it := t.s.items[id]
		if it == nil {
			continue // an earlier one of the list took it along
		}
		if no := t.changedSince(it, op.Was); no != nil {
			t.tell(no)
			continue
		}
		t.removeWith(it)
	}
	return nil
}

// deletable refuses what a freeze or a pin holds.
func (t *tx) deletable(it *Item) *Refusal {
	if no := t.untouched(it); no != nil {
		return no
	}
	if it.Type != TypeHeading {
		return nil
	}
	for _, seg := range t.s.referring(it.ID, TypeSegment) {
		if texts, _ := seg.Get("frozen/texts").(bool); texts {
			return refuse(Frozen).about(seg.ID).set(seg.Map("frozen"))
		}
	}
	return nil
}

// removeWith removes an item, what cannot be without it, every reference to it,
// and the group of a note that nothing belongs to any more.
func (t *tx) removeWith(it *Item) {
	group := it.Text("groupId")
	t.detach(it)
	if it.Type == TypeNote && group != "" {
		t.dissolve(group)
	}
}

// detach removes an item, what cannot be without it, and every reference to it.
func (t *tx) detach(it *Item) {
	for _, id := range sortedKeys(t.s.referrers[it.ID]) {
		r := t.s.items[id]
		if slices.ContainsFunc(schema[it.Type].with, func(d dependent) bool { return d.t == r.Type && r.Text(d.field) == it.ID }) {
			t.remove(id)
			continue
		}
		t.setFields(id, r.withoutReference(it.ID)...)
	}
	t.remove(it.ID)
}

// withoutReference is what to set so that an item no longer refers to id.
func (it *Item) withoutReference(id ID) []Field {
	var fields []Field
	for _, f := range it.fields {
		known := fieldOf(it.Type, f.Name)
		if known == nil {
			continue
		}
		switch v := f.Value.(type) {
		case string:
			if known.kind == kindRef && len(known.of) > 0 && v == id {
				fields = append(fields, Field{f.Name, nil})
			}
		case []string:
			if known.kind == kindRefs && slices.Contains(v, id) {
				rest := slices.DeleteFunc(slices.Clone(v), func(s string) bool { return s == id })
				if len(rest) == 0 {
					fields = append(fields, Field{f.Name, nil})
				} else {
					fields = append(fields, Field{f.Name, rest})
				}
			}
		case map[string]Value:
			if known.kind == kindMap && len(known.of) > 0 && v[id] != nil {
				fields = append(fields, Field{f.Name + "/" + id, nil})
			}
			if known.kind == kindStamp && f.Name == "target" && v["id"] == id {
				fields = append(fields, Field{f.Name, map[string]Value{"type": string(TypeBoard), "id": BoardID}})
			}
		}
	}
	return fields
}

func (t *tx) restore(op Restore) *Refusal {
	if len(op.IDs) == 0 {
		return refuse(Invalid).field("ids")
	}
	graves := make([]*tombstone, 0, len(op.IDs))
	for _, id := range op.IDs {
		if t.s.items[id] != nil {
			return refuse(Exists).about(id)
		}
		grave := t.s.tomb(id)
		if grave == nil || !grave.item.To.Includes(t.e.By, t.e.Role) {
			return refuse(Gone).about(id)
		}
		if slices.Contains(graves, grave) {
			return refuse(Invalid).about(id)
		}
		graves = append(graves, grave)
	}
	for _, grave := range graves {
		if no := t.untouched(grave.item); no != nil {
			return no
		}
	}
	for _, grave := range graves {
		right := schema[grave.item.Type].right
		if grave.item.Type == TypeNote {
			right = RightDelete
		}
		if no := t.require(right, grave.item); no != nil {
			return no
		}
		if t.e.Role != Facilitator && grave.by != t.e.By {
			return refuse(NotYours).about(grave.item.ID)
		}
	}
	if no := t.room(len(graves)); no != nil {
		return no
	}
	for _, grave := range graves {
		it := t.attached(grave.item)
		if it == nil {
			return refuse(Gone).about(grave.item.ID)
		}
		t.put(it)
	}
	for _, grave := range graves {
		t.rejoin(grave)
	}
	return nil
}

// rejoin gives segments the group back that they have lost by its removal, and
// the group the name that they have now.
func (t *tx) rejoin(grave *tombstone) {
	for _, id := range grave.segments {
		seg := t.s.items[id]
		if seg == nil || seg.Get("groupId") != nil || t.untouched(seg) != nil {
			continue
		}
		t.setFields(id, Field{"groupId", grave.item.ID})
		t.setFields(grave.item.ID, Field{"name", seg.Get("name")})
	}
}

// attached is a removed item as it can come back: without references to what
// is gone meanwhile. It is nil when it cannot be without one of them.
func (t *tx) attached(it *Item) *Item {
	var a [8]ID
	for _, id := range it.references(a[:0]) {
		if t.s.items[id] != nil {
			continue
		}
		for _, def := range schema[it.Type].fields {
			if def.kind == kindRef && def.need && it.Text(def.name) == id {
				return nil
			}
		}
		it = it.With(it.withoutReference(id))
	}
	return it
}

// erased stands for a name that was erased where there must be one.
const erased = "–"

// texts are the fields of an item that hold what somebody wrote, erased.
func (it *Item) texts() []Field {
	var fields []Field
	for _, f := range it.fields {
		known := fieldOf(it.Type, f.Name)
		switch {
		case known == nil || !known.written():
		case known.need:
			fields = append(fields, Field{f.Name, erased})
		default:
			fields = append(fields, Field{f.Name, nil})
		}
	}
	return fields
}

// blank erases an item's texts: from the item, and from its tombstone. The
// store erases them from what it keeps when the entry becomes saved.
func (t *tx) blank(op Blank) *Refusal {
	s := t.s
	it := s.items[op.ID]
	switch {
	case it == nil && !t.wasHere(op.ID):
		return refuse(Gone).about(op.ID)
	case it != nil && (it.Type == TypeBoard || it.Type == TypeLink || it.Type == TypeParticipant):
		return refuse(Invalid).about(op.ID)
	}
	if it != nil {
		t.setFields(op.ID, it.texts()...)
	}
	ids := append([]ID{op.ID}, t.namedAlike(op.ID)...)
	for _, id := range ids[1:] {
		if s.items[id] != nil {
			t.setFields(id, Field{"name", nil})
		}
	}
	for _, id := range t.proposalsAbout(op.ID) {
		t.remove(id)
		ids = append(ids, id)
	}
	for _, id := range ids {
		it := s.items[id]
		if it == nil {
			continue
		}
		if seg := t.frozenBy(it); seg != nil {
			t.setFields(seg.ID, Field{"frozen/hash", t.frozenHash(s.items[seg.ID], seg.Get("frozen/texts") == true)})
		}
	}
	for _, id := range ids {
		t.erase(id)
		if !slices.Contains(t.e.Blanked, id) {
			t.e.Blanked = append(t.e.Blanked, id)
		}
	}
	return nil
}

// namedAlike are the items that have their name from an item, or gave it
// theirs: a group and its segment have one between them, also when one of them
// has been removed.
func (t *tx) namedAlike(id ID) []ID {
	it := t.s.items[id]
	if grave := t.s.tomb(id); it == nil && grave != nil {
		it = grave.item
	}
	switch {
	case it == nil:
		return nil
	case it.Type == TypeSegment && it.Get("groupId") != nil:
		return []ID{it.Text("groupId")}
	case it.Type == TypeSegment:
		var lost []ID
		for _, grave := range t.s.tombs {
			if slices.Contains(grave.segments, id) {
				lost = append(lost, grave.item.ID)
			}
		}
		return lost
	case it.Type != TypeGroup:
		return nil
	}
	var ids []ID
	for _, seg := range t.s.referring(id, TypeSegment) {
		ids = append(ids, seg.ID)
	}
	if made := "s." + id; t.wasHere(made) {
		ids = append(ids, made)
	}
	return ids
}

// erase notes that the texts of an item are gone for good, and takes them from
// its tombstone. No change tells of it, so landing a blank does it again.
func (t *tx) erase(id ID) {
	before := t.s.setBlanked(id, t.e.Seq)
	t.undo = append(t.undo, func() { t.s.setBlanked(id, before) })
	if grave := t.s.tomb(id); grave != nil {
		bare := grave.of(grave.item.With(grave.item.texts()))
		t.undo = append(t.undo, t.s.exchange(grave, bare))
	}
}
