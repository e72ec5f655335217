package store

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"jana/protocol/board"
)

// said is what the child has said so far, by board: the seq up to which it is
// saved, -1 for a board that is being deleted, -2 for one that is gone.
type said struct {
	mu    sync.Mutex
	lines int
	last  map[string]int64
}

func (w *said) listen(out *bufio.Scanner) error {
	for out.Scan() {
		id, n, _ := strings.Cut(out.Text(), " ")
		seq, err := strconv.ParseInt(n, 10, 64)
		if err != nil {
			return fmt.Errorf("a line of the child: %q", out.Text())
		}
		w.mu.Lock()
		w.last[id] = seq
		w.lines++
		w.mu.Unlock()
	}
	return nil
}

func (w *said) copy() map[string]int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	last := make(map[string]int64, len(w.last))
	for id, seq := range w.last {
		last[id] = seq
	}
	return last
}

// kept holds a store against what was called saved.
func (w *said) kept(t *testing.T, s *Store, last map[string]int64) {
	t.Helper()
	for id, seq := range last {
		loaded, err := s.Load(ctx, id)
		switch {
		case seq == -2:
			if !errors.Is(err, ErrDeleted) {
				t.Errorf("board %s: got %v, want it gone", id, err)
			}
		case seq == -1:
			if err != nil && !errors.Is(err, ErrDeleted) {
				t.Errorf("board %s: got %v, want it there or gone", id, err)
			}
		case err != nil:
			t.Errorf("board %s: %v", id, err)
		case loaded.State.Seq() < seq:
			t.Errorf("board %s: got seq %d, but %d was called saved", id, loaded.State.Seq(), seq)
		}
	}
}

// whole checks that every board of the store is what its log comes to, without
// a gap and without anything doubled.
func whole(t *testing.T, s *Store) {
	t.Helper()
	problems, err := s.Check(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
}

// startChild lets a child work on a store. stop kills it, at once, and waits.
func startChild(t *testing.T, path string, w *said) (cmd *exec.Cmd, stop func()) {
	t.Helper()
	cmd = exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+path)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	heard := make(chan error, 1)
	go func() { heard <- w.listen(bufio.NewScanner(out)) }()
	return cmd, sync.OnceFunc(func() {
		if err := cmd.Process.Kill(); err != nil {
			t.Error(err)
		}
		if err := <-heard; err != nil {
			t.Error(err)
		}
		_ = cmd.Wait() // it was killed
		if stderr.Len() > 0 {
			t.Errorf("the child said: %s", stderr.String())
		}
	})
}

func TestAKillLosesNothingThatWasCalledSaved(t *testing.T) {
	rounds := 10
	if given := os.Getenv("JANA_KILL_ROUNDS"); given != "" {
		n, err := strconv.Atoi(given)
		if err != nil {
			t.Fatal(err)
		}
		rounds = n
	}
	r := seedOf(t)
	path := filepath.Join(t.TempDir(), "jana.db")
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 8 {
		newTable(t, s, fmt.Sprintf("board-%d", i))
	}
	if err := s.Close(ctx); err != nil {
		t.Fatal(err)
	}
	w := &said{last: map[string]int64{}}
	for round := range rounds {
		before := w.lines
		_, stop := startChild(t, path, w)
		// At a random moment of its work, not before it has begun.
		begun := time.Now()
		for ; !t.Failed(); time.Sleep(time.Millisecond) {
			w.mu.Lock()
			enough := w.lines-before > 20
			w.mu.Unlock()
			if enough {
				break
			}
			if time.Since(begun) > time.Minute {
				t.Error("the child does not get on")
			}
		}
		time.Sleep(time.Duration(r.IntN(300_000)) * time.Microsecond)
		stop()
		s, err := Open(path, Options{})
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		w.kept(t, s, w.copy())
		whole(t, s)
		if err := s.Close(ctx); err != nil {
			t.Fatal(err)
		}
		boltAgrees(t, path)
		if t.Failed() {
			t.Fatalf("in round %d", round)
		}
	}
	t.Logf("%d lines in %d rounds", w.lines, rounds)
}

// TestTheFileIsWholeAtAnyMoment stops a child again and again and looks at what
// a kill would leave.
func TestTheFileIsWholeAtAnyMoment(t *testing.T) {
	r := seedOf(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "jana.db")
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 8 {
		newTable(t, s, fmt.Sprintf("board-%d", i))
	}
	if err := s.Close(ctx); err != nil {
		t.Fatal(err)
	}
	w := &said{last: map[string]int64{}}
	cmd, stop := startChild(t, path, w)
	defer stop()
	for i := range 16 {
		time.Sleep(time.Duration(r.IntN(8_000)) * time.Microsecond) // any moment
		last := w.copy()
		if err := cmd.Process.Signal(syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		if err := waitStopped(cmd.Process.Pid); err != nil {
			t.Fatal(err)
		}
		left := filepath.Join(dir, fmt.Sprintf("left-%d.db", i))
		copyFile(t, path, left, 0o600)
		if err := cmd.Process.Signal(syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		s, err := Open(left, Options{})
		if err != nil {
			t.Fatal(err)
		}
		w.kept(t, s, last)
		if i%8 == 0 {
			whole(t, s)
		}
		if err := s.Close(ctx); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(left); err != nil {
			t.Fatal(err)
		}
	}
}

// waitStopped waits until a process stands still.
func waitStopped(pid int) error {
	for range 5000 {
		raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			return err
		}
		if _, rest, _ := strings.Cut(string(raw), ") "); strings.HasPrefix(rest, "T") {
			return nil
		}
		time.Sleep(time.Millisecond)
	}
	return errors.New("it goes on")
}

var errDisk = &fs.PathError{Op: "write", Path: "jana.db", Err: syscall.ENOSPC}

// TestAFailedTransactionIsTriedAgain lets transactions fail in all the ways they
// can: without a trace, and so that all or nothing of it is in the file after all.
func TestAFailedTransactionIsTriedAgain(t *testing.T) {
	for name, c := range map[string]struct {
		fail func(*bolt.Tx) error
		anew bool // the file has to be written anew
	}{
		"writing fails":   {func(tx *bolt.Tx) error { return errors.Join(tx.Rollback(), errDisk) }, false},
		"the fsync fails": {func(tx *bolt.Tx) error { return errors.Join(tx.Rollback(), syscall.EIO) }, true},
		"it is in the file after all, and the fsync failed": {func(tx *bolt.Tx) error {
			return errors.Join(tx.Commit(), syscall.EIO)
		}, true},
		"it is in the file after all": {func(tx *bolt.Tx) error { return errors.Join(tx.Commit(), errDisk) }, false},
		"it panics":                   {func(tx *bolt.Tx) error { panic("a page that is none") }, true},
		"it faults":                   {func(tx *bolt.Tx) error { return fault() }, true},
	} {
		t.Run(name, func(t *testing.T) {
			var mu sync.Mutex
			var health []error
			s := openedAt(t, filepath.Join(t.TempDir(), "jana.db"), Options{OnHealth: func(err error) {
				mu.Lock()
				defer mu.Unlock()
				health = append(health, err)
			}})
			r := seedOf(t)
			b, other, gone := newTable(t, s, "koe"), newTable(t, s, "other"), newTable(t, s, "gone")
			held, err := os.Open(s.path) // so that its inode is no other's
			if err != nil {
				t.Fatal(err)
			}
			defer held.Close()
			file, err := held.Stat()
			if err != nil {
				t.Fatal(err)
			}
			fails, stands := 0, true
			failing := func(tx *bolt.Tx) error {
				if stands = fails == 0; stands {
					return tx.Commit()
				}
				fails--
				return c.fail(tx)
			}
			// Only the committer may touch it.
			if err := s.await(ctx, &job{alone: func() error { s.commit = failing; return nil }}); err != nil {
				t.Fatal(err)
			}
			for round := range 10 {
				if err := s.await(ctx, &job{alone: func() error { fails = 1 + round%3; return nil }}); err != nil {
					t.Fatal(err)
				}
				release := hold(s)
				for range 5 {
					for _, b := range []*table{b, other} {
						b.append(b.batch(r))
					}
				}
				done := make(chan error, 2)
				id := fmt.Sprintf("new-%d", round)
				go func() { done <- s.Create(ctx, id, b.state.Snapshot()) }()
				go func() {
					if round == 5 {
						done <- s.Delete(ctx, "gone")
						return
					}
					done <- nil
				}()
				release()
				b.settle()
				other.settle()
				for range 2 {
					if err := <-done; err != nil {
						t.Errorf("round %d: %v", round, err)
					}
				}
			}
			// Even if all of it is there already, a transaction has to say so.
			if err := s.await(ctx, &job{alone: func() error { fails = 1; return nil }}); err != nil {
				t.Fatal(err)
			}
			b.push(board.Rename{Name: "Pöytä"})
			b.settle()
			if err := s.await(ctx, &job{alone: func() error {
				if !stands {
					t.Error("it was called saved after a transaction that failed")
				}
				return nil
			}}); err != nil {
				t.Fatal(err)
			}
			same(t, s, "koe", b.state)
			same(t, s, "other", other.state)
			if _, err := s.Load(ctx, gone.id); !errors.Is(err, ErrDeleted) {
				t.Errorf("got %v, want it deleted", err)
			}
			if err := s.Healthy(); err != nil {
				t.Errorf("got %v, want it healthy again", err)
			}
			mu.Lock()
			if len(health) < 2 || len(health)%2 != 0 {
				t.Errorf("got the health %v, want pairs of failing and well", health)
			}
			for i, err := range health {
				if (err == nil) != (i%2 == 1) {
					t.Errorf("got the health %v, want failing and well by turns", health)
				}
			}
			mu.Unlock()
			after, err := os.Stat(s.path)
			if err != nil {
				t.Fatal(err)
			}
			if anew := !os.SameFile(file, after); anew != c.anew {
				t.Errorf("the file was written anew: %v, want %v", anew, c.anew)
			}
			s = reopen(t, s)
			same(t, s, "koe", b.state)
			same(t, s, "other", other.state)
			if all, err := s.Boards(); err != nil || len(all) != 12 {
				t.Errorf("got %d boards and %v, want 12", len(all), err)
			}
		})
	}
}

// fault reads memory behind the end of a file, as bbolt does in one that is
// damaged.
func fault() error {
	f, err := os.CreateTemp("", "jana-store-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	page, err := syscall.Mmap(int(f.Fd()), 0, os.Getpagesize(), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return err
	}
	defer syscall.Munmap(page)
	return fmt.Errorf("read %d where there is nothing", page[1])
}
