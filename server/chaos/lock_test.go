package chaos

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/anishathalye/porcupine"
)

// patienceOfJudge is how long the order of a history may be looked for. Not finding out counts as a failure: make the
// history smaller.
const patienceOfJudge = 60 * time.Second

type deed int

const (
	locks deed = iota
	unlocks
	// attempts is a lock or unlock that is not held yet: it may stop edits or let them pass, here and not there.
	attempts
	edits
)

// level is how a lock stands.
type level int

const (
	isOpen level = iota
	isClosed
	unsure // whether it holds
)

// step is what somebody did about the lock, and its turn among its like.
type step struct {
	what deed
	turn int
}

// lockModel is a board lock as people understand it: while it is closed, no edit of a participant happens, and while it is
// open none is refused by it.
var lockModel = porcupine.Model{
	Init: func() any { return isOpen },
	Step: func(state, input, output any) (bool, any) {
		now, happened := state.(level), output.(bool)
		switch input.(step).what {
		case locks:
			return true, isClosed
		case unlocks:
			return true, isOpen
		case attempts:
			return true, unsure
		}
		return now == unsure || happened != (now == isClosed), now
	},
}

// turns is a lock, and how many edits of either outcome there were.
type turns struct {
	lock  level
	edits [2]int
}

// orderlyModel is the same of a history as telling makes it: edits of one outcome take turns.
var orderlyModel = porcupine.Model{
	Init: func() any { return turns{} },
	Step: func(state, input, output any) (bool, any) {
		now, in := state.(turns), input.(step)
		ok, lock := lockModel.Step(now.lock, in, output)
		now.lock = lock.(level)
		if in.what == edits {
			outcome := 0
			if output.(bool) {
				outcome = 1
			}
			ok = ok && in.turn == now.edits[outcome]
			now.edits[outcome]++
		}
		return ok, now
	},
}

// level is what a push sets the lock to, nothing if it does not.
func (p *push) level() string {
	if len(p.Ops) == 1 && p.Ops[0].text("do") == "lock" {
		return p.Ops[0].text("level")
	}
	return ""
}

// outcome says what the lock did to a push of a participant: it let an op of it happen, or it stopped one. Neither, if it
// holds nothing that the lock binds, or if that was refused for another reason.
func (p *push) outcome(refused map[int]string) (happened, stopped bool) {
	if p.Role != "participant" {
		return false, false
	}
	for i, o := range p.Ops {
		if !bound[o.text("do")] {
			continue
		}
		switch refused[i] {
		case "":
			happened = happened || !p.Whole || len(refused) == 0
		case "board_locked":
			stopped = true
		}
	}
	return happened, stopped
}

// checkLocks: from when a lock was told as held until somebody wanted it open again, no edit happened.
func checkLocks(r *record, places map[pushID]*entry, f *findings) {
	var opens, happened []*push
	for _, p := range r.Pushes {
		if p.level() == "open" {
			opens = append(opens, p)
		}
		if e := places[p.id()]; e != nil && !e.rescued() {
			if did, _ := p.outcome(e.refused()); did {
				happened = append(happened, p)
			}
		}
	}
	slices.SortFunc(opens, func(a, b *push) int { return cmp.Compare(a.Called, b.Called) })
	for _, lock := range r.Pushes {
		if lock.level() != "closed" || lock.Held == 0 {
			continue
		}
		f.Counts["locks held"]++
		from, until, wantedOpen := int64(math.MaxInt64), int64(math.MaxInt64), int64(math.MaxInt64)
		if e := places[lock.id()]; e != nil {
			from = e.Seq
		} else if seq := r.Fates[lock.id()]; seq > 0 {
			from = seq
		}
		for _, open := range opens {
			seq := r.Fates[open.id()] // 0: where it stands nobody knows
			if e := places[open.id()]; e != nil {
				seq = e.Seq
			} else if seq == 0 && !open.Saved {
				continue
			}
			if seq == 0 || seq > from {
				until = min(until, seq)
			}
			if open.Called > lock.Held {
				wantedOpen = min(wantedOpen, seq)
			}
		}
		for _, p := range happened {
			e := places[p.id()]
			switch {
			case e.Seq > from && e.Seq < until:
				f.add("under a lock: push %v happened at %d, between the lock at %d and its end at %d", p.id(), e.Seq, from, until)
			case p.Called > lock.Held && e.Seq < min(from, wantedOpen):
				f.add("under a lock: push %v was made after lock %v had been held, and happened at %d, before it was open again", p.id(), lock.id(), e.Seq)
			}
		}
	}
	judge(r, places, f)
}

// judge looks for an order of everything that was told about the lock in which each had its effect at one moment between
// being wanted and being told.
func judge(r *record, places map[pushID]*entry, f *findings) {
	var history []porcupine.Operation
	for i, p := range r.Pushes {
		o := porcupine.Operation{ClientId: i, Call: int64(p.Called), Return: math.MaxInt64}
		switch p.level() {
		case "closed", "open":
			o.Input, o.Output = step{what: unlocks}, true
			if p.level() == "closed" {
				o.Input = step{what: locks}
			}
			if p.Held > 0 {
				o.Return = int64(p.Held)
			} else if !p.Saved {
				continue
			}
			if !r.Steady {
				// It may lose its place and get another, and only what is held is told to be in force.
				history = append(history, porcupine.Operation{ClientId: i, Call: o.Call, Return: o.Return, Input: step{what: attempts}, Output: true})
			}
		default:
			happened, stopped := p.outcome(p.Refused)
			if !p.Saved || !happened && !stopped {
				continue
			}
			o.Input, o.Output, o.Return = step{what: edits}, happened, int64(p.Told)
		}
		history = append(history, o)
	}
	f.Counts["judged"] = len(history)
	switch porcupine.CheckOperationsTimeout(orderlyModel, telling(history), patienceOfJudge) {
	case porcupine.Illegal:
		f.add("under a lock: there is no order in which what was told about the lock is true")
	case porcupine.Unknown:
		f.add("whether the lock held could not be found out in %v", patienceOfJudge)
	}
}

// telling makes a history short and orderly, or the judge would try every order of edits that waited together. Edits
// change nothing about the lock. So one says nothing that another one of the same outcome does not say that was under way
// for a part of its time; and of two that began and ended one after the other, the first may as well have its effect
// first.
func telling(history []porcupine.Operation) []porcupine.Operation {
	var kept []porcupine.Operation
	reads := map[bool][]porcupine.Operation{}
	for _, o := range history {
		if o.Input.(step).what == edits {
			reads[o.Output.(bool)] = append(reads[o.Output.(bool)], o)
		} else {
			kept = append(kept, o)
		}
	}
	for _, alike := range reads {
		slices.SortFunc(alike, func(a, b porcupine.Operation) int {
			return cmp.Or(cmp.Compare(a.Return, b.Return), cmp.Compare(b.Call, a.Call))
		})
		latest, turn := int64(math.MinInt64), 0
		for _, o := range alike {
			if o.Call > latest {
				o.Input = step{edits, turn}
				kept = append(kept, o)
				latest = o.Call
				turn++
			}
		}
	}
	return kept
}
