package board

import (
	"slices"
	"strings"
)

// textNames are the fields of any type that hold what somebody wrote.
var textNames = func() map[string]bool {
	names := map[string]bool{}
	for _, def := range schema {
		for _, f := range def.fields {
			if f.written() {
				names[f.name] = true
			}
		}
	}
	return names
}()

// Blanked lists the items whose texts an applied entry erased for good: what is
// kept of them elsewhere has to go as well. It is nil for any other entry.
func (s *State) Blanked(e *Entry) map[ID]bool {
	var ids map[ID]bool
	if e.Duplicate || e.Whole && len(e.Refusals) > 0 {
		return nil
	}
	for i, op := range e.Ops {
		blank, ok := op.(Blank)
		if !ok || slices.ContainsFunc(e.Refusals, func(r Refusal) bool { return r.Op == i }) {
			continue
		}
		if ids == nil {
			ids = map[ID]bool{}
		}
		ids[blank.ID] = true
		// A group and its segment have one name between them.
		for _, seg := range s.referring(blank.ID, TypeSegment) {
			ids[seg.ID] = true
		}
		if it := s.items[blank.ID]; it != nil && it.Type == TypeSegment && it.Text("groupId") != "" {
			ids[it.Text("groupId")] = true
		}
	}
	return ids
}

// Scrub erases the texts of some items from an entry of the log, and reports
// whether there were any. The entry can no longer be applied, only landed.
func (e *Entry) Scrub(ids map[ID]bool) bool {
	found := false
	for i, op := range e.Ops {
		switch op := op.(type) {
		case Create:
			if ids[op.ID] {
				op.Fields, found = withoutTexts(op.Type, op.Fields), true
				e.Ops[i] = op
			}
		case Edit:
			if ids[op.ID] {
				op.Fields, op.Was, found = nil, nil, true
				e.Ops[i] = op
			}
		case Text:
			if ids[op.ID] {
				op.From, op.To, found = "", "", true
				e.Ops[i] = op
			}
		case Delete:
			for id := range op.Was {
				if ids[id] {
					op.Was, found = nil, true
					e.Ops[i] = op
					break
				}
			}
		case Rewind:
			found = scrubChanges(op.Changes, ids) || found
		}
	}
	return scrubChanges(e.Changes, ids) || found
}

func scrubChanges(changes []Change, ids map[ID]bool) bool {
	found := false
	for i, c := range changes {
		switch {
		case !ids[c.ID()]:
		case c.Put != nil:
			changes[i].Put = c.Put.With(c.Put.texts())
			found = true
		case c.Set != "":
			fields := slices.Clone(c.Fields)
			for j, f := range fields {
				name, _, _ := strings.Cut(f.Name, "/")
				if textNames[name] {
					fields[j].Value = nil
				}
			}
			changes[i].Fields = fields
			found = true
		}
	}
	return found
}

func withoutTexts(t Type, fields []Field) []Field {
	return NewItem(t, "-", fields).With(NewItem(t, "-", fields).texts()).fields
}

// ScrubSnapshot erases the texts of some items from an encoded snapshot, and
// reports whether there were any.
func ScrubSnapshot(raw []byte, ids map[ID]bool) ([]byte, bool, error) {
	sn, err := parseSnapshot(raw)
	if err != nil {
		return nil, false, err
	}
	found := false
	for i, it := range sn.items {
		if ids[it.ID] {
			sn.items[i] = it.With(it.texts())
			found = true
		}
	}
	for i, t := range sn.tombs {
		if ids[t.item.ID] {
			sn.tombs[i] = &tombstone{item: t.item.With(t.item.texts()), by: t.by, seq: t.seq}
			found = true
		}
	}
	if !found {
		return raw, false, nil
	}
	return sn.Encode(), true, nil
}
