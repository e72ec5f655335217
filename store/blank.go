package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	bolt "go.etcd.io/bbolt"

	"jana/protocol/board"
)

// blank erases texts from all that the file holds of a board up to the seq of
// the entry that erased them, that entry included, and remembers it for
// snapshots of before that are still to come.
func (f *flush) blank(id string, seq int64, items []board.ID) error {
	ids := make(map[board.ID]bool, len(items))
	for _, item := range items {
		ids[item] = true
	}
	if err := f.rewriteLog(id, seq, ids); err != nil {
		return err
	}
	for _, bucket := range [][]byte{snapshotsBucket, milestonesBucket} {
		if err := f.rewriteSnapshots(bucket, id, seq, ids); err != nil {
			return err
		}
	}
	list, err := json.Marshal(items)
	if err != nil {
		return err
	}
	if err := f.put(blankedBucket, seqKey(id, seq), list); err != nil {
		return err
	}
	return f.markErased()
}

// blankAll erases what was erased in a history that the file has not followed:
// items with the seqs of the entries that did it.
func (f *flush) blankAll(id string, erased map[board.ID]int64) error {
	bySeq := map[int64][]board.ID{}
	for item, seq := range erased {
		bySeq[seq] = append(bySeq[seq], item)
	}
	for _, seq := range slices.Sorted(maps.Keys(bySeq)) {
		known, err := readBlanked(f.tx, seqKey(id, seq))
		if err != nil {
			return err
		}
		items := append(bySeq[seq], known...)
		slices.Sort(items)
		if items = slices.Compact(items); len(items) == len(known) {
			continue
		}
		if err := f.blank(id, seq, items); err != nil {
			return err
		}
	}
	return nil
}

// forgetBlanks forgets what entries behind a seq have erased, which are no part
// of the history any more, and reports whether there were any.
func (f *flush) forgetBlanks(id string, fork int64) (any bool, err error) {
	for _, key := range keysOf(f.tx.Bucket(blankedBucket), id) {
		if seqOf(key) > fork {
			any = true
			if err := f.remove(blankedBucket, key); err != nil {
				return any, err
			}
		}
	}
	return any, nil
}

// readBlanked are the items that the entry under a key has erased.
func readBlanked(tx *bolt.Tx, key []byte) (items []board.ID, err error) {
	v := tx.Bucket(blankedBucket).Get(key)
	if v == nil {
		return nil, nil
	}
	if err := json.Unmarshal(v, &items); err != nil {
		return nil, fmt.Errorf("%w: what was erased at %d: %w", ErrCorrupt, seqOf(key), err)
	}
	return items, nil
}

func (f *flush) rewriteLog(id string, upTo int64, ids map[board.ID]bool) error {
	for _, key := range keysOf(f.tx.Bucket(logBucket), id) {
		content, err := readLog(key, f.tx.Bucket(logBucket).Get(key))
		if err != nil {
			return err
		}
		if !mentions(content, ids) {
			continue
		}
		var entries []json.RawMessage
		if err := json.Unmarshal(content, &entries); err != nil {
			return fmt.Errorf("%w: entries up to %d: %w", ErrCorrupt, seqOf(key), err)
		}
		changed := false
		raws := make([][]byte, len(entries))
		for i, raw := range entries {
			raws[i] = raw
			if !mentions(raw, ids) {
				continue
			}
			var e board.Entry
			if err := json.Unmarshal(raw, &e); err != nil {
				return fmt.Errorf("%w: entries up to %d: %w", ErrCorrupt, seqOf(key), err)
			}
			if e.Seq > upTo || !e.Scrub(ids) {
				continue
			}
			if raws[i], err = json.Marshal(&e); err != nil {
				return err
			}
			changed = true
		}
		if !changed {
			continue
		}
		if err := f.put(logBucket, key, appendLog(key, raws)); err != nil {
			return err
		}
	}
	return nil
}

func (f *flush) rewriteSnapshots(bucket []byte, id string, before int64, ids map[board.ID]bool) error {
	for _, key := range keysOf(f.tx.Bucket(bucket), id) {
		seq, content, err := readSnapshot(key, f.tx.Bucket(bucket).Get(key))
		if err != nil {
			return err
		}
		if seq >= before || !mentions(content, ids) {
			continue
		}
		content, changed, err := board.ScrubSnapshot(content, ids)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrCorrupt, err)
		}
		if !changed {
			continue
		}
		if err := f.put(bucket, key, appendSnapshot(key, seq, content)); err != nil {
			return err
		}
	}
	return nil
}

// blanked is a snapshot's content without what was erased after it was taken.
func (f *flush) blanked(id string, seq int64, content []byte) ([]byte, error) {
	ids, err := blankedAfter(f.tx, id, seq)
	if err != nil || len(ids) == 0 {
		return content, err
	}
	content, _, err = board.ScrubSnapshot(content, ids)
	return content, err
}

// blankedAfter collects the items that entries later than seq have erased.
func blankedAfter(tx *bolt.Tx, id string, seq int64) (map[board.ID]bool, error) {
	var ids map[board.ID]bool
	prefix := prefixOf(id)
	c := tx.Bucket(blankedBucket).Cursor()
	for key, _ := c.Seek(seqKey(id, seq+1)); bytes.HasPrefix(key, prefix); key, _ = c.Next() {
		list, err := readBlanked(tx, key)
		if err != nil {
			return nil, err
		}
		if ids == nil {
			ids = map[board.ID]bool{}
		}
		for _, item := range list {
			ids[item] = true
		}
	}
	return ids, nil
}

// mentions says whether JSON may speak of any of the items. An id needs no
// escape in it, so it stands between quotes or, in a path, not at all.
func mentions(content []byte, ids map[board.ID]bool) bool {
	for id := range ids {
		if bytes.Contains(content, []byte(`"`+id+`"`)) {
			return true
		}
	}
	return false
}

// markErased remembers since when the free pages hold what should be gone.
func (f *flush) markErased() error {
	if f.tx.Bucket(metaBucket).Get(erasedKey) != nil {
		return nil
	}
	return f.put(metaBucket, erasedKey, writeTime(f.now))
}
