package chaos

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// pushID is what a push is known by.
type pushID struct {
	By     string
	Client string
	N      int64
}

// entry is a push with its place, as a board's history tells it.
type entry struct {
	Seq     int64    `json:"seq"`
	By      string   `json:"by"`
	Role    string   `json:"role"`
	Client  string   `json:"client"`
	N       int64    `json:"n"`
	Changes []object `json:"changes"`
	Refused []struct {
		Op   int    `json:"op"`
		Code string `json:"code"`
	} `json:"refused"`
	Duplicate bool `json:"duplicate"`
}

func (e *entry) id() pushID { return pushID{e.By, e.Client, e.N} }

// rescued says whether what was saved and lost its place came back as a proposal, since it could not be done again.
func (e *entry) rescued() bool {
	return slices.ContainsFunc(e.Changes, func(c object) bool { return isRescue(c.object("put")) })
}

func isRescue(item object) bool { return item.text("type") == "proposal" && item["rescued"] == true }

func (e *entry) refused() map[int]string {
	codes := map[int]string{}
	for _, no := range e.Refused {
		codes[no.Op] = no.Code
	}
	return codes
}

// digest is where a board is on an instance.
type digest struct {
	Epoch string `json:"epoch"`
	Seq   int64  `json:"seq"`
	Saved int64  `json:"saved"`
	Hash  string `json:"hash"`
}

// record is a run: what everybody was told, and what was there when all had come to rest.
type record struct {
	Pushes []*push
	// Start is the seq of Initial, the board before the storm as facilitators see it.
	Start   int64
	Initial map[string]object
	// By instance: the digest, the board as facilitators see it, and the history.
	Digests   map[string]digest
	Boards    map[string]map[string]object
	Histories map[string][]entry
	// By client: the board as it has it, and as who comes anew as the same participant gets it.
	Kept, Fresh map[string]map[string]object
	// Tray are pushes that lie before the facilitators as proposals, since they could not be landed again.
	Tray map[pushID]bool
	// Fates are the seqs of pushes of which the board still knows that they have a place, of those that no history tells.
	Fates map[pushID]int64
	// Steady: nothing could take back what had its place, so whatever was made later has a later one.
	Steady bool
	// Dark is when Redis was away, so that nobody could order anything.
	Dark []span
	// Rested is how long it took after the storm until all was at rest.
	Rested time.Duration
	// Wrong is what clients and processes found by themselves.
	Wrong []string
}

// findings is what a check found: what must never be, and how much of what it looked at.
type findings struct {
	Wrong  []string       `json:"wrong,omitempty"`
	Counts map[string]int `json:"counts"`

	told map[string]int // of each kind, by its format
}

// maxAlike findings of one kind are told.
const maxAlike = 10

// restLimit is how long it may take, once nothing fails any more, until everything has its place and everybody knows.
const restLimit = 15 * time.Second

func (f *findings) add(format string, args ...any) {
	if f.told[format]++; f.told[format] <= maxAlike {
		f.Wrong = append(f.Wrong, fmt.Sprintf(format, args...))
	}
}

// check holds what was told against what is there.
func check(r *record) findings {
	began := time.Now()
	f := findings{Wrong: slices.Clone(r.Wrong), Counts: map[string]int{}, told: map[string]int{}}
	checkInstances(r, &f)
	all := merge(r, &f)
	places := checkPushes(r, all, &f)
	checkBoard(r, all, &f)
	checkDark(r, &f)
	if r.Steady {
		checkTime(r, places, &f)
	}
	checkLocks(r, places, &f)
	if r.Rested > restLimit {
		f.add("slow: it took %v until all was at rest", r.Rested)
	}
	f.Counts["ms to check"] = int(time.Since(began).Milliseconds())
	f.Counts["ms to rest"] = int(r.Rested.Milliseconds())
	return f
}

// checkInstances: all instances and all clients have the same board, and all of it is saved.
func checkInstances(r *record, f *findings) {
	names := slices.Sorted(maps.Keys(r.Digests))
	for _, name := range names {
		d, first := r.Digests[name], r.Digests[names[0]]
		if d.Epoch != first.Epoch || d.Seq != first.Seq || d.Hash != first.Hash {
			f.add("diverged: %s is at %+v, %s at %+v", name, d, names[0], first)
		}
		if d.Saved != d.Seq {
			f.add("%s rests at %d and has saved %d", name, d.Seq, d.Saved)
		}
		if which := differ(r.Boards[name], r.Boards[names[0]]); which != "" {
			f.add("diverged: %s and %s show other boards: %s", name, names[0], which)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Kept)) {
		if which := differ(r.Kept[name], r.Fresh[name]); which != "" {
			f.add("diverged: %s keeps another board than it is shown: %s", name, which)
		}
	}
}

// differ tells the first item that two boards do not have alike, nothing if they are equal.
func differ(a, b map[string]object) string {
	for _, id := range slices.Sorted(maps.Keys(a)) {
		if !alike(a[id], b[id]) {
			return fmt.Sprintf("%s is %s and %s", id, jsonOf(a[id]), jsonOf(b[id]))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(b)) {
		if a[id] == nil {
			return fmt.Sprintf("%s is missing and %s", id, jsonOf(b[id]))
		}
	}
	return ""
}

func alike(a, b object) bool { return (a == nil) == (b == nil) && jsonOf(a) == jsonOf(b) }

// jsonOf writes a value so that equal ones are equal texts.
func jsonOf(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

// merge makes one history of those of all instances: one that was started empty, or came back too late, has holes.
func merge(r *record, f *findings) []entry {
	bySeq := map[int64]entry{}
	from := map[int64]string{}
	for _, name := range slices.Sorted(maps.Keys(r.Histories)) {
		last := int64(0)
		for _, e := range r.Histories[name] {
			if e.Seq <= last {
				f.add("the history of %s goes from %d to %d", name, last, e.Seq)
			}
			last = e.Seq
			if other, is := bySeq[e.Seq]; is && other.id() != e.id() {
				f.add("two histories: at %d %s has %v, %s has %v", e.Seq, from[e.Seq], other.id(), name, e.id())
			}
			bySeq[e.Seq], from[e.Seq] = e, name
		}
	}
	all := make([]entry, 0, len(bySeq))
	for _, seq := range slices.Sorted(maps.Keys(bySeq)) {
		all = append(all, bySeq[seq])
	}
	f.Counts["entries"] = len(all)
	return all
}

// checkPushes: what was called saved is there, nothing is there twice, and what became of it is what its author was told.
// It gives the places of all that have one.
func checkPushes(r *record, all []entry, f *findings) map[pushID]*entry {
	places := map[pushID]*entry{}
	taken := map[int64]bool{}
	for i := range all {
		e := &all[i]
		taken[e.Seq] = true
		if e.Duplicate || e.N == 0 {
			continue
		}
		if first := places[e.id()]; first != nil && !(e.rescued() && len(first.Refused) > 0 && len(first.Changes) == 0) {
			f.add("doubled: push %v stands at %d and at %d", e.id(), first.Seq, e.Seq)
			continue
		}
		places[e.id()] = e
	}
	final := ""
	for _, d := range r.Digests {
		final = d.Epoch
	}
	f.Counts["pushes"] = len(r.Pushes)
	for _, p := range r.Pushes {
		if p.state != done {
			place := "no place"
			if e := places[p.id()]; e != nil {
				place = fmt.Sprintf("its place at %d", e.Seq)
			}
			f.add("stuck: push %v has %s, was sent %d times and told as at %d, and never called saved", p.id(), place, p.times, p.Seq)
		}
		if !p.Saved {
			continue
		}
		f.Counts["saved"]++
		if len(p.Refused) > 0 {
			f.Counts["refused"]++
		}
		e := places[p.id()]
		seq, fated := r.Fates[p.id()]
		switch {
		case r.Tray[p.id()], e != nil && e.rescued():
			f.Counts["in the tray"]++
			continue
		case e != nil:
		case fated && !taken[seq]:
			f.Counts["known by their fate alone"]++
			continue
		default:
			f.add("lost: push %v was called saved at %d of %s, and is nowhere: %s", p.id(), p.Seq, p.Epoch, jsonOf(p.Ops))
			if fated {
				f.add("the board knows push %v at %d, where the history has another", p.id(), seq)
			}
			continue
		}
		if (r.Steady || p.Epoch == final) && !p.Vague && p.Seq != e.Seq {
			f.add("moved: push %v was called saved at %d of %s, and stands at %d", p.id(), p.Seq, p.Epoch, e.Seq)
		}
		// In another epoch it may be refused for another reason than it was told.
		same := maps.EqualFunc(e.refused(), p.Refused, func(now, told string) bool {
			return now == told || !r.Steady && p.Epoch != final
		})
		if got := e.refused(); !same {
			f.add("turned: the author of push %v was told refusals %v, its entry %d has %v", p.id(), p.Refused, e.Seq, got)
		}
	}
	return places
}

// checkBoard: the board is what its history made of it.
func checkBoard(r *record, all []entry, f *findings) {
	items := maps.Clone(r.Initial)
	next := r.Start + 1
	for _, e := range all {
		if e.Seq <= r.Start {
			continue
		}
		if e.Seq != next {
			f.Counts["seqs that no history has"] += int(e.Seq - next)
		}
		next = e.Seq + 1
		for _, c := range e.Changes {
			if err := land(items, c); err != nil && f.Counts["seqs that no history has"] == 0 {
				f.add("entry %d: %v", e.Seq, err)
			}
		}
	}
	for name, d := range r.Digests {
		if d.Seq >= next {
			f.Counts["seqs that no history has"] += int(d.Seq + 1 - next)
			next = d.Seq + 1
		}
		if f.Counts["seqs that no history has"] == 0 {
			if which := differ(items, r.Boards[name]); which != "" {
				f.add("diverged: by its history the board of %s is another one: %s", name, which)
			}
		}
	}
}

// checkDark: without Redis nothing is told as ordered or held that was not before.
func checkDark(r *record, f *findings) {
	for _, p := range r.Pushes {
		for _, d := range r.Dark {
			if p.Saved && p.Called > d.from && (p.Told > 0 && p.Told < d.to || p.Held > 0 && p.Held < d.to) {
				f.add("out of nowhere: push %v was made and told as ordered while Redis was away", p.id())
			}
		}
	}
}

// checkTime: what was made after something else had been told as ordered stands behind it.
func checkTime(r *record, places map[pushID]*entry, f *findings) {
	type told struct {
		at  time.Duration
		seq int64
		id  pushID
	}
	var tolds []told
	calls := slices.Clone(r.Pushes)
	for _, p := range r.Pushes {
		if e := places[p.id()]; e != nil && p.Told > 0 {
			tolds = append(tolds, told{p.Told, e.Seq, p.id()})
		}
	}
	slices.SortFunc(tolds, func(a, b told) int { return cmp.Compare(a.at, b.at) })
	slices.SortFunc(calls, func(a, b *push) int { return cmp.Compare(a.Called, b.Called) })
	latest := told{}
	for _, p := range calls {
		for len(tolds) > 0 && tolds[0].at < p.Called {
			if tolds[0].seq > latest.seq {
				latest = tolds[0]
			}
			tolds = tolds[1:]
		}
		if e := places[p.id()]; e != nil && e.Seq < latest.seq {
			f.add("out of order: push %v was made after %v had been told as %d, and stands at %d", p.id(), latest.id, latest.seq, e.Seq)
		}
	}
}
