package sequence

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"jana/protocol/board"
	"jana/server/cluster"
)

// What instances tell each other beside the order of boards. Any of it may be
// lost: what somebody waits for is asked again, or ends by itself.
const (
	noticeBegin   = "begin"   // a board's order begins anew: tell what you have
	noticeAsk     = "ask"     // who has this board?
	noticeUnknown = "unknown" // not I
	noticeGone    = "gone"    // a board was deleted
	noticeHold    = "hold"    // who has this board on disk up to there?
	noticeKept    = "kept"    // I have it up to there
	noticeSpoilt  = "spoilt"  // what Redis has of this board is of no use: bring it yours
	noticeHash    = "hash"    // this is what it has come to there
	// who has this milestone of it? It is to be put down under Answer
	noticeMilestone = "milestone"
)

type notice struct {
	Type  string `json:"type"`
	From  string `json:"from"`
	Board string `json:"board"`
	Epoch string `json:"epoch,omitempty"`
	Seq   int64  `json:"seq,omitempty"`

	Hash      string   `json:"hash,omitempty"`
	Milestone board.ID `json:"milestone,omitempty"`
	Answer    string   `json:"answer,omitempty"`
}

// tell publishes a notice, if it can be.
func (q *Shared) tell(ctx context.Context, n notice) {
	n.From = q.bus.Instance()
	raw, err := json.Marshal(n)
	if err != nil {
		panic(err) // made of strings and a number
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_ = q.bus.Publish(ctx, q.bus.Shared("ctl"), raw) // asked again, or noticed otherwise
}

// hear handles a notice. It never waits.
func (q *Shared) hear(m cluster.Message) {
	var n notice
	if m.Hole || json.Unmarshal(m.Data, &n) != nil || n.From == q.bus.Instance() {
		return
	}
	switch n.Type {
	case noticeBegin, noticeAsk, noticeGone:
		if b := q.following(n.Board); b != nil {
			b.lookAgain()
			return
		}
		q.tend(n)
	case noticeUnknown:
		q.mu.Lock()
		asked := q.asked[n.Board]
		if n.Answer != "" {
			asked = q.sought[n.Answer]
		}
		if asked != nil {
			asked.unknown[n.From] = true
			asked.poke()
		}
		q.mu.Unlock()
	case noticeHold:
		q.running.Go(func() { q.report(n) })
	case noticeHash:
		if b := q.following(n.Board); b != nil {
			b.compare(outcome{n.Epoch, n.Seq, n.Hash}, false)
		}
	case noticeMilestone:
		q.running.Go(func() { q.give(n) })
	case noticeKept:
		q.kept(n)
	case noticeSpoilt:
		q.running.Go(func() { q.bring(n) })
	}
}

// tend does what a board needs that is not open here, once at a time.
func (q *Shared) tend(n notice) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.tending[n.Board] || q.ctx.Err() != nil {
		return
	}
	q.tending[n.Board] = true
	q.running.Go(func() {
		defer func() {
			q.mu.Lock()
			defer q.mu.Unlock()
			delete(q.tending, n.Board)
		}()
		if err := q.tendTo(q.ctx, n); err != nil && q.ctx.Err() == nil {
			q.o.Log.Warn("a board that is not open here", "board", n.Board, "why", n.Type, "error", err)
		}
	})
}

func (q *Shared) tendTo(ctx context.Context, n notice) error {
	if n.Type == noticeGone {
		return q.drop(ctx, n.Board)
	}
	state, epochs, err := q.shelf.Load(ctx, n.Board)
	switch {
	case err == nil:
		own := candidate{epochs: epochs, seq: state.Seq(), snapshot: state.Snapshot()}
		err := q.begin(ctx, n.Board, own)
		if spoilt(err) && q.forget(ctx, n.Board, epochs.Name(), err) {
			err = q.begin(ctx, n.Board, own)
		}
		if isGone(err) {
			return q.drop(ctx, n.Board)
		}
		return err
	case isGone(err):
		// Whoever has it yet has an old copy: it must not come back.
		return q.Delete(ctx, n.Board)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	case n.Type == noticeAsk:
		q.tell(ctx, notice{Type: noticeUnknown, Board: n.Board})
		return nil
	}
	return q.nothing(ctx, n.Board)
}

// drop forgets a board that was deleted.
func (q *Shared) drop(ctx context.Context, id string) error {
	if err := q.shelf.Delete(ctx, id); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// nothing says, where a board's order begins anew, that nothing of it is here.
func (q *Shared) nothing(ctx context.Context, id string) error {
	_, err := q.run(ctx, q.scripts.bid, q.keys(id, "m", "r", "p"), q.bus.Instance(), "", -1, q.o.Window.Milliseconds(), "")
	return err
}

// question is a board that somebody waits for whom nobody may know.
type question struct {
	unknown map[string]bool
	told    chan struct{}
}

func (a *question) poke() {
	select {
	case a.told <- struct{}{}:
	default:
	}
}

// ask waits until an instance that has a board has begun its order, or all have
// said that they do not know it: fs.ErrNotExist.
func (q *Shared) ask(ctx context.Context, id string) error {
	asked := &question{unknown: map[string]bool{}, told: make(chan struct{}, 1)}
	q.mu.Lock()
	q.asked[id] = asked
	q.mu.Unlock()
	defer func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		if q.asked[id] == asked {
			delete(q.asked, id)
		}
	}()
	key := q.keys(id, "m")
	for end := time.Now().Add(q.o.Window); time.Now().Before(end); {
		q.tell(ctx, notice{Type: noticeAsk, Board: id})
		soon := time.After(askAgain)
	waiting:
		for {
			found, err := q.standings(key)
			if err != nil {
				return err
			}
			if found[0].state != "" {
				return nil
			}
			if q.allIn(asked) {
				if age, err := q.age(ctx); err != nil || age < q.o.Fresh {
					return errors.Join(err, errors.New("instances that may know the board may yet start"))
				}
				return fmt.Errorf("board %s: %w", id, fs.ErrNotExist)
			}
			select {
			case <-asked.told:
			case <-soon:
				break waiting
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	return errors.New("not all instances say whether they know the board")
}

// askAgain is how long an answer of another instance is waited for.
const askAgain = 300 * time.Millisecond

func (q *Shared) allIn(asked *question) bool {
	others := q.others(aliveFor)
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, id := range others {
		if !asked.unknown[id] {
			return false
		}
	}
	return true
}

// aliveFor is how long an instance counts as alive after it was last seen.
const aliveFor = time.Second

// scan sees after the boards on this disk whether the others have them as they
// are here: what Redis has lost begins anew, what lost its place here is rescued.
func (q *Shared) scan() {
	for q.ctx.Err() == nil {
		err := q.scanOnce(q.ctx)
		if err == nil {
			return
		}
		q.o.Log.Warn("the boards on disk are not compared with the others'", "error", err)
		select {
		case <-time.After(maxRetry):
		case <-q.ctx.Done():
		}
	}
}

func (q *Shared) scanOnce(ctx context.Context) error {
	standings, err := q.shelf.Standings(ctx)
	if err != nil {
		return err
	}
	parts := map[string][]string{}
	for id := range standings {
		tag := partition(q.bus.Key(id, "m"))
		parts[tag] = append(parts[tag], id)
	}
	for _, ids := range parts {
		keys := make([]string, len(ids))
		for i, id := range ids {
			keys[i] = q.bus.Key(id, "m")
		}
		found, err := q.standings(keys)
		if err != nil {
			return err
		}
		for i, id := range ids {
			own := standings[id]
			switch at := found[i]; {
			case q.following(id) != nil:
			case own.Deleted:
				if at.state != "del" {
					err = q.Delete(ctx, id)
				}
			case at.state == "del":
				err = q.tendTo(ctx, notice{Type: noticeGone, Board: id})
			case !at.sound:
				err = q.tendTo(ctx, notice{Type: noticeBegin, Board: id})
			case (own.Orphans || own.Epochs.Name() != at.epoch) && q.o.Wake != nil:
				err = q.o.Wake(ctx, id)
			}
			if ctx.Err() != nil || q.bus.Up() != nil {
				return fmt.Errorf("board %s: %w", id, errors.Join(err, q.bus.Up(), ctx.Err()))
			}
			if err != nil {
				// The others are not to wait for it; whoever opens it has it looked at again.
				q.o.Log.Warn("a board on disk is not compared with the others'", "board", id, "error", err)
				err = nil
			}
		}
	}
	return nil
}
