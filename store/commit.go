package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync/atomic"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"
)

// Bounds of one transaction, and of what may wait for one. A job larger than a
// whole transaction may be gets one for itself.
const (
	maxFlushRecords  = 512
	maxFlushBytes    = 256 << 10
	maxQueuedRecords = 64 << 10
)

// job is something to save. Who queues it gives it up.
type job struct {
	board   string
	records int // entries
	bytes   int
	// write does the job in the transaction, or alone does it without one and
	// by itself. An error of either is final for this job and nobody else's;
	// neither may have kept anything when it is called again.
	write func(*flush, *job) error
	alone func() error
	// done is told, in the order of the queue, what became of it.
	done func(error)
	// gone: nobody waits for it any more; it need not be done.
	gone atomic.Bool

	// Only the committer touches what follows.
	tried bool // a transaction with it was begun to be committed, and may be in the file
	err   error
}

var errGone = errors.New("nobody waits for it")

// enqueue hands jobs to the committer. It blocks while the queue is full.
func (s *Store) enqueue(ctx context.Context, j *job) error {
	s.mu.Lock()
	for !s.closing && s.records > 0 && s.records+j.records > s.maxQueued {
		freed := s.freed
		s.mu.Unlock()
		select {
		case <-freed:
		case <-ctx.Done():
			return ctx.Err()
		}
		s.mu.Lock()
	}
	if s.closing {
		s.mu.Unlock()
		return ErrClosed
	}
	s.queue = append(s.queue, j)
	s.records += j.records
	s.pending[j.board]++
	s.mu.Unlock()
	s.poke()
	return nil
}

// await queues a job and waits until it is saved.
func (s *Store) await(ctx context.Context, j *job) error {
	saved := make(chan error, 1)
	j.done = func(err error) { saved <- err }
	if err := s.enqueue(ctx, j); err != nil {
		return err
	}
	select {
	case err := <-saved:
		return err
	case <-ctx.Done():
		j.gone.Store(true)
		return ctx.Err()
	}
}

// settled waits until what was queued for the board before is saved.
func (s *Store) settled(ctx context.Context, id string) error {
	s.mu.Lock()
	queued := s.pending[id] > 0
	s.mu.Unlock()
	if !queued {
		return nil
	}
	return s.await(ctx, &job{board: id, write: func(*flush, *job) error { return nil }})
}

func (s *Store) poke() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// run is the committer: it saves whatever waits, then whatever came meanwhile.
func (s *Store) run() {
	defer close(s.finished)
	for {
		jobs, closing := s.take()
		if len(jobs) == 0 {
			if closing {
				return
			}
			<-s.wake
			continue
		}
		err := s.save(jobs)
		for err != nil {
			s.setHealth(err)
			select {
			case <-time.After(s.retry):
			case <-s.abandon:
				s.giveUp(jobs, err)
				return
			}
			err = s.save(jobs)
		}
		s.setHealth(nil)
		s.release(jobs)
		for _, j := range jobs {
			j.done(j.err)
		}
	}
}

// take removes from the queue what one transaction may hold.
func (s *Store) take() (jobs []*job, closing bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	records, bytes, n := 0, 0, 0
	for _, j := range s.queue {
		records += j.records
		bytes += j.bytes
		if n > 0 && (records > maxFlushRecords || bytes > maxFlushBytes || j.alone != nil) {
			break
		}
		n++
		if j.alone != nil {
			break
		}
	}
	jobs = slices.Clone(s.queue[:n])
	s.queue = slices.Delete(s.queue, 0, n)
	return jobs, s.closing
}

// release gives back the room that jobs took in the queue.
func (s *Store) release(jobs []*job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats.Flushes++
	for _, j := range jobs {
		s.records -= j.records
		if j.err == nil {
			s.stats.Entries += uint64(j.records)
		}
		if s.pending[j.board]--; s.pending[j.board] == 0 {
			delete(s.pending, j.board)
		}
	}
	close(s.freed)
	s.freed = make(chan struct{})
}

// giveUp tells everyone that waits that it will not be saved.
func (s *Store) giveUp(jobs []*job, cause error) {
	s.mu.Lock()
	jobs = append(jobs, s.queue...)
	s.queue = nil
	s.mu.Unlock()
	for _, j := range jobs {
		j.done(fmt.Errorf("%w: %w", ErrClosed, cause))
	}
}

func (s *Store) setHealth(err error) {
	s.mu.Lock()
	changed := (err == nil) != (s.sick == nil)
	s.sick = err
	s.mu.Unlock()
	if changed && s.onHealth != nil {
		s.onHealth(err)
	}
}

// save does the jobs in one transaction. An error means that none of them is
// known to be saved, and that all have to be tried again.
func (s *Store) save(jobs []*job) error {
	err := guard(func() error {
		if s.doubt {
			if err := s.compact(); err != nil {
				return fmt.Errorf("write the file anew: %w", err)
			}
		}
		if jobs[0].alone != nil {
			jobs[0].err = jobs[0].alone()
			return nil
		}
		for {
			if clean, err := s.try(jobs); clean || err != nil {
				return err
			}
		}
	})
	if err != nil && !isWriteError(err) {
		s.doubt = true
	}
	return err
}

// try writes the jobs that have no error yet. It is not clean if one got its
// error after it had begun to write: then nothing was saved, and the others
// have to be written again without it.
func (s *Store) try(jobs []*job) (clean bool, err error) {
	tx, err := s.db.Begin(true)
	if err != nil {
		return false, err
	}
	defer func() { _ = tx.Rollback() }() // of no effect after a commit
	f := &flush{tx: tx, now: s.now(), boards: map[string]*tail{}}
	for _, j := range jobs {
		if j.err != nil {
			continue
		}
		if j.gone.Load() {
			j.err = errGone
			continue
		}
		f.touched = false
		j.err = guard(func() error { return j.write(f, j) })
		if j.err != nil && (f.touched || errors.Is(j.err, ErrDamaged)) {
			return false, nil
		}
		// What a failed transaction may have left in the file is not saved
		// before another one has been.
		f.wrote = f.wrote || j.tried
	}
	for _, id := range f.order {
		if err := guard(func() error { return f.flushLog(id) }); err != nil {
			for _, j := range jobs {
				if j.board == id && j.err == nil {
					j.err = err
				}
			}
			return false, nil
		}
	}
	if !f.wrote {
		return true, nil
	}
	for _, j := range jobs {
		j.tried = true
	}
	return true, s.commit(tx)
}

// isWriteError tells an error that came of writing to the file, which bbolt
// undoes, from one of fsync and from a fault. After an fsync that failed, the
// kernel may hold pages that it will never write and yet show them as if they
// were on disk; then only writing all of them anew helps.
func isWriteError(err error) bool {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Op != "sync"
	}
	var no syscall.Errno
	return !errors.As(err, &no) && !errors.Is(err, ErrDamaged)
}

// flush is one transaction in the making.
type flush struct {
	tx     *bolt.Tx
	now    time.Time
	boards map[string]*tail
	order  []string // of boards, as they came
	// touched: the job at work has written; wrote: any has.
	touched, wrote bool
}

// tail is the end of a board's log in a transaction.
type tail struct {
	last int64    // seq of the last entry, with what waits
	wait [][]byte // entries that make the next value of the log
}

func (f *flush) put(bucket, key, value []byte) error {
	f.touched, f.wrote = true, true
	return f.tx.Bucket(bucket).Put(key, value)
}

func (f *flush) remove(bucket, key []byte) error {
	f.touched, f.wrote = true, true
	return f.tx.Bucket(bucket).Delete(key)
}

// tail finds the end of a board's log, or why there is none.
func (f *flush) tail(id string) (*tail, error) {
	if t := f.boards[id]; t != nil {
		return t, nil
	}
	if err := known(f.tx, id); err != nil {
		return nil, err
	}
	t := &tail{last: lastSeq(f.tx, id)}
	f.boards[id] = t
	f.order = append(f.order, id)
	return t, nil
}

// flushLog puts the waiting entries of a board into the log, as one value.
func (f *flush) flushLog(id string) error {
	t := f.boards[id]
	if t == nil || len(t.wait) == 0 {
		return nil
	}
	key := seqKey(id, t.last)
	entries := t.wait
	t.wait = nil
	log := f.tx.Bucket(logBucket)
	log.FillPercent = 0.9 // a board's keys only grow
	f.touched, f.wrote = true, true
	return log.Put(key, appendLog(key, entries))
}

// known is nil for a board that is in the file.
func known(tx *bolt.Tx, id string) error {
	if tx.Bucket(boardsBucket).Get([]byte(id)) != nil {
		return nil
	}
	if tx.Bucket(deletedBucket).Get([]byte(id)) != nil {
		return ErrDeleted
	}
	return fs.ErrNotExist
}

// lastSeq is the seq of a board's last saved entry, or of its birth.
func lastSeq(tx *bolt.Tx, id string) int64 {
	entry, _ := last(tx.Bucket(logBucket), id)
	snapshot, _ := last(tx.Bucket(snapshotsBucket), id)
	return max(0, seqOf(entry), seqOf(snapshot))
}
