package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"
)

// Options of a store. The zero value is what a server wants.
type Options struct {
	// MustExist: a missing file is fs.ErrNotExist instead of a new, empty store.
	MustExist bool
	// Retry is how long the committer waits after a transaction that failed,
	// before it tries the same again. Default: 1 s.
	Retry time.Duration
	// OnHealth is called when saving begins to fail, with the cause, and with
	// nil when it works again; on the committer's goroutine, so it must not block.
	OnHealth func(error)
	// Now is the clock of what is only told to people. Default: time.Now.
	Now func() time.Time
}

// Store is a file of boards. All methods may be called from any goroutine.
//
// The entries of one board come from one goroutine at a time, in their order.
type Store struct {
	path     string
	retry    time.Duration
	onHealth func(error)
	now      func() time.Time

	// dbMu guards which file db is: readers hold it while they read, the
	// committer takes it to put a compacted file in the place of the old one.
	dbMu sync.RWMutex
	db   *bolt.DB // nil once closed

	mu      sync.Mutex
	queue   []*job
	pending map[string]int // board → jobs queued or being saved; only boards that have some
	records int            // entries queued or being saved
	closing bool
	freed   chan struct{}    // closed, and made anew, when the queue gets shorter
	sick    error            // why saving fails now
	bad     map[string]error // boards in quarantine, and why
	stats   Stats

	quarantineMu sync.Mutex

	maxQueued int // entries

	wake     chan struct{} // something is in the queue, or closing is set
	abandon  chan struct{} // closed when Close gives up on saving the rest
	finished chan struct{} // closed when the committer has ended

	// Only the committer touches what follows.
	commit func(*bolt.Tx) error
	doubt  bool // an fsync failed: what the file holds is not known to be on disk
}

// Stats are figures for the one who hosts it.
type Stats struct {
	// Queued entries wait to be saved.
	Queued int
	// Flushes and Entries count the transactions since Open and what they saved.
	Flushes, Entries uint64
	// FileBytes is the size of the file.
	FileBytes int64
	// Erased is when something was first deleted or blanked that Compact has
	// not yet taken out of the file's free pages; zero if there is nothing.
	Erased time.Time
}

// Open opens the store at path, or makes it, with its directory, if there is
// none. It refuses what it cannot trust (see the errors of this package) and
// then leaves the file as it is.
func Open(path string, o Options) (*Store, error) {
	return openWith(path, o, migrations)
}

func openWith(path string, o Options, steps []migration) (*Store, error) {
	if o.Retry == 0 {
		o.Retry = time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	db, err := openFile(path, o, steps)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	// Compact replaces the file, and not a link to it.
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	s := &Store{
		path: path, retry: o.Retry, onHealth: o.OnHealth, now: o.Now,
		db: db, maxQueued: maxQueuedRecords,
		pending: map[string]int{}, bad: map[string]error{},
		freed: make(chan struct{}), wake: make(chan struct{}, 1),
		abandon: make(chan struct{}), finished: make(chan struct{}),
		commit: (*bolt.Tx).Commit,
	}
	go s.run()
	return s, nil
}

// Close saves what is queued and closes the file. If ctx ends first, because
// the disk does not take it, the rest is told ErrClosed and Close returns an
// error; what was called saved is on disk in any case.
func (s *Store) Close(ctx context.Context) error {
	s.mu.Lock()
	again := s.closing
	if !again {
		s.closing = true
		close(s.freed) // whoever waits for room in the queue
		s.freed = make(chan struct{})
	}
	s.mu.Unlock()
	if again {
		<-s.finished
		return nil
	}
	s.poke()
	select {
	case <-s.finished:
	case <-ctx.Done():
		close(s.abandon)
		<-s.finished
	}
	s.dbMu.Lock()
	db := s.db
	s.db = nil
	s.dbMu.Unlock()
	err := db.Close()
	if lost := s.Stats().Queued; lost > 0 {
		return fmt.Errorf("close %s: %d entries were not saved: %w", s.path, lost, s.Healthy())
	}
	if err != nil {
		return fmt.Errorf("close %s: %w", s.path, err)
	}
	return nil
}

// Healthy is nil, or why nothing can be saved at the moment.
func (s *Store) Healthy() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sick
}

// Stats returns the figures of now.
func (s *Store) Stats() Stats {
	s.mu.Lock()
	stats := s.stats
	stats.Queued = s.records
	s.mu.Unlock()
	if info, err := os.Stat(s.path); err == nil {
		stats.FileBytes = info.Size()
	}
	// A store that cannot be read says so elsewhere.
	_ = s.view(func(tx *bolt.Tx) error {
		if v := tx.Bucket(metaBucket).Get(erasedKey); v != nil {
			stats.Erased = readTime(v)
		}
		return nil
	})
	return stats
}

// view reads in one transaction. What fn keeps it must copy.
func (s *Store) view(fn func(*bolt.Tx) error) error {
	s.dbMu.RLock()
	defer s.dbMu.RUnlock()
	if s.db == nil {
		return ErrClosed
	}
	return guard(func() error { return s.db.View(fn) })
}

// guard turns the faults and panics that a damaged page leads to, in bbolt or
// behind it, into an error. It holds for the goroutine that calls it.
func guard(fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", ErrDamaged, p)
		}
	}()
	return fn()
}
