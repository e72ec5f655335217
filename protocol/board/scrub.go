package board

import (
	"maps"
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

// Scrub erases the texts of some items from an entry of the log, and reports
// whether there were any.
func (e *Entry) Scrub(ids map[ID]bool) bool {
	in := func(id ID) bool { return ids[id] }
	found := e.scrubOps(in)
	if scrubChanges(e.Changes, in) {
		found = true
	}
	e.Scrubbed = e.Scrubbed || found
	return found
}

// scrubOps takes from the ops of an entry what they carry of the texts of some
// items, and reports whether there was anything. What became of them stands in
// its changes.
func (e *Entry) scrubOps(in func(ID) bool) bool {
	found := false
	for i, op := range e.Ops {
		bare, carried := scrubOp(op, in)
		if !carried {
			continue
		}
		if !found {
			e.Ops, found = slices.Clone(e.Ops), true // they are their author's
		}
		e.Ops[i] = bare
	}
	return found
}

func scrubOp(op Op, in func(ID) bool) (bare Op, carried bool) {
	switch op := op.(type) {
	case Create:
		if in(op.ID) {
			n := len(op.Fields)
			op.Fields = slices.DeleteFunc(slices.Clone(op.Fields), func(f Field) bool {
				known := fieldOf(op.Type, f.Name)
				return known == nil || known.written() // what is unknown may be anything
			})
			return op, len(op.Fields) < n
		}
	case Edit:
		op.Was, carried = op.Was.without(in)
		if in(op.ID) && len(op.Fields) > 0 {
			op.Fields, carried = nil, true
		}
		return op, carried
	case Text:
		if in(op.ID) && (op.From != "" || op.To != "") {
			op.From, op.To = "", ""
			return op, true
		}
	case Move:
		op.Was, carried = op.Was.without(in)
		return op, carried
	case Group:
		op.Was, carried = op.Was.without(in)
		return op, carried
	case Ungroup:
		op.Was, carried = op.Was.without(in)
		return op, carried
	case Delete:
		op.Was, carried = op.Was.without(in)
		return op, carried
	case Assess:
		op.Was, carried = op.Was.without(in)
		return op, carried
	case Settings:
		op.Was, carried = op.Was.without(in)
		return op, carried
	case Rewind:
		if slices.ContainsFunc(op.Changes, func(c Change) bool { return in(c.ID()) }) {
			op.Changes = slices.Clone(op.Changes)
			return op, scrubChanges(op.Changes, in)
		}
	}
	return op, false
}

// without is what is left of it without some items, and whether that is less.
func (w Was) without(in func(ID) bool) (Was, bool) {
	rest := maps.Clone(w)
	maps.DeleteFunc(rest, func(id ID, _ map[string]Value) bool { return in(id) })
	if len(rest) == len(w) {
		return w, false
	}
	return rest, true
}

func scrubChanges(changes []Change, in func(ID) bool) bool {
	found := false
	for i, c := range changes {
		switch {
		case !in(c.ID()):
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
			sn.tombs[i] = t.of(t.item.With(t.item.texts()))
			found = true
		}
	}
	if !found {
		return raw, false, nil
	}
	return sn.Encode(), true, nil
}

// Blanked are the items whose texts were erased for good, with the seqs of the
// entries that did it last.
func (s *State) Blanked() map[ID]int64 { return maps.Clone(s.blanked) }

// ItemsWithout are the items of a state that was kept, without the texts that
// were erased for good behind a seq.
func (s *State) ItemsWithout(blanked map[ID]int64, behind int64) []*Item {
	items := s.Items()
	for i, it := range items {
		if blanked[it.ID] > behind {
			items[i] = it.With(it.texts())
		}
	}
	return items
}
