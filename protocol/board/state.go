package board

import (
	"encoding/hex"
	"slices"
	"sort"
	"strings"
)

const (
	maxTombstones = 1000
	maxMilestones = 500
	keptFates     = 256
)

// State is a board at a place in its order: the items, and what is needed to
// decide the next entry. One goroutine owns it; the items it hands out are
// immutable and may go anywhere.
type State struct {
	seq, time int64

	items     map[ID]*Item
	referrers map[ID]map[ID]struct{} // item → the items that refer to it
	count     map[Type]int
	named     map[ID]struct{}        // items that are not for everyone
	owned     map[ID]map[ID]struct{} // participant → notes they own unnamed

	dead     map[ID]struct{} // ids of removed items; never used again
	blanked  map[ID]int64    // items whose texts were erased for good → seq of the last time
	tombs    []*tombstone    // oldest first
	counters map[string]int64
	clients  map[clientKey]*clientLog

	sum sum
}

// tombstone keeps a removed item for restore.
type tombstone struct {
	item *Item
	by   ID
	seq  int64
	// segments of a group that lost it by its removal. No op sets what they have
	// lost, so restore does.
	segments []ID
}

// of is the tombstone of the same removal for a changed item.
func (t *tombstone) of(it *Item) *tombstone {
	next := *t
	next.item = it
	return &next
}

// New returns an empty board at seq 0.
func New() *State {
	return &State{
		items:     map[ID]*Item{},
		referrers: map[ID]map[ID]struct{}{},
		count:     map[Type]int{},
		named:     map[ID]struct{}{},
		owned:     map[ID]map[ID]struct{}{},
		dead:      map[ID]struct{}{},
		blanked:   map[ID]int64{},
		counters:  map[string]int64{},
		clients:   map[clientKey]*clientLog{},
	}
}

// Seq is the seq of the last entry, 0 before the first.
func (s *State) Seq() int64 { return s.seq }

// Time is the time of the last entry, in ms since 1970.
func (s *State) Time() int64 { return s.time }

// Item returns an item, or nil.
func (s *State) Item(id ID) *Item { return s.items[id] }

// Len is how many items there are, of all types.
func (s *State) Len() int { return len(s.items) }

// Items returns all items, sorted by type, then id.
func (s *State) Items() []*Item {
	all := make([]*Item, 0, len(s.items))
	for _, it := range s.items {
		all = append(all, it)
	}
	slices.SortFunc(all, func(a, b *Item) int {
		if c := strings.Compare(string(a.Type), string(b.Type)); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return all
}

// Hidden counts, per participant, the notes that are not shown to others yet.
func (s *State) Hidden() map[ID]int {
	hidden := map[ID]int{}
	for id := range s.named {
		if it := s.items[id]; it.Type == TypeNote {
			hidden[it.Text("authorId")]++
		}
	}
	return hidden
}

// Mine lists the notes that a participant owns without being named on them.
func (s *State) Mine(participant ID) []ID { return sortedKeys(s.owned[participant]) }

// Hash is the hexadecimal sum, modulo 2²⁵⁶, of the SHA-256 of every record of
// the state: equal states have equal hashes on every instance.
func (s *State) Hash() string { return s.sum.String() }

// Content is the same over what an export brings to another board: the items
// that everyone sees, without participants, links, milestones, authors and when
// the board was made.
func (s *State) Content() string {
	var total sum
	for _, it := range s.items {
		if it = it.exported(); it == nil || it.Type == TypeParticipant {
			continue
		}
		for _, name := range []string{"authorId", "created"} {
			if it.Get(name) != nil {
				it = it.With([]Field{{name, nil}})
			}
		}
		total.add("item", it.json)
	}
	return total.String()
}

// ofType returns the items of a type in their order, then by id.
func (s *State) ofType(t Type) []*Item {
	var all []*Item
	for _, it := range s.items {
		if it.Type == t {
			all = append(all, it)
		}
	}
	sortByOrder(all)
	return all
}

func sortByOrder(items []*Item) {
	sort.Slice(items, func(i, j int) bool {
		if a, b := items[i].Int("order"), items[j].Int("order"); a != b {
			return a < b
		}
		return items[i].ID < items[j].ID
	})
}

// referring returns the items of a type that refer to an item, by id.
func (s *State) referring(id ID, t Type) []*Item {
	var all []*Item
	for r := range s.referrers[id] {
		if it := s.items[r]; it.Type == t {
			all = append(all, it)
		}
	}
	slices.SortFunc(all, func(a, b *Item) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// axis is the board's axis, nil if it has none.
func (s *State) axis() *Item {
	if s.count[TypeAxis] == 0 {
		return nil
	}
	return s.ofType(TypeAxis)[0]
}

// set puts an item in the place of another with its id, or removes it when
// next is nil, and keeps every index and the hash true. It returns what was
// there: setting that again undoes it.
func (s *State) set(id ID, next *Item) (before *Item) {
	before = s.items[id]
	if before != nil {
		s.sum.remove("item", before.sum[:])
		s.count[before.Type]--
		if len(before.To) > 0 {
			delete(s.named, id)
		}
		if before.Owner != "" {
			dropKey(s.owned, before.Owner, id)
		}
	}
	if next != nil {
		s.sum.add("item", next.sum[:])
		s.count[next.Type]++
		if len(next.To) > 0 {
			s.named[id] = struct{}{}
		}
		if next.Owner != "" {
			addKey(s.owned, next.Owner, id)
		}
		s.items[id] = next
	} else {
		delete(s.items, id)
	}
	var a, b [8]ID
	old, now := before.references(a[:0]), next.references(b[:0])
	if !slices.Equal(old, now) {
		for _, target := range old {
			dropKey(s.referrers, target, id)
		}
		for _, target := range now {
			addKey(s.referrers, target, id)
		}
	}
	return before
}

// references appends the ids that an item refers to, in the order of its fields.
func (it *Item) references(ids []ID) []ID {
	if it == nil {
		return ids
	}
	for i := range it.fields {
		f := fieldOf(it.Type, it.fields[i].Name)
		if f == nil {
			continue
		}
		switch v := it.fields[i].Value.(type) {
		case string:
			if f.kind == kindRef && len(f.of) > 0 {
				ids = append(ids, v)
			}
		case []string:
			if f.kind == kindRefs {
				ids = append(ids, v...)
			}
		case map[string]Value:
			if f.kind == kindMap && len(f.of) > 0 {
				ids = append(ids, sortedKeys(v)...)
			}
			if f.name == "target" {
				if target, ok := v["id"].(string); ok {
					ids = append(ids, target)
				}
			}
		}
	}
	return ids
}

// setCounter keeps a number that only grows, such as the highest z.
func (s *State) setCounter(name string, n int64) (before int64) {
	before = s.counters[name]
	s.sum.remove("counter", counterRecord(name, before))
	s.sum.add("counter", counterRecord(name, n))
	s.counters[name] = n
	return before
}

func counterRecord(name string, n int64) []byte {
	if n == 0 {
		return nil
	}
	return appendNumber(append([]byte(name), 0), float64(n))
}

// setDead marks an id as used up, or takes that back.
func (s *State) setDead(id ID, dead bool) {
	if _, is := s.dead[id]; is == dead {
		return
	}
	if dead {
		s.dead[id] = struct{}{}
		s.sum.add("dead", []byte(id))
	} else {
		delete(s.dead, id)
		s.sum.remove("dead", []byte(id))
	}
}

// setBlanked notes when an item's texts were erased; 0 takes that back.
func (s *State) setBlanked(id ID, seq int64) (before int64) {
	before = s.blanked[id]
	s.sum.remove("blanked", counterRecord(id, before))
	s.sum.add("blanked", counterRecord(id, seq))
	if s.blanked[id] = seq; seq == 0 {
		delete(s.blanked, id)
	}
	return before
}

func (t *tombstone) record() []byte {
	b := append([]byte(t.by), 0)
	b = appendNumber(b, float64(t.seq))
	for _, id := range t.segments {
		b = append(append(b, ' '), id...)
	}
	return append(append(b, 0), t.item.sum[:]...)
}

// bury keeps a removed item for restore, and lets go of the oldest.
func (s *State) bury(t *tombstone) (undo func()) {
	before := s.tombs
	next := append(slices.Clone(before), t)
	s.sum.add("tomb", t.record())
	if len(next) > maxTombstones {
		s.sum.remove("tomb", next[0].record())
		next = next[1:]
	}
	s.tombs = next
	return func() {
		s.sum.remove("tomb", t.record())
		if len(before) == maxTombstones {
			s.sum.add("tomb", before[0].record())
		}
		s.tombs = before
	}
}

// unbury lets go of a tombstone, whose item is back.
func (s *State) unbury(t *tombstone) (undo func()) {
	before := s.tombs
	at := slices.Index(before, t)
	s.tombs = slices.Delete(slices.Clone(before), at, at+1)
	s.sum.remove("tomb", t.record())
	return func() {
		s.sum.add("tomb", t.record())
		s.tombs = before
	}
}

// exchange puts a tombstone in the place of another.
func (s *State) exchange(t, next *tombstone) (undo func()) {
	before := s.tombs
	s.tombs = slices.Clone(before)
	s.tombs[slices.Index(before, t)] = next
	s.sum.remove("tomb", t.record())
	s.sum.add("tomb", next.record())
	return func() {
		s.sum.remove("tomb", next.record())
		s.sum.add("tomb", t.record())
		s.tombs = before
	}
}

// tomb finds the tombstone of a removed item, nil if it is gone for good.
func (s *State) tomb(id ID) *tombstone {
	for i := len(s.tombs) - 1; i >= 0; i-- {
		if s.tombs[i].item.ID == id {
			return s.tombs[i]
		}
	}
	return nil
}

func addKey(m map[ID]map[ID]struct{}, key, id ID) {
	if m[key] == nil {
		m[key] = map[ID]struct{}{}
	}
	m[key][id] = struct{}{}
}

func dropKey(m map[ID]map[ID]struct{}, key, id ID) {
	delete(m[key], id)
	if len(m[key]) == 0 {
		delete(m, key)
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func hexOf(b []byte) string { return hex.EncodeToString(b) }
