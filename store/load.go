package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"

	bolt "go.etcd.io/bbolt"

	"jana/protocol/board"
)

// Loaded is a board as it is saved.
type Loaded struct {
	State *board.State
	// Entries and Bytes of the log behind the newest snapshot: what it took to
	// load it besides.
	Entries int
	Bytes   int64
	// Epochs of its history, none if it was never shared by instances.
	Epochs board.Epochs
	// Orphans: there are some (see [Store.Orphans]).
	Orphans bool
}

// Load makes a board's state of its newest snapshot and the log behind it,
// with all that was appended before. An unknown board is fs.ErrNotExist, a
// deleted one ErrDeleted. One that cannot be trusted is ErrCorrupt: a copy of
// it has been put aside, and it stays so until the store is opened anew.
func (s *Store) Load(ctx context.Context, id string) (Loaded, error) {
	var loaded Loaded
	err := s.settled(ctx, id)
	if err == nil {
		err = s.read(id, func(tx *bolt.Tx) (err error) {
			loaded, err = load(tx, id)
			return err
		})
	}
	if err != nil {
		return Loaded{}, fmt.Errorf("load board %s: %w", id, err)
	}
	return loaded, nil
}

func load(tx *bolt.Tx, id string) (Loaded, error) {
	key, value := last(tx.Bucket(snapshotsBucket), id)
	if key == nil {
		return Loaded{}, fmt.Errorf("%w: it has no snapshot", ErrCorrupt)
	}
	state, err := loadSnapshot(key, value)
	if err != nil {
		return Loaded{}, err
	}
	about, err := headOf(tx, id)
	if err != nil {
		return Loaded{}, err
	}
	orphan, _ := last(tx.Bucket(orphansBucket), id)
	loaded, folded := Loaded{State: state, Epochs: about.Epochs, Orphans: orphan != nil}, state.Seq()
	err = eachValue(tx, id, folded+1, func(key, value []byte) error {
		entries, err := readEntries(key, value)
		if err != nil {
			return err
		}
		loaded.Bytes += int64(len(value))
		for _, e := range entries {
			if e.Seq <= folded {
				continue
			}
			if err := state.Land(e); err != nil {
				return fmt.Errorf("%w: %w", ErrCorrupt, err)
			}
			loaded.Entries++
		}
		return nil
	})
	return loaded, err
}

// loadSnapshot makes the state of a snapshot value.
func loadSnapshot(key, value []byte) (*board.State, error) {
	seq, content, err := readSnapshot(key, value)
	if err != nil {
		return nil, err
	}
	state, err := board.Load(content)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	if state.Seq() != seq {
		return nil, fmt.Errorf("%w: the snapshot at %d is one of %d", ErrCorrupt, seq, state.Seq())
	}
	return state, nil
}

// eachValue goes through the log values of a board that hold entries of seq
// from or later, in order.
func eachValue(tx *bolt.Tx, id string, from int64, fn func(key, value []byte) error) error {
	prefix := prefixOf(id)
	c := tx.Bucket(logBucket).Cursor()
	for key, value := c.Seek(seqKey(id, max(0, from))); bytes.HasPrefix(key, prefix); key, value = c.Next() {
		if err := fn(key, value); err != nil {
			return err
		}
	}
	return nil
}

var errEnough = errors.New("enough")

// History returns the saved entries of a board from one seq to another, both
// included, but at most limit of them.
func (s *Store) History(ctx context.Context, id string, from, to int64, limit int) ([]*board.Entry, error) {
	var all []*board.Entry
	err := s.read(id, func(tx *bolt.Tx) error {
		err := eachValue(tx, id, from, func(key, value []byte) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			entries, err := readEntries(key, value)
			if err != nil {
				return err
			}
			for _, e := range entries {
				if e.Seq < from {
					continue
				}
				if e.Seq > to || len(all) == limit {
					return errEnough
				}
				all = append(all, e)
			}
			return nil
		})
		if errors.Is(err, errEnough) {
			return nil
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("history of board %s: %w", id, err)
	}
	return all, nil
}

// Milestone makes the state that was kept under an id; fs.ErrNotExist if there
// is none, or no such board.
func (s *Store) Milestone(ctx context.Context, id string, milestone board.ID) (*board.State, error) {
	if err := s.settled(ctx, id); err != nil {
		return nil, fmt.Errorf("milestone %s of board %s: %w", milestone, id, err)
	}
	var state *board.State
	err := s.read(id, func(tx *bolt.Tx) (err error) {
		key := milestoneKey(id, milestone)
		value := tx.Bucket(milestonesBucket).Get(key)
		if value == nil {
			return fs.ErrNotExist
		}
		state, err = loadSnapshot(key, value)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("milestone %s of board %s: %w", milestone, id, err)
	}
	return state, nil
}

// Milestones are the ids under which states of a board were kept.
func (s *Store) Milestones(ctx context.Context, id string) ([]board.ID, error) {
	err := s.settled(ctx, id)
	var ids []board.ID
	if err == nil {
		err = s.read(id, func(tx *bolt.Tx) error {
			ids = nil
			for _, key := range keysOf(tx.Bucket(milestonesBucket), id) {
				ids = append(ids, board.ID(key[len(prefixOf(id)):]))
			}
			return nil
		})
	}
	if err != nil {
		return nil, fmt.Errorf("milestones of board %s: %w", id, err)
	}
	return ids, nil
}

// read reads of one board, and puts it into quarantine if it cannot be trusted.
func (s *Store) read(id string, fn func(*bolt.Tx) error) error {
	if err := s.quarantined(id); err != nil {
		return err
	}
	err := s.view(func(tx *bolt.Tx) error {
		if err := known(tx, id); err != nil {
			return err
		}
		return fn(tx)
	})
	if errors.Is(err, ErrCorrupt) || errors.Is(err, ErrDamaged) {
		return s.quarantine(id, err)
	}
	return err
}
