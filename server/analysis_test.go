package main

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"testing"

	"jana/protocol/board/fixture"
)

func TestTheAnalysisOfAWorkshopIsAsExpectedAfterARestartToo(t *testing.T) {
	raw, err := os.ReadFile("../protocol/board/fixture/keski-uusimaa.expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]any
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	delete(want, "fixture")
	check := func(b made) {
		t.Helper()
		got, _ := b.do("viewer", "GET", "/analysis", nil).json(t).(map[string]any)
		for name := range want {
			if !reflect.DeepEqual(got[name], want[name]) {
				t.Errorf("%s: got %v, want %v", name, got[name], want[name])
			}
		}
	}
	data := t.TempDir()
	in := startIn(t, data)
	b := in.madeOf(in.call("POST", "/api/boards/import", fixture.KeskiUusimaa))
	check(b)
	in.end()
	b.instance = startIn(t, data)
	check(b)
}

func TestTheAnalysisOfAMuseumIsAsItWasCountedByHand(t *testing.T) {
	in := start(t)
	b := in.madeOf(in.call("POST", "/api/boards/import", fixture.Museum))
	got := b.do("viewer", "GET", "/analysis", nil)
	if got.json(t, "totalSupply") != 14.4 || got.json(t, "imbalance") != 0.25 {
		t.Errorf("got supply %v and imbalance %v, want 14.4 and 0.25", got.json(t, "totalSupply"), got.json(t, "imbalance"))
	}
	segments, _ := got.json(t, "segments").([]any)
	for i, want := range [][]any{
		{"cg1", 2.65, 0.184, 1.1042, 4.0, "balanced"},
		{"cg2", 2.7, 0.1875, 1.125, 3.0, "balanced"},
		{"cg3", 3.8, 0.2639, 1.5833, 5.0, "pileup"},
		{"cg4", 4.05, 0.2813, 1.6875, 7.0, "pileup"},
		{"cg5", 0.0, 0.0, 0.0, 0.0, "gap"},
		{"cg6", 1.2, 0.0833, 0.5, 2.0, "thin"},
	} {
		s, _ := segments[i].(map[string]any)
		if got := []any{s["segmentId"], s["supply"], s["supplyShare"], s["balanceRatio"], s["coverCount"], s["status"]}; !reflect.DeepEqual(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
	states, _ := got.json(t, "cellStates").(map[string]any)
	if states["served"] != 33.0 || states["not_served"] != 26.0 || states["unassessed"] != 1.0 {
		t.Errorf("got cells %v, want 33 served, 26 not, 1 unassessed", states)
	}
}

func TestAnAnalysisIsSentAgainOnlyWhenTheBoardHasChanged(t *testing.T) {
	in := start(t)
	b := in.madeOf(in.call("POST", "/api/boards/import", fixture.Museum))
	first := b.do("viewer", "GET", "/analysis", nil)
	tag := first.header.Get("ETag")
	if first.status != 200 || tag == "" || tag != b.do("viewer", "GET", "", nil).header.Get("ETag") {
		t.Fatalf("got %d with ETag %q, want that of the board", first.status, tag)
	}
	ask := func() answer {
		return in.call("GET", b.path("/analysis"), nil, append(as(b.keys["viewer"]), "If-None-Match", tag)...)
	}
	if got := ask(); got.status != 304 || len(got.body) > 0 {
		t.Errorf("of the same board: got %s, want 304", got)
	}
	b.do("facilitator", "POST", "/ops", map[string]any{"client": "c", "n": 1, "ops": []any{
		map[string]any{"do": "assess", "service": "ms01", "segment": "cg5", "criterion": "availability", "rating": 4},
	}})
	if got := ask(); got.status != 200 || got.header.Get("ETag") == tag {
		t.Errorf("of a board that has changed: got %d", got.status)
	}
}

func TestAnAnalysisIsForWhoHasAKey(t *testing.T) {
	in := start(t)
	b := in.board("segmentation")
	for name, headers := range map[string][]string{"none": nil, "a wrong one": as(in.board("blank").keys["facilitator"])} {
		if got := in.call("GET", b.path("/analysis"), nil, headers...); got.status != 401 && got.status != 404 {
			t.Errorf("%s: got %s", name, got)
		}
	}
}

func TestWhatIsWrittenInPrivateCountsInNobodysAnalysis(t *testing.T) {
	in := start(t)
	b := in.board("segmentation")
	b.do("facilitator", "POST", "/ops", map[string]any{"client": "c", "n": 1, "ops": []any{map[string]any{"do": "private", "on": true}}})
	for i := range 3 {
		b.do("participant", "POST", "/ops", map[string]any{"me": "m", "client": "c", "n": i + 1, "ops": []any{
			map[string]any{"do": "create", "item": map[string]any{"type": "note", "id": fmt.Sprintf("n%d", i), "x": 1000 * (i + 1), "y": 1000, "text": "sama lapuista kirjoitettu"}},
		}})
	}
	total := func() any { return b.do("facilitator", "GET", "/analysis", nil).json(t, "noteCounts", "total") }
	if got := total(); got != 0.0 {
		t.Errorf("before it is revealed: got %v notes, want 0", got)
	}
	b.do("facilitator", "POST", "/ops", map[string]any{"client": "c", "n": 2, "ops": []any{map[string]any{"do": "reveal"}}})
	if got := total(); got != 3.0 {
		t.Errorf("after it is revealed: got %v notes, want 3", got)
	}
}

func TestFindingsAreSaidInTheLanguageAskedFor(t *testing.T) {
	in := start(t)
	b := in.madeOf(in.call("POST", "/api/boards/import", fixture.Museum))
	for query, want := range map[string]string{
		"":             "Segmenttiä Nuoret aikuiset ei kata yksikään palvelu.",
		"?language=fi": "Segmenttiä Nuoret aikuiset ei kata yksikään palvelu.",
		"?language=sv": "Ingen tjänst täcker segmentet Nuoret aikuiset.",
		"?language=en": "No service covers the segment Nuoret aikuiset.",
	} {
		found, _ := b.do("viewer", "GET", "/analysis"+query, nil).json(t, "findings").([]any)
		if len(found) == 0 {
			t.Fatalf("%s: no findings", query)
		}
		first, _ := found[0].(map[string]any)
		if first["id"] != "gap.cg5" || first["sentence"] != want {
			t.Errorf("%s: got %v, want gap.cg5: %s", query, first, want)
		}
	}
	for query, field := range map[string]string{"?language=tlh": "language", "?weights=heavy": "weights"} {
		if got := b.do("viewer", "GET", "/analysis"+query, nil); got.status != 400 || got.text(t, "field") != field {
			t.Errorf("%s: got %s, want 400 for %s", query, got, field)
		}
	}
}

func TestABoardOfTooManyCellsIsNotAnalysed(t *testing.T) {
	in := start(t)
	b := in.board("blank")
	for n, kind := range []string{"service", "segment"} {
		ops := []any{}
		for i := range 142 {
			ops = append(ops, map[string]any{"do": "create", "item": map[string]any{"type": kind, "id": fmt.Sprintf("%s%d", kind, i), "name": "x"}})
		}
		if got := b.do("facilitator", "POST", "/ops", map[string]any{"client": "c", "n": n + 1, "ops": ops}); got.status != 200 {
			t.Fatal(got)
		}
	}
	if got := b.do("viewer", "GET", "/analysis", nil); got.status != 422 || got.code(t) != "too_many_cells" {
		t.Errorf("got %d %.200s, want 422 too_many_cells", got.status, got.body)
	}
}

func TestAnAnalysisCanLeaveOutWeights(t *testing.T) {
	in := start(t)
	b := in.madeOf(in.call("POST", "/api/boards/import", fixture.KeskiUusimaa))
	given := b.do("viewer", "GET", "/analysis", nil).json(t, "segments").([]any)[0].(map[string]any)
	equal := b.do("viewer", "GET", "/analysis?weights=equal", nil).json(t, "segments").([]any)[0].(map[string]any)
	// seg1 has 180 customers and the need factor 2.
	if given["needWeight"] != 360.0 || equal["needWeight"] != 180.0 {
		t.Errorf("got %v and without weights %v, want 360 and 180", given["needWeight"], equal["needWeight"])
	}
}
