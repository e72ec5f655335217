package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	bolt "go.etcd.io/bbolt"

	"jana/protocol/board"
)

// Renew puts a state of the board in the place of what lies here under its id,
// if anything does. Its history here goes on from that state, with a gap if the
// state is further; entries that are no part of it become orphans. All of it is
// on disk when Renew returns nil. A board that was deleted here is ErrDeleted.
func (s *Store) Renew(ctx context.Context, id string, r board.Renewal) error {
	if !validID(id) {
		return fmt.Errorf("renew board %q: %w", id, fs.ErrInvalid)
	}
	snapshot := r.State.Snapshot()
	k := kept{seqKey(id, snapshot.Seq()), snapshot.Seq(), snapshot.Encode()}
	erased := snapshot.Blanked()
	err := s.await(ctx, &job{board: id, bytes: len(k.content), write: func(f *flush, _ *job) error {
		err := known(f.tx, id)
		if err != nil && (errors.Is(err, ErrDeleted) || !errors.Is(err, fs.ErrNotExist)) {
			return err
		}
		fresh := err != nil
		if fresh {
			if err := f.putHead(id, head{Created: f.now.UnixMilli()}); err != nil {
				return err
			}
		}
		f.touched = true // from here on, half of it could be kept
		if err := f.flushLog(id); err != nil {
			return err
		}
		delete(f.boards, id)
		f.order = slices.DeleteFunc(f.order, func(other string) bool { return other == id })
		if !r.Astray {
			if err := f.disown(id, r.Fork, erased); err != nil {
				return err
			}
		}
		// What follows the state is delivered again.
		kept := min(r.Fork, k.seq)
		if err := f.forgetBehind(id, kept); err != nil {
			return err
		}
		reappear, err := f.forgetBlanks(id, kept)
		if err != nil {
			return err
		}
		if err := f.blankAll(id, erased); err != nil {
			return err
		}
		// What the history has up to the fork may not all be here, or without texts
		// that the board has again.
		gap := !fresh && (r.Astray || reappear || lastSeq(f.tx, id) < k.seq)
		return errors.Join(
			f.put(snapshotsBucket, k.key, appendSnapshot(k.key, k.seq, k.content)),
			f.goesOn(id, r.Epochs, kept, k.seq, gap),
		)
	}})
	if err != nil {
		return fmt.Errorf("renew board %s: %w", id, err)
	}
	s.mu.Lock()
	delete(s.bad, id)
	s.mu.Unlock()
	return nil
}

// forgetBehind removes what the file has of a board behind a seq.
func (f *flush) forgetBehind(id string, fork int64) error {
	for _, key := range keysOf(f.tx.Bucket(snapshotsBucket), id) {
		if seqOf(key) > fork {
			if err := f.remove(snapshotsBucket, key); err != nil {
				return err
			}
		}
	}
	for _, key := range keysOf(f.tx.Bucket(logBucket), id) {
		if seqOf(key) <= fork {
			continue
		}
		// A value ends at its key, and may begin before the fork.
		entries, err := readEntries(key, f.tx.Bucket(logBucket).Get(key))
		if err != nil {
			return err
		}
		if err := f.remove(logBucket, key); err != nil {
			return err
		}
		var raws [][]byte
		last := int64(0)
		for _, e := range entries {
			if e.Seq > fork {
				break
			}
			raw, err := json.Marshal(e)
			if err != nil {
				return err
			}
			raws, last = append(raws, raw), e.Seq
		}
		if len(raws) > 0 {
			shorter := seqKey(id, last)
			if err := f.put(logBucket, shorter, appendLog(shorter, raws)); err != nil {
				return err
			}
		}
	}
	for _, key := range keysOf(f.tx.Bucket(milestonesBucket), id) {
		seq, _, err := readSnapshot(key, f.tx.Bucket(milestonesBucket).Get(key))
		if err != nil {
			return err
		}
		if seq > fork {
			if err := f.remove(milestonesBucket, key); err != nil {
				return err
			}
		}
	}
	return nil
}

// disown keeps the entries behind a seq as orphans, without texts that were
// erased since. What has no ops that could be done again is not kept.
func (f *flush) disown(id string, fork int64, erased map[board.ID]int64) error {
	var orphans [][]byte
	gone := make(map[board.ID]bool, len(erased))
	for item := range erased {
		gone[item] = true
	}
	before, err := f.stateAt(id, fork)
	if err != nil {
		return err
	}
	err = eachValue(f.tx, id, fork+1, func(key, value []byte) error {
		entries, err := readEntries(key, value)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if e.Seq <= fork {
				continue
			}
			if before != nil {
				e.Ops = before.Guarded(e.Ops)
				if err := before.Land(e); err != nil {
					return fmt.Errorf("%w: %w", ErrCorrupt, err)
				}
			}
			if len(gone) > 0 {
				e.Scrub(gone)
			}
			if e.N == 0 || e.Duplicate || len(e.Ops) == 0 {
				continue
			}
			raw, err := json.Marshal(e)
			if err != nil {
				return err
			}
			orphans = append(orphans, raw)
		}
		return nil
	})
	if err != nil {
		return err
	}
	at := int64(0)
	if key, _ := last(f.tx.Bucket(orphansBucket), id); key != nil {
		at = seqOf(key)
	}
	for i, raw := range orphans {
		key := seqKey(id, at+1+int64(i))
		if err := f.put(orphansBucket, key, appendLog(key, [][]byte{raw})); err != nil {
			return err
		}
	}
	return nil
}

// Orphans are entries of a board that lost their places, oldest first, and the
// number up to which they are settled when they have got others.
func (s *Store) Orphans(ctx context.Context, id string) (entries []*board.Entry, upTo int64, err error) {
	err = s.settled(ctx, id)
	if err == nil {
		err = s.read(id, func(tx *bolt.Tx) error {
			entries, upTo = nil, 0
			for _, key := range keysOf(tx.Bucket(orphansBucket), id) {
				e, err := readOrphan(key, tx.Bucket(orphansBucket).Get(key))
				if err != nil {
					return err
				}
				entries, upTo = append(entries, e), seqOf(key)
			}
			return nil
		})
	}
	if err != nil {
		return nil, 0, fmt.Errorf("orphans of board %s: %w", id, err)
	}
	return entries, upTo, nil
}

// stateAt is the board at a seq of its log, nil if nothing is known of then.
func (f *flush) stateAt(id string, seq int64) (*board.State, error) {
	if lastSeq(f.tx, id) <= seq {
		return nil, nil // nothing comes after
	}
	var state *board.State
	for _, key := range keysOf(f.tx.Bucket(snapshotsBucket), id) {
		if seqOf(key) > seq {
			break
		}
		s, err := loadSnapshot(key, f.tx.Bucket(snapshotsBucket).Get(key))
		if err != nil {
			return nil, err
		}
		state = s
	}
	if state == nil {
		return nil, nil
	}
	err := eachValue(f.tx, id, state.Seq()+1, func(key, value []byte) error {
		entries, err := readEntries(key, value)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if e.Seq <= state.Seq() || e.Seq > seq {
				continue
			}
			if err := state.Land(e); err != nil {
				return fmt.Errorf("%w: %w", ErrCorrupt, err)
			}
		}
		return nil
	})
	return state, err
}

func readOrphan(key, value []byte) (*board.Entry, error) {
	content, err := readLog(key, value)
	if err != nil {
		return nil, err
	}
	var entries []*board.Entry
	if err := json.Unmarshal(content, &entries); err != nil || len(entries) != 1 {
		return nil, fmt.Errorf("%w: the orphan under %d is none", ErrCorrupt, seqOf(key))
	}
	return entries[0], nil
}

// Settle forgets orphans up to a number that [Store.Orphans] told.
func (s *Store) Settle(ctx context.Context, id string, upTo int64) error {
	err := s.await(ctx, &job{board: id, write: func(f *flush, _ *job) error {
		for _, key := range keysOf(f.tx.Bucket(orphansBucket), id) {
			if seqOf(key) > upTo {
				break
			}
			if err := f.remove(orphansBucket, key); err != nil {
				return err
			}
		}
		return nil
	}})
	if err != nil {
		return fmt.Errorf("settle orphans of board %s: %w", id, err)
	}
	return nil
}

// head is what the file knows of a board besides its contents.
type head struct {
	Created int64        `json:"created"`
	Epochs  board.Epochs `json:"epochs,omitempty"`
	// Gaps are seqs of snapshots from which the log goes on behind a gap.
	Gaps []int64 `json:"gaps,omitempty"`
}

func readHead(v []byte) (h head, err error) {
	if err := json.Unmarshal(v, &h); err != nil {
		return head{}, fmt.Errorf("%w: what is known of it: %w", ErrCorrupt, err)
	}
	return h, nil
}

func headOf(tx *bolt.Tx, id string) (head, error) {
	return readHead(tx.Bucket(boardsBucket).Get([]byte(id)))
}

func (f *flush) putHead(id string, h head) error {
	raw, err := json.Marshal(h)
	if err != nil {
		return err
	}
	return f.put(boardsBucket, []byte(id), raw)
}

// goesOn notes that the history, kept up to a seq, goes on from a snapshot, behind
// a gap or not.
func (f *flush) goesOn(id string, epochs board.Epochs, kept, from int64, gap bool) error {
	h, err := headOf(f.tx, id)
	if err != nil {
		return err
	}
	h.Epochs = epochs
	h.Gaps = slices.DeleteFunc(h.Gaps, func(seq int64) bool { return seq > kept })
	if gap {
		h.Gaps = append(h.Gaps, from)
	}
	return f.putHead(id, h)
}

func (f *flush) setEpochs(id string, epochs board.Epochs) error {
	h, err := headOf(f.tx, id)
	if err != nil || slices.Equal(h.Epochs, epochs) {
		return err
	}
	h.Epochs = epochs
	return f.putHead(id, h)
}
