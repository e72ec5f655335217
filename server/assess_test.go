package main

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"

	"jana/protocol/board/fixture"
)

func TestWhatTheMethodCannotReckonWithIsRefusedWithItsField(t *testing.T) {
	in := start(t)
	b := in.board("blank")
	made := b.do("facilitator", "POST", "/ops", map[string]any{"client": "c", "n": 1, "ops": []any{
		map[string]any{"do": "create", "item": map[string]any{"type": "service", "id": "v1", "name": "Palvelu"}},
		map[string]any{"do": "create", "item": map[string]any{"type": "segment", "id": "s1", "name": "Segmentti"}},
		map[string]any{"do": "create", "item": map[string]any{"type": "goal", "id": "g0", "segmentIds": []string{"s1"}}},
	}})
	if made.status != 200 {
		t.Fatal(made)
	}
	tab := b.join("participant", "m", "tab")
	for i, tt := range []struct {
		name        string
		op          map[string]any
		code, field string
	}{
		{"weight 0", map[string]any{"do": "edit", "id": "v1", "fields": map[string]any{"weight": 0}}, "invalid", "weight"},
		{"a service of weight 0", map[string]any{"do": "create", "item": map[string]any{"type": "service", "id": "v2", "name": "x", "weight": 0}}, "invalid", "weight"},
		{"customers −1", map[string]any{"do": "edit", "id": "s1", "fields": map[string]any{"customers": -1}}, "invalid", "customers"},
		{"need factor 0", map[string]any{"do": "edit", "id": "s1", "fields": map[string]any{"needFactor": 0}}, "invalid", "needFactor"},
		{"an unknown criterion", map[string]any{"do": "assess", "service": "v1", "segment": "s1", "criterion": "price", "rating": 3}, "invalid", "criterion"},
		{"a rating of 7", map[string]any{"do": "assess", "service": "v1", "segment": "s1", "criterion": "resources", "rating": 7}, "invalid", "resources"},
		{"a vote of 7", map[string]any{"do": "assess", "service": "v1", "segment": "s1", "criterion": "resources", "vote": 7}, "invalid", "resources"},
		{"a second cell of a pair", map[string]any{"do": "create", "item": map[string]any{"type": "assessment", "id": "c2", "serviceId": "v1", "segmentId": "s1"}}, "invalid", "type"},
		{"a goal for a missing segment", map[string]any{"do": "create", "item": map[string]any{"type": "goal", "id": "g1", "segmentIds": []string{"s9"}}}, "gone", "segmentIds"},
		{"a goal that is turned to a missing segment", map[string]any{"do": "edit", "id": "g0", "fields": map[string]any{"segmentIds": []string{"s9"}}}, "gone", "segmentIds"},
	} {
		n := int64(i + 1)
		got := b.do("participant", "POST", "/ops", map[string]any{"me": "m", "client": "c", "n": n, "ops": []any{tt.op}})
		refused, _ := got.json(t, "refused").([]any)
		if len(refused) != 1 {
			t.Errorf("%s: got %s, want one refusal", tt.name, got)
			continue
		}
		byHTTP, _ := refused[0].(map[string]any)
		tab.push(n, tt.op)
		bySocket := tab.await("the refusal", func(m message) bool { return m.text("type") == "refused" && m.number("n") == n })
		for way, no := range map[string]message{"HTTP": byHTTP, "socket": bySocket} {
			if no.text("code") != tt.code || no.members("reason").text("field") != tt.field {
				t.Errorf("%s by %s: got %v, want %s of %s", tt.name, way, no, tt.code, tt.field)
			}
		}
	}
	// Whoever assesses the same pair writes into the same cell.
	for n, criterion := range []string{"timeliness", "resources"} {
		b.push("participant", fmt.Sprint("table", n), 1, op("assess", "service", "v1", "segment", "s1", "criterion", criterion, "vote", 3))
	}
	if cells := b.itemsOf("viewer", "assessment"); len(cells) != 1 {
		t.Errorf("got the cells %v, want one of the pair", cells)
	}
}

func TestAnImportThatCannotBeReckonedWithSaysWhere(t *testing.T) {
	in := start(t)
	whole := string(fixture.Museum)
	for _, tt := range []struct{ name, from, to, path, code string }{
		{"weight 0", `"weight": 1`, `"weight": 0`, "services[0].weight", "invalid"},
		{"customers −1", `"id": "cg1",`, `"id": "cg1", "customers": -1,`, "segments[0].customers", "invalid"},
		{"need factor 0", `"id": "cg1",`, `"id": "cg1", "needFactor": 0,`, "segments[0].needFactor", "invalid"},
		{"an unknown criterion", `"availability": 3`, `"price": 3`, "assessments[0].ratings/price", "invalid"},
		{"a rating of 7", `"availability": 3`, `"availability": 7`, "assessments[0].ratings/availability", "invalid"},
		{"two cells of a pair", `"assessments": [`, `"assessments": [{"serviceId": "ms01", "segmentId": "cg1", "serves": true},`, "assessments[1].id", "exists"},
		{"a goal for a missing segment", `"impactGoals": [`, `"impactGoals": [{"id": "g9", "text": "x", "segmentIds": ["cg77"]},`, "impactGoals[0].segmentIds", "gone"},
	} {
		file := strings.Replace(whole, tt.from, tt.to, 1)
		if file == whole {
			t.Fatalf("%s: the fixture has no %s", tt.name, tt.from)
		}
		got := in.call("POST", "/api/boards/import", []byte(file))
		problems, _ := got.json(t, "problems").([]any)
		found := false
		for _, p := range problems {
			m, _ := p.(map[string]any)
			found = found || m["path"] == tt.path && m["code"] == tt.code
		}
		if got.status != 400 || !found {
			t.Errorf("%s: got %s, want %s at %s", tt.name, bytes.TrimSpace(got.body), tt.code, tt.path)
		}
	}
}

func TestVotesOnOneCellAtOnceAllCount(t *testing.T) {
	in := start(t)
	b := in.madeOf(in.call("POST", "/api/boards/import", fixture.Museum))
	const voters = 8
	var all sync.WaitGroup
	for i := range voters {
		all.Go(func() {
			got := b.do("participant", "POST", "/ops", map[string]any{"me": fmt.Sprint("m", i), "client": "c", "n": 1, "ops": []any{
				map[string]any{"do": "assess", "service": "ms01", "segment": "cg5", "criterion": "timeliness", "vote": i % 5},
			}})
			if refused, _ := got.json(t, "refused").([]any); got.status != 200 || len(refused) > 0 {
				t.Errorf("vote %d: got %s", i, got)
			}
		})
	}
	all.Wait()
	items, _ := b.do("viewer", "GET", "", nil).json(t, "items").([]any)
	for _, it := range items {
		m, _ := it.(map[string]any)
		if m["id"] != "a.ms01.cg5" {
			continue
		}
		votes, _ := m["votes"].(map[string]any)
		if timeliness, _ := votes["timeliness"].(map[string]any); len(timeliness) != voters {
			t.Errorf("got %v, want the votes of %d participants", votes, voters)
		}
	}
	consensus, _ := b.do("viewer", "GET", "/analysis", nil).json(t, "ratingConsensus").([]any)
	if len(consensus) != 1 {
		t.Fatalf("got %v, want how far the votes agree", consensus)
	}
	// Of 0 1 2 3 4 0 1 2.
	got, _ := consensus[0].(map[string]any)
	if got["serviceId"] != "ms01" || got["criterion"] != "timeliness" || got["median"] != 1.5 || got["agreement"] != 0.4375 {
		t.Errorf("got %v, want ms01 by timeliness, median 1.5, agreement 0.4375", got)
	}
}
