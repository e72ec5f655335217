package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
	"go.uber.org/goleak"

	"jana/protocol/board"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(childEnv); path != "" {
		child(path)
	}
	os.Exit(m.Run())
}

// seedOf prints the seed of a random test, or takes it from JANA_SEED.
func seedOf(t testing.TB) *rand.Rand {
	seed := rand.Uint64()
	if given := os.Getenv("JANA_SEED"); given != "" {
		n, err := strconv.ParseUint(given, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		seed = n
	}
	t.Logf("JANA_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// opened is a new store that is verified whole when the test ends.
func opened(t *testing.T) *Store {
	return openedAt(t, filepath.Join(t.TempDir(), "jana.db"), Options{})
}

func openedAt(t *testing.T, path string, o Options) *Store {
	t.Helper()
	others := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, others) })
	if o.Retry == 0 {
		o.Retry = time.Millisecond
	}
	s, err := Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { verify(t, s) })
	return s
}

// verify checks a store whole, closes it, and asks bbolt for its opinion.
func verify(t *testing.T, s *Store) {
	t.Helper()
	ctx := context.Background()
	s.dbMu.RLock()
	open := s.db != nil
	s.dbMu.RUnlock()
	if open {
		problems, err := s.Check(ctx)
		if err != nil {
			t.Error(err)
		}
		for _, p := range problems {
			t.Errorf("at the end of the test: %v", p)
		}
		if err := s.Close(ctx); err != nil {
			t.Error(err)
		}
		s.mu.Lock()
		if len(s.pending) > 0 || len(s.queue) > 0 || s.records != 0 {
			t.Errorf("kept in memory after all was saved: %v, %d jobs, %d entries", s.pending, len(s.queue), s.records)
		}
		s.mu.Unlock()
	}
	boltAgrees(t, s.path)
}

func boltAgrees(t *testing.T, path string) {
	t.Helper()
	db, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true, Timeout: time.Second})
	if err != nil {
		t.Error(err)
		return
	}
	defer db.Close()
	if err := db.View(func(tx *bolt.Tx) error {
		for err := range tx.Check() {
			t.Errorf("bbolt: %v", err)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

// birth is a board with an axis, two perspectives and three notes.
func birth(t testing.TB) *board.State {
	t.Helper()
	state, problems := board.Import([]byte(`{"schema":"jana-board/1",
		"board":{"id":"board","type":"board","title":"Koe","phase":"free"},
		"items":[
		{"id":"ax","type":"axis","x0":0,"x1":10000,"bandTop":0,"bandBottom":6000},
		{"id":"p1","type":"perspective","name":"Ikä","order":1},
		{"id":"p2","type":"perspective","name":"Matka","order":2},
		{"id":"n1","type":"note","x":100,"y":100,"z":1,"text":"eka","perspectiveId":"p1"},
		{"id":"n2","type":"note","x":200,"y":100,"z":2,"text":"toka"},
		{"id":"n3","type":"note","x":300,"y":100,"z":3,"text":"kolmas"}]}`), 1000)
	if len(problems) > 0 {
		t.Fatalf("birth: %v", problems)
	}
	return state
}

// table is a board at work: it keeps the state as a room does, and what became
// of each entry. One goroutine at a time works on it.
type table struct {
	t     testing.TB
	s     *Store
	id    string
	state *board.State
	n     int64
	notes int

	saved  atomic.Int64 // seq of the last saved entry
	failed atomic.Pointer[error]
	wg     sync.WaitGroup
}

func newTable(t testing.TB, s *Store, id string) *table {
	t.Helper()
	b := &table{t: t, s: s, id: id, state: birth(t)}
	if err := s.Create(context.Background(), id, b.state.Snapshot()); err != nil {
		t.Fatal(err)
	}
	return b
}

// entry orders and applies a push of the facilitator.
func (b *table) entry(ops ...board.Op) *board.Entry {
	b.n++
	e := &board.Entry{
		Seq: b.state.Seq() + 1, Time: 1000 + b.n, By: "pF", Role: board.Facilitator, Client: "tab", N: b.n, Ops: ops,
	}
	b.state.Apply(e)
	return e
}

// append hands a batch over and follows what becomes of it.
func (b *table) append(batch Batch) {
	b.wg.Add(1)
	last := b.state.Seq()
	if n := len(batch.Entries); n > 0 {
		last = batch.Entries[n-1].Seq
	}
	err := b.s.Append(context.Background(), b.id, batch, func(err error) {
		defer b.wg.Done()
		switch {
		case err != nil:
			b.failed.Store(&err)
		case b.saved.Load() > last:
			b.t.Errorf("board %s: saved %d after %d", b.id, last, b.saved.Load())
		default:
			b.saved.Store(last)
		}
	})
	if err != nil {
		b.wg.Done()
		b.t.Error(err)
	}
}

// push does ops as one entry.
func (b *table) push(ops ...board.Op) *board.Entry {
	e := b.entry(ops...)
	b.append(Batch{Entries: []*board.Entry{e}})
	return e
}

// settle waits for everything to be saved.
func (b *table) settle() {
	b.t.Helper()
	b.wg.Wait()
	if err := b.failed.Load(); err != nil {
		b.t.Errorf("board %s: %v", b.id, *err)
	}
}

// some is an op that mostly makes sense.
func (b *table) some(r *rand.Rand) board.Op {
	note := func() board.ID { return fmt.Sprintf("n%d", 1+r.IntN(b.notes+3)) }
	switch r.IntN(8) {
	case 0, 1:
		b.notes++
		return board.Create{Type: board.TypeNote, ID: fmt.Sprintf("n%d", b.notes+3), Fields: []board.Field{
			{Name: "text", Value: words(r)}, {Name: "x", Value: r.Int64N(10000)}, {Name: "y", Value: r.Int64N(6000)},
		}}
	case 2, 3, 4:
		return board.Move{Moves: []board.Place{{ID: note(), X: r.Int64N(10000), Y: r.Int64N(6000)}}}
	case 5:
		return board.Text{ID: note(), Field: "text", From: words(r), To: words(r)}
	case 6:
		return board.Group{Notes: []board.ID{note(), note()}, Group: fmt.Sprintf("g%d", r.IntN(5))}
	default:
		return board.Delete{IDs: []board.ID{note()}}
	}
}

// batch is what a room may hand over at once: some entries, now and then with a
// snapshot, a milestone or a blank.
func (b *table) batch(r *rand.Rand) Batch {
	var batch Batch
	for range 1 + r.IntN(3) {
		batch.Entries = append(batch.Entries, b.entry(b.some(r)))
	}
	switch r.IntN(40) {
	case 0:
		batch.Snapshot = b.state.Snapshot()
	case 1:
		e := b.entry(board.Milestone{Name: "väli"})
		batch.Entries = append(batch.Entries, e)
		batch.Milestones = map[board.ID]*board.Snapshot{fmt.Sprintf("m%d", e.Seq): b.state.Snapshot()}
	case 2:
		e := b.entry(board.Blank{ID: fmt.Sprintf("n%d", 1+r.IntN(b.notes+1))})
		batch.Entries = append(batch.Entries, e)
		batch.Blanked = e.Blanked
		batch.Snapshot = b.state.Snapshot()
	}
	return batch
}

func words(r *rand.Rand) string {
	out := ""
	for range r.IntN(6) {
		out += []string{"koira ", "ä", "😀", "n", "\"", "\n", "työ"}[r.IntN(7)]
	}
	return out
}

// same holds what the store gives back against the state that was worked on.
func same(t testing.TB, s *Store, id string, want *board.State) {
	t.Helper()
	loaded, err := s.Load(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	got := loaded.State
	if got.Seq() != want.Seq() || got.Time() != want.Time() {
		t.Fatalf("board %s: got seq %d, time %d, want %d, %d", id, got.Seq(), got.Time(), want.Seq(), want.Time())
	}
	if got.Hash() != want.Hash() {
		t.Fatalf("board %s at %d: got another board:\n%s\nwant\n%s", id, got.Seq(), got.Export(), want.Export())
	}
}

// reopen closes the store and opens its file again.
func reopen(t *testing.T, s *Store) *Store {
	t.Helper()
	if err := s.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	return openedAt(t, s.path, Options{})
}

func stored(t testing.TB, e *board.Entry) []byte {
	t.Helper()
	raw, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func wantEntries(t testing.TB, got []*board.Entry, want []*board.Entry) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("got %d entries, want %d", len(got), len(want))
	}
	for i := range got {
		if a, b := stored(t, got[i]), stored(t, want[i]); !bytes.Equal(a, b) {
			t.Fatalf("entry %d: got %s, want %s", i, a, b)
		}
	}
}
