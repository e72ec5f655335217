package store

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	bolt "go.etcd.io/bbolt"
)

// corruptDir stands beside the file and holds copies of boards that could not
// be trusted, each a bbolt file of the same layout named id-time.
const corruptDir = "corrupt"

// quarantine remembers that a board is not to be served, and copies what can
// be read of it to a file of its own, for whoever tries to save it.
func (s *Store) quarantine(id string, cause error) error {
	if !errors.Is(cause, ErrCorrupt) {
		cause = fmt.Errorf("%w: %w", ErrCorrupt, cause)
	}
	s.quarantineMu.Lock() // one copy, however many read the board at once
	defer s.quarantineMu.Unlock()
	if known := s.quarantined(id); known != nil {
		return known
	}
	path := filepath.Join(filepath.Dir(s.path), corruptDir, id+"-"+stamp(s.now()))
	if err := s.copyBoard(id, path); err != nil {
		cause = fmt.Errorf("%w (and it could not be copied: %w)", cause, err)
	} else {
		cause = fmt.Errorf("%w (copied to %s)", cause, path)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bad[id] = cause
	return cause
}

// quarantined is nil, or why the board is not served.
func (s *Store) quarantined(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bad[id]
}

// copyBoard writes the values of one board, as they are, to a new file. What
// lies on pages that cannot be read is left out.
func (s *Store) copyBoard(id, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	to, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: lockTimeout})
	if err != nil {
		return err
	}
	err = to.Update(func(dst *bolt.Tx) error {
		for _, name := range allBuckets {
			if _, err := dst.CreateBucket(name); err != nil {
				return err
			}
		}
		return s.view(func(src *bolt.Tx) error {
			if err := copyKey(dst, src, metaBucket, schemaKey); err != nil {
				return err
			}
			if err := copyKey(dst, src, boardsBucket, []byte(id)); err != nil {
				return err
			}
			prefix := prefixOf(id)
			for _, name := range ofABoard {
				var err error
				fault := guard(func() error {
					c := src.Bucket(name).Cursor()
					for key, v := c.Seek(prefix); bytes.HasPrefix(key, prefix) && err == nil; key, v = c.Next() {
						err = dst.Bucket(name).Put(bytes.Clone(key), bytes.Clone(v))
					}
					return nil
				})
				if err != nil {
					return err
				}
				_ = fault // it is why the board is in quarantine
			}
			return nil
		})
	})
	return errors.Join(err, to.Close())
}

func copyKey(dst, src *bolt.Tx, bucket, key []byte) error {
	v := src.Bucket(bucket).Get(key)
	if v == nil {
		return nil
	}
	return dst.Bucket(bucket).Put(key, bytes.Clone(v))
}

// removeCopies removes what quarantine has put aside of a deleted board.
func (s *Store) removeCopies(id string) error {
	dir := filepath.Join(filepath.Dir(s.path), corruptDir)
	files, err := os.ReadDir(dir)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	for _, f := range files {
		if len(f.Name()) == len(id)+1+len(stampLayout) && f.Name()[:len(id)+1] == id+"-" {
			err = errors.Join(err, os.Remove(filepath.Join(dir, f.Name())))
		}
	}
	return err
}

// stampLayout is how a time stands in the name of a file that is put aside.
const stampLayout = "20060102T150405.000Z"

func stamp(t time.Time) string { return t.UTC().Format(stampLayout) }
