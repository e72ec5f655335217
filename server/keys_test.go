package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

func TestWhoHasNoKeyLearnsNothing(t *testing.T) {
	in := start(t, "--wrong-keys-per-minute", "1000")
	a, b := in.board("blank"), in.board("blank")
	key := a.keys["facilitator"]
	flipped := []byte(key)
	flipped[0] ^= 1
	unknown := in.call("GET", "/api/boards/aaaaaaaaaaaaaaaa", nil, as(key)...)
	if unknown.status != 404 {
		t.Fatalf("unknown board: got %s", unknown)
	}
	for name, wrong := range map[string]string{
		"of another board": b.keys["facilitator"], "one bit off": string(flipped), "upper case": strings.ToUpper(key),
		"padded": key + "=", "10 kB": strings.Repeat("A", 10_000), "cut": key[:21],
	} {
		got := a.call("GET", a.path(""), nil, as(wrong)...)
		if got.status != unknown.status || !bytes.Equal(got.body, unknown.body) {
			t.Errorf("a key %s: got %s, want the answer for an unknown board: %s", name, got, unknown)
		}
	}
	for name, header := range map[string]string{"none": "", "empty": "Bearer ", "of another kind": "Basic " + key} {
		headers := []string{"Authorization", header}
		if header == "" {
			headers = nil
		}
		got := a.call("GET", a.path(""), nil, headers...)
		if got.status != 401 && got.status != 404 {
			t.Errorf("a key %s: got %s", name, got)
		}
	}
	for _, place := range []string{"?key=" + key, "?token=" + key, "?x=" + key, "?a=1&access_token=x"} {
		if got := a.call("GET", a.path("")+place, nil, as(key)...); got.status != 400 || got.code(t) != "key_in_address" {
			t.Errorf("a key in %s: got %s, want 400 key_in_address", place, got)
		}
	}
	if got := a.call("GET", a.path("/"+key), nil); got.status != 404 {
		t.Errorf("a key in the path: got %s", got)
	}
	for role, k := range a.keys {
		if strings.Contains(in.log.String(), k) {
			t.Errorf("the log has the %s's key", role)
		}
	}
}

func TestWrongKeysAreCountedPerAddressAndRightOnesLetIn(t *testing.T) {
	in := start(t, "--trusted-proxies", "127.0.0.1")
	b := in.board("blank")
	wrong := func(from string) int {
		return b.call("GET", b.path(""), nil, "Authorization", "Bearer AAAAAAAAAAAAAAAAAAAAAA", "X-Forwarded-For", from).status
	}
	for i := range 20 {
		if got := wrong("203.0.113.1"); got != 404 {
			t.Fatalf("wrong key %d: got %d, want 404", i, got)
		}
	}
	if got := wrong("9.9.9.9, 203.0.113.1"); got != 429 {
		t.Errorf("the 21st, with a spoofed address before the real one: got %d, want 429", got)
	}
	if got := wrong("203.0.113.2"); got != 404 {
		t.Errorf("from another address: got %d, want 404", got)
	}
	if got := b.call("GET", b.path(""), nil, "Authorization", "Bearer "+b.keys["viewer"], "X-Forwarded-For", "203.0.113.1"); got.status != 200 {
		t.Errorf("the right key from the same room: got %s", got)
	}
}

func TestBoardsPerAddressAreLimitedAndForwardedAddressesOfStrangersIgnored(t *testing.T) {
	in := start(t, "--board-burst", "3")
	for i := range 4 {
		got := in.call("POST", "/api/boards", `{"title":"x"}`, "X-Forwarded-For", fmt.Sprintf("203.0.113.%d", i))
		want := 201
		if i == 3 {
			want = 429
		}
		if got.status != want {
			t.Errorf("board %d: got %s, want %d", i, got, want)
		}
		if want == 429 && got.header.Get("Retry-After") == "" {
			t.Error("429 without Retry-After")
		}
	}
}

func TestLinksAreMadeShownAndClosed(t *testing.T) {
	in := start(t)
	b := in.board("blank")
	for _, role := range []string{"participant", "viewer"} {
		for _, c := range []struct{ method, rest string }{{"GET", "/links"}, {"POST", "/links"}, {"DELETE", "/links/x"}, {"DELETE", ""}} {
			if got := b.do(role, c.method, c.rest, map[string]string{"role": "viewer"}); got.status != 403 {
				t.Errorf("%s %s by the %s: got %s, want 403", c.method, c.rest, role, got)
			}
		}
	}
	link := b.do("facilitator", "POST", "/links", map[string]string{"role": "participant", "name": "Pöytä 3", "as": "Pöytä 3 A"})
	if link.status != 201 || link.text(t, "name") != "Pöytä 3" || !strings.Contains(link.text(t, "address"), "#"+link.text(t, "key")) {
		t.Fatalf("got %s", link)
	}
	key := link.text(t, "key")
	if got := b.call("GET", b.path(""), nil, as(key)...); got.status != 200 || got.text(t, "role") != "participant" {
		t.Errorf("by the new link: got %s", got)
	}
	all := b.do("facilitator", "GET", "/links", nil)
	if links, _ := all.json(t, "links").([]any); len(links) != 4 {
		t.Errorf("got %d links, want 4: %s", len(links), all)
	}
	if _, told := all.json(t, "addresses").([]any); !told {
		t.Errorf("no addresses in %s", all)
	}
	if got := b.do("facilitator", "DELETE", "/links/"+link.text(t, "id"), nil); got.status != 204 {
		t.Errorf("closing it: got %s", got)
	}
	if got := b.call("GET", b.path(""), nil, as(key)...); got.status != 403 || got.code(t) != "revoked" {
		t.Errorf("by the closed link: got %s", got)
	}
	if got := b.do("facilitator", "DELETE", "/links/none", nil); got.status != 404 {
		t.Errorf("closing one that is not there: got %s", got)
	}
	if got := b.do("facilitator", "POST", "/links", map[string]string{"role": "king"}); got.status != 400 {
		t.Errorf("a link of no role: got %s", got)
	}
	if got := b.do("facilitator", "POST", "/links", map[string]string{"role": "viewer", "name": strings.Repeat("x", 121)}); got.status != 400 {
		t.Errorf("a name too long: got %s", got)
	}
	owner := ""
	for _, l := range all.json(t, "links").([]any) {
		if m := l.(map[string]any); m["owner"] == true {
			owner = m["id"].(string)
		}
	}
	if got := b.do("facilitator", "DELETE", "/links/"+owner, nil); got.status != 403 {
		t.Errorf("closing the owner's: got %s", got)
	}
}
