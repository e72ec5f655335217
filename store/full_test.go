package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"jana/protocol/board"
)

// small is a place in which a store soon finds no more room, and how to make
// some.
type small struct {
	dir   string
	bulks int // how many bulky snapshots leave little room
	// full takes what is left of the room, where that can be done: tried again
	// with less in it, a transaction might find enough.
	full, free func()
}

// tmpfs is a disk of 6 MiB, of which ballast takes a part; nil where mounting
// is not allowed.
func tmpfs(t *testing.T) *small {
	dir := t.TempDir()
	if err := syscall.Mount("jana-test", dir, "tmpfs", 0, "size=6m"); err != nil {
		t.Logf("no tmpfs: %v", err)
		return nil
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 4800<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	return &small{dir, 1, func() {}, func() {
		if err := os.Remove(ballast); err != nil {
			t.Error(err)
		}
	}}
}

// rlimit lets no file of this process get larger than 6 MiB.
func rlimit(t *testing.T) *small {
	var was syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
		t.Fatal(err)
	}
	signal.Ignore(syscall.SIGXFSZ)
	limitTo := func(size uint64) {
		limit := was
		limit.Cur = size
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			t.Fatal(err)
		}
	}
	limitTo(6 << 20)
	free := sync.OnceFunc(func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
			t.Error(err)
		}
		signal.Reset(syscall.SIGXFSZ)
	})
	t.Cleanup(free)
	// The testing package keeps a log of its own, which is smaller than this.
	return &small{t.TempDir(), 4, func() { limitTo(1 << 20) }, free}
}

func TestAFullDiskStopsSavingUntilThereIsRoom(t *testing.T) {
	for name, make := range map[string]func(*testing.T) *small{"tmpfs": tmpfs, "file size": rlimit} {
		t.Run(name, func(t *testing.T) {
			disk := make(t)
			if disk == nil {
				return // the other case has shown it
			}
			sick, well := newSignal(), newSignal()
			s := openedAt(t, filepath.Join(disk.dir, "jana.db"), Options{OnHealth: func(err error) {
				if err != nil {
					sick.set()
				} else {
					well.set()
				}
			}})
			b := newTable(t, s, "koe")
			other := newTable(t, s, "other")
			filler := newTable(t, s, "filler")
			for i := range disk.bulks {
				filler.append(Batch{Milestones: map[board.ID]*board.Snapshot{fmt.Sprintf("m%d", i): bulky(t)}})
				filler.settle()
			}
			text := strings.Repeat("täynnä ", 140)
			var calledSaved int64
			for i := 0; !sick.is(); i++ {
				if i > 100_000 {
					t.Fatal("the disk never gets full")
				}
				b.push(note(fmt.Sprintf("a%d", i), text))
				other.push(board.Move{Moves: []board.Place{{ID: "n1", X: int64(i), Y: 1}}})
				if i < 20 {
					filler.push(note(fmt.Sprintf("a%d", i), text))
				}
				if i%50 == 0 { // as a room does that waits for the disk
					for b.saved.Load()+200 < b.state.Seq() && !sick.is() {
						time.Sleep(time.Millisecond)
					}
				}
			}
			disk.full()
			for i := range 300 { // more than a transaction may hold
				b.push(note(fmt.Sprintf("b%d", i), text))
			}
			time.Sleep(20 * time.Millisecond) // what was being committed is over
			calledSaved = b.saved.Load()
			if err := s.Healthy(); !errors.Is(err, syscall.ENOSPC) && !errors.Is(err, syscall.EFBIG) &&
				(err == nil || !strings.Contains(err.Error(), syscall.EFBIG.Error())) {
				t.Errorf("got %v, want it to say that there is no room", err)
			}

			// What is saved can be read; nothing more is called saved.
			history, err := s.History(ctx, "koe", 1, calledSaved, 1<<20)
			if err != nil || int64(len(history)) != calledSaved {
				t.Errorf("got %d entries and %v, want %d", len(history), err, calledSaved)
			}
			e := b.push(board.Rename{Name: "Pöytä"})
			short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
			defer cancel()
			if _, err := s.Load(short, "koe"); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("loading a board whose entries wait: got %v, want it to wait", err)
			}
			if err := s.Create(short, "new", birth(t).Snapshot()); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("creating: got %v, want it to wait", err)
			}
			if b.saved.Load() >= e.Seq {
				t.Error("it was called saved")
			}

			disk.free()
			well.wait(t)
			b.settle()
			other.settle()
			filler.settle()
			if err := s.Healthy(); err != nil {
				t.Errorf("got %v, want it healthy", err)
			}
			for range 2 {
				same(t, s, "koe", b.state)
				same(t, s, "other", other.state)
				same(t, s, "filler", filler.state)
				if all, err := s.Boards(); err != nil || len(all) != 3 {
					t.Errorf("got %v and %v, want the board that nobody waited for not made", all, err)
				}
				s = reopen(t, s)
			}
		})
	}
}

func TestClosingGivesUpOnADiskThatStaysFull(t *testing.T) {
	disk := rlimit(t)
	sick := newSignal()
	s, err := Open(filepath.Join(disk.dir, "jana.db"), Options{Retry: time.Hour, OnHealth: func(error) { sick.set() }})
	if err != nil {
		t.Fatal(err)
	}
	b := newTable(t, s, "koe")
	e := b.entry(note("a", strings.Repeat("x", 100)))
	b.append(Batch{Entries: []*board.Entry{e}})
	b.settle()
	good, err := board.Load(b.state.Snapshot().Encode())
	if err != nil {
		t.Fatal(err)
	}
	batch := Batch{Milestones: map[board.ID]*board.Snapshot{}}
	for i := range 40 {
		batch.Milestones[fmt.Sprintf("m%d", i)] = bulky(t)
	}
	b.append(batch)
	sick.wait(t)
	b.append(Batch{Entries: []*board.Entry{b.entry(board.Rename{Name: "x"})}})
	short, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
	defer cancel()
	if err := s.Close(short); err == nil || !strings.Contains(err.Error(), "1 entries were not saved") {
		t.Errorf("got %v, want it to tell what was not saved", err)
	}
	b.wg.Wait()
	if err := b.failed.Load(); err == nil || !errors.Is(*err, ErrClosed) {
		t.Errorf("who waited was told %v, want ErrClosed", err)
	}
	disk.free()
	s = openedAt(t, s.path, Options{})
	same(t, s, "koe", good)
}

// signal is something that happens once, or is waited for.
type signalled struct {
	once sync.Once
	c    chan struct{}
}

func newSignal() *signalled { return &signalled{c: make(chan struct{})} }

func (s *signalled) set() { s.once.Do(func() { close(s.c) }) }

func (s *signalled) is() bool {
	select {
	case <-s.c:
		return true
	default:
		return false
	}
}

func (s *signalled) wait(t *testing.T) {
	t.Helper()
	select {
	case <-s.c:
	case <-time.After(time.Minute):
		t.Fatal("it did not happen")
	}
}
