package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

const (
	lockTimeout = time.Second
	// maxVerifyBytes is the largest file whose pages are all read when it is opened.
	maxVerifyBytes = 1 << 30
	// growBytes are added to the file when it has to grow, which costs an fsync.
	growBytes = 4 << 20
	// mapBytes of address space are reserved for the file at least, so that it
	// rarely has to be mapped anew: that waits for all who read.
	mapBytes = (1 << 30) >> (32 * (1 - strconv.IntSize/64))
)

// openFile opens the file at path, or makes it, and refuses what cannot be
// trusted before anything is written to it.
func openFile(path string, o Options, steps []migration) (*bolt.DB, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) && !o.MustExist {
		if err := create(path, o.Now(), len(steps)+1); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
	}
	db, err := openChecked(path, os.O_RDWR)
	if err != nil {
		return nil, err
	}
	if err := guard(func() error { return migrate(db, path, stamp(o.Now()), steps) }); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	// What a compaction that was cut off has left.
	if err := os.Remove(path + compactSuffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// openChecked locks the file, holds its pages against each other, and only then
// lets bbolt map it: bbolt would take an empty file for a new one, and die of
// some damaged ones.
func openChecked(path string, flag int) (*bolt.DB, error) {
	if info, err := os.Stat(path); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, ErrNotRegular // a pipe would block whoever opens it
	}
	var file *os.File
	options := &bolt.Options{
		ReadOnly: flag == os.O_RDONLY, PreLoadFreelist: true, FreelistType: bolt.FreelistMapType,
		InitialMmapSize: mapBytes, Timeout: lockTimeout, NoStatistics: true,
		OpenFile: func(path string, _ int, _ os.FileMode) (*os.File, error) {
			f, err := os.OpenFile(path, flag, 0)
			if err != nil {
				return nil, err
			}
			if err := errors.Join(lock(f, flag != os.O_RDONLY, lockTimeout), inspect(f)); err != nil {
				return nil, errors.Join(err, f.Close())
			}
			file = f
			return f, nil
		},
	}
	var db *bolt.DB
	err := guard(func() (err error) {
		db, err = bolt.Open(path, 0o600, options)
		return err
	})
	switch {
	case err == nil:
		db.AllocSize = growBytes
		return db, nil
	case file != nil && errors.Is(err, ErrDamaged):
		err = errors.Join(err, file.Close()) // bbolt has not, in its panic
	case errors.Is(err, bolterrors.ErrTimeout):
		err = ErrLocked
	case errors.Is(err, fs.ErrPermission), isReadOnlyFS(err):
		err = fmt.Errorf("%w: %w", ErrNotWritable, err)
	}
	return nil, err
}

// inspect refuses a file that is empty, foreign, truncated or damaged.
func inspect(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() == 0 {
		return ErrEmpty
	}
	m, err := readMeta(f, info.Size())
	if err != nil || m.bytes() > maxVerifyBytes {
		return err
	}
	_, err = verifyPages(f, m)
	return err
}

// create makes a store with nothing in it. It comes into being under its name
// whole, or not at all; fs.ErrExist if somebody else was faster.
func create(path string, now time.Time, schema int) (err error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, filepath.Base(path)+".new-*")
	if err != nil {
		return err
	}
	made := f.Name()
	defer func() { err = errors.Join(err, removeIfThere(made)) }()
	if err := f.Close(); err != nil {
		return err
	}
	db, err := bolt.Open(made, 0o600, &bolt.Options{Timeout: lockTimeout})
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bolt.Tx) error {
		for _, name := range allBuckets {
			if _, err := tx.CreateBucket(name); err != nil {
				return err
			}
		}
		return errors.Join(putSchema(tx, schema), tx.Bucket(metaBucket).Put(createdKey, writeTime(now)))
	})
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	return publish(made, path)
}

// publish gives a finished file its name, unless the name is taken.
func publish(made, path string) error {
	err := os.Link(made, path)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		// Not every file system has links.
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			return fs.ErrExist
		}
		err = os.Rename(made, path)
	}
	if err != nil {
		return err
	}
	return syncDir(path)
}

// syncDir makes the directory entry of path durable.
func syncDir(path string) error {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
