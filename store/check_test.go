package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"jana/protocol/board"
)

// tampered is a store with a board "bad", in which something was changed behind
// the store's back, and a board "good".
func tampered(t *testing.T, change func(*bolt.Tx)) (s *Store, good *table) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "jana.db")
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := seedOf(t)
	for _, id := range []string{"bad", "good"} {
		good = newTable(t, s, id)
		for i := range 30 {
			e := good.entry(good.some(r))
			batch := Batch{Entries: []*board.Entry{e}}
			switch i {
			case 10:
				batch.Snapshot = good.state.Snapshot()
			case 20:
				batch.Milestones = map[board.ID]*board.Snapshot{"m21": good.state.Snapshot()}
			}
			good.append(batch)
			good.settle() // an entry a value
		}
	}
	if err := s.Close(ctx); err != nil {
		t.Fatal(err)
	}
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(func(tx *bolt.Tx) error { change(tx); return nil }); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(path, Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(ctx); err != nil {
			t.Error(err)
		}
		boltAgrees(t, path)
	})
	good.s = s
	return s, good
}

// flip turns one bit in the middle of a value.
func flip(tx *bolt.Tx, bucket, key []byte) {
	v := bytes.Clone(tx.Bucket(bucket).Get(key))
	v[len(v)/2] ^= 0x10
	must(tx.Bucket(bucket).Put(key, v))
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// rewrite changes an entry of board "bad" and gives it a true checksum.
func rewrite(tx *bolt.Tx, seq int64, change func(*board.Entry)) {
	key := seqKey("bad", seq)
	entries, err := readEntries(key, tx.Bucket(logBucket).Get(key))
	must(err)
	change(entries[0])
	raw, err := json.Marshal(entries[0])
	must(err)
	must(tx.Bucket(logBucket).Put(key, appendLog(key, [][]byte{raw})))
}

func TestWhatContradictsItselfIsFound(t *testing.T) {
	log := func(tx *bolt.Tx) *bolt.Bucket { return tx.Bucket(logBucket) }
	for name, c := range map[string]struct {
		change func(*bolt.Tx)
		// loads: the damage is in what loading does not read.
		loads bool
		says  string
	}{
		"a bit in the log": {func(tx *bolt.Tx) { flip(tx, logBucket, seqKey("bad", 20)) }, false, "checksum of the entries up to 20"},
		"a bit in folded history": {
			func(tx *bolt.Tx) { flip(tx, logBucket, seqKey("bad", 5)) }, true, "checksum of the entries up to 5",
		},
		"a bit in the snapshot": {
			func(tx *bolt.Tx) { flip(tx, snapshotsBucket, seqKey("bad", 11)) }, false, "checksum of the snapshot at 11",
		},
		"a bit in the birth": {
			func(tx *bolt.Tx) { flip(tx, snapshotsBucket, seqKey("bad", 0)) }, true, "checksum of the snapshot at 0",
		},
		"a bit in a milestone": {
			func(tx *bolt.Tx) { flip(tx, milestonesBucket, milestoneKey("bad", "m21")) }, true, "checksum of the snapshot at 21",
		},
		"a value of another place": {func(tx *bolt.Tx) {
			must(log(tx).Put(seqKey("bad", 20), bytes.Clone(log(tx).Get(seqKey("bad", 19)))))
		}, false, "checksum of the entries up to 20"},
		"a value of another board": {func(tx *bolt.Tx) {
			must(log(tx).Put(seqKey("bad", 20), bytes.Clone(log(tx).Get(seqKey("good", 20)))))
		}, false, "checksum of the entries up to 20"},
		"a missing entry":        {func(tx *bolt.Tx) { must(log(tx).Delete(seqKey("bad", 20))) }, false, "21 follows 19"},
		"a missing folded entry": {func(tx *bolt.Tx) { must(log(tx).Delete(seqKey("bad", 5))) }, true, "6 follows 4"},
		"a missing snapshot":     {func(tx *bolt.Tx) { must(tx.Bucket(snapshotsBucket).Delete(seqKey("bad", 0))) }, true, "1 follows 11"},
		"no snapshot at all": {func(tx *bolt.Tx) {
			must(tx.Bucket(snapshotsBucket).Delete(seqKey("bad", 0)))
			must(tx.Bucket(snapshotsBucket).Delete(seqKey("bad", 11)))
		}, false, "no snapshot"},
		"a doubled entry": {func(tx *bolt.Tx) {
			key := seqKey("bad", 20)
			content, err := readLog(key, log(tx).Get(key))
			must(err)
			one := content[1 : len(content)-1]
			must(log(tx).Put(key, appendLog(key, [][]byte{one, one})))
		}, false, "20 follows 20"},
		"a change of nothing": {func(tx *bolt.Tx) {
			rewrite(tx, 20, func(e *board.Entry) { e.Changes = []board.Change{{Remove: "nope"}} })
		}, false, "entry 20"},
		"a change that no op made": {func(tx *bolt.Tx) {
			rewrite(tx, 20, func(e *board.Entry) {
				e.Changes = append(e.Changes, board.Change{Set: "ax", Fields: []board.Field{{Name: "name", Value: "x"}}})
			})
		}, true, ErrOtherwise.Error()},
		"a fold that came to another board": {func(tx *bolt.Tx) {
			state := birth(t)
			key := seqKey("bad", 11)
			for seq := range int64(11) {
				state.Apply(&board.Entry{Seq: seq + 1, By: "pF", Client: "tab", N: seq + 1})
			}
			must(tx.Bucket(snapshotsBucket).Put(key, appendSnapshot(key, 11, state.Snapshot().Encode())))
		}, true, "is not what the log comes to"},
		"something else altogether": {func(tx *bolt.Tx) { must(log(tx).Put(seqKey("bad", 20), []byte("hei"))) }, false, "no entries"},
		"a later format": {func(tx *bolt.Tx) {
			v := bytes.Clone(log(tx).Get(seqKey("bad", 20)))
			v[3]++
			must(log(tx).Put(seqKey("bad", 20), v))
		}, false, "format 2"},
		"a record of no board": {func(tx *bolt.Tx) {
			must(log(tx).Put(seqKey("nobody", 1), bytes.Clone(log(tx).Get(seqKey("good", 1)))))
		}, true, "no board"},
	} {
		t.Run(name, func(t *testing.T) {
			s, good := tampered(t, c.change)
			problems, err := s.Check(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if len(problems) != 1 || !strings.Contains(problems[0].Error(), c.says) {
				t.Fatalf("got %v, want one problem with %q", problems, c.says)
			}
			if b := problems[0].Board; b != "bad" && b != "" {
				t.Errorf("it is told of board %q", b)
			}
			_, err = s.Load(ctx, "bad")
			if c.loads {
				if err != nil && c.says != "is not what the log comes to" {
					t.Errorf("got %v, want it to load all the same", err)
				}
			} else if !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want ErrCorrupt with %q", err, c.says)
			}
			same(t, s, "good", good.state)
			good.push(board.Rename{Name: "Pöytä"})
			good.settle()
			same(t, s, "good", good.state)
		})
	}
}

func TestACorruptBoardIsPutAsideAndTheOthersServed(t *testing.T) {
	s, good := tampered(t, func(tx *bolt.Tx) { flip(tx, logBucket, seqKey("bad", 20)) })
	var first error
	for i := range 3 {
		_, err := s.Load(ctx, "bad")
		if !errors.Is(err, ErrCorrupt) {
			t.Fatalf("got %v, want ErrCorrupt", err)
		}
		if i == 0 {
			first = err
		} else if err.Error() != first.Error() {
			t.Errorf("got %q, then %q", first, err)
		}
	}
	if _, err := s.History(ctx, "bad", 0, 5, 5); !errors.Is(err, ErrCorrupt) {
		t.Errorf("history: got %v, want ErrCorrupt", err)
	}
	dir := filepath.Join(filepath.Dir(s.path), corruptDir)
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 || !strings.HasPrefix(files[0].Name(), "bad-") {
		t.Fatalf("got %v and %v, want one copy", files, err)
	}
	if !strings.Contains(first.Error(), files[0].Name()) {
		t.Errorf("got %q, want it to name the copy %s", first, files[0].Name())
	}
	copied, err := bolt.Open(filepath.Join(dir, files[0].Name()), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(copied.View(func(to *bolt.Tx) error {
		return s.view(func(from *bolt.Tx) error {
			for _, name := range ofABoard {
				if n := to.Bucket(name).Stats().KeyN; n != len(keysOf(from.Bucket(name), "bad")) {
					t.Errorf("%d keys of %s were copied, want those of the board", n, name)
				}
				for _, key := range keysOf(from.Bucket(name), "bad") {
					if !bytes.Equal(to.Bucket(name).Get(key), from.Bucket(name).Get(key)) {
						t.Errorf("%s/%q was not copied as it is", name, key)
					}
				}
			}
			return nil
		})
	}), copied.Close()); err != nil {
		t.Fatal(err)
	}
	same(t, s, "good", good.state)

	// Deleting it takes the copy along.
	if err := s.Delete(ctx, "bad"); err != nil {
		t.Fatal(err)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 0 {
		t.Errorf("got %v and %v, want the copy gone", files, err)
	}
	if _, err := s.Load(ctx, "bad"); !errors.Is(err, ErrDeleted) {
		t.Errorf("got %v, want ErrDeleted", err)
	}
	if problems, err := s.Check(ctx); err != nil || len(problems) > 0 {
		t.Errorf("got %v and %v, want all well", problems, err)
	}
}

func TestPagesThatChangeUnderTheStoreAreNoEndOfIt(t *testing.T) {
	s := opened(t)
	r := seedOf(t)
	tables := map[string]*table{}
	for i := range 5 {
		id := fmt.Sprintf("board-%d", i)
		tables[id] = newTable(t, s, id)
		for range 60 {
			tables[id].push(tables[id].some(r))
		}
		tables[id].settle()
	}
	whole, err := os.ReadFile(s.path)
	if err != nil {
		t.Fatal(err)
	}
	m, err := readMeta(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(s.path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	corrupt := 0
	for range 25 {
		at := (2 + r.Int64N(int64(m.high)-2)) * int64(m.pageSize)
		junk := make([]byte, 64)
		for i := range junk {
			junk[i] = byte(r.Uint32())
		}
		if _, err := f.WriteAt(junk, at); err != nil {
			t.Fatal(err)
		}
		for id, b := range tables {
			loaded, err := s.Load(ctx, id)
			switch {
			case err != nil:
				corrupt++
			case loaded.State.Hash() != b.state.Hash():
				if problems, err := s.Check(ctx); err == nil && len(problems) == 0 {
					t.Errorf("board %s: got another board, and nobody tells", id)
				}
			}
		}
		if _, err := f.WriteAt(whole[at:at+int64(len(junk))], at); err != nil {
			t.Fatal(err)
		}
		s.mu.Lock()
		clear(s.bad)
		s.mu.Unlock()
	}
	if corrupt == 0 {
		t.Error("the test did not meet a page that mattered")
	}
	for id, b := range tables {
		same(t, s, id, b.state)
	}
}

func TestABatchThatFailsHalfWayLeavesNothingAndHarmsNobody(t *testing.T) {
	// What blank has to rewrite cannot be read.
	s, good := tampered(t, func(tx *bolt.Tx) { flip(tx, logBucket, seqKey("bad", 5)) })
	loaded, err := s.Load(ctx, "bad")
	if err != nil {
		t.Fatal(err)
	}
	bad := &table{t: t, s: s, id: "bad", state: loaded.State, n: 1000}
	release := hold(s)
	good.push(board.Rename{Name: "ennen"})
	bad.blank("n1")
	good.push(board.Rename{Name: "jälkeen"})
	release()
	good.settle()
	bad.wg.Wait()
	if err := bad.failed.Load(); err == nil || !errors.Is(*err, ErrCorrupt) {
		t.Errorf("got %v, want ErrCorrupt", err)
	}
	if n := count(t, s, logBucket, "bad"); n != 30 {
		t.Errorf("got %d values of a batch that failed in the log, want none", n-30)
	}
	if n := count(t, s, blankedBucket, "bad"); n != 0 {
		t.Error("it is remembered as blanked")
	}
	same(t, s, "good", good.state)
}
