package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// history reads all of a board's history, and how many pages it took.
func (m made) history() (entries []message, pages int) {
	m.t.Helper()
	for from := int64(1); from > 0; pages++ {
		a := m.do("facilitator", "GET", fmt.Sprintf("/history?from=%d", from), nil)
		if a.status != http.StatusOK {
			m.t.Fatalf("history: got %s", a)
		}
		for _, e := range message(a.json(m.t).(map[string]any)).list("entries") {
			entries = append(entries, e.(map[string]any))
		}
		from = message(a.json(m.t).(map[string]any)).number("next")
	}
	return entries, pages
}

func (m made) push(role, client string, n int64, ops ...any) {
	m.t.Helper()
	if a := m.do(role, "POST", "/ops", map[string]any{"me": client, "client": client, "n": n, "ops": ops}); a.status != http.StatusOK {
		m.t.Fatalf("push: got %s", a)
	}
}

func TestHistoryIsEveryPushInItsOrder(t *testing.T) {
	in := start(t, "--pushes-per-second", "10000", "--push-burst", "10000")
	b := in.board("blank")
	const pushes = 620
	for n := range int64(pushes) {
		b.push("facilitator", "tab", n+1, note(fmt.Sprintf("n%d", n+1), 1, 1, "x"))
	}
	b.push("participant", "other", 1, move("never", 1, 1))
	b.push("participant", "other", 1, move("never", 1, 1))
	entries, pages := b.history()
	if pages != 2 {
		t.Errorf("got %d pages, want 2", pages)
	}
	next, seq := int64(1), int64(0)
	for _, e := range entries {
		if e.number("seq") <= seq {
			t.Errorf("entry %d comes after %d", e.number("seq"), seq)
		}
		seq = e.number("seq")
		if e.text("client") == "tab" && e.number("n") > 0 {
			if e.number("n") != next || e.text("role") != "facilitator" || !strings.Contains(fmt.Sprint(e.list("changes")), fmt.Sprintf("id:n%d ", next)) {
				t.Errorf("got %v, want push %d", e, next)
			}
			next++
		}
	}
	if next != pushes+1 {
		t.Errorf("%d of %d pushes are there", next-1, pushes)
	}
	refused, again := entries[len(entries)-2], entries[len(entries)-1]
	if refused.number("n") != 1 || fmt.Sprint(refused.list("refused")) != "[map[code:gone op:0]]" || len(refused.list("changes")) > 0 {
		t.Errorf("a refused push: got %v", refused)
	}
	if again["duplicate"] != true || again.list("refused") != nil {
		t.Errorf("the same push again: got %v", again)
	}
	part := b.do("facilitator", "GET", "/history?from=5&to=7", nil)
	if got := message(part.json(t).(map[string]any)).list("entries"); len(got) != 3 || message(got[0].(map[string]any)).number("seq") != 5 {
		t.Errorf("from 5 to 7: got %s", part)
	}
}

func TestHistoryIsForFacilitatorsAndHoldsWhatTheyMaySee(t *testing.T) {
	in := start(t)
	b := in.board("blank")
	b.push("facilitator", "lead", 1, op("private", "on", true))
	b.push("participant", "a", 1, note("hidden", 1, 1, "kenellekään"))
	b.push("participant", "a", 2, op("text", "id", "hidden", "field", "text", "from", "kenellekään", "to", strings.Repeat("x", 1001)))
	b.push("participant", "a", 3, note("erased", 1, 1, "poistettava"), op("text", "id", "erased", "field", "text", "from", "poistettava", "to", "poistettavampi"))
	entries, _ := b.history()
	if text := fmt.Sprint(entries); strings.Contains(text, "kenellekään") || strings.Contains(text, "hidden") {
		t.Errorf("a note that is being written privately is told: %s", text)
	}
	b.push("facilitator", "lead", 2, op("reveal"))
	revealed, _ := b.history()
	if text := fmt.Sprint(revealed[len(revealed)-1]); !strings.Contains(text, "kenellekään") {
		t.Errorf("what was revealed is not told: %s", text)
	}
	if text := fmt.Sprint(revealed[:len(revealed)-1]); strings.Contains(text, "hidden") {
		t.Errorf("who wrote a revealed note is told: %s", text)
	}
	b.push("facilitator", "lead", 3, op("blank", "id", "erased"))
	if erased, _ := b.history(); strings.Contains(fmt.Sprint(erased), "poistettava") {
		t.Errorf("an erased text is told: %v", erased)
	}
	for _, c := range []struct {
		role, query, code string
	}{
		{"participant", "", "forbidden"},
		{"viewer", "", "forbidden"},
		{"facilitator", "?from=-1", "invalid"},
		{"facilitator", "?from=x", "invalid"},
		{"facilitator", "?to=1.5", "invalid"},
		{"facilitator", "?to=9007199254740992", "invalid"},
		{"facilitator", "?from=9&to=8", "invalid"},
	} {
		if got := b.do(c.role, "GET", "/history"+c.query, nil); got.code(t) != c.code || got.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s as %s: got %s, want %s", c.query, c.role, got, c.code)
		}
	}
	if got := in.call("GET", "/api/boards/nothing/history", nil, as(b.keys["facilitator"])...); got.code(t) != "not_found" {
		t.Errorf("of no board: got %s", got)
	}
}
