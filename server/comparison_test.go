package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"jana/protocol/board/fixture"
)

// keep takes a milestone and gives its id.
func (m made) keep(n int64, name string) string {
	m.t.Helper()
	before := m.milestones()
	m.push("facilitator", "lead", n, op("milestone", "name", name))
	for id := range m.milestones() {
		if _, known := before[id]; !known {
			return id
		}
	}
	m.t.Fatalf("milestone %s was not kept", name)
	return ""
}

func (m made) milestones() map[string]any {
	m.t.Helper()
	for _, it := range m.do("viewer", "GET", "", nil).json(m.t, "items").([]any) {
		if item := it.(map[string]any); item["type"] == "board" {
			kept, _ := item["milestones"].(map[string]any)
			return maps.Clone(kept)
		}
	}
	return nil
}

func assessed(service, segment string, rating int) []any {
	ops := []any{}
	for _, criterion := range []string{"availability", "sufficiency", "timeliness", "targeting", "resources"} {
		ops = append(ops, op("assess", "service", service, "segment", segment, "criterion", criterion, "rating", rating))
	}
	return ops
}

// of is the member of a list of objects that has an id.
func of(list any, field, id string) map[string]any {
	all, _ := list.([]any)
	for _, one := range all {
		if m, is := one.(map[string]any); is && m[field] == id {
			return m
		}
	}
	return nil
}

func TestTheStatusOfEachSegmentIsComparedBetweenRounds(t *testing.T) {
	data := t.TempDir()
	in := startIn(t, data)
	b := in.madeOf(in.call("POST", "/api/boards/import", fixture.Museum))
	first := b.keep(1, "Kierros 1")
	b.push("facilitator", "lead", 2, assessed("ms01", "cg5", 4)...)
	second := b.keep(3, "Kierros 2")
	b.push("facilitator", "lead", 4, op("create", "item", map[string]any{"type": "note", "id": "fresh", "x": 1, "y": 1, "text": "uusi"}))
	check := func(b made) {
		t.Helper()
		for query, notes := range map[string]int{"?from=" + first: 1, "?from=" + first + "&to=" + second: 0} {
			got := b.do("viewer", "GET", "/comparison"+query+"&language=en", nil)
			if got.status != 200 {
				t.Fatalf("%s: got %s", query, got)
			}
			segment := of(got.json(t, "segments"), "segmentId", "cg5")
			then, now := segment["before"].(map[string]any), segment["after"].(map[string]any)
			if then["status"] != "gap" || now["status"] != "thin" || then["coverCount"] != 0.0 || now["coverCount"] != 1.0 || now["name"] != "Nuoret aikuiset" {
				t.Errorf("%s: got %v, then %v", query, then, now)
			}
			if ended := of(got.json(t, "findings", "ended"), "id", "gap.cg5"); ended["sentence"] != "No service covers the segment Nuoret aikuiset." {
				t.Errorf("%s: ended: got %v", query, got.json(t, "findings", "ended"))
			}
			if of(got.json(t, "findings", "new"), "id", "thin.cg5") == nil || of(got.json(t, "findings", "staying"), "id", "gap.cg5") != nil {
				t.Errorf("%s: findings: got %v", query, got.json(t, "findings"))
			}
			if n := len(got.json(t, "notes", "new").([]any)); n != notes {
				t.Errorf("%s: got %d new notes, want %d", query, n, notes)
			}
			if got.text(t, "from", "name") != "Kierros 1" || got.text(t, "language") != "en" {
				t.Errorf("%s: got from %v", query, got.json(t, "from"))
			}
		}
	}
	check(b)
	in.end()
	b.instance = startIn(t, data)
	check(b)
}

func TestAComparisonIsRefusedWithTheFieldThatIsWrong(t *testing.T) {
	in := start(t)
	b, other := in.board("blank"), in.board("blank")
	first, second := b.keep(1, "a"), b.keep(2, "b")
	for range 9 { // a milestone is known by its place in the order: that of the other board is not one here
		other.push("facilitator", "lead", int64(len(other.milestones())+1), op("milestone", "name", "x"))
	}
	foreign := slices.DeleteFunc(slices.Sorted(maps.Keys(other.milestones())), func(id string) bool { _, is := b.milestones()[id]; return is })[0]
	for query, field := range map[string]string{
		"": "from", "?to=" + second: "from", "?from=never": "from", "?from=" + foreign: "from", "?from=board": "from", "?from=__proto__": "from",
		"?from=" + first + "&to=never": "to", "?from=" + first + "&to=" + foreign: "to", "?from=" + first + "/..": "from",
		"?from=" + second + "&to=" + first: "from", "?from=" + first + "&to=" + first: "from",
		"?from=" + first + "&language=tlh": "language", "?from=" + strings.Repeat("m", 3000): "from",
	} {
		if got := b.do("facilitator", "GET", "/comparison"+query, nil); got.status != 400 || got.code(t) != "invalid" || got.text(t, "field") != field {
			t.Errorf("%s: got %s, want 400 for %s", query, got, field)
		}
	}
}

func TestAComparisonIsForWhoMaySeeTheBoard(t *testing.T) {
	in := start(t)
	b := in.board("blank")
	path := "/comparison?from=" + b.keep(1, "a")
	for _, role := range []string{"facilitator", "participant", "viewer"} {
		if got := b.do(role, "GET", path, nil); got.status != 200 {
			t.Errorf("%s: got %s", role, got)
		}
	}
	visitor := b.do("facilitator", "POST", "/links", map[string]any{"role": "visitor", "question": "Mitä mieltä?"}).text(t, "key")
	for name, c := range map[string]struct {
		headers []string
		code    string
	}{
		"a visitor":           {as(visitor), "forbidden"},
		"no key":              {nil, "no_key"},
		"another board's key": {as(in.board("blank").keys["facilitator"]), "not_found"},
	} {
		if got := in.call("GET", b.path(path), nil, c.headers...); got.code(t) != c.code {
			t.Errorf("%s: got %s, want %s", name, got, c.code)
		}
	}
}

func TestAComparisonTellsNothingOfWhatIsHiddenOrErased(t *testing.T) {
	in := start(t)
	b := in.board("segmentation")
	b.push("facilitator", "lead", 1, op("private", "on", true),
		op("create", "item", map[string]any{"type": "segment", "id": "seg", "name": "Nimi joka poistetaan"}))
	b.push("participant", "anna", 1, note("mine", 1000, 1000, "vain minulle"))
	first := b.keep(2, "a")
	b.push("participant", "anna", 2, note("other", 1000, 1000, "vain minulle"), op("move", "moves", []any{[]any{"mine", 9000, 1000}}))
	b.push("facilitator", "lead", 3, op("blank", "id", "seg"))
	b.push("facilitator", "lead", 4, op("delete", "ids", []any{"seg"}))
	for _, role := range []string{"facilitator", "participant", "viewer"} {
		got := b.do(role, "GET", "/comparison?from="+first, nil)
		for _, secret := range []string{"vain minulle", "mine", "other", "Nimi joka", "authorId"} {
			if strings.Contains(string(got.body), secret) {
				t.Errorf("%s is told %q: %s", role, secret, got)
			}
		}
		if fmt.Sprint(got.json(t, "notes", "before"), got.json(t, "notes", "after")) != "0 0" {
			t.Errorf("%s: hidden notes are counted: %v", role, got.json(t, "notes"))
		}
		if of(got.json(t, "segments"), "segmentId", "seg") == nil {
			t.Errorf("%s: got %v, want the segment that is gone", role, got.json(t, "segments"))
		}
	}
	b.push("facilitator", "lead", 5, op("reveal"))
	got := b.do("viewer", "GET", "/comparison?from="+first, nil)
	if n := len(got.json(t, "notes", "new").([]any)); n != 2 {
		t.Errorf("after it is revealed: got %d new notes, want both", n)
	}
}

func TestANewRoundBeginsWithEmptyCellsThatCanBeFilledAgain(t *testing.T) {
	in := start(t)
	b := in.madeOf(in.call("POST", "/api/boards/import", fixture.Museum))
	first := b.keep(1, "Kierros 1")
	cells := []any{}
	for _, it := range b.do("viewer", "GET", "", nil).json(t, "items").([]any) {
		if item := it.(map[string]any); item["type"] == "assessment" {
			cells = append(cells, item["id"])
		}
	}
	b.push("facilitator", "lead", 2, op("delete", "ids", cells))
	b.push("facilitator", "lead", 3, assessed("ms01", "cg5", 4)...)
	got := b.do("viewer", "GET", "/analysis", nil).json(t, "cellStates").(map[string]any)
	if got["served"] != 1.0 || got["not_served"] != 0.0 {
		t.Errorf("got %v, want the one cell of this round", got)
	}
	b.push("facilitator", "lead", 4, op("rewind", "milestone", first))
	segments := b.do("viewer", "GET", "/comparison?from="+first, nil).json(t, "segments").([]any)
	for _, one := range segments {
		if s := one.(map[string]any); fmt.Sprint(s["before"]) != fmt.Sprint(s["after"]) {
			t.Errorf("restored: got %v", s)
		}
	}
}
