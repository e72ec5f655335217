package main

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"jana/server/template"
	"jana/store"
)

const erasedWord = "Salainen-Sairaus-4711"

// kept is a store with two boards whose title is the word.
func kept(t *testing.T, path string) *store.Store {
	t.Helper()
	boards, err := store.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	for _, id := range []string{"stays", "goes"} {
		state, err := template.Make("blank", erasedWord, "fi", 1)
		if err != nil {
			t.Fatal(err)
		}
		if err := boards.Create(ctx, id, state.Snapshot()); err != nil {
			t.Fatal(err)
		}
	}
	return boards
}

func TestWhatWasErasedIsOutOfTheFileWithinADay(t *testing.T) {
	path := filepath.Join(t.TempDir(), "boards.db")
	boards := kept(t, path)
	defer boards.Close(context.Background())
	for _, id := range []string{"stays", "goes"} {
		if err := boards.Delete(context.Background(), id); err != nil {
			t.Fatal(err)
		}
	}
	inFile := func() bool {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Contains(raw, []byte(erasedWord))
	}
	if !inFile() {
		t.Fatal("the test proves nothing: the word is not in the free pages")
	}

	u := newUpkeep(boards, slog.New(slog.DiscardHandler))
	if u.every+u.after >= 24*time.Hour {
		t.Errorf("it may take %v", u.every+u.after)
	}
	var passed atomic.Int64
	start := time.Now()
	u.now = func() time.Time { return start.Add(time.Duration(passed.Load())) }
	u.every = time.Millisecond
	ctx, cancel := context.WithCancel(context.Background())
	wait := u.start(ctx)
	defer wait()
	defer cancel()

	passed.Store(int64(u.after - time.Minute))
	for range 20 {
		time.Sleep(time.Millisecond)
		if boards.Stats().Erased.IsZero() {
			t.Fatal("compacted before it was due")
		}
	}
	passed.Store(int64(u.after + time.Minute))
	for end := time.Now().Add(10 * time.Second); !boards.Stats().Erased.IsZero(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it was not compacted")
		}
	}
	if inFile() {
		t.Error("the word is still in the file")
	}
}

func TestABoardThatIsNotWhatWasSavedIsLoggedAtTheStart(t *testing.T) {
	data := t.TempDir()
	path := filepath.Join(data, "jana.db")
	boards := kept(t, path)
	if err := boards.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(func(tx *bolt.Tx) error {
		b := tx.Bucket([]byte("snapshots"))
		key, value := b.Cursor().Seek([]byte("goes/"))
		spoilt := bytes.Replace(value, []byte(erasedWord), []byte(strings.ToUpper(erasedWord)), 1)
		return b.Put(bytes.Clone(key), spoilt)
	}); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}

	in := startIn(t, data)
	for end := time.Now().Add(10 * time.Second); !strings.Contains(in.log.String(), "board=goes"); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("nothing was said: %s", in.log)
		}
	}
	if said := in.log.String(); strings.Contains(said, "board=stays") || strings.Contains(strings.ToLower(said), strings.ToLower(erasedWord)) {
		t.Errorf("it said too much: %s", said)
	}
}
