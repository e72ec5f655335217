package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"jana/protocol/board/fixture"
)

func TestABoardIsMadeOfATemplate(t *testing.T) {
	in := start(t)
	a := in.call("POST", "/api/boards", map[string]string{"title": "  Työpaja  ", "language": "sv", "template": "segmentation"}, "Host", "board.test:8080")
	m := in.madeOf(a)
	if got := a.text(t, "title"); got != "Työpaja" {
		t.Errorf("got title %q", got)
	}
	for role, key := range m.keys {
		if got, want := a.text(t, "links", role), "http://board.test:8080/b/"+m.id+"#"+key; got != want {
			t.Errorf("link of the %s: got %s, want %s", role, got, want)
		}
		shown := m.do(role, "GET", "", nil)
		if shown.status != 200 || shown.text(t, "role") != role {
			t.Errorf("the %s's key: got %s", role, shown)
		}
		sees := strings.Contains(string(shown.body), `"type":"link"`)
		if sees != (role == "facilitator") {
			t.Errorf("the %s sees link records: %v", role, sees)
		}
	}
}

func TestTheBaseURLIsInLinks(t *testing.T) {
	in := start(t, "--base-url", "https://jana.example.fi/")
	a := in.call("POST", "/api/boards", map[string]string{"title": "x"})
	if got := a.text(t, "links", "viewer"); !strings.HasPrefix(got, "https://jana.example.fi/b/") {
		t.Errorf("got %s", got)
	}
}

func TestWhatCannotBecomeABoardIsRefused(t *testing.T) {
	in := start(t)
	deep := `{"title":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + "}"
	for _, c := range []struct {
		name    string
		body    any
		headers []string
		status  int
		code    string
	}{
		{"no title", `{}`, nil, 400, "invalid"},
		{"an empty title", `{"title":" \n "}`, nil, 400, "invalid"},
		{"a title too long", map[string]string{"title": strings.Repeat("ä", 121)}, nil, 400, "invalid"},
		{"an unknown template", `{"title":"x","template":"castle"}`, nil, 400, "unknown_template"},
		{"a later template", `{"title":"x","template":"museum"}`, nil, 400, "template_unavailable"},
		{"an unknown language", `{"title":"x","language":"tlh"}`, nil, 400, "invalid"},
		{"a wrong type", `{"title":7}`, nil, 400, "invalid"},
		{"no JSON", `title=x`, nil, 400, "bad_json"},
		{"nothing", ``, nil, 400, "bad_json"},
		{"an array", `[]`, nil, 400, "bad_json"},
		{"two objects", `{"title":"x"}{}`, nil, 400, "bad_json"},
		{"a member twice", `{"title":"x","title":"y"}`, nil, 400, "bad_json"},
		{"a member twice, inside", `{"title":"x","a":[{"b":1,"b":2}]}`, nil, 400, "bad_json"},
		{"__proto__", `{"title":"x","__proto__":{"admin":true}}`, nil, 400, "bad_json"},
		{"nested 10,000 deep", deep, nil, 400, "bad_json"},
		{"not UTF-8", "{\"title\":\"\xff\"}", nil, 400, "bad_json"},
		{"NaN", `{"title":NaN}`, nil, 400, "bad_json"},
		{"1 MiB and a byte", `{"title":"` + strings.Repeat("x", 1<<20) + `"}`, nil, 413, "too_large"},
		{"a plain text", `{"title":"x"}`, []string{"Content-Type", "text/plain"}, 415, "unsupported_type"},
		{"a form", `title=x`, []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, "unsupported_type"},
		{"another character set", `{"title":"x"}`, []string{"Content-Type", "application/json; charset=latin1"}, 415, "unsupported_type"},
		{"compressed", `{"title":"x"}`, []string{"Content-Encoding", "gzip"}, 415, "unsupported_type"},
		{"from a foreign page", `{"title":"x"}`, []string{"Origin", "https://evil.com"}, 403, "foreign_origin"},
		{"from no page in particular", `{"title":"x"}`, []string{"Origin", "null"}, 403, "foreign_origin"},
		{"from a host that ends alike", `{"title":"x"}`, []string{"Origin", in.url + ".evil.com"}, 403, "foreign_origin"},
		{"an import of something else", `{"schema":"excel/1"}`, nil, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := "/api/boards"
			if c.status == 0 {
				path, c.status, c.code = "/api/boards/import", 400, "invalid_board"
			}
			got := in.call("POST", path, c.body, c.headers...)
			if got.status != c.status || got.code(t) != c.code {
				t.Errorf("got %s, want %d %s", got, c.status, c.code)
			}
			if got.header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("got content type %s", got.header.Get("Content-Type"))
			}
		})
	}
	if got := callAt(t, "GET", in.admin+"/metrics", nil, as(tokenOfTests())...); !strings.Contains(string(got.body), "jana_rooms 0") {
		t.Errorf("something was made:\n%s", got.body)
	}
}

func TestAFixtureIsImportedAndExportedUnharmed(t *testing.T) {
	in := start(t)
	for name, file := range map[string][]byte{"keski-uusimaa": fixture.KeskiUusimaa, "museum": fixture.Museum} {
		first := in.madeOf(in.call("POST", "/api/boards/import", file))
		exported := first.do("facilitator", "GET", "/export/board.json", nil)
		if exported.status != 200 || exported.header.Get("Content-Disposition") != `attachment; filename="board.json"` {
			t.Fatalf("%s: export: %d, %q", name, exported.status, exported.header.Get("Content-Disposition"))
		}
		second := in.madeOf(in.call("POST", "/api/boards/import", exported.body))
		a, b := first.do("viewer", "GET", "/digest", nil).text(t, "content"), second.do("viewer", "GET", "/digest", nil).text(t, "content")
		if a == "" || a != b {
			t.Errorf("%s: content %s became %s", name, a, b)
		}
	}
}

func TestABrokenFileSaysWhatIsWrongAndWhere(t *testing.T) {
	in := start(t)
	broken := bytes.Replace(fixture.KeskiUusimaa, []byte(`"perspectiveId": "p1"`), []byte(`"perspectiveId": "p99"`), 1)
	if bytes.Equal(broken, fixture.KeskiUusimaa) {
		broken = bytes.Replace(fixture.KeskiUusimaa, []byte(`"perspectiveId":"p1"`), []byte(`"perspectiveId":"p99"`), 1)
	}
	a := in.call("POST", "/api/boards/import", broken)
	if a.status != 400 || a.code(t) != "invalid_board" {
		t.Fatalf("got %s", a)
	}
	problems, _ := a.json(t, "problems").([]any)
	if len(problems) == 0 || !strings.Contains(fmt.Sprint(problems[0]), "notes[") {
		t.Errorf("got problems %v, want one that names the note", problems)
	}
	large := `{"schema":"jana-board/1","x":"` + strings.Repeat("x", 5<<20) + `"}`
	if a := in.call("POST", "/api/boards/import", large); a.status != 413 {
		t.Errorf("5 MiB and some: got %s", a)
	}
}

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

func TestEveryAnswerHasTheHeaders(t *testing.T) {
	in := start(t)
	b := in.board("blank")
	const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types svelte-trusted-html app-sw"
	for _, c := range []struct {
		method, path string
		status       int
		cache        string
	}{
		{"GET", "/", 200, "no-cache"},
		{"HEAD", "/", 200, "no-cache"},
		{"GET", "/b/" + b.id, 200, "no-cache"},
		{"GET", "/sw.js", 200, "no-cache"},
		{"GET", "/assets/app-1a2b.js", 200, "public, max-age=31536000, immutable"},
		{"GET", "/assets/gone.js", 404, "no-store"},
		{"GET", "/favicon.ico", 404, "no-store"},
		{"GET", "/b/", 404, "no-store"},
		{"GET", "/..%2f..%2fetc/passwd", 404, "no-store"},
		{"GET", "/%00", 404, "no-store"},
		{"GET", "/assets/..%2f..%2fconfig.go", 404, "no-store"},
		{"GET", "/.gitkeep", 404, "no-store"},
		{"POST", "/", 405, "no-store"},
		{"PUT", "/api/boards", 405, "no-store"},
		{"GET", "/api/boards", 405, "no-store"},
		{"GET", "/healthz", 200, ""},
		{"GET", "/readyz", 200, ""},
		{"GET", "/metrics", 404, "no-store"},
		{"GET", "/backup", 404, "no-store"},
		{"GET", "/debug/pprof/", 404, "no-store"},
		{"GET", "/api/nothing", 404, "no-store"},
		{"GET", b.path(""), 401, "no-store"},
		{"GET", b.path("/analysis"), 404, "no-store"},
		{"GET", b.path("/socket"), 426, "no-store"},
	} {
		got := in.call(c.method, c.path, nil)
		if got.status != c.status && !(c.status == 405 && got.status == 404) {
			t.Errorf("%s %s: got %s, want %d", c.method, c.path, got, c.status)
		}
		if got.header.Get("Cache-Control") != c.cache {
			t.Errorf("%s %s: got cache control %q, want %q", c.method, c.path, got.header.Get("Cache-Control"), c.cache)
		}
		for name, want := range map[string]string{
			"Content-Security-Policy": csp, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
			"Cross-Origin-Opener-Policy": "same-origin", "X-Robots-Tag": "noindex", "X-Xss-Protection": "0",
		} {
			if got := got.header.Get(name); got != want {
				t.Errorf("%s %s: got %s %q, want %q", c.method, c.path, name, got, want)
			}
		}
		if got.header.Get("Permissions-Policy") == "" {
			t.Errorf("%s %s: no Permissions-Policy", c.method, c.path)
		}
	}
}

func TestFilesAreSentAsTheBrowserTakesThem(t *testing.T) {
	in := start(t)
	for _, c := range []struct{ accept, encoding, body string }{
		{"gzip, deflate, br", "br", "brotli"},
		{"gzip", "gzip", "gzip"},
		{"br;q=0, gzip;q=0.5", "gzip", "gzip"},
		{"identity", "", "let x = 1;"},
	} {
		got := in.call("GET", "/assets/app-1a2b.js", nil, "Accept-Encoding", c.accept)
		if got.header.Get("Content-Encoding") != c.encoding || !strings.HasPrefix(string(got.body), c.body) {
			t.Errorf("accepting %q: got encoding %q, body %.12q", c.accept, got.header.Get("Content-Encoding"), got.body)
		}
		if got.header.Get("Vary") != "Accept-Encoding" || got.header.Get("Content-Type") != "text/javascript; charset=utf-8" {
			t.Errorf("accepting %q: got headers %v", c.accept, got.header)
		}
		again := in.call("GET", "/assets/app-1a2b.js", nil, "Accept-Encoding", c.accept, "If-None-Match", got.header.Get("ETag"))
		if again.status != 304 {
			t.Errorf("asking again, accepting %q: got %d, want 304", c.accept, again.status)
		}
	}
}

func TestHeadersThatAreTooLongAreRefused(t *testing.T) {
	in := start(t)
	long := strings.Repeat("a", 24<<10)
	for name, got := range map[string]answer{
		"path":   in.call("GET", "/"+long, nil),
		"header": in.call("GET", "/", nil, "X-Long", long),
	} {
		if got.status != 431 && got.status != 414 {
			t.Errorf("%s of 24 KiB: got %d", name, got.status)
		}
	}
}

func TestTheAdminAddressNeedsItsTokenInAHeader(t *testing.T) {
	in := start(t, "--admin-token", strings.Repeat("t", 32))
	token := strings.Repeat("t", 32)
	for _, path := range []string{"/metrics", "/backup", "/debug/pprof/", "/debug/pprof/cmdline", "/nothing"} {
		for name, headers := range map[string][]string{"none": nil, "a wrong one": as("x" + token), "the one derived from the secret": as(tokenOfTests())} {
			if got := callAt(t, "GET", in.admin+path, nil, headers...); got.status != 401 {
				t.Errorf("%s with token %s: got %d, want 401", path, name, got.status)
			}
		}
		if got := callAt(t, "GET", in.admin+path+"?token="+token, nil); got.status != 401 {
			t.Errorf("%s with the token in the query: got %d, want 401", path, got.status)
		}
	}
	for _, path := range []string{"/metrics", "/debug/pprof/"} {
		if got := callAt(t, "GET", in.admin+path, nil, as(token)...); got.status != 200 {
			t.Errorf("%s: got %s", path, got)
		}
	}
}

func TestMetricsTellNothingOfBoards(t *testing.T) {
	in := start(t)
	b := in.board("demo")
	b.do("facilitator", "POST", "/ops", map[string]any{"client": "c", "n": 1, "ops": []any{map[string]any{"do": "lock", "level": "closed"}}})
	b.do("viewer", "POST", "/ops", map[string]any{"client": "v", "n": 1, "ops": []any{map[string]any{"do": "lock", "level": "open"}}})
	got := string(callAt(t, "GET", in.admin+"/metrics", nil, as(tokenOfTests())...).body)
	for _, want := range []string{"jana_entries_total", `jana_ops_refused_total{code="forbidden"} 1`, "jana_saved_seconds_bucket", "jana_store_healthy 1", "go_goroutines"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in the metrics", want)
		}
	}
	if strings.Contains(got, b.id) {
		t.Error("the metrics name a board")
	}
}

func TestOpsByHTTPFollowTheSameRules(t *testing.T) {
	in := start(t)
	b := in.board("segmentation")
	note := func(id string) map[string]any {
		return map[string]any{"do": "create", "item": map[string]any{"type": "note", "id": id, "x": 1000, "y": 800, "text": "hei"}}
	}
	push := map[string]any{"me": "m1", "client": "c1", "n": 5, "name": "Botti", "ops": []any{note("n1"), map[string]any{"do": "lock", "level": "closed"}}}
	first := b.do("participant", "POST", "/ops", push)
	if first.status != 200 {
		t.Fatalf("got %s", first)
	}
	refused, _ := first.json(t, "refused").([]any)
	if len(refused) != 1 || !strings.Contains(fmt.Sprint(refused[0]), "forbidden") {
		t.Errorf("a participant's lock: got refused %v", refused)
	}
	if !strings.Contains(string(first.body), `"put"`) {
		t.Errorf("got no change for the note: %s", first)
	}
	again := b.do("participant", "POST", "/ops", push)
	if again.json(t, "seq") != first.json(t, "seq") || !bytes.Equal(again.body, first.body) {
		t.Errorf("sent twice: got %s, want %s", again, first)
	}
	other := b.do("participant", "POST", "/ops", map[string]any{"me": "m2", "client": "c1", "n": 5, "ops": []any{note("n2")}})
	if other.status != 200 || other.json(t, "seq") == first.json(t, "seq") {
		t.Errorf("another person's copy of the client id: got %s", other)
	}
	viewer := b.do("viewer", "POST", "/ops", map[string]any{"client": "v1", "n": 1, "ops": []any{note("n3")}})
	if viewer.status != 200 || !strings.Contains(string(viewer.body), "forbidden") {
		t.Errorf("a viewer's note: got %s", viewer)
	}
	for name, body := range map[string]any{
		"no client":         map[string]any{"n": 1, "ops": []any{note("x")}},
		"no ops":            map[string]any{"client": "c", "n": 1, "ops": []any{}},
		"n of 0":            map[string]any{"client": "c", "n": 0, "ops": []any{note("x")}},
		"negative n":        map[string]any{"client": "c", "n": -1, "ops": []any{note("x")}},
		"n of 2⁵³":          `{"client":"c","n":9007199254740992,"ops":[{"do":"reveal"}]}`,
		"n as a text":       map[string]any{"client": "c", "n": "1", "ops": []any{note("x")}},
		"a fraction":        `{"client":"c","n":1.5,"ops":[{"do":"reveal"}]}`,
		"an empty one":      `{}`,
		"a type of its own": `{"type":"hello","client":"c","n":1,"ops":[{"do":"reveal"}]}`,
	} {
		if got := b.do("participant", "POST", "/ops", body); got.status != 400 {
			t.Errorf("%s: got %s, want 400", name, got)
		}
	}
	for name, op := range map[string]string{
		"1e308": `{"do":"move","moves":[["n1",1e308,0]]}`, "1e6+1": `{"do":"move","moves":[["n1",1000001,0]]}`, "1.5": `{"do":"move","moves":[["n1",1.5,0]]}`,
		"a text as a number": `{"do":"move","moves":[["n1","5",0]]}`, "an unknown op": `{"do":"fly"}`,
	} {
		got := b.do("participant", "POST", "/ops", fmt.Sprintf(`{"me":"m1","client":"c2","n":%d,"ops":[%s]}`, len(name), op))
		if got.status != 200 || !strings.Contains(string(got.body), `"invalid"`) {
			t.Errorf("%s: got %s, want refused invalid", name, got)
		}
	}
	if got := b.do("participant", "POST", "/ops", `{"me":"m1","client":"c3","n":1,"ops":[{"do":"move","moves":[["n1",-0,800]]}]}`); !strings.Contains(string(got.body), `"x":0`) {
		t.Errorf("-0 is 0: got %s", got)
	}
}

func TestABoardIsNotSentTwiceToWhoHasIt(t *testing.T) {
	in := start(t)
	b := in.board("demo")
	got := b.do("viewer", "GET", "", nil)
	headers := append(as(b.keys["viewer"]), "If-None-Match", got.header.Get("ETag"))
	if again := b.call("GET", b.path(""), nil, headers...); again.status != 304 || got.header.Get("ETag") == "" {
		t.Errorf("the same position: got %d, want 304", again.status)
	}
	if bytes.Contains(got.body, []byte("authorId")) {
		t.Error("a viewer is told who wrote what")
	}
	b.do("facilitator", "POST", "/ops", `{"client":"c","n":1,"ops":[{"do":"board","fields":{"authors":"all"}}]}`)
	again := b.call("GET", b.path(""), nil, headers...)
	if again.status != 200 {
		t.Errorf("a later position: got %d, want 200", again.status)
	}
	if !bytes.Contains(again.body, []byte("authorId")) {
		t.Error("a viewer is not told who wrote what, though everybody may know")
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

func TestADeletedBoardNeverComesBack(t *testing.T) {
	data := t.TempDir()
	in := startIn(t, data)
	b := in.board("demo")
	link := b.do("facilitator", "POST", "/links", map[string]string{"role": "facilitator"})
	if got := b.call("DELETE", b.path(""), nil, as(link.text(t, "key"))...); got.status != 403 {
		t.Errorf("by a facilitator who is not the owner: got %s", got)
	}
	if got := b.do("facilitator", "DELETE", "", nil); got.status != 204 {
		t.Fatalf("got %s", got)
	}
	for _, rest := range []string{"", "/digest", "/export/board.json"} {
		if got := b.do("facilitator", "GET", rest, nil); got.status != 404 && got.status != 410 {
			t.Errorf("%s of a deleted board: got %s", rest, got)
		}
	}
	in.end()
	in = startIn(t, data)
	b.instance = in
	if got := b.do("facilitator", "GET", "", nil); got.status != 404 && got.status != 410 {
		t.Errorf("after a restart: got %s", got)
	}
}

func TestNotesAreExportedHarmless(t *testing.T) {
	in := start(t)
	b := in.board("segmentation")
	texts := []string{"=HYPERLINK(\"http://evil.com\")", "@SUM(A1)", "+1", "-1", "\ttab", "rivi 1\nrivi; 2 \"lainaus\"", "tavallinen"}
	for i, text := range texts {
		b.do("participant", "POST", "/ops", map[string]any{"me": "m", "client": "c", "n": i + 1, "name": "=Pöytä", "ops": []any{
			map[string]any{"do": "create", "item": map[string]any{"type": "note", "id": fmt.Sprintf("n%d", i), "x": 1633, "y": 800, "text": text, "perspectiveId": "p1"}},
		}})
	}
	got := b.do("facilitator", "GET", "/export/notes.csv", nil)
	if got.status != 200 || !bytes.HasPrefix(got.body, []byte("\ufeff")) {
		t.Fatalf("got %d, %.20q", got.status, got.body)
	}
	table := csv.NewReader(bytes.NewReader(got.body[3:]))
	table.Comma = ';'
	rows, err := table.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Join(rows[0], "|") != "id|teksti|näkökulma|arvo|ryhmä|kirjoittaja" {
		t.Errorf("got head %v", rows[0])
	}
	for i, want := range []string{"'" + texts[0], "'" + texts[1], "'+1", "'-1", "tab", texts[5], texts[6]} {
		row := rows[i+1]
		if row[1] != want || row[2] != "Itsenäisyys" || row[3] != "14,3" || row[5] != "'=Pöytä" {
			t.Errorf("note %d: got %q, want text %q, Itsenäisyys, 14,3, '=Pöytä", i, row, want)
		}
	}
	if row := strings.SplitN(string(b.do("viewer", "GET", "/export/notes.csv", nil).body), "\r\n", 2)[0]; strings.Contains(row, "kirjoittaja") {
		t.Errorf("a viewer is told who wrote what: %s", row)
	}
	exact := b.do("viewer", "GET", "/export/board.json", nil)
	if raw, _ := json.Marshal(texts[0]); !bytes.Contains(exact.body, raw) || bytes.Contains(exact.body, []byte("authorId")) {
		t.Errorf("board.json must have the exact text, and no authors for a viewer: %.300s", exact.body)
	}
	if got := b.do("viewer", "GET", "/export/matrix.xlsx", nil); got.status != 404 {
		t.Errorf("a file of a later part: got %s", got)
	}
}

func TestABodyThatNeverEndsDoesNotStopOthers(t *testing.T) {
	in := start(t)
	host := strings.TrimPrefix(in.url, "http://")
	for range 100 {
		conn, err := net.Dial("tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "POST /api/boards HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
	}
	if got := in.call("GET", "/healthz", nil); got.status != 200 {
		t.Errorf("got %s", got)
	}
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: x\r\n")
	if err := conn.SetReadDeadline(time.Now().Add(15 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); err != nil && os.IsTimeout(err) {
		t.Error("headers that never end are waited for")
	}
}

func TestAnImportCostsNoMoreThanABoardWould(t *testing.T) {
	in := start(t)
	for name, filler := range map[string]string{"empty objects": `{},`, "objects": `{"a":1},`, "arrays": `[],`, "numbers": `1,`} {
		bomb := `{"schema":"workshop-fixture/1","board":{"title":"x"},"notes":[` + strings.Repeat(filler, (5<<20-100)/len(filler)) + `{}]}`
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		got := in.call("POST", "/api/boards/import", bomb)
		if got.status != 400 {
			t.Errorf("%s: got %d, want 400", name, got.status)
		}
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took > 128<<20 {
			t.Errorf("%s: %d MiB were allocated for a file of 5", name, took>>20)
		}
	}
}

func TestReadinessNamesItsCauses(t *testing.T) {
	in := start(t)
	if got := in.call("GET", "/readyz", nil); got.status != 200 {
		t.Fatalf("got %s", got)
	}
	if got := in.call("GET", "/healthz", nil); got.status != 200 {
		t.Errorf("got %s", got)
	}
}
