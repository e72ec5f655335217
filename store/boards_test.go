package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"jana/protocol/board"
	"jana/protocol/board/fixture"
)

var ctx = context.Background()

func TestABoardComesBackAsItWasLeft(t *testing.T) {
	s := opened(t)
	r := seedOf(t)
	b := newTable(t, s, "koe")
	for range 300 {
		b.push(b.some(r), b.some(r))
	}
	same(t, s, "koe", b.state) // waits for what is queued
	s = reopen(t, s)
	same(t, s, "koe", b.state)
	b.s = s
	for range 50 {
		b.push(b.some(r))
	}
	b.settle()
	same(t, s, "koe", b.state)
}

func TestAWholeWorkshopComesBack(t *testing.T) {
	s := opened(t)
	state, problems := board.Import(fixture.KeskiUusimaa, 1000)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if err := s.Create(ctx, "demo", state.Snapshot()); err != nil {
		t.Fatal(err)
	}
	s = reopen(t, s)
	same(t, s, "demo", state)
}

func TestManyBoardsAreWrittenAtOnce(t *testing.T) {
	s := opened(t)
	seed := seedOf(t).Uint64()
	const boards, pushes = 50, 40
	tables := make([]*table, boards)
	var wg sync.WaitGroup
	for i := range tables {
		tables[i] = newTable(t, s, fmt.Sprintf("board-%d", i))
		wg.Go(func() {
			r := rand.New(rand.NewPCG(seed, uint64(i)))
			for n := range pushes {
				e := tables[i].entry(tables[i].some(r))
				batch := Batch{Entries: []*board.Entry{e}}
				if n%15 == 14 {
					batch.Snapshot = tables[i].state.Snapshot()
				}
				tables[i].append(batch)
			}
			tables[i].settle()
		})
	}
	wg.Wait()
	if got := s.Stats(); got.Entries != boards*pushes || got.Queued != 0 {
		t.Errorf("got %d entries saved and %d queued, want %d and 0", got.Entries, got.Queued, boards*pushes)
	}
	s = reopen(t, s)
	all, err := s.Boards()
	if err != nil || len(all) != boards {
		t.Fatalf("got %d boards and %v, want %d", len(all), err, boards)
	}
	for i, b := range tables {
		same(t, s, b.id, b.state)
		if all[i].Seq != pushes {
			t.Errorf("board %s: got seq %d, want %d", all[i].ID, all[i].Seq, pushes)
		}
	}
}

func TestOneTransactionTakesAllThatWaits(t *testing.T) {
	s := opened(t)
	a, b := newTable(t, s, "a"), newTable(t, s, "b")
	release := hold(s)
	var order []int64
	var mu sync.Mutex
	before := s.Stats().Flushes
	for range 5 {
		for _, b := range []*table{a, b} {
			e := b.entry(board.Move{Moves: []board.Place{{ID: "n1", X: b.n, Y: 1}}})
			if err := s.Append(ctx, b.id, Batch{Entries: []*board.Entry{e}}, func(err error) {
				mu.Lock()
				defer mu.Unlock()
				order = append(order, e.Seq)
			}); err != nil {
				t.Fatal(err)
			}
		}
	}
	release()
	same(t, s, "a", a.state)
	same(t, s, "b", b.state)
	mu.Lock()
	defer mu.Unlock()
	if want := []int64{1, 1, 2, 2, 3, 3, 4, 4, 5, 5}; !slices.Equal(order, want) {
		t.Errorf("got saved in the order %v, want %v", order, want)
	}
	// The first went alone, into the held transaction or the one after it.
	if got := s.Stats().Flushes - before; got > 3 {
		t.Errorf("got %d transactions for what waited, want at most 3", got)
	}
	for _, id := range []string{"a", "b"} {
		if got := count(t, s, logBucket, id); got > 3 {
			t.Errorf("board %s: got %d values in the log, want one per flush", id, got)
		}
	}
}

func TestEntriesThatDoNotFollowAreRefused(t *testing.T) {
	s := opened(t)
	b := newTable(t, s, "koe")
	good := newTable(t, s, "good")
	b.push(b.some(seedOf(t)))
	b.settle()
	for name, seqs := range map[string][]int64{
		"a gap": {3}, "the last again": {1}, "the last again and more": {1, 2}, "before the birth": {0},
	} {
		t.Run(name, func(t *testing.T) {
			var entries []*board.Entry
			for _, seq := range seqs {
				entries = append(entries, &board.Entry{Seq: seq, By: "pF", Client: "tab", N: 99})
			}
			release := hold(s) // so that both come into one transaction
			got := make(chan error, 1)
			if err := s.Append(ctx, "koe", Batch{Entries: entries}, func(err error) { got <- err }); err != nil {
				t.Fatal(err)
			}
			good.push(board.Rename{Name: "Pöytä"})
			release()
			if err := <-got; !errors.Is(err, ErrGap) {
				t.Errorf("got %v, want ErrGap", err)
			}
			good.settle()
			same(t, s, "koe", b.state)
		})
	}
	err := s.Append(ctx, "koe", Batch{Entries: []*board.Entry{{Seq: 2}, {Seq: 4}}}, func(error) { t.Error("called") })
	if !errors.Is(err, ErrGap) {
		t.Errorf("a gap in one batch: got %v, want ErrGap", err)
	}
	err = s.Append(ctx, "koe", Batch{Blanked: []board.ID{"n1"}}, func(error) { t.Error("called") })
	if !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("nothing that blanks: got %v, want fs.ErrInvalid", err)
	}
}

func TestABoardIsBornOnce(t *testing.T) {
	s := opened(t)
	b := newTable(t, s, "koe")
	if err := s.Create(ctx, "koe", birth(t).Snapshot()); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second time: got %v, want fs.ErrExist", err)
	}
	for _, id := range []string{"", "a/b", "../x", "ä", "a.b", string(make([]byte, 100))} {
		if err := s.Create(ctx, id, birth(t).Snapshot()); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("id %q: got %v, want fs.ErrInvalid", id, err)
		}
	}
	if _, err := s.Load(ctx, "other"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an unknown board: got %v, want fs.ErrNotExist", err)
	}
	got := make(chan error, 1)
	if err := s.Append(ctx, "other", Batch{Entries: []*board.Entry{{Seq: 1}}}, func(err error) { got <- err }); err != nil {
		t.Fatal(err)
	}
	if err := <-got; !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("appending to an unknown board: got %v, want fs.ErrNotExist", err)
	}
	same(t, s, "koe", b.state)
}

func TestADeletedBoardIsGoneWithItsHistory(t *testing.T) {
	s := opened(t)
	r := seedOf(t)
	// Names that begin alike must not be taken for each other's.
	tables := map[string]*table{}
	for _, id := range []string{"koe", "koe-2", "koe2", "ko"} {
		tables[id] = newTable(t, s, id)
		for range 10 {
			tables[id].push(tables[id].some(r))
		}
		e := tables[id].entry(board.Milestone{Name: "väli"})
		tables[id].append(Batch{
			Entries: []*board.Entry{e}, Snapshot: tables[id].state.Snapshot(),
			Milestones: map[board.ID]*board.Snapshot{"m11": tables[id].state.Snapshot()},
		})
		tables[id].push(board.Blank{ID: "n1"})
		tables[id].settle()
	}
	if err := s.Delete(ctx, "koe"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := s.Load(ctx, "koe"); !errors.Is(err, ErrDeleted) || !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("load: got %v, want ErrDeleted", err)
		}
		if _, err := s.History(ctx, "koe", 0, 100, 100); !errors.Is(err, ErrDeleted) {
			t.Errorf("history: got %v, want ErrDeleted", err)
		}
		if err := s.Delete(ctx, "koe"); !errors.Is(err, ErrDeleted) {
			t.Errorf("delete: got %v, want ErrDeleted", err)
		}
		if err := s.Create(ctx, "koe", birth(t).Snapshot()); !errors.Is(err, fs.ErrExist) {
			t.Errorf("create: got %v, want fs.ErrExist", err)
		}
		for _, bucket := range ofABoard {
			if n := count(t, s, bucket, "koe"); n > 0 {
				t.Errorf("%d records of it are left in %s", n, bucket)
			}
		}
		for id, b := range tables {
			if id != "koe" {
				same(t, s, id, b.state)
			}
		}
		s = reopen(t, s)
	}
	if gone, err := s.Deleted(); err != nil || !slices.Equal(gone, []string{"koe"}) {
		t.Errorf("deleted boards: got %v, %v, want koe", gone, err)
	}
	if err := s.Delete(ctx, "never"); !errors.Is(err, fs.ErrNotExist) || errors.Is(err, ErrDeleted) {
		t.Errorf("deleting an unknown board: got %v, want fs.ErrNotExist", err)
	}
}

func TestLoadingBeginsWithTheNewestSnapshot(t *testing.T) {
	s := opened(t)
	r := seedOf(t)
	b := newTable(t, s, "koe")
	var all []*board.Entry
	for i := range 25 {
		e := b.entry(b.some(r))
		all = append(all, e)
		batch := Batch{Entries: []*board.Entry{e}}
		if i == 4 || i == 9 || i == 19 {
			batch.Snapshot = b.state.Snapshot()
		}
		b.append(batch)
	}
	b.settle()
	loaded, err := s.Load(ctx, "koe")
	if err != nil {
		t.Fatal(err)
	}
	if loaded.Entries != 5 || loaded.Bytes <= 0 {
		t.Errorf("got %d entries and %d bytes behind the snapshot, want 5 and some", loaded.Entries, loaded.Bytes)
	}
	if n := count(t, s, snapshotsBucket, "koe"); n != 2 {
		t.Errorf("got %d snapshots, want the birth and the newest", n)
	}
	same(t, s, "koe", b.state)

	// A snapshot alone, once everything is saved, and one that comes late.
	late := b.state.Snapshot()
	for range 3 {
		all = append(all, b.push(b.some(r)))
	}
	b.append(Batch{Snapshot: b.state.Snapshot()})
	b.append(Batch{Snapshot: late})
	b.settle()
	if loaded, err = s.Load(ctx, "koe"); err != nil || loaded.Entries != 0 || loaded.Bytes != 0 {
		t.Errorf("got %d entries, %d bytes and %v behind the snapshot, want none", loaded.Entries, loaded.Bytes, err)
	}
	same(t, s, "koe", b.state)

	got, err := s.History(ctx, "koe", 1, 100, 100)
	if err != nil {
		t.Fatal(err)
	}
	wantEntries(t, got, all)

	ahead := b.entry(b.some(r))
	failed := make(chan error, 1)
	if err := s.Append(ctx, "koe", Batch{Snapshot: b.state.Snapshot()}, func(err error) { failed <- err }); err != nil {
		t.Fatal(err)
	}
	if err := <-failed; !errors.Is(err, ErrGap) {
		t.Errorf("a snapshot ahead of the log: got %v, want ErrGap", err)
	}
	b.append(Batch{Entries: []*board.Entry{ahead}})
	b.settle()
	same(t, s, "koe", b.state)
}

func TestASnapshotInsideAFlushSkipsWhatItHolds(t *testing.T) {
	s := opened(t)
	r := seedOf(t)
	b := newTable(t, s, "koe")
	release := hold(s)
	for i := range 9 {
		e := b.entry(b.some(r))
		batch := Batch{Entries: []*board.Entry{e}}
		if i == 4 {
			batch.Snapshot = b.state.Snapshot()
		}
		b.append(batch)
	}
	release()
	b.settle()
	if got := count(t, s, logBucket, "koe"); got > 3 {
		t.Fatalf("got %d values, want the snapshot to lie inside one", got)
	}
	loaded, err := s.Load(ctx, "koe")
	if err != nil || loaded.Entries != 4 {
		t.Errorf("got %d entries and %v behind the snapshot, want 4", loaded.Entries, err)
	}
	same(t, s, "koe", b.state)
}

func TestHistoryIsReadInPieces(t *testing.T) {
	s := opened(t)
	r := seedOf(t)
	b := newTable(t, s, "koe")
	other := newTable(t, s, "koe-b")
	var all []*board.Entry
	for range 60 {
		all = append(all, b.push(b.some(r)))
		other.push(other.some(r))
		if r.IntN(3) == 0 {
			b.settle()
		}
	}
	b.settle()
	other.settle()
	for range 200 {
		from, to, limit := r.Int64N(65)-2, r.Int64N(65)-2, r.IntN(70)
		got, err := s.History(ctx, "koe", from, to, limit)
		if err != nil {
			t.Fatal(err)
		}
		var want []*board.Entry
		for _, e := range all {
			if e.Seq >= from && e.Seq <= to && len(want) < limit {
				want = append(want, e)
			}
		}
		wantEntries(t, got, want)
	}
}

func TestAMilestoneIsKept(t *testing.T) {
	s := opened(t)
	r := seedOf(t)
	b := newTable(t, s, "koe")
	e := b.entry(board.Milestone{Name: "ennen"})
	then, err := board.Load(b.state.Snapshot().Encode())
	if err != nil {
		t.Fatal(err)
	}
	b.append(Batch{Entries: []*board.Entry{e}, Milestones: map[board.ID]*board.Snapshot{"m1": b.state.Snapshot()}})
	for range 10 {
		b.push(b.some(r))
	}
	b.settle()
	s = reopen(t, s)
	got, err := s.Milestone(ctx, "koe", "m1")
	if err != nil || got.Hash() != then.Hash() {
		t.Errorf("got another board, or %v", err)
	}
	for _, at := range [][2]string{{"koe", "m2"}, {"koe", "m"}, {"other", "m1"}} {
		if _, err := s.Milestone(ctx, at[0], at[1]); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("milestone %s of %s: got %v, want fs.ErrNotExist", at[1], at[0], err)
		}
	}
	err = s.Append(ctx, "koe", Batch{Milestones: map[board.ID]*board.Snapshot{"a/b": b.state.Snapshot()}}, nil)
	if !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("got %v, want fs.ErrInvalid", err)
	}
}

func TestAFullQueueBlocksUntilTheContextEnds(t *testing.T) {
	s := opened(t)
	b := newTable(t, s, "koe")
	s.maxQueued = 64
	release := hold(s)
	for range s.maxQueued {
		b.push(board.Rename{Name: "x"})
	}
	over := b.entry(board.Rename{Name: "y"})
	short, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
	defer cancel()
	err := s.Append(short, "koe", Batch{Entries: []*board.Entry{over}}, func(error) { t.Error("called") })
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v, want it to wait until the context ends", err)
	}
	waited := make(chan struct{})
	go func() {
		defer close(waited)
		b.append(Batch{Entries: []*board.Entry{over}})
	}()
	release()
	<-waited
	b.settle()
	same(t, s, "koe", b.state)
}

func TestClosingSavesWhatIsQueued(t *testing.T) {
	s := opened(t)
	r := seedOf(t)
	b := newTable(t, s, "koe")
	for range 100 {
		b.push(b.some(r))
	}
	next := reopen(t, s)
	b.settle()
	same(t, next, "koe", b.state)
	if err := s.Append(ctx, "koe", Batch{Entries: []*board.Entry{b.entry()}}, func(error) { t.Error("called") }); !errors.Is(err, ErrClosed) {
		t.Errorf("append: got %v, want ErrClosed", err)
	}
	if _, err := s.Load(ctx, "koe"); !errors.Is(err, ErrClosed) {
		t.Errorf("load: got %v, want ErrClosed", err)
	}
	if err := s.Close(ctx); err != nil {
		t.Errorf("closing again: %v", err)
	}
}

// hold keeps the committer busy until release is called.
func hold(s *Store) (release func()) {
	begun, held := make(chan struct{}), make(chan struct{})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = s.await(ctx, &job{alone: func() error { close(begun); <-held; return nil }})
	}()
	<-begun
	return func() { close(held); <-ended }
}

func count(t testing.TB, s *Store, bucket []byte, id string) (n int) {
	t.Helper()
	if err := s.view(func(tx *bolt.Tx) error {
		n = len(keysOf(tx.Bucket(bucket), id))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return n
}
