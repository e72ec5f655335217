package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jana/protocol/board"
	"jana/server/redistest"
	"jana/store"
)

// together starts instances that share a Redis.
func together(t *testing.T, n int) (*redistest.Server, []*instance) {
	t.Helper()
	r := redistest.Start(t)
	all := make([]*instance, n)
	for i := range all {
		all[i] = start(t, "--redis", r.URL())
	}
	return r, all
}

// at is the board as another instance has it.
func (m made) at(in *instance) made {
	m.instance = in
	return m
}

// write makes a note and waits until it is saved.
func (m made) write(n int, id string) answer {
	m.t.Helper()
	return m.do("participant", "POST", "/ops", map[string]any{
		"client": "c", "n": n, "me": "kirjoittaja",
		"ops": []any{map[string]any{"do": "create", "item": map[string]any{"type": "note", "id": id, "x": 10 * n, "y": 10, "text": id}}},
	})
}

// writeUntil tries until it is saved: what is sent twice counts once.
func (m made) writeUntil(n int, id string) {
	m.t.Helper()
	var last answer
	until2(m.t, func() string { return fmt.Sprintf("%s is saved: %s", id, last) }, func() bool {
		last = m.write(n, id)
		return last.status == http.StatusOK
	})
}

func until2(t testing.TB, what func() string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("it never came that %s", what())
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// sameOn waits until all instances have the same board, and holds that against the notes that have to be there.
func (m made) sameOn(all []*instance, notes ...string) {
	m.t.Helper()
	digests := make([]string, len(all))
	until2(m.t, func() string { return fmt.Sprintf("all have the same: %q", digests) }, func() bool {
		same := true
		for i, in := range all {
			a := m.at(in).do("viewer", "GET", "/digest", nil)
			digests[i] = ""
			if a.status == http.StatusOK {
				digests[i] = fmt.Sprint(a.json(m.t, "epoch"), a.json(m.t, "seq"), a.json(m.t, "hash"))
			}
			same = same && digests[i] != "" && digests[i] == digests[0]
		}
		return same
	})
	for _, in := range all {
		there := m.at(in).notes()
		for _, id := range notes {
			if there[id] != 1 {
				m.t.Errorf("note %s is there %d times, want once", id, there[id])
			}
		}
		if len(there) != len(notes) {
			m.t.Errorf("got %d notes %v, want %d", len(there), there, len(notes))
		}
	}
}

// notes counts those of the board by id.
func (m made) notes() map[string]int {
	m.t.Helper()
	found := map[string]int{}
	a := m.do("facilitator", "GET", "", nil)
	if a.status != http.StatusOK {
		m.t.Fatalf("board: got %s", a)
	}
	items, _ := a.json(m.t, "items").([]any)
	for _, it := range items {
		if it, _ := it.(map[string]any); it["type"] == "note" {
			found[fmt.Sprint(it["id"])]++
		}
	}
	return found
}

func TestAnyInstanceServesAnyBoard(t *testing.T) {
	_, all := together(t, 3)
	b := all[0].board("blank")
	b.writeUntil(1, "a")
	b.at(all[1]).writeUntil(2, "b")
	b.at(all[2]).writeUntil(3, "c")
	b.sameOn(all, "a", "b", "c")
	if a := b.at(all[1]).write(1, "a"); a.status != http.StatusOK || a.json(t, "seq") == nil {
		t.Errorf("sent again to another instance: got %s, want its fate", a)
	}
	b.sameOn(all, "a", "b", "c")
	// As long as Redis is new, an instance may yet come that has it.
	until(t, "a board that nobody has is unknown", func() bool {
		a := all[1].call("GET", "/api/boards/aaaaaaaaaaaaaaaa", nil, as(b.keys["viewer"])...)
		if a.status != http.StatusNotFound && a.status != http.StatusServiceUnavailable {
			t.Fatalf("a board that nobody has: got %s", a)
		}
		return a.status == http.StatusNotFound
	})
	if a := b.at(all[2]).do("facilitator", "DELETE", "", nil); a.status != http.StatusNoContent {
		t.Fatalf("delete: got %s", a)
	}
	for i, in := range all {
		until(t, fmt.Sprintf("instance %d knows that it is deleted", i), func() bool {
			return b.at(in).do("facilitator", "GET", "", nil).status == http.StatusGone
		})
	}
}

func TestRedisMayForgetEverything(t *testing.T) {
	r, all := together(t, 2)
	b := all[0].board("blank")
	b.writeUntil(1, "a")
	b.sameOn(all, "a")
	r.Do("FLUSHALL")
	b.at(all[1]).writeUntil(2, "b")
	b.sameOn(all, "a", "b")

	r.Stop()
	if a := b.write(3, "c"); a.status != http.StatusServiceUnavailable {
		t.Errorf("without Redis: got %s, want 503", a)
	}
	if a := b.do("viewer", "GET", "", nil); a.status != http.StatusOK {
		t.Errorf("reading without Redis: got %s, want the board", a)
	}
	until(t, "the instance says that it is not ready", func() bool {
		return all[0].call("GET", "/readyz", nil).status == http.StatusServiceUnavailable
	})
	r.Restart()
	b.writeUntil(3, "c")
	b.at(all[1]).writeUntil(4, "d")
	b.sameOn(all, "a", "b", "c", "d")
	until(t, "the instance is ready", func() bool { return all[0].call("GET", "/readyz", nil).status == http.StatusOK })
}

func TestABoardThatIsOnOneDiskAloneOpensEverywhere(t *testing.T) {
	r := redistest.Start(t)
	data := t.TempDir()
	first := startIn(t, data, "--redis", r.URL())
	b := first.board("blank")
	b.writeUntil(1, "a")
	first.end()
	r.Do("FLUSHALL")
	second := start(t, "--redis", r.URL())
	// Nobody lives who has it, but who has may be about to start.
	if a := b.at(second).do("viewer", "GET", "", nil); a.status != http.StatusServiceUnavailable {
		t.Errorf("while no instance has it: got %s, want 503", a)
	}
	again := startIn(t, data, "--redis", r.URL())
	b.at(second).writeUntil(2, "b")
	b.sameOn([]*instance{again, second}, "a", "b")
}

func TestAnInstanceThatWasAloneJoinsOthers(t *testing.T) {
	data := t.TempDir()
	alone := startIn(t, data)
	b := alone.board("blank")
	b.writeUntil(1, "a")
	alone.end()
	r := redistest.Start(t)
	all := []*instance{startIn(t, data, "--redis", r.URL()), start(t, "--redis", r.URL())}
	b.at(all[1]).writeUntil(2, "b")
	b.sameOn(all, "a", "b")
}

func TestAnInstanceThatWasAwayCatchesUp(t *testing.T) {
	r := redistest.Start(t)
	data := t.TempDir()
	first := startIn(t, data, "--redis", r.URL())
	second := start(t, "--redis", r.URL())
	b := first.board("blank")
	b.writeUntil(1, "n1")
	b.at(second).writeUntil(2, "n2")
	first.end()
	want := []string{"n1", "n2"}
	for n := 3; n < 30; n++ {
		b.at(second).writeUntil(n, fmt.Sprintf("n%d", n))
		want = append(want, fmt.Sprintf("n%d", n))
	}
	b.sameOn([]*instance{startIn(t, data, "--redis", r.URL()), second}, want...)
}

func TestMilestonesComeToAnInstanceThatWasNotThere(t *testing.T) {
	r, all := together(t, 2)
	b := all[0].board("blank")
	b.writeUntil(1, "a")
	n := 1
	do := func(in *instance, op map[string]any) answer {
		n++
		a := b.at(in).do("facilitator", "POST", "/ops", map[string]any{"client": "f", "n": n, "me": "vetäjä", "ops": []any{op}})
		if a.status != http.StatusOK {
			t.Fatalf("%v: got %s", op["do"], a)
		}
		return a
	}
	milestones := func(in *instance) (ids []string) {
		items, _ := b.at(in).do("facilitator", "GET", "", nil).json(t, "items").([]any)
		for _, it := range items {
			kept, _ := it.(map[string]any)["milestones"].(map[string]any)
			ids = slices.AppendSeq(ids, maps.Keys(kept))
		}
		return ids
	}
	refused := func(a answer) int {
		codes, _ := a.json(t, "refused").([]any)
		return len(codes)
	}
	do(all[0], map[string]any{"do": "milestone", "name": "sovittu"})
	agreed := milestones(all[0])[0]
	b.writeUntil(2, "b")
	b.writeUntil(3, "c")
	do(all[0], map[string]any{"do": "milestone", "name": "toinen"})
	// Redis keeps a snapshot and forgets what came before it.
	do(all[0], map[string]any{"do": "blank", "id": "c"})
	until(t, "the entries before are gone", func() bool {
		return !strings.Contains(r.Do("EVAL", "local all = '' for _, k in ipairs(redis.call('KEYS', '*:s')) do for _, e in ipairs(redis.call('XRANGE', k, '-', '+')) do all = all .. e[2][6] end end return all", "0"), "sovittu")
	})
	if a := b.at(all[1]).do("viewer", "GET", "/comparison?from="+agreed, nil); a.status != http.StatusOK || len(a.json(t, "notes", "new").([]any)) != 2 {
		t.Errorf("comparison with %q: got %s", agreed, a)
	}
	if a := do(all[1], map[string]any{"do": "rewind", "milestone": agreed}); refused(a) > 0 {
		t.Fatalf("rewind to %q: got %s", agreed, a)
	}
	b.sameOn(all, "a")
	// One disk after another is given up for a new one.
	for range 2 {
		until(t, "both milestones are on the other disk", func() bool { return len(all[1].kept(b.id)) == 2 })
		all[0].end()
		all = []*instance{all[1], start(t, "--redis", r.URL())}
		b.sameOn(all, "a")
	}
	all, last := all[:1], all[0]
	do(last, map[string]any{"do": "delete", "ids": []string{"a"}})
	b.sameOn(all)
	if a := do(last, map[string]any{"do": "rewind", "milestone": agreed}); refused(a) > 0 {
		t.Fatalf("rewind to %q: got %s", agreed, a)
	}
	b.sameOn(all, "a")
	for _, id := range milestones(last) {
		if id != agreed {
			do(last, map[string]any{"do": "rewind", "milestone": id})
		}
	}
	b.sameOn(all, "a", "b", "c")
	if a := b.at(last).do("facilitator", "GET", "", nil); strings.Contains(string(a.body), `"text":"c"`) {
		t.Errorf("c was erased for good: got %s", a)
	}
}

// kept are the milestones that an instance has on disk.
func (in *instance) kept(id string) []board.ID {
	in.t.Helper()
	dir := in.t.TempDir()
	file := filepath.Join(dir, "backup.db")
	works(in.t, append(in.of(), "backup", file)...)
	s, err := store.Open(file, store.Options{})
	if err != nil {
		in.t.Fatal(err)
	}
	defer s.Close(in.t.Context())
	ids, err := s.Milestones(in.t.Context(), id)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		in.t.Fatal(err)
	}
	return ids
}
