package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	bolt "go.etcd.io/bbolt"
)

const compactSuffix = ".compact"

// Backup writes a copy of the store, as it is at one moment, to w, and returns
// its size in bytes. It can be opened as a store. Saving goes on meanwhile,
// however slow w is: the copy is taken to the local disk first, so that it has
// to have room for it.
func (s *Store) Backup(ctx context.Context, w io.Writer) (int64, error) {
	f, err := os.CreateTemp(filepath.Dir(s.path), filepath.Base(s.path)+".backup-*")
	if err != nil {
		return 0, fmt.Errorf("back up: %w", err)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	_ = os.Remove(f.Name()) // where a system allows it: then a kill leaves nothing behind
	var n int64
	err = s.view(func(tx *bolt.Tx) error {
		_, err := tx.WriteTo(untilDone{ctx, f})
		return err
	})
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err == nil {
		n, err = io.Copy(untilDone{ctx, w}, f)
	}
	if ctx.Err() != nil {
		err = ctx.Err() // bbolt does not pass it on
	}
	if err != nil {
		return n, fmt.Errorf("back up: %w", err)
	}
	return n, nil
}

// untilDone writes until a context ends.
type untilDone struct {
	ctx context.Context // of one copy, as long as this lives
	w   io.Writer
}

func (u untilDone) Write(b []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.w.Write(b)
}

// Restore makes a store at path of a backup, after it has checked it whole.
// fs.ErrExist if there is something at path: put that aside first.
func Restore(ctx context.Context, path, backup string) error {
	if err := restore(ctx, path, backup); err != nil {
		return fmt.Errorf("restore %s from %s: %w", path, backup, err)
	}
	return nil
}

func restore(ctx context.Context, path, backup string) (err error) {
	db, err := openChecked(backup, os.O_RDONLY)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var problems []Problem
	view := func(fn func(*bolt.Tx) error) error { return guard(func() error { return db.View(fn) }) }
	newest := len(migrations) + 1
	var schema int
	if err := view(func(tx *bolt.Tx) (err error) {
		schema, err = schemaOf(tx)
		return err
	}); err != nil {
		return err
	}
	switch {
	case schema > newest:
		return fmt.Errorf("%w (schema %d, this one knows %d)", ErrNewer, schema, newest)
	case schema == newest: // an older one is checked once it has been migrated
		if err := view(complete); err != nil {
			return err
		}
		if problems, err = checkBoards(ctx, view); err != nil {
			return err
		}
	}
	for _, p := range problems {
		err = errors.Join(err, p)
	}
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	made := path + ".new-" + stamp(time.Now())
	if err := copyTo(db, made); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, removeIfThere(made)) }()
	return publish(made, path)
}

// copyTo writes the store, as it is at one moment, to a new file, durably.
func copyTo(db *bolt.DB, path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	err = db.View(func(tx *bolt.Tx) error {
		_, err := tx.WriteTo(f)
		return err
	})
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, removeIfThere(path))
	}
	return syncDir(path)
}

// Compact writes the file anew without free pages: it gets smaller, and what
// was deleted or blanked is no longer in it. Nothing is saved meanwhile (about
// a second for 200 MB); reading goes on. It needs room for a second file.
func (s *Store) Compact(ctx context.Context) error {
	if err := s.await(ctx, &job{alone: s.compact}); err != nil {
		return fmt.Errorf("compact %s: %w", s.path, err)
	}
	return nil
}

// compact puts a fresh copy in the place of the file and goes on with it. Only
// the committer calls it.
func (s *Store) compact() error {
	db, err := s.rewritten()
	if err != nil {
		return err
	}
	s.dbMu.Lock()
	old := s.db
	s.db = db
	s.dbMu.Unlock()
	// Without the directory on disk, a crash could bring the old file back.
	err = syncDir(s.path)
	s.doubt = err != nil
	return errors.Join(err, old.Close())
}

// rewritten is a durable copy of the store without free pages, under its name.
// Whoever opens the path gets the old file or the new one, and both are locked.
func (s *Store) rewritten() (db *bolt.DB, err error) {
	path := s.path + compactSuffix
	if err := removeIfThere(path); err != nil {
		return nil, err
	}
	db, err = bolt.Open(path, 0o600, &bolt.Options{
		FreelistType: bolt.FreelistMapType, InitialMmapSize: mapBytes, Timeout: lockTimeout, NoStatistics: true, NoSync: true,
	})
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, db.Close(), removeIfThere(path))
		}
	}()
	db.AllocSize = growBytes
	if err := guard(func() error { return bolt.Compact(db, s.db, 4<<20) }); err != nil {
		return nil, err
	}
	if err := db.Update(func(tx *bolt.Tx) error { return tx.Bucket(metaBucket).Delete(erasedKey) }); err != nil {
		return nil, err
	}
	if err := db.Sync(); err != nil {
		return nil, err
	}
	db.NoSync = false
	return db, os.Rename(path, s.path)
}
