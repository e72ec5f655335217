package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jana/protocol/board"
	"jana/server/redistest"
)

func TestWhoSharedItsBoardsGoesOnAloneOnlyWhenForced(t *testing.T) {
	r := redistest.Start(t)
	data := t.TempDir()
	first := startIn(t, data, "--redis", r.URL())
	second := start(t, "--redis", r.URL())
	b := first.board("blank")
	b.writeUntil(1, "a")
	shared := b.epoch()
	until(t, "the first has noted the other", func() bool {
		_, err := os.Stat(filepath.Join(data, "others"))
		return err == nil
	})
	first.end()
	startRefused(t, "--force-standalone", "--data", data)
	alone := startIn(t, data, "--force-standalone")
	b = b.at(alone)
	b.writeUntil(2, "b")
	b.sameOn([]*instance{alone}, "a", "b")
	if after := b.epoch(); board.CompareEpochs(after, shared) <= 0 {
		t.Errorf("it goes on in epoch %s, want one after %s", after, shared)
	}
	alone.end()
	again := startIn(t, data)
	b.sameOn([]*instance{again}, "a", "b")
	again.end()
	b.at(second).writeUntil(3, "c")
	back := startIn(t, data, "--redis", r.URL())
	both := []*instance{back, second}
	until(t, "what was done apart is put together", func() bool {
		there := b.at(second).notes()
		return there["b"] == 1 && there["c"] == 1
	})
	b.sameOn(both, "a", "b", "c")
	until(t, "one of the two parts has got new places", func() bool {
		sum := 0.0
		for _, in := range both {
			rescued, _ := in.metric("rescued_total")
			sum += rescued
		}
		return sum > 0
	})
}

func TestWhoWasAlwaysAloneStaysSo(t *testing.T) {
	r := redistest.Start(t)
	data := t.TempDir()
	one := startIn(t, data, "--redis", r.URL())
	b := one.board("blank")
	b.writeUntil(1, "a")
	one.end()
	alone := startIn(t, data)
	b.at(alone).sameOn([]*instance{alone}, "a")
}

// epoch is the one that the board is in.
func (m made) epoch() string {
	m.t.Helper()
	return m.do("viewer", "GET", "/digest", nil).text(m.t, "epoch")
}

func TestOthersAreRememberedForADay(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	path := filepath.Join(t.TempDir(), "others")
	open := func() *others {
		return &others{path: path, log: slog.New(slog.DiscardHandler), now: func() time.Time { return now }, seen: map[string]time.Time{}}
	}
	written := func() time.Time {
		t.Helper()
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.ModTime()
	}
	look := func(o *others, there ...string) {
		t.Helper()
		if err := o.look(there); err != nil {
			t.Fatal(err)
		}
	}
	o := open()
	look(o)
	if _, err := os.Stat(path); err == nil {
		t.Error("nobody was noted")
	}
	if err := open().part(false); err != nil {
		t.Errorf("without others: got %v", err)
	}
	look(o, "x")
	once := time.Unix(1, 0)
	if err := os.Chtimes(path, once, once); err != nil {
		t.Fatal(err)
	}
	now = now.Add(noteEvery - time.Second)
	look(o, "x")
	if !written().Equal(once) {
		t.Error("it was written again within a minute")
	}
	look(o, "x", "y")
	if written().Equal(once) {
		t.Error("who is new was not noted")
	}
	now = now.Add(sharedFor - time.Second)
	if err := open().part(false); err == nil || !strings.Contains(err.Error(), "--force-standalone") {
		t.Errorf("within a day: got %v", err)
	}
	now = now.Add(time.Second)
	if err := open().part(false); err != nil {
		t.Errorf("after a day: got %v", err)
	}
	look(o, "z")
	if len(o.seen) != 1 {
		t.Errorf("got %v, want z alone, whom nobody else was seen with for a day", o.seen)
	}
	if err := os.WriteFile(path, []byte("junk"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := open().part(false); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("a file of junk: got %v, want an error that names it", err)
	}
	if err := open().part(true); err != nil {
		t.Errorf("forced: got %v", err)
	}
	if err := open().part(false); err != nil {
		t.Errorf("once it was forced: got %v", err)
	}
}
