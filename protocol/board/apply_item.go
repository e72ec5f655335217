package board

import (
	"slices"
	"strings"
)

// Creating, editing, writing, moving: what is done to one item.

// typeOf tells the type of an item that the author may see, "" if there is none.
func (t *tx) typeOf(id ID) Type {
	if it := t.s.items[id]; it != nil && it.To.Includes(t.e.By, t.e.Role) {
		return it.Type
	}
	return ""
}

// creatable are the types that the op create makes, and by which right.
func creatable(t Type) (Right, bool) {
	switch t {
	case TypeNote:
		return RightAdd, true
	case TypePerspective, TypeHeading, TypeCategory:
		return "", true
	}
	def := schema[t]
	if def == nil || !def.made {
		return "", false
	}
	return def.right, true
}

func (t *tx) create(op Create) *Refusal {
	right, ok := creatable(op.Type)
	if !ok {
		return refuse(Invalid).field("type")
	}
	if no := t.newID(op.ID); no != nil {
		return no
	}
	if t.e.Role == Visitor {
		if no := t.wall(); no != nil {
			return no
		}
	} else if no := t.require(right, nil); no != nil {
		return no
	}
	def := schema[op.Type]
	fields := make([]Field, 0, len(op.Fields)+3)
	for _, f := range op.Fields {
		known := fieldOf(op.Type, f.Name)
		if known == nil || known.own || f.Value == nil {
			continue
		}
		v, no := known.valid(f.Value, t.typeOf)
		switch {
		case no == nil:
			fields = append(fields, Field{f.Name, v})
		case no.Code == Gone && t.wasHere(no.Reason.ID):
			// What it points at was deleted before it came: the item stands, alone.
		default:
			return no
		}
	}
	next := NewItem(op.Type, op.ID, fields)
	for i := range def.fields {
		if f := &def.fields[i]; f.need && next.Get(f.name) == nil {
			return refuse(Invalid).field(f.name)
		}
	}
	if no := inOrder(next, fields); no != nil {
		return no
	}
	if no := t.room(1); no != nil {
		return no
	}
	more := make([]Field, 0, 3)
	if op.Type == TypeNote {
		more = append(more, Field{"z", t.s.counters["z"] + 1})
	}
	if fieldOf(op.Type, "authorId") != nil && t.e.Role != Visitor {
		more = append(more, Field{"authorId", t.e.By})
	}
	if fieldOf(op.Type, "order") != nil && next.Get("order") == nil {
		more = append(more, Field{"order", t.s.counters[string(op.Type)] + 1})
	}
	next = next.With(more)
	if op.Type == TypeNote && t.board != nil && t.board.Get("private") != nil {
		next = next.readdressed(Audience{t.e.By}, "")
	}
	if t.e.Role == Visitor {
		if strings.TrimSpace(next.Text("text")) == "" {
			return refuse(Invalid).field("text")
		}
		next = t.asked(next)
	}
	t.put(next)
	return nil
}

// wasHere says whether an id was that of an item that has been removed.
func (t *tx) wasHere(id ID) bool {
	_, dead := t.s.dead[id]
	return dead
}

// rightTo is the right it takes to edit a field, and whether it may be edited.
func rightTo(t Type, path string) (Right, bool) {
	name, _, _ := strings.Cut(path, "/")
	f := fieldOf(t, name)
	if f == nil || f.own {
		return "", false
	}
	if f.right != "" {
		return f.right, true
	}
	return schema[t].right, true
}

func (t *tx) edit(op Edit) *Refusal {
	it, no := t.item(op.ID)
	if no != nil {
		return no
	}
	if it.Type == TypeBoard || it.Type == TypeLink || it.Type == TypeParticipant {
		return refuse(Invalid).about(it.ID)
	}
	return t.editFields(it, op.Fields, op.Was)
}

// editFields is edit, once it is known that the item may be edited at all.
func (t *tx) editFields(it *Item, fields []Field, was Was) *Refusal {
	if len(fields) == 0 {
		return refuse(Invalid).field("fields")
	}
	for _, f := range fields {
		if _, ok := rightTo(it.Type, f.Name); !ok {
			return refuse(Invalid).about(it.ID).field(f.Name)
		}
	}
	if no := t.editable(it, fields); no != nil {
		return no
	}
	for _, f := range fields {
		right, _ := rightTo(it.Type, f.Name)
		if no := t.require(right, it); no != nil {
			return no
		}
	}
	kept := make([]Field, 0, len(fields)+1)
	for _, f := range fields {
		v, no := validAt(it.Type, f.Name, f.Value, t.typeOf)
		if no != nil {
			if no.Reason.ID == "" {
				no = no.about(it.ID)
			}
			return no
		}
		if no := t.changedSince(it, was, f.Name); no != nil {
			t.tell(no)
			continue
		}
		kept = append(kept, Field{f.Name, v})
		if it.Type == TypeSegment && f.Name == "position" {
			byHand := Field{"byHand", nil}
			if v != nil {
				byHand.Value = true
			}
			kept = append(kept, byHand)
		}
	}
	if len(kept) == 0 {
		return nil
	}
	if no := inOrder(it.With(kept), kept); no != nil {
		return no
	}
	t.setFields(it.ID, kept...)
	return t.nameAlike(it, kept)
}

// editable refuses what a freeze or a pin holds. A freeze without texts leaves
// a segment's descriptions and figures to be edited; a note that is held can
// still be commented on.
func (t *tx) editable(it *Item, fields []Field) *Refusal {
	if it.Type == TypeNote && !slices.ContainsFunc(fields, func(f Field) bool { return f.Name != "comment" }) {
		return nil
	}
	no := t.untouched(it)
	if no == nil || no.Code != Frozen || it.Type != TypeSegment {
		return no
	}
	frozen := it.Map("frozen")
	for _, f := range fields {
		name, _, _ := strings.Cut(f.Name, "/")
		texts, _ := frozen["texts"].(bool)
		if name == "name" || name == "position" || name == "descriptions" && texts {
			return no
		}
	}
	return nil
}

// nameAlike keeps the names of a group and of its segment the same.
func (t *tx) nameAlike(it *Item, fields []Field) *Refusal {
	at := slices.IndexFunc(fields, func(f Field) bool { return f.Name == "name" })
	if at < 0 {
		return nil
	}
	switch it.Type {
	case TypeGroup:
		for _, seg := range t.s.referring(it.ID, TypeSegment) {
			t.setFields(seg.ID, fields[at])
		}
	case TypeSegment:
		if group := it.Text("groupId"); group != "" {
			t.setFields(group, fields[at])
		}
	}
	return nil
}

func (t *tx) text(op Text) *Refusal {
	if service, segment, ok := cellOf(op.ID); ok && op.Field == "comment" && t.s.items[op.ID] == nil {
		if _, no := t.cell(service, segment); no != nil {
			return no
		}
	}
	it, no := t.item(op.ID)
	if no != nil {
		return no
	}
	right, ok := rightTo(it.Type, op.Field)
	name, key, deep := strings.Cut(op.Field, "/")
	f := fieldOf(it.Type, name)
	if deep && f != nil && f.elem != nil {
		if no := f.points(key, t.typeOf); no != nil {
			return no.field(op.Field)
		}
		f = f.elem
	}
	if !ok || f.kind != kindText && f.kind != kindLine || it.Type == TypeBoard {
		return refuse(Invalid).about(it.ID).field(op.Field)
	}
	merged := mergeText(op.From, op.To, it.Text(op.Field))
	if no := t.editable(it, []Field{{op.Field, merged}}); no != nil {
		return no
	}
	if no := t.require(right, it); no != nil {
		return no
	}
	v, no := validAt(it.Type, op.Field, merged, t.typeOf)
	if no != nil {
		return no.about(it.ID)
	}
	t.setFields(it.ID, Field{op.Field, v})
	return t.nameAlike(t.s.items[it.ID], []Field{{op.Field, v}})
}

func (t *tx) move(op Move) *Refusal {
	if len(op.Moves) == 0 {
		return refuse(Invalid).field("moves")
	}
	for _, place := range op.Moves {
		if _, no := t.item(place.ID, TypeNote); no != nil {
			return no
		}
		if max(place.X, -place.X, place.Y, -place.Y) > MaxCoordinate {
			return refuse(Invalid).about(place.ID).field("moves")
		}
	}
	for _, place := range op.Moves {
		if no := t.untouched(t.s.items[place.ID]); no != nil {
			return no
		}
	}
	for _, place := range op.Moves {
		if no := t.require(RightMove, t.s.items[place.ID]); no != nil {
			return no
		}
	}
	for _, place := range op.Moves {
		it := t.s.items[place.ID]
		if no := t.changedSince(it, op.Was, "x", "y"); no != nil {
			t.tell(no)
			continue
		}
		t.setFields(place.ID, Field{"x", place.X}, Field{"y", place.Y}, Field{"z", t.s.counters["z"] + 1})
	}
	return nil
}
