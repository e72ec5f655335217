package main

import (
	"bytes"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"

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
		if exported.status != 200 || !strings.Contains(exported.header.Get("Content-Disposition"), "-board.json") {
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
		if got := b.do("facilitator", "GET", rest, nil); got.status != 410 {
			t.Errorf("%s of a deleted board: got %s", rest, got)
		}
	}
	in.end()
	in = startIn(t, data)
	b.instance = in
	if got := b.do("facilitator", "GET", "", nil); got.status != 410 {
		t.Errorf("after a restart: got %s", got)
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

func TestABoardIsCopiedWithoutItsNotesAndPeople(t *testing.T) {
	in := start(t)
	b := in.board("demo")
	copied := in.madeOf(b.do("facilitator", "POST", "/copies", map[string]any{"title": "Toinen kierros", "keep": []string{"service"}}))
	got := map[string]int{}
	items, _ := copied.do("facilitator", "GET", "", nil).json(t, "items").([]any)
	for _, it := range items {
		got[fmt.Sprint(it.(map[string]any)["type"])]++
	}
	for kind, n := range map[string]int{"note": 0, "group": 0, "participant": 0, "segment": 0, "assessment": 0, "perspective": 6, "heading": 4, "axis": 1, "service": 14, "link": 3} {
		if got[kind] != n {
			t.Errorf("got %d of type %s, want %d", got[kind], kind, n)
		}
	}
	for what, a := range map[string]answer{
		"by a participant": b.do("participant", "POST", "/copies", map[string]any{"title": "x"}),
		"without a title":  b.do("facilitator", "POST", "/copies", map[string]any{"title": " "}),
		"with notes":       b.do("facilitator", "POST", "/copies", map[string]any{"title": "x", "keep": []string{"note"}}),
	} {
		if a.status != http.StatusForbidden && a.status != http.StatusBadRequest {
			t.Errorf("%s: got %s", what, a)
		}
	}
}
