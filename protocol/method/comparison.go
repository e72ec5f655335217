package method

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"jana/protocol/board"
)

// movedFrom is by how much a note has to lie elsewhere on the axis, in tenths of a value, to have been moved: less is a
// shaking hand.
const movedFrom = 10

// Comparison is what has become of a board between two rounds. It has no twin in TypeScript: a browser has one of the two
// boards only.
//
// Both are judged by the thresholds of the later one, so that what differs is what people said, not the yardstick. What is
// on both is what has the same id; of segments, services, categories and groups, also what alone has the same name, for a
// group that was taken apart and made again is the same to who speaks of it.
type Comparison struct {
	// Segments of the later board in the order of its axis, then those that are gone.
	Segments []SegmentChange `json:"segments"`
	// Services of the later board in their order, then those that are gone.
	Services []ServiceChange `json:"services"`
	Notes    NoteChanges     `json:"notes"`
	Findings FindingChanges  `json:"findings"`
	// Imbalance is the share of supply that would have to move, 0–1; nil where there is no supply.
	Imbalance ImbalanceChange `json:"imbalance"`
}

// SegmentChange is a segment then and now; of one that is new or gone, one of them is nil.
type SegmentChange struct {
	// SegmentID is that on the later board, of one that is gone that on the earlier.
	SegmentID board.ID   `json:"segmentId"`
	Before    *SegmentAt `json:"before"`
	After     *SegmentAt `json:"after"`
}

// SegmentAt is what a board says of a segment.
type SegmentAt struct {
	Name string `json:"name"`
	// Position on the axis, 0–100; nil without a place.
	Position *Figure `json:"position"`
	// Notes of its group that have a value.
	Notes int `json:"notes"`
	// Status is unknown too while there are no services.
	Status     Status `json:"status"`
	CoverCount int    `json:"coverCount"`
	// SupplyShare, NeedShare and AssessedShare are 0–1, BalanceRatio is the first divided by the second.
	SupplyShare   Figure `json:"supplyShare"`
	NeedShare     Figure `json:"needShare"`
	BalanceRatio  Figure `json:"balanceRatio"`
	AssessedShare Figure `json:"assessedShare"`
}

// ServiceChange is a service then and now; of one that is new or gone, one of them is nil.
type ServiceChange struct {
	// ServiceID is that on the later board, of one that is gone that on the earlier.
	ServiceID board.ID   `json:"serviceId"`
	Before    *ServiceAt `json:"before"`
	After     *ServiceAt `json:"after"`
}

// ServiceAt is what a board says of a service.
type ServiceAt struct {
	Name string `json:"name"`
	// Score is the mean of its cells that are served, 0–1; nil without any.
	Score *Figure `json:"score"`
	// CoverCount is how many segments it covers.
	CoverCount int `json:"coverCount"`
	// Precision and Recall are 0–1; nil without a covered, and without an intended segment.
	Precision    *Figure      `json:"precision"`
	Recall       *Figure      `json:"recall"`
	TargetStatus TargetStatus `json:"targetStatus"`
}

// NoteChanges are those of notes, without their texts: what was deleted stays so.
type NoteChanges struct {
	// Before and After are how many there are.
	Before int        `json:"before"`
	After  int        `json:"after"`
	New    []board.ID `json:"new"`
	Gone   []board.ID `json:"gone"`
	// Moved are those that lie elsewhere on the axis by 1 or more, or have come onto it or left it; the farthest first.
	Moved []NoteMove `json:"moved"`
	// Regrouped are those that belong to another group, or to one or none where it was the other way.
	Regrouped []NoteRegrouping `json:"regrouped"`
}

// NoteMove is from where to where on the axis a note was moved: 0–100, nil off it.
type NoteMove struct {
	NoteID board.ID `json:"noteId"`
	Before *Figure  `json:"before"`
	After  *Figure  `json:"after"`
}

// NoteRegrouping is from which group to which a note went; each may be none.
type NoteRegrouping struct {
	NoteID board.ID `json:"noteId"`
	Before board.ID `json:"before,omitempty"`
	After  board.ID `json:"after,omitempty"`
}

// FindingChanges are findings by whether they are found on both boards. Ended ones are those of the earlier board.
type FindingChanges struct {
	New     []Finding `json:"new"`
	Ended   []Finding `json:"ended"`
	Staying []Finding `json:"staying"`
}

// ImbalanceChange is how far supply is from need.
type ImbalanceChange struct {
	Before *Figure `json:"before"`
	After  *Figure `json:"after"`
}

// Compare tells what has become of a board since an earlier round.
func Compare(earlier, later *board.State) *Comparison {
	after := read(later)
	before := read(earlier)
	before.limits = after.limits
	c := &comparing{before: before.matrix(), after: after.matrix(), now: pairs(before, after)}
	c.was, c.is = c.before.serving(), c.after.serving()
	return &Comparison{
		Segments: c.segments(), Services: c.services(), Notes: c.notes(), Findings: c.findings(),
		Imbalance: ImbalanceChange{c.was.Imbalance, c.is.Imbalance},
	}
}

// comparing is two boards that are being compared.
type comparing struct {
	before, after *matrix
	was, is       *Analysis
	// now are the ids, on the later board, of items of the earlier one that are on both.
	now map[board.ID]board.ID
}

// pairs finds what is on both boards: the ids on the later one by those on the earlier.
func pairs(before, after *reading) map[board.ID]board.ID {
	now := map[board.ID]board.ID{}
	for _, kind := range []board.Type{board.TypeSegment, board.TypeService, board.TypeCategory, board.TypeGroup, board.TypeGoal, board.TypeNote} {
		there := map[board.ID]bool{}
		for _, it := range after.of(kind) {
			there[it.ID] = true
		}
		gone := map[string][]board.ID{}
		for _, it := range before.of(kind) {
			if there[it.ID] {
				now[it.ID] = it.ID
				delete(there, it.ID)
			} else {
				gone[nameKey(it)] = append(gone[nameKey(it)], it.ID)
			}
		}
		fresh := map[string][]board.ID{}
		for _, it := range after.of(kind) {
			if there[it.ID] {
				fresh[nameKey(it)] = append(fresh[nameKey(it)], it.ID)
			}
		}
		for name, ids := range gone {
			if name != "" && len(ids) == 1 && len(fresh[name]) == 1 {
				now[ids[0]] = fresh[name][0]
			}
		}
	}
	return now
}

// nameKey is a name as people take it to be the same; goals and notes have none.
func nameKey(it *board.Item) string { return strings.ToLower(strings.TrimSpace(it.Text("name"))) }

// then is the id on the later board of an item of the earlier one; its own if it is gone.
func (c *comparing) then(id board.ID) board.ID {
	if now, is := c.now[id]; is {
		return now
	}
	return id
}

// turn puts together what two boards say of their items: those of the later one in its order, then those that are gone.
func turn[V any](c *comparing, was, is []named[V]) []both[V] {
	all := []both[V]{}
	at := map[board.ID]int{}
	for _, one := range is {
		at[one.id] = len(all)
		all = append(all, both[V]{id: one.id, after: one.value})
	}
	for _, one := range was {
		now, stays := c.now[one.id]
		if stays {
			all[at[now]].before = one.value
		} else {
			all = append(all, both[V]{id: one.id, before: one.value})
		}
	}
	return all
}

// named is what a board says of one of its items.
type named[V any] struct {
	id    board.ID
	value *V
}

type both[V any] struct {
	id            board.ID
	before, after *V
}

func (c *comparing) segments() []SegmentChange {
	all := []SegmentChange{}
	for _, s := range turn(c, c.before.segmentsAt(c.was), c.after.segmentsAt(c.is)) {
		all = append(all, SegmentChange{s.id, s.before, s.after})
	}
	return all
}

func (m *matrix) segmentsAt(a *Analysis) []named[SegmentAt] {
	served := map[board.ID]Segment{}
	for _, s := range a.Segments {
		served[s.SegmentID] = s
	}
	notes := map[board.ID]int{}
	for i, group := range m.of(board.TypeGroup) {
		notes[group.ID] = m.stats[i].N
	}
	all := []named[SegmentAt]{}
	for _, segment := range m.of(board.TypeSegment) {
		at := &SegmentAt{Name: segment.Text("name"), Notes: notes[segment.Text("groupId")], Status: Unknown}
		if tenths, is := m.places[segment.ID]; is {
			at.Position = pointer(float64(tenths) / 10)
		}
		if s, is := served[segment.ID]; is {
			at.Status, at.CoverCount, at.AssessedShare = s.Status, s.CoverCount, s.AssessedShare
			at.SupplyShare, at.NeedShare, at.BalanceRatio = s.SupplyShare, s.NeedShare, s.BalanceRatio
		}
		all = append(all, named[SegmentAt]{segment.ID, at})
	}
	return all
}

func (c *comparing) services() []ServiceChange {
	all := []ServiceChange{}
	for _, s := range turn(c, c.before.servicesAt(c.was), c.after.servicesAt(c.is)) {
		all = append(all, ServiceChange{s.id, s.before, s.after})
	}
	return all
}

func (m *matrix) servicesAt(a *Analysis) []named[ServiceAt] {
	reached := map[board.ID]Service{}
	for _, s := range a.Services {
		reached[s.ServiceID] = s
	}
	all := []named[ServiceAt]{}
	for _, service := range m.of(board.TypeService) {
		at := &ServiceAt{Name: service.Text("name"), TargetStatus: NoTarget}
		if s, is := reached[service.ID]; is {
			at.CoverCount, at.Precision, at.Recall, at.TargetStatus = len(s.CoveredSegmentIDs), s.Precision, s.Recall, s.TargetStatus
		}
		all = append(all, named[ServiceAt]{service.ID, at})
	}
	for row := range m.services { // the same services, if there are segments as well
		all[row].value.Score = m.score(row)
	}
	return all
}

// score is the mean of a service's cells that are served.
func (m *matrix) score(row int) *Figure {
	var sum float64
	n := 0
	for _, cell := range m.cells[row] {
		if cell.State == Served {
			sum += float64(cell.Score)
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return pointer(sum / float64(n))
}

func (c *comparing) notes() NoteChanges {
	was, is := c.before.of(board.TypeNote), c.after.of(board.TypeNote)
	n := NoteChanges{
		Before: len(was), After: len(is),
		New: []board.ID{}, Gone: []board.ID{}, Moved: []NoteMove{}, Regrouped: []NoteRegrouping{},
	}
	stays := map[board.ID]bool{}
	for _, note := range was {
		if _, is := c.now[note.ID]; !is {
			n.Gone = append(n.Gone, note.ID)
			continue
		}
		stays[note.ID] = true
		later := c.after.state.Item(note.ID)
		from, placed := board.Value10(c.before.axis, note.Int("x"), note.Int("y"))
		to, lies := board.Value10(c.after.axis, later.Int("x"), later.Int("y"))
		if placed != lies || placed && max(from-to, to-from) >= movedFrom {
			n.Moved = append(n.Moved, NoteMove{note.ID, value(from, placed), value(to, lies)})
		}
		if group, now := note.Text("groupId"), later.Text("groupId"); c.then(group) != now {
			n.Regrouped = append(n.Regrouped, NoteRegrouping{note.ID, group, now})
		}
	}
	for _, note := range is {
		if !stays[note.ID] {
			n.New = append(n.New, note.ID)
		}
	}
	slices.SortStableFunc(n.Moved, func(a, b NoteMove) int { return cmp.Compare(b.distance(), a.distance()) })
	return n
}

// value of a note, from tenths.
func value(tenths int64, placed bool) *Figure {
	if !placed {
		return nil
	}
	return pointer(float64(tenths) / 10)
}

// distance is how far a note was moved along the axis; onto it or off it is farther than anything.
func (m NoteMove) distance() float64 {
	if m.Before == nil || m.After == nil {
		return math.Inf(1)
	}
	return math.Abs(float64(*m.After - *m.Before))
}

func (c *comparing) findings() FindingChanges {
	f := FindingChanges{[]Finding{}, []Finding{}, []Finding{}}
	was := c.was.Findings()
	found := map[string]bool{}
	for _, one := range was {
		found[one.key(c.then)] = true
	}
	still := map[string]bool{}
	for _, one := range c.is.Findings() {
		key := one.key(func(id board.ID) board.ID { return id })
		still[key] = true
		if found[key] {
			f.Staying = append(f.Staying, one)
		} else {
			f.New = append(f.New, one)
		}
	}
	for _, one := range was {
		if !still[one.key(c.then)] {
			f.Ended = append(f.Ended, one)
		}
	}
	return f
}

// key is what a finding is of, by the ids that its subjects have on another board. Of the services only that one is a
// subject which misses whom it is meant for.
func (f Finding) key(of func(board.ID) board.ID) string {
	key := []string{string(f.Kind), of(f.SegmentID), of(f.CategoryID), of(f.GoalID)}
	if f.Kind == FoundUnreached || f.Kind == FoundMistargeted {
		key = append(key, of(f.ServiceIDs[0]))
	}
	return strings.Join(key, " ")
}
