package board

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Snapshot is a state at a place in the order. It shares the immutable items
// with the state it was taken of and may be encoded on another goroutine.
type Snapshot struct {
	seq, time int64
	items     []*Item
	dead      []ID
	blanked   map[ID]int64
	tombs     []*tombstone
	counters  map[string]int64
	clients   []snapshotClient
}

type snapshotClient struct {
	By     ID         `json:"by"`
	Client string     `json:"client"`
	Spans  [][2]int64 `json:"spans"`
	Fates  []Fate     `json:"fates"`
	Seq    int64      `json:"seq"`
	Time   int64      `json:"time"`
}

// Seq is the place of the snapshot.
func (sn *Snapshot) Seq() int64 { return sn.seq }

// Time is that of the last entry in it, in ms since 1970.
func (sn *Snapshot) Time() int64 { return sn.time }

// Blanked are the items whose texts were erased for good, with the seqs of the
// entries that did it last: what has been written into them since is there.
func (sn *Snapshot) Blanked() map[ID]int64 { return maps.Clone(sn.blanked) }

// Snapshot takes a snapshot of the state.
func (s *State) Snapshot() *Snapshot {
	sn := &Snapshot{
		seq: s.seq, time: s.time, items: make([]*Item, 0, len(s.items)), dead: sortedKeys(s.dead),
		blanked: maps.Clone(s.blanked), tombs: slices.Clone(s.tombs), counters: maps.Clone(s.counters),
	}
	for _, it := range s.items {
		sn.items = append(sn.items, it)
	}
	for key, log := range s.clients {
		c := snapshotClient{By: key.by, Client: key.client, Fates: slices.Clone(log.fates), Seq: log.lastSeq, Time: log.lastTime}
		for _, span := range log.spans {
			c.Spans = append(c.Spans, [2]int64{span.first, span.last})
		}
		sn.clients = append(sn.clients, c)
	}
	return sn
}

// Encode writes the snapshot for [Load]. Equal states give equal bytes.
func (sn *Snapshot) Encode() []byte {
	slices.SortFunc(sn.items, func(a, b *Item) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(sn.clients, func(a, b snapshotClient) int {
		if c := strings.Compare(a.By, b.By); c != 0 {
			return c
		}
		return strings.Compare(a.Client, b.Client)
	})
	b := make([]byte, 0, 64+320*(len(sn.items)+len(sn.tombs)))
	b = append(b, `{"seq":`...)
	b = appendNumber(b, float64(sn.seq))
	b = append(b, `,"time":`...)
	b = appendNumber(b, float64(sn.time))
	b = append(b, `,"items":[`...)
	for i, it := range sn.items {
		if i > 0 {
			b = append(b, ",\n"...)
		}
		b = append(it.appendRecord(b), '}')
	}
	b = append(b, `],"tombs":[`...)
	for i, t := range sn.tombs {
		if i > 0 {
			b = append(b, ",\n"...)
		}
		b = t.item.appendRecord(b)
		b = append(b, `,"by":`...)
		b = appendString(b, t.by)
		b = append(b, `,"seq":`...)
		b = appendNumber(b, float64(t.seq))
		if len(t.segments) > 0 {
			b = append(b, `,"segments":`...)
			b = appendValue(b, t.segments)
		}
		b = append(b, '}')
	}
	b = append(b, `],`...)
	rest, err := json.Marshal(snapshotRest{sn.dead, sn.blanked, sn.counters, sn.clients})
	if err != nil {
		panic(err) // made of strings and numbers
	}
	return append(b, rest[1:]...)
}

func (it *Item) appendRecord(b []byte) []byte {
	b = append(b, `{"item":`...)
	b = append(b, it.json...)
	if len(it.To) > 0 {
		b = append(b, `,"to":`...)
		b = appendValue(b, []string(it.To))
	}
	if it.Owner != "" {
		b = append(b, `,"owner":`...)
		b = appendString(b, it.Owner)
	}
	return b
}

// snapshotRest is what follows the items: little, unless many people take part.
type snapshotRest struct {
	Dead     []ID             `json:"dead"`
	Blanked  map[ID]int64     `json:"blanked,omitempty"`
	Counters map[string]int64 `json:"counters"`
	Clients  []snapshotClient `json:"clients"`
}

// parseSnapshot reads what Encode has written.
func parseSnapshot(raw []byte) (*Snapshot, error) {
	sn := &Snapshot{items: make([]*Item, 0, len(raw)/256)}
	if err := sn.parse(raw); err != nil {
		return nil, fmt.Errorf("read snapshot: %w", err)
	}
	return sn, nil
}

func (sn *Snapshot) parse(raw []byte) error {
	r := reader{b: raw}
	var ok [7]bool
	ok[0] = r.skip(`{"seq":`)
	sn.seq, ok[1] = r.integer()
	ok[2] = r.skip(`,"time":`)
	sn.time, ok[3] = r.integer()
	ok[4] = r.skip(`,"items":`) && r.records(func(t *tombstone) { sn.items = append(sn.items, t.item) })
	ok[5] = r.skip(`,"tombs":`) && r.records(func(t *tombstone) {
		sn.tombs = append(sn.tombs, t.of(t.item))
	})
	ok[6] = r.next() == ','
	if ok != [7]bool{true, true, true, true, true, true, true} {
		return fmt.Errorf("%w, at byte %d", errUnread, r.at)
	}
	var rest snapshotRest
	if err := json.Unmarshal(append([]byte{'{'}, raw[r.at+1:]...), &rest); err != nil {
		return err
	}
	sn.dead, sn.blanked, sn.counters, sn.clients = rest.Dead, rest.Blanked, rest.Counters, rest.Clients
	return nil
}

// Load makes the state of an encoded snapshot.
func Load(raw []byte) (*State, error) {
	sn, err := parseSnapshot(raw)
	if err != nil {
		return nil, err
	}
	s := New()
	s.seq, s.time = sn.seq, sn.time
	for _, it := range sn.items {
		if s.set(it.ID, it) != nil {
			return nil, fmt.Errorf("read snapshot: item %s stands in it twice", it.ID)
		}
	}
	for _, id := range sn.dead {
		s.setDead(id, true)
	}
	for id, seq := range sn.blanked {
		s.setBlanked(id, seq)
	}
	for _, t := range sn.tombs {
		s.bury(t)
	}
	for _, name := range sortedKeys(sn.counters) {
		s.setCounter(name, sn.counters[name])
	}
	for _, c := range sn.clients {
		key := clientKey{c.By, c.Client}
		log := &clientLog{fates: c.Fates, lastSeq: c.Seq, lastTime: c.Time}
		for _, pair := range c.Spans {
			log.spans = append(log.spans, span{pair[0], pair[1]})
		}
		s.clients[key] = log
		for _, fate := range log.fates {
			s.sum.add("fate", fate.record(key))
		}
		s.sum.add("client", log.record(key))
	}
	return s, nil
}

// Diff is what it takes to bring the items of then back, from now: for rewind.
// Participants, links, the board's settings and what is not for everyone stay
// as they are.
func Diff(now, then *State) []Change {
	var puts, sets, removes []Change
	for _, it := range then.Items() {
		if !rewinds(it) {
			continue
		}
		there := now.items[it.ID]
		switch {
		case there == nil:
			puts = append(puts, Change{Put: it})
		case rewinds(there) && !there.Equal(it):
			sets = append(sets, Change{Set: it.ID, Fields: fieldsBetween(there, it)})
		}
	}
	for _, it := range now.Items() {
		if rewinds(it) && then.items[it.ID] == nil {
			removes = append(removes, Change{Remove: it.ID})
		}
	}
	return slices.Concat(puts, sets, removes)
}

// rewinds says whether a milestone brings an item back.
func rewinds(it *Item) bool {
	switch it.Type {
	case TypeBoard, TypeParticipant, TypeLink:
		return false
	}
	return len(it.To) == 0
}

func fieldsBetween(from, to *Item) []Field {
	var fields []Field
	for _, f := range to.fields {
		if !equalValue(from.Get(f.Name), f.Value) {
			fields = append(fields, f)
		}
	}
	for _, f := range from.fields {
		if to.Get(f.Name) == nil {
			fields = append(fields, Field{f.Name, nil})
		}
	}
	sortFields(fields)
	return fields
}
