package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"

	"jana/protocol/board"
)

// Batch is what one [Store.Append] adds to a board, in one transaction.
type Batch struct {
	// Entries with ascending seqs, without a gap to what was appended before.
	Entries []*board.Entry
	// Snapshot, if not nil, is what loading begins with from now on. Its seq is
	// not beyond the last entry's; without entries, that of what was appended
	// before. One older than the newest that is stored is dropped.
	Snapshot *board.Snapshot
	// Milestones are snapshots to keep, by id.
	Milestones map[board.ID]*board.Snapshot
	// Blanked are the items whose texts Entries have erased: they are erased
	// from all that the store keeps of the board up to the last of Entries, and
	// from snapshots of before that are still to come.
	Blanked []board.ID
	// Epochs of the board's history, if they are others than before.
	Epochs board.Epochs
}

// Create makes a board of a snapshot. It is saved when Create returns nil.
// The id is fs.ErrExist if there is such a board, or ever was.
func (s *Store) Create(ctx context.Context, id string, birth *board.Snapshot) error {
	if !validID(id) {
		return fmt.Errorf("create board %q: %w", id, fs.ErrInvalid)
	}
	k := kept{seqKey(id, birth.Seq()), birth.Seq(), birth.Encode()}
	err := s.await(ctx, &job{board: id, bytes: len(k.content), write: func(f *flush, j *job) error {
		switch err := known(f.tx, id); {
		case err == nil && j.tried:
			return nil // the transaction that was said to have failed did not
		case err == nil, errors.Is(err, ErrDeleted):
			return fs.ErrExist
		}
		return errors.Join(
			f.putHead(id, head{Created: f.now.UnixMilli()}),
			f.put(snapshotsBucket, k.key, appendSnapshot(k.key, k.seq, k.content)),
		)
	}})
	if err != nil {
		return fmt.Errorf("create board %s: %w", id, err)
	}
	return nil
}

// Append queues a batch to be saved. It does not wait for the disk, but while
// the queue is full it waits for room in it, until ctx ends; with an error
// nothing is queued. Entries are encoded before it returns, snapshots on a
// goroutine of their own.
//
// done is called once for each Append that returned nil, on the committer's
// goroutine and in the order of the queue: with nil once the whole batch is on
// disk, or with why it never will be (ErrGap if it does not follow the last
// entry, ErrDeleted, fs.ErrNotExist, ErrCorrupt, ErrClosed). It must not block.
// While the disk is full or fails, it is not called.
func (s *Store) Append(ctx context.Context, id string, b Batch, done func(error)) error {
	a, err := encode(id, b)
	if err == nil {
		err = s.enqueue(ctx, &job{board: id, records: len(b.Entries), bytes: a.bytes, write: a.write, done: done})
	}
	if err != nil {
		return fmt.Errorf("append to board %s: %w", id, err)
	}
	return nil
}

// addition is a batch on its way into the file.
type addition struct {
	board   string
	first   int64 // seq of the first entry
	entries [][]byte
	bytes   int // of the entries
	blanked []board.ID
	epochs  board.Epochs

	// encoded is closed when what follows is there.
	encoded    chan struct{}
	snapshot   *kept
	milestones []kept
}

// kept is a snapshot on its way into the file.
type kept struct {
	key     []byte
	seq     int64
	content []byte
}

func encode(id string, b Batch) (*addition, error) {
	a := &addition{board: id, encoded: make(chan struct{}), blanked: b.Blanked, epochs: b.Epochs}
	for i, e := range b.Entries {
		if i == 0 {
			a.first = e.Seq
		} else if e.Seq != a.first+int64(i) {
			return nil, fmt.Errorf("entry %d after %d: %w", e.Seq, a.first+int64(i)-1, ErrGap)
		}
		raw, err := json.Marshal(e)
		if err != nil {
			return nil, fmt.Errorf("entry %d: %w", e.Seq, err)
		}
		a.entries = append(a.entries, raw)
		a.bytes += len(raw)
	}
	if len(b.Entries) == 0 && len(b.Blanked) > 0 {
		return nil, fmt.Errorf("no entry has erased %v: %w", b.Blanked, fs.ErrInvalid)
	}
	for milestone := range b.Milestones {
		if !validID(milestone) {
			return nil, fmt.Errorf("milestone %q: %w", milestone, fs.ErrInvalid)
		}
	}
	if b.Snapshot == nil && len(b.Milestones) == 0 {
		close(a.encoded)
		return a, nil
	}
	go func() {
		defer close(a.encoded)
		if sn := b.Snapshot; sn != nil {
			a.snapshot = &kept{seqKey(id, sn.Seq()), sn.Seq(), sn.Encode()}
		}
		for milestone, sn := range b.Milestones {
			a.milestones = append(a.milestones, kept{milestoneKey(id, milestone), sn.Seq(), sn.Encode()})
		}
	}()
	return a, nil
}

func (a *addition) write(f *flush, j *job) error {
	<-a.encoded
	t, err := f.tail(a.board)
	if err != nil {
		return err
	}
	entries, first := a.entries, a.first
	if j.tried && len(entries) > 0 && first <= t.last {
		// The transaction that was said to have failed did not.
		there := min(t.last-first+1, int64(len(entries)))
		entries, first = entries[there:], first+there
	}
	if len(entries) > 0 && first != t.last+1 {
		return fmt.Errorf("entry %d after %d: %w", first, t.last, ErrGap)
	}
	end := t.last + int64(len(entries))
	if a.snapshot != nil && a.snapshot.seq > end {
		return fmt.Errorf("snapshot at %d of a log that ends at %d: %w", a.snapshot.seq, end, ErrGap)
	}
	f.touched = true // from here on, half of it could be kept
	if a.epochs != nil {
		if err := f.setEpochs(a.board, a.epochs); err != nil {
			return err
		}
	}
	t.wait = append(t.wait, entries...)
	t.last = end
	if len(a.blanked) > 0 {
		if err := f.flushLog(a.board); err != nil {
			return err
		}
		if err := f.blank(a.board, a.first+int64(len(a.entries))-1, a.blanked); err != nil {
			return err
		}
	}
	for _, m := range a.milestones {
		if err := f.keep(milestonesBucket, a.board, m); err != nil {
			return err
		}
	}
	if a.snapshot != nil {
		return f.fold(a.board, *a.snapshot)
	}
	return nil
}

// keep stores a snapshot, without the texts that were erased after it was taken.
func (f *flush) keep(bucket []byte, id string, k kept) error {
	content, err := f.blanked(id, k.seq, k.content)
	if err != nil {
		return err
	}
	return f.put(bucket, k.key, appendSnapshot(k.key, k.seq, content))
}

// fold stores a snapshot in the place of the newest. The one that the board was
// born with stays: history begins there. So do those behind gaps in it.
func (f *flush) fold(id string, k kept) error {
	keys := keysOf(f.tx.Bucket(snapshotsBucket), id)
	if len(keys) > 0 && seqOf(keys[len(keys)-1]) >= k.seq {
		return nil
	}
	h, err := headOf(f.tx, id)
	if err != nil {
		return err
	}
	for _, key := range keys[min(1, len(keys)):] {
		if slices.Contains(h.Gaps, seqOf(key)) {
			continue
		}
		if err := f.remove(snapshotsBucket, key); err != nil {
			return err
		}
	}
	return f.keep(snapshotsBucket, id, k)
}

// Delete removes a board with its history, and leaves a tombstone so that its
// id is never used again. It is gone from disk when Delete returns nil, except
// for free pages (see [Store.Compact]).
func (s *Store) Delete(ctx context.Context, id string) error {
	err := s.await(ctx, &job{board: id, write: func(f *flush, j *job) error {
		if err := known(f.tx, id); err != nil {
			if j.tried && errors.Is(err, ErrDeleted) {
				return nil // the transaction that was said to have failed did not
			}
			return err
		}
		delete(f.boards, id) // entries that wait in this transaction
		for _, bucket := range ofABoard {
			for _, key := range keysOf(f.tx.Bucket(bucket), id) {
				if err := f.remove(bucket, key); err != nil {
					return err
				}
			}
		}
		return errors.Join(
			f.remove(boardsBucket, []byte(id)),
			f.put(deletedBucket, []byte(id), timeJSON("deleted", f.now)),
			f.markErased(),
		)
	}})
	if err == nil {
		s.mu.Lock()
		delete(s.bad, id)
		s.mu.Unlock()
		err = s.removeCopies(id)
	}
	if err != nil {
		return fmt.Errorf("delete board %s: %w", id, err)
	}
	return nil
}

// keysOf copies the keys of a board.
func keysOf(b *bolt.Bucket, id string) [][]byte {
	var keys [][]byte
	prefix := prefixOf(id)
	c := b.Cursor()
	for key, _ := c.Seek(prefix); bytes.HasPrefix(key, prefix); key, _ = c.Next() {
		keys = append(keys, bytes.Clone(key))
	}
	return keys
}

// Info tells of a board without opening it.
type Info struct {
	ID      string
	Created time.Time
	// Seq of the last saved entry.
	Seq int64
	// Epochs of its history, none if it was never shared by instances.
	Epochs board.Epochs
	// Orphans: entries have lost their places (see [Store.Orphans]).
	Orphans bool
}

// Boards lists the boards by id.
func (s *Store) Boards() ([]Info, error) {
	var all []Info
	err := s.view(func(tx *bolt.Tx) error {
		return tx.Bucket(boardsBucket).ForEach(func(key, v []byte) error {
			h, err := readHead(v)
			if err != nil {
				return fmt.Errorf("board %s: %w", key, err)
			}
			orphan, _ := last(tx.Bucket(orphansBucket), string(key))
			all = append(all, Info{Orphans: orphan != nil, ID: string(key), Created: time.UnixMilli(h.Created), Seq: lastSeq(tx, string(key)), Epochs: h.Epochs})
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("list boards: %w", err)
	}
	return all, nil
}

// Deleted lists the boards of which only tombstones are left, by id.
func (s *Store) Deleted() ([]string, error) {
	var all []string
	err := s.view(func(tx *bolt.Tx) error {
		return tx.Bucket(deletedBucket).ForEach(func(key, _ []byte) error {
			all = append(all, string(key))
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("list deleted boards: %w", err)
	}
	return all, nil
}

func timeJSON(name string, t time.Time) []byte {
	return fmt.Appendf(nil, `{%q:%d}`, name, t.UnixMilli())
}

func writeTime(t time.Time) []byte { return binary.BigEndian.AppendUint64(nil, uint64(t.UnixMilli())) }

func readTime(v []byte) time.Time {
	if len(v) != 8 {
		return time.Time{}
	}
	return time.UnixMilli(int64(binary.BigEndian.Uint64(v)))
}
