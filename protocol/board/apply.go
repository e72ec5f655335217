package board

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Apply decides an entry at its place in the order: it fills in Changes,
// Refusals and Duplicate, and lands the changes. It is total and
// deterministic, and it costs what the ops touch. Seq must be the next one.
func (s *State) Apply(e *Entry) {
	e.Changes, e.Refusals, e.Blanked, e.Scrubbed, e.Duplicate = nil, nil, nil, false, false
	s.advance(e)
	t := &tx{s: s, e: e, board: s.items[BoardID]}
	fate, known := s.Fate(e.By, e.Client, e.N)
	switch {
	case known && t.proposeOvertaken(fate):
	case known:
		// They have happened before or never will, and what they say may have been
		// erased meanwhile.
		e.Duplicate, e.Ops, e.Refusals = true, nil, nil
		return
	default:
		t.applyAll()
		if e.Rescued {
			t.proposeRefused(e.Seq)
		}
	}
	// A late op has the words that an erased text had when it was made.
	e.Scrubbed = e.scrubOps(func(id ID) bool { return s.blanked[id] > 0 })
	t.finish()
}

// applyAll decides the ops of an entry, one after the other.
func (t *tx) applyAll() {
	e := t.e
	if e.Whole && len(e.Told) > 0 {
		e.Refusals = slices.Clone(e.Told) // none of it happened
		return
	}
	for i, op := range e.Ops {
		t.op = i
		mark, told := t.mark(), len(e.Refusals)
		if no := t.told(i); no != nil {
			e.Refusals = append(e.Refusals, *no)
		} else if no := t.apply(op); no != nil {
			t.rollback(mark)
			e.Refusals = append(e.Refusals[:told], t.refusal(*no))
		}
		if e.Whole && len(e.Refusals) > 0 {
			t.rollback(savepoint{})
			break
		}
	}
}

// finish is what Apply and Land end with, once the changes have landed.
func (t *tx) finish() {
	t.s.record(t.e)
	t.s.forget()
}

// Land lands an entry that carries its changes and refusals: the facts of a
// log, which are not decided again. It is the half of Apply that recovery runs.
func (s *State) Land(e *Entry) error {
	if e.Seq != s.seq+1 {
		return fmt.Errorf("entry %d follows %d", e.Seq, s.seq)
	}
	s.advance(e)
	if e.Duplicate {
		return nil
	}
	t := &tx{s: s, e: e}
	changes := e.Changes
	e.Changes = nil
	for _, c := range changes {
		if err := t.check(c); err != nil {
			return fmt.Errorf("entry %d: %w", e.Seq, err)
		}
		t.land(c)
	}
	for _, id := range e.Blanked {
		t.erase(id)
	}
	t.finish()
	return nil
}

func (s *State) advance(e *Entry) {
	s.seq = e.Seq
	s.time = max(s.time, e.Time)
	e.Time = s.time
}

// tx is the work on one entry. What it does to the state can be undone back to
// any savepoint, since a refused op changes nothing.
type tx struct {
	s     *State
	e     *Entry
	op    int   // index of the op at work
	board *Item // the board item, nil on a board without one
	undo  []func()
	// parted are the segments that have lost their group in this entry, by group.
	parted map[ID][]ID
}

type savepoint struct{ undo, changes, blanked int }

func (t *tx) mark() savepoint {
	return savepoint{len(t.undo), len(t.e.Changes), len(t.e.Blanked)}
}

func (t *tx) rollback(to savepoint) {
	for len(t.undo) > to.undo {
		t.undo[len(t.undo)-1]()
		t.undo = t.undo[:len(t.undo)-1]
	}
	t.e.Changes = t.e.Changes[:to.changes]
	t.e.Blanked = t.e.Blanked[:to.blanked]
	t.board = t.s.items[BoardID]
}

// check says whether a change can land at all.
func (t *tx) check(c Change) error {
	there := t.s.items[c.ID()] != nil
	if c.Put == nil && !there {
		return fmt.Errorf("%s is not on the board", c.ID())
	}
	return nil
}

// land makes a change happen and notes it in the entry.
func (t *tx) land(c Change) {
	s := t.s
	id := c.ID()
	before := s.items[id]
	switch {
	case c.Put != nil:
		c.To = c.Put.To
		if grave := s.tomb(id); grave != nil {
			t.undo = append(t.undo, s.unbury(grave))
		}
		if _, dead := s.dead[id]; dead {
			s.setDead(id, false)
			t.undo = append(t.undo, func() { s.setDead(id, true) })
		}
		s.set(id, c.Put)
		t.count("z", c.Put.Int("z"))
		t.count(string(c.Put.Type), c.Put.Int("order"))
	case c.Set != "":
		c.To = before.To
		next := before.With(c.Fields)
		s.set(id, next)
		if group := before.Text("groupId"); before.Type == TypeSegment && group != "" && next.Text("groupId") == "" {
			t.part(id, group)
		}
		t.count("z", next.Int("z"))
		t.count(string(next.Type), next.Int("order"))
	default:
		c.To = before.To
		s.set(id, nil)
		s.setDead(id, true)
		t.undo = append(t.undo, func() { s.setDead(id, false) })
		t.undo = append(t.undo, s.bury(&tombstone{item: before, by: t.e.By, seq: t.e.Seq, segments: t.parted[id]}))
	}
	t.undo = append(t.undo, func() { s.set(id, before) })
	if id == BoardID {
		t.board = s.items[id]
	}
	t.e.Changes = append(t.e.Changes, c)
}

// part notes that a segment has lost its group.
func (t *tx) part(segment, group ID) {
	if t.parted == nil {
		t.parted = map[ID][]ID{}
	}
	before := t.parted[group]
	t.parted[group] = append(slices.Clip(before), segment)
	t.undo = append(t.undo, func() { t.parted[group] = before })
}

// count raises a counter that only grows to at least n.
func (t *tx) count(name string, n int64) {
	if n <= t.s.counters[name] {
		return
	}
	before := t.s.setCounter(name, n)
	t.undo = append(t.undo, func() { t.s.setCounter(name, before) })
}

func (t *tx) put(it *Item) { t.land(Change{Put: it}) }

func (t *tx) remove(id ID) { t.land(Change{Remove: id}) }

// setFields sets what differs from what is there; nothing happens if nothing does.
func (t *tx) setFields(id ID, fields ...Field) {
	it := t.s.items[id]
	kept := make([]Field, 0, len(fields))
	for _, f := range fields {
		if !equalValue(it.Get(f.Name), f.Value) {
			kept = append(kept, f)
		}
	}
	if len(kept) > 0 {
		sortFields(kept)
		t.land(Change{Set: id, Fields: kept})
	}
}

// stamp says who does this, and when.
func (t *tx) stamp(more ...Field) map[string]Value {
	m := map[string]Value{"by": t.e.By, "time": t.e.Time}
	for _, f := range more {
		m[f.Name] = f.Value
	}
	return m
}

// refuse makes a refusal of the op at work.
func refuse(code Code) *Refusal { return &Refusal{Code: code} }

func (r *Refusal) about(id ID) *Refusal       { r.Reason.ID = id; return r }
func (r *Refusal) field(name string) *Refusal { r.Reason.Field = name; return r }
func (r *Refusal) over(limit int) *Refusal    { r.Reason.Limit = limit; return r }

// set names who set the rule and when, from its stamp.
func (r *Refusal) set(stamp map[string]Value) *Refusal {
	r.By, _ = stamp["by"].(string)
	r.Set, _ = stamp["time"].(int64)
	return r
}

// refusal is what is kept of one, and sent: names that no item and no field can
// have are left out, since they may be as long as a push.
func (t *tx) refusal(r Refusal) Refusal {
	r.Op = t.op
	if len(r.Reason.ID) > maxReason {
		r.Reason.ID = ""
	}
	if len(r.Reason.Field) > maxReason {
		r.Reason.Field = ""
	}
	return r
}

// maxReason bytes hold the longest id, which joins two, and the longest path.
const maxReason = 2*MaxID + 20

// tell reports what an op left alone while the rest of it happened.
func (t *tx) tell(r *Refusal) { t.e.Refusals = append(t.e.Refusals, t.refusal(*r)) }

// apply decides one op: nil, or why not.
func (t *tx) apply(op Op) *Refusal {
	if no := t.admit(op); no != nil {
		return no
	}
	switch op := op.(type) {
	case Create:
		return t.create(op)
	case Edit:
		return t.edit(op)
	case Text:
		return t.text(op)
	case Move:
		return t.move(op)
	case Group:
		return t.group(op)
	case Ungroup:
		return t.ungroup(op)
	case Delete:
		return t.delete(op)
	case Restore:
		return t.restore(op)
	case Assess:
		return t.assess(op)
	case Lock:
		return t.lock(op)
	case Pin:
		return t.pin(op)
	case Freeze:
		return t.freeze(op)
	case Unfreeze:
		return t.unfreeze(op)
	case Phase:
		return t.phase(op)
	case SetRights:
		return t.setRights(op)
	case Settings:
		return t.settings(op)
	case Private:
		return t.private(op)
	case Reveal:
		return t.reveal()
	case Milestone:
		return t.milestone(op)
	case Rewind:
		return t.rewind(op)
	case Blank:
		return t.blank(op)
	case Approve:
		return t.approve(op)
	case Decide:
		return t.decide(op)
	case Join:
		return t.join(op)
	case Rename:
		return t.rename(op)
	case Link:
		return t.link(op)
	case Undecoded:
		return refuse(Invalid).field(op.Field)
	}
	return refuse(Invalid)
}

// reserved are ids that an object of a browser has or is made by.
func reserved(id ID) bool { return id == "__proto__" || id == "constructor" || id == "prototype" }

// validID says whether somebody may give an item this id.
func validID(id ID) bool {
	if len(id) == 0 || len(id) > MaxID || reserved(id) {
		return false
	}
	for i := range len(id) {
		c := id[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-') {
			return false
		}
	}
	return true
}

// newID refuses an id that cannot be given to a new item.
func (t *tx) newID(id ID) *Refusal {
	if !validID(id) {
		return refuse(Invalid).field("id")
	}
	if t.s.items[id] != nil {
		return refuse(Exists).about(id)
	}
	if _, dead := t.s.dead[id]; dead {
		return refuse(Gone).about(id)
	}
	return nil
}

// room refuses another item on a full board.
func (t *tx) room(n int) *Refusal {
	held := len(t.s.items) - t.s.count[TypeParticipant] - t.s.count[TypeLink]
	if held+n > MaxItems {
		return refuse(Full).over(MaxItems)
	}
	return nil
}

func seqID(prefix string, seq int64, taken map[string]Value) ID {
	id := prefix + strconv.FormatInt(seq, 10)
	for i := 1; taken[id] != nil; i++ {
		base, _, _ := strings.Cut(id, "-")
		id = base + "-" + strconv.Itoa(i)
	}
	return id
}
