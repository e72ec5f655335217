package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"jana/protocol/board"
)

// visitors makes a link for visitors and gives the board as one of them comes to it.
func (m made) visitors(question string, target map[string]string) (visitor made, link string) {
	m.t.Helper()
	a := m.do("facilitator", "POST", "/links", map[string]any{"role": "visitor", "question": question, "target": target})
	if a.status != http.StatusCreated {
		m.t.Fatalf("link: got %s", a)
	}
	keys := map[string]string{"visitor": a.text(m.t, "key")}
	for role, key := range m.keys {
		keys[role] = key
	}
	m.keys = keys
	if at := a.text(m.t, "address"); !strings.Contains(at, "/f/"+m.id+"#"+keys["visitor"]) {
		m.t.Errorf("got address %q, want that of the wall", at)
	}
	return m, a.text(m.t, "id")
}

func (m made) feedback(client string, n int, kind, text string) answer {
	m.t.Helper()
	return m.do("visitor", "POST", "/wall", map[string]any{"client": client, "n": n, "kind": kind, "text": text})
}

// waiting are the ids of the feedback that a role is shown, and which of it waits.
func (m made) shown(role string) (all, waiting []string) {
	m.t.Helper()
	items, _ := m.do(role, "GET", "", nil).json(m.t, "items").([]any)
	for _, it := range items {
		if it, _ := it.(map[string]any); it["type"] == "feedback" {
			all = append(all, fmt.Sprint(it["id"]))
			if it["waiting"] == true {
				waiting = append(waiting, fmt.Sprint(it["id"]))
			}
		}
	}
	return all, waiting
}

func TestAVisitorsNoteIsShownOnceAFacilitatorApproves(t *testing.T) {
	in := start(t)
	b := in.board("blank")
	b.push("facilitator", "tab", 1, map[string]any{"do": "create", "item": map[string]any{"type": "service", "id": "v1", "name": "Perusnäyttely"}})
	v, link := b.visitors("Mitä jäi mieleen perusnäyttelystä?", map[string]string{"type": "service", "id": "v1"})
	a := v.do("visitor", "GET", "/wall", nil)
	if a.status != http.StatusOK || a.text(t, "question") != "Mitä jäi mieleen perusnäyttelystä?" || a.text(t, "about") != "Perusnäyttely" || a.text(t, "title") != "Taulu" {
		t.Fatalf("wall: got %s", a)
	}
	for range 2 { // what is sent again is there once
		if a := v.feedback("phone", 1, "idea", "Yksi vitriini, jonka sisältöä kävijät saavat ehdottaa"); a.status != http.StatusCreated {
			t.Fatalf("note: got %s", a)
		}
	}
	v.feedback("other", 1, "minus", "Liian pimeää")
	all, waiting := v.shown("facilitator")
	if len(all) != 2 || len(waiting) != 2 {
		t.Fatalf("facilitators see %v, waiting %v, want two that wait", all, waiting)
	}
	secret := []string{"vitriini", "pimeää"}
	hidden := func(when string, words ...string) {
		t.Helper()
		for what, a := range map[string]answer{
			"participant's board": v.do("participant", "GET", "", nil), "viewer's board": v.do("viewer", "GET", "", nil),
			"wall": v.do("visitor", "GET", "/wall", nil), "export": v.do("facilitator", "GET", "/export/board.json", nil),
		} {
			for _, word := range words {
				if strings.Contains(string(a.body), word) {
					t.Errorf("%s, the %s tells %q", when, what, word)
				}
			}
		}
	}
	hidden("before", secret...)
	var idea string
	items, _ := v.do("facilitator", "GET", "", nil).json(t, "items").([]any)
	for _, it := range items {
		if it, _ := it.(map[string]any); it["kind"] == "idea" {
			idea = fmt.Sprint(it["id"])
			if it["authorId"] != nil || fmt.Sprint(it["target"]) != "map[id:v1 type:service]" {
				t.Errorf("got %v, want it about the service, by nobody", it)
			}
		}
	}
	b.push("facilitator", "tab", 2, map[string]any{"do": "approve", "ids": []string{idea}})
	hidden("after one was approved", "pimeää")
	if all, waiting := v.shown("participant"); len(all) != 1 || all[0] != idea || len(waiting) > 0 {
		t.Errorf("participants see %v, waiting %v, want the one that was approved", all, waiting)
	}
	if a := v.do("visitor", "GET", "/wall", nil); !strings.Contains(string(a.body), "Yksi vitriini") {
		t.Errorf("wall: got %s", a)
	}
	// The wall of another question shows nothing of it, one about everything does.
	if other, _ := b.visitors("Mitä kaipaat?", nil); !strings.Contains(string(other.do("visitor", "GET", "/wall", nil).body), "Yksi vitriini") {
		t.Error("the wall about everything lacks it")
	}
	b.push("facilitator", "tab", 3, map[string]any{"do": "phase", "to": "closed"}, map[string]any{"do": "lock", "level": "closed"})
	if a := v.feedback("phone", 2, "plus", "Vielä lopuksi"); a.status != http.StatusCreated {
		t.Errorf("on a board that is closed: got %s, want the wall still open", a)
	}
	if a := v.do("facilitator", "DELETE", "/links/"+link, nil); a.status != http.StatusNoContent {
		t.Fatalf("close the link: got %s", a)
	}
	if a := v.feedback("phone", 3, "plus", "Myöhässä"); a.code(t) != "revoked" {
		t.Errorf("by a closed link: got %s", a)
	}
}

func TestAVisitorGetsNothingButTheWall(t *testing.T) {
	in := start(t)
	b := in.board("demo")
	v, _ := b.visitors("Mitä?", nil)
	for _, path := range []string{"", "/digest", "/history", "/links", "/export/board.json", "/export/notes.csv"} {
		if a := v.do("visitor", "GET", path, nil); a.code(t) != "forbidden" {
			t.Errorf("GET %s: got %s", path, a)
		}
	}
	if a := v.do("visitor", "POST", "/ops", map[string]any{"client": "c", "n": 1, "ops": []any{note("n", 1, 1, "x")}}); a.code(t) != "forbidden" {
		t.Errorf("ops: got %s", a)
	}
	for _, role := range []string{"facilitator", "participant", "viewer"} {
		if a := v.do(role, "POST", "/wall", map[string]any{"client": "c", "n": 1, "kind": "plus", "text": "x"}); a.code(t) != "forbidden" {
			t.Errorf("%s at the wall: got %s", role, a)
		}
	}
	for what, c := range map[string]struct {
		body  any
		field string
	}{
		"no kind":       {map[string]any{"client": "c", "n": 1, "text": "x"}, "kind"},
		"another kind":  {map[string]any{"client": "c", "n": 2, "kind": "rant", "text": "x"}, "kind"},
		"no text":       {map[string]any{"client": "c", "n": 3, "kind": "plus", "text": " \n "}, "text"},
		"too long":      {map[string]any{"client": "c", "n": 4, "kind": "plus", "text": strings.Repeat("å", board.MaxFeedback+1)}, "text"},
		"no client":     {map[string]any{"n": 5, "kind": "plus", "text": "x"}, "client"},
		"n of no sense": {map[string]any{"client": "c", "n": 0, "kind": "plus", "text": "x"}, ""},
	} {
		a := v.do("visitor", "POST", "/wall", c.body)
		if a.status != http.StatusBadRequest || c.field != "" && a.text(t, "field") != c.field {
			t.Errorf("%s: got %s, want it refused for %q", what, a, c.field)
		}
	}
	if a := v.feedback("c", 6, "plus", strings.Repeat("å", board.MaxFeedback)); a.status != http.StatusCreated {
		t.Errorf("as long as it may be: got %s", a)
	}
	tab := v.dial()
	tab.hello(v.keys["visitor"], "me", "tab")
	if _, bye := tab.end(); bye != "unknown" {
		t.Errorf("by websocket: got bye %q", bye)
	}
}
