package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
	"go.uber.org/goleak"

	"jana/protocol/board"
)

// filled writes a closed store with a few boards and returns its content.
func filled(t *testing.T, path string) []byte {
	t.Helper()
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := seedOf(t)
	for _, id := range []string{"a", "b", "c"} {
		b := newTable(t, s, id)
		for range 40 {
			b.push(b.some(r))
			if r.IntN(5) == 0 {
				b.settle()
			}
		}
		b.append(Batch{Snapshot: b.state.Snapshot(), Milestones: map[board.ID]*board.Snapshot{"m1": b.state.Snapshot()}})
		b.push(b.some(r))
		b.settle()
	}
	if err := s.Close(ctx); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestAFileThatCannotBeTrustedIsRefusedAndLeftAsItIs(t *testing.T) {
	whole := filled(t, filepath.Join(t.TempDir(), "jana.db"))
	m, err := readMeta(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	noise := make([]byte, 64<<10)
	if _, err := rand.Read(noise); err != nil {
		t.Fatal(err)
	}
	changed := func(change func([]byte)) []byte {
		raw := bytes.Clone(whole)
		change(raw)
		return raw
	}
	smash := func(raw []byte, page int) {
		clear(raw[page*int(m.pageSize)+pageHeadBytes : page*int(m.pageSize)+pageHeadBytes+metaBytes])
	}
	for name, c := range map[string]struct {
		content []byte
		want    error
	}{
		"empty":                 {nil, ErrEmpty},
		"one byte":              {[]byte("x"), ErrForeign},
		"text":                  {[]byte(strings.Repeat("Hei maailma!\n", 1000)), ErrForeign},
		"zeros":                 {make([]byte, 64<<10), ErrForeign},
		"noise":                 {noise, ErrForeign},
		"both heads smashed":    {changed(func(raw []byte) { smash(raw, 0); smash(raw, 1) }), ErrForeign},
		"cut in the first page": {whole[:1000], ErrTruncated},
		"cut after the heads":   {whole[:2*m.pageSize], ErrTruncated},
		"cut by a page":         {whole[:m.bytes()-int64(m.pageSize)], ErrTruncated},
		"cut by a byte":         {whole[:m.bytes()-1], ErrTruncated},
		"a root that is gone":   {changed(func(raw []byte) { clear(raw[m.root*uint64(m.pageSize):][:m.pageSize]) }), ErrDamaged},
		"a freelist that is gone": {
			changed(func(raw []byte) { clear(raw[m.freelist*uint64(m.pageSize):][:m.pageSize]) }), ErrDamaged,
		},
		"somebody else's":   {foreignBolt(t), ErrForeign},
		"written by newer":  {withSchema(t, whole, strconv.Itoa(len(migrations)+2)), ErrNewer},
		"of no schema":      {withSchema(t, whole, "x"), ErrForeign},
		"of much newer":     {withSchema(t, whole, "1000000"), ErrNewer},
		"all but its heads": {changed(func(raw []byte) { clear(raw[2*m.pageSize:]) }), ErrDamaged},
	} {
		t.Run(name, func(t *testing.T) {
			defer goleak.VerifyNone(t)
			path := filepath.Join(t.TempDir(), "jana.db")
			write(t, path, c.content)
			old := time.Now().Add(-time.Hour).Truncate(time.Second)
			if err := os.Chtimes(path, old, old); err != nil {
				t.Fatal(err)
			}
			s, err := Open(path, Options{})
			refused(t, path, s, err, c.want)
			if raw, err := os.ReadFile(path); err != nil || !bytes.Equal(raw, c.content) {
				t.Errorf("the file was changed, or %v", err)
			}
			if info, err := os.Stat(path); err != nil || !info.ModTime().Equal(old) {
				t.Errorf("the file was touched, or %v", err)
			}
			if all, _ := os.ReadDir(filepath.Dir(path)); len(all) != 1 {
				t.Errorf("something was left beside it: %v", all)
			}
			if err := Restore(ctx, filepath.Join(t.TempDir(), "new.db"), path); !errors.Is(err, c.want) {
				t.Errorf("as a backup: got %v, want %v", err, c.want)
			}
		})
	}
}

func TestOneSmashedHeadIsSurvived(t *testing.T) {
	for page := range 2 {
		path := filepath.Join(t.TempDir(), "jana.db")
		raw := filled(t, path)
		at := page * os.Getpagesize()
		clear(raw[at : at+100])
		write(t, path, raw)
		s := openedAt(t, path, Options{})
		loaded, err := s.Load(ctx, "a")
		if err != nil {
			t.Fatalf("page %d: %v", page, err)
		}
		// The next transactions write both of them anew.
		b := &table{t: t, s: s, id: "a", state: loaded.State, n: 1000}
		for range 2 {
			b.push(board.Rename{Name: "Pöytä"})
			b.settle()
		}
		same(t, s, "a", b.state)
	}
}

func TestWhatIsNoFileIsRefused(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir, pipe, os.DevNull} {
		s, err := Open(path, Options{})
		refused(t, path, s, err, ErrNotRegular)
	}
}

func TestAFileThatIsOpenElsewhereIsRefused(t *testing.T) {
	s := opened(t)
	begun := time.Now()
	second, err := Open(s.path, Options{})
	refused(t, s.path, second, err, ErrLocked)
	if took := time.Since(begun); took < lockTimeout {
		t.Errorf("refused after %v, before the other could have ended", took)
	}
	// The other process ends in time.
	held, err := os.Open(s.path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(ctx); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Flock(int(held.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(lockTimeout/10, func() { held.Close() })
	openedAt(t, s.path, Options{})
}

func TestAFileThatMayNotBeWrittenIsRefused(t *testing.T) {
	dir, err := os.MkdirTemp("", "jana-store-") // t.TempDir is closed to others
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "jana.db")
	filled(t, path)
	for _, p := range []struct {
		name string
		mode fs.FileMode
	}{{dir, 0o755}, {path, 0o444}} {
		if err := os.Chmod(p.name, p.mode); err != nil {
			t.Fatal(err)
		}
	}
	if os.Geteuid() != 0 {
		s, err := Open(path, Options{})
		refused(t, path, s, err, ErrNotWritable)
		return
	}
	// Root may write anything, so somebody else has to try.
	program := filepath.Join(dir, "test")
	copyFile(t, os.Args[0], program, 0o755)
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), childEnv+"="+path)
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, err := cmd.CombinedOutput()
	if want := ErrNotWritable.Error(); err == nil || !strings.Contains(string(out), want) {
		t.Errorf("got %v and %q, want %q", err, out, want)
	}
}

func TestANewStoreIsForItsOwnerAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "deep", "jana.db")
	if _, err := Open(path, Options{MustExist: true}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: got %v, want fs.ErrNotExist", err)
	}
	if _, err := os.Stat(filepath.Dir(path)); !errors.Is(err, fs.ErrNotExist) {
		t.Error("it was made all the same")
	}
	s := openedAt(t, path, Options{})
	for name, want := range map[string]fs.FileMode{path: 0o600, filepath.Dir(path): 0o700 | fs.ModeDir} {
		if info, err := os.Stat(name); err != nil || info.Mode() != want {
			t.Errorf("%s: got %v and %v, want %v", name, info.Mode(), err, want)
		}
	}
	if all, _ := os.ReadDir(filepath.Dir(path)); len(all) != 1 {
		t.Errorf("something was left beside it: %v", all)
	}
	b := newTable(t, s, "koe")
	s = reopen(t, s)
	same(t, s, "koe", b.state)
}

func TestTwoWhoMakeTheSameStoreGetOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "jana.db")
	made := make(chan error, 8)
	for range cap(made) {
		go func() {
			err := create(path, time.Now(), 1)
			made <- err
		}()
	}
	first := 0
	for range cap(made) {
		if err := <-made; err == nil {
			first++
		} else if !errors.Is(err, fs.ErrExist) {
			t.Error(err)
		}
	}
	if first != 1 {
		t.Errorf("%d of them made it, want one", first)
	}
	openedAt(t, path, Options{})
}

// TestDamageAnywhereIsNoticedOrHarmless changes bytes anywhere in the file: the
// store is refused, or each board is the same as before, or it is corrupt, or at
// least Check tells.
func TestDamageAnywhereIsNoticedOrHarmless(t *testing.T) {
	defer goleak.VerifyNone(t)
	dir := t.TempDir()
	whole := filled(t, filepath.Join(dir, "jana.db"))
	want := map[string]string{}
	s, err := Open(filepath.Join(dir, "jana.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"a", "b", "c"} {
		loaded, err := s.Load(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		want[id] = loaded.State.Hash()
	}
	if err := s.Close(ctx); err != nil {
		t.Fatal(err)
	}
	m, err := readMeta(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	r := seedOf(t)
	refusals, corrupt, renamed, harmless := 0, 0, 0, 0
	path := filepath.Join(dir, "damaged.db")
	for range 120 {
		raw := bytes.Clone(whole[:m.bytes()])
		// Behind the heads: with one of them gone, the state before the last
		// transaction stands, which a crash in its midst would leave as well.
		page := (2 + r.IntN(int(m.high)-2)) * int(m.pageSize)
		for range 1 + r.IntN(3) {
			at := page + r.IntN(int(m.pageSize))
			if r.IntN(2) == 0 {
				at = page + r.IntN(pageHeadBytes+10*elementBytes)
			}
			raw[at] ^= byte(1 << r.IntN(8))
		}
		write(t, path, raw)
		s, err := Open(path, Options{})
		if err != nil {
			refusals++
			continue
		}
		problems, err := s.Check(ctx)
		if err != nil {
			t.Error(err)
		}
		for id, hash := range want {
			loaded, err := s.Load(ctx, id)
			switch {
			case errors.Is(err, ErrCorrupt):
				corrupt++
			case len(problems) > 0 && (errors.Is(err, fs.ErrNotExist) || err == nil && loaded.State.Hash() != hash):
				renamed++ // a bit of a board's id in a key: its record seems to be another board's
			case err != nil:
				t.Errorf("board %s: got %v, want it whole or ErrCorrupt", id, err)
			case loaded.State.Hash() != hash:
				t.Errorf("board %s: got another board, and no error", id)
			default:
				harmless++
			}
		}
		if err := s.Close(ctx); err != nil {
			t.Error(err)
		}
		if err := os.RemoveAll(filepath.Join(dir, corruptDir)); err != nil {
			t.Error(err)
		}
	}
	t.Logf("%d files refused, %d boards corrupt, %d with a renamed record, %d whole", refusals, corrupt, renamed, harmless)
	if refusals == 0 || corrupt == 0 || harmless == 0 {
		t.Error("the test did not try everything")
	}
}

func refused(t *testing.T, path string, s *Store, err, want error) {
	t.Helper()
	if s != nil {
		t.Fatal("it was opened")
	}
	if !errors.Is(err, want) {
		t.Fatalf("got %v, want %v", err, want)
	}
	if !strings.HasPrefix(err.Error(), "open "+path+": ") || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %q, want one line that begins with the path", err)
	}
}

// foreignBolt is a bbolt file of another program.
func foreignBolt(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "other.db")
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(func(tx *bolt.Tx) error {
		_, err := tx.CreateBucket([]byte("things"))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return read(t, db, path)
}

// withSchema is a store that says it has another schema.
func withSchema(t *testing.T, whole []byte, schema string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "other.db")
	write(t, path, whole)
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(func(tx *bolt.Tx) error {
		return tx.Bucket(metaBucket).Put(schemaKey, []byte(schema))
	}); err != nil {
		t.Fatal(err)
	}
	return read(t, db, path)
}

func read(t *testing.T, db *bolt.DB, path string) []byte {
	t.Helper()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func write(t *testing.T, path string, raw []byte) {
	t.Helper()
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

func copyFile(t *testing.T, from, to string, mode fs.FileMode) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAnOlderFileIsMigratedAndACopyKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "jana.db")
	whole := filled(t, path)
	now := time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC)
	broken := errors.New("broken")
	var ran []int
	newest, next := len(migrations)+1, len(migrations)+2
	steps := append(slices.Clone(migrations),
		func(tx *bolt.Tx) error {
			ran = append(ran, 1)
			return tx.Bucket(metaBucket).Put([]byte("one"), []byte("1"))
		},
		func(tx *bolt.Tx) error {
			ran = append(ran, 2)
			return errors.Join(tx.Bucket(metaBucket).Put([]byte("two"), []byte("2")), broken)
		},
	)
	o := Options{Now: func() time.Time { return now }}
	s, err := openWith(path, o, steps)
	refused(t, path, s, err, broken)
	// The first step stands, the second left nothing, and the copy is as it was.
	aside := fmt.Sprintf("%s.v%d-20261121T093000.000Z", path, newest)
	if info, err := os.Stat(aside); err != nil || info.Mode() != 0o600 {
		t.Fatalf("got %v for the copy, want it there, for its owner", err)
	}
	steps[len(steps)-1] = func(tx *bolt.Tx) error {
		ran = append(ran, 20)
		if tx.Bucket(metaBucket).Get([]byte("one")) == nil || tx.Bucket(metaBucket).Get([]byte("two")) != nil {
			t.Error("the second step does not begin where the first ended")
		}
		return nil
	}
	now = now.Add(time.Minute)
	if s, err = openWith(path, o, steps); err != nil {
		t.Fatal(err)
	}
	if len(ran) != 3 || ran[2] != 20 {
		t.Errorf("got the steps %v, want 1, 2 and then only the second again", ran)
	}
	if err := s.Close(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(fmt.Sprintf("%s.v%d-20261121T093100.000Z", path, next)); err != nil {
		t.Errorf("a copy between the steps: %v", err)
	}
	s, err = openWith(path, Options{}, steps)
	if err != nil || len(ran) != 3 {
		t.Fatalf("opening it again: got %v, and the steps %v", err, ran)
	}
	if err := s.Close(ctx); err != nil {
		t.Fatal(err)
	}
	s, err = Open(path, Options{})
	refused(t, path, s, err, ErrNewer)

	// The copy is a whole store of its own.
	old := openedAt(t, aside, Options{})
	write(t, path+".whole", whole)
	was := openedAt(t, path+".whole", Options{})
	for _, id := range []string{"a", "b", "c"} {
		loaded, err := was.Load(context.Background(), id)
		if err != nil {
			t.Fatal(err)
		}
		same(t, old, id, loaded.State)
	}
}

func TestAFileOfTheFirstSchemaIsMigrated(t *testing.T) {
	path := filepath.Join(t.TempDir(), "jana.db")
	filled(t, path)
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(func(tx *bolt.Tx) error {
		return errors.Join(tx.DeleteBucket(orphansBucket), putSchema(tx, 1))
	}); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s := openedAt(t, path, Options{})
	loaded, err := s.Load(ctx, "a")
	if err != nil || loaded.Orphans || loaded.Epochs != nil {
		t.Fatalf("got orphans %v, epochs %v and %v, want a board as it was", loaded.Orphans, loaded.Epochs, err)
	}
}
