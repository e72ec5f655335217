package sequence

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"jana/protocol"
	"jana/protocol/board"
)

// found is where the order of a board is, as seen from where its follower is.
type found struct {
	// renewal is what the follower has to take over first, if anew; else it
	// has the same epochs.
	renewal board.Renewal
	anew    bool
	// tail follows, and ends before upTo if there is more than one page.
	tail []batch
	upTo int64
	// snapshot is the seq of the one in Redis, -1 if that was not looked at.
	snapshot int64
}

func gone() error { return protocol.Bye{Code: protocol.Deleted} }

func isGone(err error) bool {
	bye := protocol.Bye{}
	return errors.As(err, &bye) && bye.Code == protocol.Deleted
}

func parseTime(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// find looks where the order is, and has it begin anew if it has to.
func (b *following) find(ctx context.Context) (found, error) {
	if err := b.subscribe(ctx); err != nil {
		return found{}, err
	}
	for range maxTries {
		f, again, err := b.load(ctx)
		switch {
		case b.mend(ctx, err):
		case err != nil || !again:
			return f, err
		}
	}
	return found{}, errors.New("the order begins anew again and again")
}

// load looks once. again: the order has begun anew meanwhile.
func (b *following) load(ctx context.Context) (f found, again bool, err error) {
	epoch := b.epochs.Name()
	if b.astray.Load() {
		epoch = "" // all of it, whatever is here
	}
	r, err := b.q.run(ctx, b.q.scripts.load, b.q.keys(b.id, "m", "s", "n"), epoch, max(0, b.seq), pageEntries, "")
	if err != nil {
		return found{}, false, err
	}
	switch r.word {
	case "GONE":
		return found{}, false, gone()
	case "TAIL":
		tail, err := decodeStream(r.list(1))
		return found{renewal: board.Renewal{Epochs: b.epochs, Fork: b.seq}, tail: tail, upTo: r.number(0), snapshot: b.snapshot}, false, err
	case "WHOLE":
		f, err = b.whole(r)
		if err != nil || b.seq < 0 || board.CompareEpochs(b.epochs.Name(), f.renewal.Epochs.Name()) <= 0 {
			return f, false, err
		}
		// A Redis that had been left is back in use.
		return found{}, true, b.begin(ctx, "older")
	case "FENCE":
		return found{}, true, b.begin(ctx, r.text(0))
	}
	return found{}, false, fmt.Errorf("%w: load answered %q", errForeign, r.word)
}

// subscribe has the order heard before it is looked at, so that nothing falls
// between.
func (b *following) subscribe(ctx context.Context) error {
	if b.unheard != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	stop, err := b.q.bus.Subscribe(ctx, b.q.bus.Key(b.id, "p"), b.hear)
	if err == nil {
		b.unheard = stop
	}
	return err
}

// whole makes of what Redis has of a board what its follower needs.
func (b *following) whole(r reply) (found, error) {
	w, err := readWhole(r)
	if err != nil {
		return found{}, err
	}
	f := found{renewal: board.Renewal{Epochs: w.epochs, Fork: -1}, anew: true, tail: w.tail, upTo: w.seq, snapshot: w.snapshot}
	if b.seq >= 0 {
		f.renewal.Fork = b.epochs.Fork(b.seq, w.epochs)
	}
	astray := b.astray.Load()
	if b.seq >= 0 && f.renewal.Fork == b.seq && w.snapshot <= b.seq && !astray {
		return f, nil // all of it is part of the history
	}
	f.renewal.State, err = decodeState(w.packed)
	if err == nil && f.renewal.State.Seq() != w.snapshot {
		err = fmt.Errorf("%w: the snapshot at %d is one of %d", errForeign, w.snapshot, f.renewal.State.Seq())
	}
	if err == nil && astray {
		f.renewal.Astray = true
		b.astray.Store(false)
	}
	return f, err
}

// whole is a board as Redis has it.
type whole struct {
	epochs        board.Epochs
	seq, snapshot int64
	packed        string
	tail          []batch
}

func readWhole(r reply) (w whole, err error) {
	w.seq, w.snapshot, w.packed = r.number(0), r.number(2), r.text(4)
	if err := json.Unmarshal([]byte(r.text(3)), &w.epochs); err != nil {
		return whole{}, fmt.Errorf("%w: epochs: %w", errForeign, err)
	}
	if w.epochs.Name() != r.text(1) || w.seq < w.snapshot {
		return whole{}, fmt.Errorf("%w: epoch %s at %d with a snapshot at %d", errForeign, r.text(1), w.seq, w.snapshot)
	}
	w.tail, err = decodeStream(r.list(5))
	return w, err
}
