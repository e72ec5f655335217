package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"
)

const (
	// sharedFor is how long after another instance was seen boards are taken to be shared with it.
	sharedFor = 24 * time.Hour
	// noteEvery is how often it is written down that it is still there, lookEvery how often it is looked who is.
	noteEvery = time.Minute
	lookEvery = time.Second
)

// others is the file in which an instance notes with whom it shares its boards: whoever went on alone would be parted
// from them, and what is locked here would not be there.
type others struct {
	path string
	log  *slog.Logger
	now  func() time.Time
	// seen is when each was there last, written is when that was noted.
	seen    map[string]time.Time
	written time.Time
}

func (p *program) others(log *slog.Logger) *others {
	return &others{path: filepath.Join(p.data, "others"), log: log, now: time.Now}
}

// part lets an instance go on alone that has not shared its boards lately. One that is forced to has never shared them.
func (o *others) part(forced bool) error {
	if forced {
		switch err := os.Remove(o.path); {
		case err == nil:
			o.log.Warn("this instance goes on alone, apart from those with which it shared its boards")
		case !errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("go on alone: %w", err)
		}
		return nil
	}
	if err := o.read(); err != nil {
		return err
	}
	for id, at := range o.seen {
		if ago := o.now().Sub(at); ago < sharedFor {
			return fmt.Errorf("this data folder shares its boards with the instance %s, seen %s ago: start with --redis as before, or with --force-standalone to go on alone, apart from the others",
				id, max(0, ago).Round(time.Second))
		}
	}
	return nil
}

func (o *others) read() error {
	raw, err := os.ReadFile(o.path)
	if errors.Is(err, fs.ErrNotExist) {
		o.seen = map[string]time.Time{}
		return nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &o.seen)
	}
	if err != nil {
		return fmt.Errorf("who shares these boards is not known, %s cannot be read: %w", o.path, err)
	}
	return nil
}

// note writes down who is there besides this instance, until ctx ends.
func (o *others) note(ctx context.Context, there func() []string) {
	if err := o.read(); err != nil {
		o.log.Warn("it is written anew", "error", err)
		o.seen = map[string]time.Time{}
	}
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		if err := o.look(there()); err != nil {
			o.log.Error("with whom boards are shared is not noted", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// look notes those who are there: whoever is new at once, the others now and then.
func (o *others) look(there []string) error {
	now := o.now()
	known := func(id string) bool { return !o.seen[id].IsZero() }
	if len(there) == 0 || now.Sub(o.written) < noteEvery && !slices.ContainsFunc(there, func(id string) bool { return !known(id) }) {
		return nil
	}
	for id, at := range o.seen {
		if now.Sub(at) >= sharedFor {
			delete(o.seen, id)
		}
	}
	for _, id := range there {
		o.seen[id] = now.UTC().Truncate(time.Second)
	}
	raw, err := json.Marshal(o.seen)
	if err != nil {
		return err
	}
	o.written = now
	return replaceFile(o.path, append(raw, '\n'))
}

// replaceFile leaves the old content or the new one, whole, whenever the machine stops.
func replaceFile(path string, content []byte) error {
	aside, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(aside.Name())
	_, err = aside.Write(content)
	if err = errors.Join(err, aside.Sync(), aside.Close()); err != nil {
		return err
	}
	if err := os.Rename(aside.Name(), path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}
