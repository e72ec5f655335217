package sequence

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"time"

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
	r, err := b.q.run(ctx, b.q.scripts.load, b.q.keys(b.id, "m", "s", "n"), b.epochs.Name(), max(0, b.seq), pageEntries, "")
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
		return f, false, err
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
	if b.seq >= 0 && f.renewal.Fork == b.seq && w.snapshot <= b.seq {
		return f, nil // all of it is part of the history
	}
	f.renewal.State, err = decodeState(w.packed)
	if err == nil && f.renewal.State.Seq() != w.snapshot {
		err = fmt.Errorf("%w: the snapshot at %d is one of %d", errForeign, w.snapshot, f.renewal.State.Seq())
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

// begin has the order begin anew, since Redis does not have it any more, or
// another one has its place.
func (b *following) begin(ctx context.Context, why string) error {
	if b.seq < 0 {
		if why == "none" {
			return b.q.ask(ctx, b.id)
		}
		return b.q.begin(ctx, b.id, candidate{seq: -1})
	}
	snapshot, epochs := (*board.Snapshot)(nil), b.epochs
	if b.live.Load() {
		s, _, _, err := b.f.Look(ctx)
		if err != nil {
			return err
		}
		snapshot = s
	} else {
		s, _, err := b.q.shelf.Load(ctx, b.id)
		if err != nil {
			return err
		}
		snapshot = s.Snapshot()
	}
	return b.q.begin(ctx, b.id, candidate{epochs: epochs, seq: snapshot.Seq(), snapshot: snapshot})
}

// candidate is what an instance has to begin the order from; seq -1 for nothing.
type candidate struct {
	epochs   board.Epochs
	seq      int64
	snapshot *board.Snapshot
	packed   []byte // the snapshot, once it was packed
}

// begin takes part in a board's order beginning anew, until it has: with what is
// furthest of all that anybody has.
func (q *Shared) begin(ctx context.Context, id string, own candidate) error {
	q.tell(ctx, notice{Type: noticeBegin, Board: id})
	others := ""
	for _, other := range q.others(membersFor) {
		others += other + " "
	}
	for end := time.Now().Add(q.o.Window + 10*time.Second); time.Now().Before(end); {
		r, err := q.run(ctx, q.scripts.bid, q.keys(id, "m", "r", "p"), q.bus.Instance(), own.epochs.Name(), own.seq, q.o.Window.Milliseconds(), others)
		if err != nil {
			return err
		}
		switch r.word {
		case "OPEN":
			return nil
		case "GONE":
			return gone()
		case "BEHIND":
			// Redis has come back with more than is here.
			if own, err = q.fromRedis(ctx, id); err != nil {
				return err
			}
			continue
		}
		wait := lookSoon
		if own.seq >= 0 {
			r, err := q.open(ctx, id, &own)
			if err != nil {
				return err
			}
			switch r.word {
			case "OK":
				q.o.Log.Warn("the order of a board begins anew", "board", id, "seq", own.seq, "before", own.epochs.Name())
				return nil
			case "GONE":
				return gone()
			case "OVER":
				continue
			}
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return errors.New("the order does not begin anew: nobody has the board")
}

// lookSoon is how often it is seen whether an order has begun.
const lookSoon = 10 * time.Millisecond

// betterPatience is how long an instance that has more may take to begin the
// order after the window, in ms.
const betterPatience = 1500

// open begins the order from a candidate, if none is better.
func (q *Shared) open(ctx context.Context, id string, own *candidate) (r reply, err error) {
	if own.packed == nil {
		if own.packed, err = encodeState(own.snapshot); err != nil {
			return reply{}, err
		}
	}
	name := newEpoch(board.EpochCounter(own.epochs.Name()))
	epochs, err := json.Marshal(own.epochs.Then(name, own.seq))
	if err != nil {
		return reply{}, err
	}
	return q.run(ctx, q.scripts.open, q.keys(id, "m", "s", "n", "r", "p"),
		q.bus.Instance(), own.epochs.Name(), own.seq, name, epochs, own.packed, own.snapshot.Time(), betterPatience)
}

// fromRedis is what Redis itself has of a board, whichever Redis that was.
func (q *Shared) fromRedis(ctx context.Context, id string) (candidate, error) {
	var state *board.State
	var w whole
	for {
		epoch, have := "", int64(0)
		if state != nil {
			epoch, have = w.epochs.Name(), state.Seq()
		}
		r, err := q.run(ctx, q.scripts.load, q.keys(id, "m", "s", "n"), epoch, have, pageEntries, "raw")
		if err != nil {
			return candidate{}, err
		}
		var tail []batch
		var upTo int64
		switch r.word {
		case "WHOLE":
			if w, err = readWhole(r); err == nil {
				state, err = decodeState(w.packed)
			}
			tail, upTo = w.tail, w.seq
		case "TAIL":
			tail, err = decodeStream(r.list(1))
			upTo = r.number(0)
		default:
			return candidate{}, fmt.Errorf("board %s: %w", id, fs.ErrNotExist)
		}
		if err != nil {
			return candidate{}, err
		}
		for _, at := range tail {
			for _, e := range at.entries {
				if e.Seq == state.Seq()+1 {
					state.Apply(e)
				}
			}
		}
		if state.Seq() >= upTo {
			return candidate{epochs: w.epochs, seq: state.Seq(), snapshot: state.Snapshot()}, nil
		}
		if len(tail) == 0 {
			return candidate{}, fmt.Errorf("%w: board %s ends at %d, not at %d", errForeign, id, state.Seq(), upTo)
		}
	}
}
