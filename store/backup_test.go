package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	bolt "go.etcd.io/bbolt"

	"jana/protocol/board"
)

// crowd is boards at work, as fast as the disk allows.
type crowd struct {
	tables []*table
	stop   func()
	// pause is held by each push: whoever locks it has the boards stand still.
	pause sync.RWMutex

	mu     sync.Mutex
	hashes map[string]string // board/seq → hash
}

func busy(t *testing.T, s *Store, n int) *crowd {
	t.Helper()
	seed := seedOf(t).Uint64()
	l := &crowd{hashes: map[string]string{}}
	quit := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		b := newTable(t, s, fmt.Sprintf("board-%d", i))
		l.mu.Lock()
		l.hashes[b.id+"/0"] = b.state.Hash()
		l.mu.Unlock()
		l.tables = append(l.tables, b)
		wg.Go(func() {
			r := rand.New(rand.NewPCG(seed, uint64(i)))
			for {
				select {
				case <-quit:
					b.settle()
					return
				default:
				}
				if b.saved.Load()+5 < b.state.Seq() { // as far ahead of the disk as a room may be
					b.wg.Wait()
				}
				l.pause.RLock()
				e := b.entry(b.some(r))
				l.mu.Lock()
				l.hashes[fmt.Sprintf("%s/%d", b.id, e.Seq)] = b.state.Hash()
				l.mu.Unlock()
				b.append(Batch{Entries: []*board.Entry{e}})
				l.pause.RUnlock()
			}
		})
	}
	l.stop = sync.OnceFunc(func() {
		close(quit)
		wg.Wait()
	})
	return l
}

// saved is what is saved of each board now.
func (l *crowd) saved() map[string]int64 {
	saved := map[string]int64{}
	for _, b := range l.tables {
		saved[b.id] = b.saved.Load()
	}
	return saved
}

// holds checks that a store has each board as it once was, not before what was
// saved.
func (l *crowd) holds(t *testing.T, s *Store, saved map[string]int64) {
	t.Helper()
	for id, least := range saved {
		loaded, err := s.Load(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		seq := loaded.State.Seq()
		l.mu.Lock()
		want := l.hashes[fmt.Sprintf("%s/%d", id, seq)]
		l.mu.Unlock()
		if seq < least || loaded.State.Hash() != want {
			t.Errorf("board %s: got another board at %d, when %d was saved", id, seq, least)
		}
	}
}

// slow takes its time until it is let go.
type slow struct {
	bytes.Buffer
	begun, released chan struct{}
	once            sync.Once
}

func (w *slow) Write(b []byte) (int, error) {
	w.once.Do(func() { close(w.begun) })
	<-w.released
	return w.Buffer.Write(b)
}

func TestABackupTakenUnderLoadIsAStoreOfOneMoment(t *testing.T) {
	s := opened(t)
	l := busy(t, s, 4)
	defer l.stop()
	for range 3 {
		saved := l.saved()
		w := &slow{begun: make(chan struct{}), released: make(chan struct{})}
		type result struct {
			n   int64
			err error
		}
		done := make(chan result, 1)
		go func() {
			n, err := s.Backup(ctx, w)
			done <- result{n, err}
		}()
		<-w.begun
		// While the reader sleeps, saving goes on.
		for _, b := range l.tables {
			for before := b.saved.Load(); b.saved.Load() < before+20; {
				if err := s.settled(ctx, b.id); err != nil {
					t.Fatal(err)
				}
			}
		}
		close(w.released)
		got := <-done
		if got.err != nil || got.n != int64(w.Len()) {
			t.Fatalf("got %d bytes and %v, want %d", got.n, got.err, w.Len())
		}
		if all, _ := filepath.Glob(s.path + ".*"); len(all) > 0 {
			t.Errorf("it left %v behind", all)
		}

		l.pause.Lock()
		dir := t.TempDir()
		write(t, filepath.Join(dir, "backup"), w.Bytes())
		restored := filepath.Join(dir, "data", "jana.db")
		if err := Restore(ctx, restored, filepath.Join(dir, "backup")); err != nil { // which checks it whole
			t.Fatal(err)
		}
		if err := Restore(ctx, restored, filepath.Join(dir, "backup")); !errors.Is(err, fs.ErrExist) {
			t.Errorf("over another store: got %v, want fs.ErrExist", err)
		}
		back, err := Open(restored, Options{})
		if err != nil {
			t.Fatal(err)
		}
		l.holds(t, back, saved)
		if err := back.Close(ctx); err != nil {
			t.Fatal(err)
		}
		boltAgrees(t, restored)
		if info, err := os.Stat(restored); err != nil || info.Mode() != 0o600 {
			t.Errorf("got %v and %v, want it for its owner alone", info.Mode(), err)
		}
		l.pause.Unlock()
	}
}

func TestABackupEndsWithItsContextOrItsWriter(t *testing.T) {
	s := opened(t)
	newTable(t, s, "koe")
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := s.Backup(ended, io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	r, w := io.Pipe()
	r.Close()
	if _, err := s.Backup(ctx, w); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v, want io.ErrClosedPipe", err)
	}
}

func TestABackupWithABadBoardIsNotRestored(t *testing.T) {
	s, _ := tampered(t, func(tx *bolt.Tx) { flip(tx, logBucket, seqKey("bad", 20)) })
	var backup bytes.Buffer
	if _, err := s.Backup(ctx, &backup); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "backup"), backup.Bytes())
	err := Restore(ctx, filepath.Join(dir, "jana.db"), filepath.Join(dir, "backup"))
	if !errors.Is(err, ErrCorrupt) {
		t.Errorf("got %v, want ErrCorrupt", err)
	}
	if all, _ := os.ReadDir(dir); len(all) != 1 {
		t.Errorf("something was made all the same: %v", all)
	}
}

func TestCompactingUnderLoadLosesNothing(t *testing.T) {
	s := opened(t)
	l := busy(t, s, 4)
	defer l.stop()
	for range 5 {
		saved := l.saved()
		if err := s.Compact(ctx); err != nil {
			t.Fatal(err)
		}
		l.pause.Lock()
		l.holds(t, s, saved)
		l.pause.Unlock()
	}
	l.stop()
	for _, b := range l.tables {
		same(t, s, b.id, b.state)
	}
	if s.db.NoSync {
		t.Error("it no longer waits for the disk")
	}
	// The new file is locked as the old one was.
	second, err := Open(s.path, Options{})
	refused(t, s.path, second, err, ErrLocked)
	s = reopen(t, s)
	for _, b := range l.tables {
		same(t, s, b.id, b.state)
	}
}

func TestWhatACutCompactionLeftIsRemoved(t *testing.T) {
	s := opened(t)
	b := newTable(t, s, "koe")
	write(t, s.path+compactSuffix, []byte("half of it"))
	s = reopen(t, s)
	if _, err := os.Stat(s.path + compactSuffix); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want it gone", err)
	}
	same(t, s, "koe", b.state)
}
