package room

import (
	"context"
	"errors"
	"slices"
	"time"

	"jana/protocol"
	"jana/protocol/board"
)

// A board gets a new snapshot when this much log lies behind the last one.
const (
	foldEntries = 2000
	foldBytes   = 1 << 20
)

// A board that is being left gets one when at least leftEntries lie behind the
// last, and they take longer to land than its items to be read: itemsPerEntry of
// these take as long as one of those.
const (
	leftEntries   = 100
	itemsPerEntry = 5
)

const (
	// diskPatience is how long something may wait for the disk before people are
	// told that it does.
	diskPatience = 2 * time.Second
	// handAgain is how long to wait before the store is tried again that could
	// not take more.
	handAgain = 50 * time.Millisecond
	// maxPrompt senders are told at once that they are saved, without waiting
	// for the next frame.
	maxPrompt = 8
)

// keeping is what is on its way to disk.
type keeping struct {
	packing []parcel  // not handed to the store yet
	handed  []parcel  // not said to be on disk yet
	retry   time.Time // when the store is tried again, zero if it took the last

	// saved is the seq up to which all is on disk, told up to where everybody
	// knows, savedAt since when that is not the same.
	saved, told int64
	savedAt     time.Time
	unwell      bool // everybody was told that nothing is saved
	down        bool // nothing can be ordered
	outages     int  // of which everybody has been told the end

	// entries and bytes of log behind the newest snapshot.
	entries int
	bytes   int64

	waiters []*waiter // whose entry is ordered and not saved
}

// parcel is a batch with what has to be known when it is saved.
type parcel struct {
	batch Batch
	since time.Time
	size  int64 // about
}

// to is the seq of its last entry.
func (p *parcel) to() int64 { return p.batch.Entries[len(p.batch.Entries)-1].Seq }

// pushID is what a push is known by.
type pushID struct {
	by     board.ID
	client string
	n      int64
}

// note puts an applied entry into a batch.
func (k *keeping) note(r *room, e *board.Entry) {
	// The texts that a batch erases are erased from all of it, and what is
	// written into the same items afterwards is to stay.
	if last := len(k.packing) - 1; last < 0 || len(k.packing[last].batch.Blanked) > 0 {
		k.packing = append(k.packing, parcel{since: r.now})
	}
	p := &k.packing[len(k.packing)-1]
	p.batch.Entries = append(p.batch.Entries, e)
	p.batch.Blanked = e.Blanked
	if r.keepEpochs {
		p.batch.Epochs, r.keepEpochs = r.epochs, false
	}
	for _, id := range milestones(e) {
		if p.batch.Milestones == nil {
			p.batch.Milestones = map[board.ID]*board.Snapshot{}
		}
		p.batch.Milestones[id] = r.state.Snapshot()
	}
	size := roughSize(e)
	p.size += size
	k.entries++
	k.bytes += size
	r.load.entries.Add(1)
	r.load.bytes.Add(size)
}

// roughSize is about how much log an entry makes, in bytes.
func roughSize(e *board.Entry) int64 {
	size := 160
	for _, c := range e.Changes {
		size += 80
		if c.Put != nil {
			size += 2 * len(c.Put.JSON())
		}
		for _, f := range c.Fields {
			size += 40
			if text, is := f.Value.(string); is {
				size += 3 * len(text)
			}
		}
	}
	return int64(size)
}

// hand gives the store what there is for it.
func (r *room) hand() {
	k := &r.keeping
	if r.now.Before(k.retry) || r.failure != nil {
		return
	}
	for len(k.packing) > 0 {
		p := k.packing[0]
		fold := len(k.packing) == 1 && (k.entries >= foldEntries || k.bytes >= foldBytes)
		if fold {
			p.batch.Snapshot = r.state.Snapshot()
		}
		to := p.to()
		err := r.hub.store.Append(r.hub.noWait, r.id, p.batch, func(err error) { r.disk.done(to, err); r.wake() })
		switch {
		case errors.Is(err, context.Canceled):
			k.retry = r.now.Add(handAgain)
			return
		case err != nil:
			r.fail(err)
			return
		}
		if fold {
			k.entries, k.bytes = 0, 0
		}
		k.handed = append(k.handed, p)
		k.packing = slices.Delete(k.packing, 0, 1)
		k.retry = time.Time{}
	}
}

// foldAtLast gives the store a snapshot of a board that is being left, if that
// makes it faster to load. Nothing hangs upon it: the log has everything.
func (r *room) foldAtLast() {
	k := &r.keeping
	if k.entries < leftEntries || k.entries*itemsPerEntry < r.state.Len() || k.saved < r.state.Seq() {
		return
	}
	err := r.hub.store.Append(r.hub.noWait, r.id, Batch{Snapshot: r.state.Snapshot()}, func(error) {})
	if err != nil && !errors.Is(err, context.Canceled) {
		r.log.Warn("the board is left without a snapshot", "seq", r.state.Seq(), "error", err)
	}
}

// done notes what became of a batch.
func (d *disk) done(to int64, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err == nil {
		d.saved = to
	} else if d.err == nil {
		d.err = err
	}
}

// show begins with a state that is on disk.
func (d *disk) show(saved int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.saved, d.err = saved, nil
}

func (d *disk) look() (saved int64, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.saved, d.err
}

// order says whether anything can be ordered, and how often nothing could.
func (d *disk) order() (down bool, outages int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.down, d.outages
}

// settle looks at what the store has said.
func (r *room) settle() {
	k := &r.keeping
	saved, err := r.disk.look()
	down, outages := r.disk.order()
	if down != k.down {
		k.down = down
		r.pace.note(r.now)
	}
	if !down && outages != k.outages {
		k.outages = outages
		r.renewAll() // what was sent meanwhile has no place
	}
	if saved > k.saved {
		if k.saved == k.told {
			k.savedAt = r.now
		}
		k.saved = saved
		r.tellSenders(k.release(r))
		k.waiters = slices.DeleteFunc(k.waiters, func(w *waiter) bool { return w.saveUpTo(saved) })
	}
	if k.healthy(r.now) == k.unwell {
		r.pace.note(r.now)
	}
	if err != nil {
		r.fail(err)
	}
}

// release lets go of what is saved, and tells which entries that is.
func (k *keeping) release(r *room) []*board.Entry {
	var entries []*board.Entry
	for len(k.handed) > 0 && k.handed[0].to() <= k.saved {
		p := k.handed[0]
		r.load.entries.Add(-int64(len(p.batch.Entries)))
		r.load.bytes.Add(-p.size)
		r.hub.counters.Saved.observe(r.now.Sub(p.since))
		entries = append(entries, p.batch.Entries...)
		k.handed = slices.Delete(k.handed, 0, 1)
	}
	return entries
}

// tellSenders tells those whose pushes have just been saved, if they would have
// to wait for the next frame otherwise.
func (r *room) tellSenders(entries []*board.Entry) {
	var prompt []*Member
	for _, e := range entries {
		if binds(e) {
			r.hold(e)
		}
		for _, m := range r.senders(e) {
			if len(prompt) <= maxPrompt && !slices.Contains(prompt, m) {
				prompt = append(prompt, m)
			}
		}
	}
	if due := r.pace.due(); !due.IsZero() && !due.After(r.now) {
		return // they are told with everybody
	}
	if len(prompt) > maxPrompt {
		r.pace.note(r.now)
		return
	}
	for _, m := range prompt {
		r.advance(m, r.keeping.saved)
	}
}

// hold has the senders of an entry told when more than one disk has it.
func (r *room) hold(e *board.Entry) {
	at := held{r.epochs, e}
	if r.hub.sequencer.Hold(r.id, e.Seq, func() { go func() { _ = r.post(context.Background(), at) }() }) {
		at.happen(r)
	}
}

// held: an entry that others rely upon cannot be lost with one machine.
type held struct {
	epochs board.Epochs
	entry  *board.Entry
}

func (ev held) happen(r *room) {
	if seq := ev.entry.Seq; ev.epochs.Fork(seq, r.epochs) < seq {
		return // it has lost its place, and is held where it gets another
	}
	for _, m := range r.senders(ev.entry) {
		r.tick.tell(m, protocol.Held{Seq: ev.entry.Seq}.Append(nil), 1)
		r.pace.note(r.now)
	}
}

// binds says whether an entry holds something that must not be lost with one
// machine, since others rely upon its being in force.
func binds(e *board.Entry) bool {
	if e.Duplicate {
		return false
	}
	for i, op := range e.Ops {
		switch op := op.(type) {
		case board.Lock, board.Freeze, board.Unfreeze, board.Pin, board.Blank, board.Rewind:
		case board.Link:
			if !op.Revoke {
				continue
			}
		default:
			continue
		}
		if happened(e, i) {
			return true
		}
	}
	return false
}

// oldest is since when something waits for the disk, zero if nothing does.
func (k *keeping) oldest() time.Time {
	switch {
	case len(k.handed) > 0:
		return k.handed[0].since
	case len(k.packing) > 0:
		return k.packing[0].since
	}
	return time.Time{}
}

// healthy says whether what is sent gets a place, and the disk takes it.
func (k *keeping) healthy(now time.Time) bool {
	if k.down {
		return false
	}
	oldest := k.oldest()
	return oldest.IsZero() || now.Sub(oldest) < diskPatience
}

// due is when to look again, zero for when something happens.
func (k *keeping) due() time.Time {
	due := k.retry
	if oldest := k.oldest(); !oldest.IsZero() && !k.unwell {
		if late := oldest.Add(diskPatience); due.IsZero() || late.Before(due) {
			due = late
		}
	}
	return due
}
