package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jana/server/room"
	"jana/server/sequence"
	"jana/server/web"
	"jana/store"
)

func TestWhatStrangersSendIsRefusedAtItsPlace(t *testing.T) {
	in := start(t)
	b := in.board("segmentation")
	a, z := b.join("participant", "a", "ta"), b.join("facilitator", "z", "tz")
	a.push(1, note("n1", 1000, 900, "oma"), note("dead", 1000, 900, "poistuva"), op("delete", "ids", []string{"dead"}))
	if _, codes := a.fate(1); codes != nil {
		t.Fatalf("got refused %v", codes)
	}
	z.push(1, note("z1", 1000, 900, "toisen"))
	z.fate(1)
	n := int64(10)
	for _, c := range []struct {
		name string
		op   any
		code string
	}{
		{"a move of what was deleted", move("dead", 5, 5), "gone"},
		{"a move of what never was", move("never", 5, 5), "gone"},
		{"an id that was used up", note("dead", 5, 5, "x"), "gone"},
		{"an id that is taken", note("n1", 5, 5, "x"), "exists"},
		{"an id of another type", move("p1", 5, 5), "invalid"},
		{"an id that is none", note("a b", 5, 5, "x"), "invalid"},
		{"an id with a dot", note("a.b.c", 5, 5, "x"), "invalid"},
		{"an id too long", note(strings.Repeat("x", 41), 5, 5, "x"), "invalid"},
		{"a text too long", note("long", 5, 5, strings.Repeat("ä", 1001)), "too_long"},
		{"somebody else's note", op("edit", "id", "z1", "fields", message{"text": "x"}), "not_yours"},
		{"a lock", op("lock", "level", "closed"), "forbidden"},
		{"a phase", op("phase", "to", "closed"), "forbidden"},
		{"a link", op("link", "id", "mine", "role", "facilitator"), "forbidden"},
		{"a join", op("join", "name", "x"), "forbidden"},
		{"a rename of another", op("rename", "participant", "pxxxxxxxxxxxx", "name", "x"), "forbidden"},
		{"a group in this phase", op("group", "notes", []string{"n1"}, "group", "g1"), "phase"},
		{"another author", op("create", "item", message{"type": "note", "id": "forged", "x": 1, "y": 1, "text": "x", "authorId": "pxxxxxxxxxxxx"}), ""},
		{"an op that is none", message{"do": "fly"}, "invalid"},
		{"an op without a name", message{}, "invalid"},
		{"a type that is none", op("create", "item", message{"type": "castle", "id": "c1"}), "invalid"},
	} {
		n++
		a.push(n, c.op)
		_, codes := a.fate(n)
		if c.code == "" {
			if codes != nil && !slices.Contains(codes, "invalid") {
				t.Errorf("%s: got refused %v", c.name, codes)
			}
			continue
		}
		if len(codes) != 1 || codes[0] != c.code {
			t.Errorf("%s: got refused %v, want %s", c.name, codes, c.code)
		}
	}
	if it := a.item("forged"); it != nil && it["authorId"] == "pxxxxxxxxxxxx" {
		t.Error("a note was made in somebody else's name")
	}
	for name, frame := range map[string]string{
		"n of 0": `[{"type":"push","n":0,"ops":[{"do":"reveal"}]}]`, "no ops": `[{"type":"push","n":900,"ops":[]}]`,
		"201 ops":     `[{"type":"push","n":901,"ops":[` + strings.Repeat(`{"do":"reveal"},`, 200) + `{"do":"reveal"}]}]`,
		"n as a text": `[{"type":"push","n":"902","ops":[{"do":"reveal"}]}]`,
	} {
		r := rawDial(t, b)
		r.write(helloFrame(b, "raw"))
		r.await(t, `"welcome"`)
		r.write(frameOf(frame))
		r.await(t, `"invalid"`)
		t.Log(name)
	}
}

func TestAPushCountsOnceWhateverItsOrder(t *testing.T) {
	in := start(t)
	b := in.board("segmentation")
	a := b.join("participant", "a", "c")
	for _, n := range []int64{5, 3, 9_007_199_254_740_991, 4} {
		a.push(n, note(fmt.Sprintf("n%d", n), 1000, 900, "x"))
		if seq, codes := a.fate(n); seq == 0 || codes != nil {
			t.Errorf("push %d: got seq %d, refused %v", n, seq, codes)
		}
	}
	first, _ := a.fate(3)
	a.push(3, note("other", 1000, 900, "something else by the same number"))
	fate := a.await("its fate", func(m message) bool { return m.text("type") == "fate" && m.number("n") == 3 })
	if fate.number("seq") != first {
		t.Errorf("sent again: got seq %d, want %d", fate.number("seq"), first)
	}
	if a.item("other") != nil {
		t.Error("the second content of a push was applied")
	}
	twin := b.join("participant", "b", "c")
	twin.push(3, note("twin", 1000, 900, "of somebody else, from a tab of that name"))
	if seq, codes := twin.fate(3); seq == first || codes != nil {
		t.Errorf("another's tab of the same name: got seq %d, refused %v", seq, codes)
	}
}

func TestRolesAndNamesAreTheServersToGive(t *testing.T) {
	in := start(t)
	b := in.board("segmentation")
	for _, c := range []struct{ name, shown string }{
		{"Facilitator", "Facilitator"},
		{"<script>alert(1)</script>", "<script>alert(1)</script>"},
		{"rivi\nINFO msg=kaikki hyvin\x1b[31m", "rivi INFO msg=kaikki hyvin[31m"},
		{"\u202eesrever", "esrever"},
	} {
		tb := b.dial()
		tb.hello(b.keys["participant"], c.name, "c", "name", c.name, "role", "facilitator", "by", "pxxxxxxxxxxxx")
		w := tb.await("the welcome", ofType("welcome"))
		you := w.members("you")
		if you.text("role") != "participant" {
			t.Errorf("%q: got role %s", c.name, you.text("role"))
		}
		person := message(w.members("people").members(you.text("id")))
		if person.text("name") != c.shown || person.text("role") != "participant" {
			t.Errorf("%q: shown as %v", c.name, person)
		}
	}
	for i, name := range []string{"", " \n ", strings.Repeat("x", 200)} {
		tb := b.dial()
		tb.hello(b.keys["participant"], fmt.Sprintf("me %d", i), "c", "name", name)
		w := tb.await("the welcome", ofType("welcome"))
		shown := message(w.members("people").members(w.members("you").text("id"))).text("name")
		if len(shown) > 120 {
			t.Errorf("a name of %d characters is shown", len(shown))
		}
	}
	log := in.log.String()
	if strings.Contains(log, "\x1b") || strings.Contains(log, "\nINFO") {
		t.Errorf("a name got into the log as it was:\n%s", log)
	}
	viewer := b.dial()
	viewer.hello(b.keys["viewer"], "v", "c", "role", "facilitator")
	viewer.await("the welcome", ofType("welcome"))
	viewer.send(message{"type": "push", "n": 1, "role": "facilitator", "by": "p", "ops": []any{note("v1", 1, 1, "x")}})
	if _, codes := viewer.fate(1); len(codes) != 1 || codes[0] != "forbidden" {
		t.Errorf("a viewer's note: got %v", codes)
	}
}

func TestABoardHoldsTenThousandItems(t *testing.T) {
	in := start(t, "--pushes-per-second", "100000", "--push-burst", "100000")
	b := in.board("blank")
	a := b.join("participant", "a", "c")
	made := 0
	for n := int64(1); ; n++ {
		ops := make([]any, 0, 200)
		for range 200 {
			ops = append(ops, note(fmt.Sprintf("n%d", made), made, made, "x"))
			made++
		}
		a.push(n, ops...)
		_, codes := a.fate(n)
		if len(codes) > 0 {
			if codes[0] != "full" {
				t.Errorf("got refused %v, want full", codes[0])
			}
			made -= len(codes)
			break
		}
	}
	if made < 9_990 || made > 10_000 {
		t.Errorf("%d notes were taken", made)
	}
	late := b.join("viewer", "late", "c")
	notes := 0
	late.mu.Lock()
	defer late.mu.Unlock()
	for _, it := range late.items {
		if it["type"] == "note" {
			notes++
		}
	}
	if notes != made {
		t.Errorf("who comes now sees %d notes of %d", notes, made)
	}
}

func frameOf(text string) []byte { return frame(0x81, true, []byte(text)) }

// slowDisk takes its time over what is appended until it is let go.
type slowDisk struct {
	disk
	letGo chan struct{}
}

func (d slowDisk) Append(ctx context.Context, id string, b room.Batch, done func(error)) error {
	return d.disk.Append(ctx, id, b, func(err error) {
		<-d.letGo
		done(err)
	})
}

func TestAPushByHTTPOnASlowDiskIsAcceptedAndAskedForAgain(t *testing.T) {
	boards, err := store.Open(filepath.Join(t.TempDir(), "jana.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	slow := slowDisk{disk{boards}, make(chan struct{})}
	edge, err := web.New(web.Options{
		Hub:  room.NewHub(slow, sequence.NewLocal(), room.Options{SaveWait: 20 * time.Millisecond, Log: slog.New(slog.DiscardHandler)}),
		Keys: web.KeysOf(secretOfTests), Pages: pagesOfTests, Limits: web.DefaultLimits(), Log: slog.New(slog.DiscardHandler),
		Disk: func() web.Disk { return web.Disk{} },
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(edge)
	in := &instance{t: t, url: server.URL}
	b := in.madeOf(in.call("POST", "/api/boards", map[string]string{"title": "x"}))
	push := map[string]any{"me": "a", "client": "ta", "n": 1, "ops": []any{note("n1", 5, 5, "x")}}
	first := b.do("participant", "POST", "/ops", push)
	if first.status != 202 || !strings.Contains(string(first.body), `"n1"`) {
		t.Errorf("got %s", first)
	}
	close(slow.letGo)
	again := b.do("participant", "POST", "/ops", push)
	for end := time.Now().Add(10 * time.Second); again.status == 202 && time.Now().Before(end); {
		again = b.do("participant", "POST", "/ops", push)
	}
	if again.status != 200 || string(again.body) != string(first.body) {
		t.Errorf("got %s, want %s as saved", again, first)
	}
	server.Close()
	if err := edge.Drain(context.Background(), time.Millisecond); err != nil {
		t.Error(err)
	}
	if err := boards.Close(context.Background()); err != nil {
		t.Error(err)
	}
}
