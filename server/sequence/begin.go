package sequence

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"jana/protocol/board"
)

// begin has the order begin anew, since Redis does not have it any more, or
// another one has its place.
func (b *following) begin(ctx context.Context, why string) error {
	if b.seq < 0 {
		if why == "none" {
			return b.q.ask(ctx, b.id)
		}
		return b.q.begin(ctx, b.id, candidate{seq: -1})
	}
	if b.live.Load() {
		own, err := b.stand(ctx)
		if err != nil {
			return err
		}
		return b.q.begin(ctx, b.id, own)
	}
	s, _, err := b.q.shelf.Load(ctx, b.id)
	if err != nil {
		return err
	}
	return b.q.begin(ctx, b.id, candidate{epochs: b.epochs, seq: s.Seq(), snapshot: s.Snapshot()})
}

// stand is what the follower has.
func (b *following) stand(ctx context.Context) (candidate, error) {
	s, _, _, err := b.f.Look(ctx)
	if err != nil {
		return candidate{}, err
	}
	return candidate{epochs: b.epochs, seq: s.Seq(), snapshot: s, catchUp: b.catchUp}, nil
}

// catchUp delivers what Redis, whichever that was, has of the order that the
// follower is in, and tells what it has then. If it is in another one, that is
// what Redis has.
func (b *following) catchUp(ctx context.Context) (candidate, error) {
	for {
		r, err := b.q.run(ctx, b.q.scripts.load, b.q.keys(b.id, "m", "s", "n"), b.epochs.Name(), b.seq, pageEntries, "raw")
		if err != nil {
			return candidate{}, err
		}
		if r.word != "TAIL" {
			return b.q.fromRedis(ctx, b.id)
		}
		tail, err := decodeStream(r.list(1))
		if err != nil {
			return candidate{}, err
		}
		if !b.deliverAll(tail) {
			return candidate{}, fs.ErrClosed // or there was a gap, which has been seen to
		}
		if len(tail) == 0 && b.seq < r.number(0) {
			return candidate{}, fmt.Errorf("%w: what follows %d", errForeign, b.seq)
		}
		if b.seq >= r.number(0) {
			return b.stand(ctx)
		}
	}
}

// candidate is what an instance has to begin the order from; seq -1 for nothing.
type candidate struct {
	epochs   board.Epochs
	seq      int64
	snapshot *board.Snapshot
	packed   []byte // the snapshot, once it was packed
	// catchUp takes over what Redis has more, nil for who follows nothing.
	catchUp func(context.Context) (candidate, error)
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
			if own.catchUp != nil {
				own, err = own.catchUp(ctx)
			} else {
				own, err = q.fromRedis(ctx, id)
			}
			if err != nil {
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
