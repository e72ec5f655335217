package sequence

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"jana/protocol/board"
)

// askSoon is how often it is seen whether another instance has answered.
const askSoon = 20 * time.Millisecond

// Milestone gives the state that another instance has kept under a name, and the
// seq up to which texts that were erased for good are erased in it; fs.ErrNotExist
// if none that lives has it.
func (q *Shared) Milestone(ctx context.Context, id string, milestone board.ID) (then *board.State, at int64, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("milestone %s of board %s: %w", milestone, id, err)
		}
	}()
	b := q.following(id)
	switch {
	case b == nil:
		return nil, 0, fs.ErrClosed
	case len(q.others(aliveFor)) == 0:
		return nil, 0, fs.ErrNotExist
	}
	answer := rand.Text()
	asked := &question{unknown: map[string]bool{}, told: make(chan struct{}, 1)}
	q.mu.Lock()
	q.sought[answer] = asked
	q.mu.Unlock()
	defer func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		delete(q.sought, answer)
	}()
	for end := time.Now().Add(q.o.Window); time.Now().Before(end); {
		q.tell(ctx, notice{Type: noticeMilestone, Board: id, Epoch: b.at.Load().Epoch, Milestone: milestone, Answer: answer})
		for again := time.Now().Add(askAgain); time.Now().Before(again); {
			r, err := q.run(ctx, q.scripts.take, []string{q.answerKey(id, answer)})
			if err != nil {
				return nil, 0, err
			}
			if r.word != "" {
				return decodeMilestone(r.word)
			}
			if q.allIn(asked) {
				return nil, 0, fs.ErrNotExist
			}
			select {
			case <-asked.told:
			case <-time.After(askSoon):
			case <-ctx.Done():
				return nil, 0, ctx.Err()
			}
		}
	}
	return nil, 0, fs.ErrNotExist
}

// answerKey is where a milestone waits for who asked for it.
func (q *Shared) answerKey(id, answer string) string { return q.bus.Key(id, "k:"+answer) }

// give gives a milestone to who asks for it, if it is here.
func (q *Shared) give(n notice) {
	ctx, cancel := context.WithTimeout(q.ctx, callTimeout)
	defer cancel()
	b, err := q.opened(ctx, n.Board)
	if err != nil {
		return // they ask again
	}
	_, epochs, saved, err := b.f.Look(ctx)
	if err != nil || epochs.Name() != n.Epoch {
		return
	}
	then, err := q.shelf.Milestone(ctx, n.Board, n.Milestone)
	if errors.Is(err, fs.ErrNotExist) {
		q.tell(ctx, notice{Type: noticeUnknown, Board: n.Board, Answer: n.Answer})
		return
	}
	if err == nil {
		var packed []byte
		if packed, err = encodeState(then.Snapshot()); err == nil {
			_, err = q.run(ctx, q.scripts.give, []string{q.answerKey(n.Board, n.Answer)}, append(strconv.AppendInt(nil, saved, 10), append([]byte{'\n'}, packed...)...))
		}
	}
	if err != nil {
		q.o.Log.Warn("a milestone is not given to another instance", "board", n.Board, "milestone", n.Milestone, "error", err)
	}
}

func decodeMilestone(text string) (*board.State, int64, error) {
	saved, packed, _ := strings.Cut(text, "\n")
	at, err := strconv.ParseInt(saved, 10, 64)
	if err != nil {
		return nil, 0, fmt.Errorf("%w: a milestone as of %q", errForeign, saved)
	}
	then, err := decodeState(packed)
	return then, at, err
}
