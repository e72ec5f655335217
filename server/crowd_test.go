package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

func TestWhoDoesNotReadIsNotWaitedFor(t *testing.T) {
	in := start(t, "--write-timeout", "500ms", "--presence-per-second", "1000")
	b := in.board("demo")
	raw := rawDial(t, b)
	raw.write(helloFrame(b, "deaf")) // and never reads
	other := b.join("participant", "other", "c1")
	long := strings.Repeat("x", 900)
	gone := func(m message) bool {
		return m.text("type") == "people" && strings.Contains(fmt.Sprint(m["people"]), "here:0")
	}
	for n := int64(1); ; n++ {
		other.push(n, note(fmt.Sprintf("long%d", n), 1000, 1000, long))
		if _, codes := other.fate(n); codes != nil {
			t.Fatalf("push %d: refused %v", n, codes)
		}
		if n%500 == 0 {
			other.mu.Lock()
			found := false
			for _, m := range other.came {
				found = found || gone(m)
			}
			other.mu.Unlock()
			if found {
				return
			}
		}
		if n == 9000 {
			t.Fatal("the one who does not read is still there after 9,000 notes")
		}
	}
}

func TestSocketsOfAnInstanceAreLimited(t *testing.T) {
	in := start(t, "--max-sockets", "3")
	b := in.board("blank")
	first := b.join("viewer", "v1", "c1")
	b.join("viewer", "v2", "c2")
	b.join("viewer", "v3", "c3")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	_, response, err := websocket.Dial(ctx, strings.Replace(in.url, "http", "ws", 1)+b.path("/socket"), nil)
	if err == nil || response.StatusCode != 503 || response.Header.Get("Retry-After") == "" {
		t.Errorf("the fourth: got %v", err)
	}
	response.Body.Close()
	_ = first.conn.CloseNow()
	until(t, "a place is free again", func() bool {
		tb, err := tryDial(ctx, t, in.url+b.path("/socket"))
		if err == nil {
			tb.hello(b.keys["viewer"], "v4", "c4")
		}
		return err == nil
	})
}

func TestARoomFullOfTabletsBehindOneAddressGetsIn(t *testing.T) {
	in := start(t)
	b := in.board("blank")
	for i := range 200 {
		a := b.do("participant", "POST", "/ops", map[string]any{"me": fmt.Sprintf("bot %d", i), "client": "c", "n": 1, "ops": []any{note(fmt.Sprintf("n%d", i), 0, 0, "x")}})
		if a.status != 200 {
			t.Fatalf("participant %d: got %s", i, a)
		}
	}
	var coming sync.WaitGroup
	for i := range 300 {
		coming.Go(func() {
			if err := b.sit(fmt.Sprintf("tablet %d", i)); err != nil {
				t.Error(err)
			}
		})
	}
	coming.Wait()
	tb := b.dial()
	tb.hello(b.keys["participant"], "one too many", "c")
	if status, bye := tb.end(); status != 4029 || bye != "full" {
		t.Errorf("the 501st participant: got %d %s, want 4029 full", status, bye)
	}
	back := b.join("participant", "tablet 7", "c2")
	back.push(1, note("late", 0, 0, "x"))
	if _, codes := back.fate(1); codes != nil {
		t.Errorf("one of the 500 who comes again: refused %v", codes)
	}
}

// sit opens a tab of somebody who only looks on.
func (m made) sit(me string) error {
	conn, _, err := websocket.Dial(m.t.Context(), strings.Replace(m.url, "http", "ws", 1)+m.path("/socket"), nil)
	if err != nil {
		return err
	}
	conn.SetReadLimit(-1)
	gone := make(chan struct{})
	m.t.Cleanup(func() { _ = conn.CloseNow(); <-gone })
	hello := fmt.Appendf(nil, `[{"type":"hello","version":1,"key":%q,"me":%q,"client":"c"}]`, m.keys["participant"], me)
	err = conn.Write(m.t.Context(), websocket.MessageText, hello)
	var first []byte
	if err == nil {
		_, first, err = conn.Read(m.t.Context())
	}
	go func() {
		defer close(gone)
		for err := err; err == nil; {
			_, _, err = conn.Read(context.Background())
		}
	}()
	if err == nil && !strings.Contains(string(first), `"welcome"`) {
		err = fmt.Errorf("%s was not let in: %.100s", me, first)
	}
	return err
}

func TestAFloodOfCursorsIsMerged(t *testing.T) {
	in := start(t)
	b := in.board("blank")
	flood, bystander := b.join("participant", "flood", "c1"), b.join("participant", "by", "stander")
	for i := range 3000 {
		flood.send(message{"type": "presence", "cursor": []int{i, i}})
	}
	flood.send(message{"type": "ping"})
	flood.await("the pong", ofType("pong"))
	bystander.await("the last cursor", func(m message) bool {
		return m.text("type") == "presence" && strings.Contains(fmt.Sprint(m["people"]), "[2999 2999]")
	})
	bystander.mu.Lock()
	defer bystander.mu.Unlock()
	seen := 0
	for _, m := range bystander.came {
		if m.text("type") == "presence" {
			seen++
		}
	}
	if seen > 1000 {
		t.Errorf("%d of 3,000 cursors reached the others", seen)
	}
}

func TestTheSameSocketsAgainCostNothingMore(t *testing.T) {
	in := start(t)
	b := in.board("blank")
	metric := func(name string) int {
		for line := range strings.Lines(string(callAt(t, "GET", in.admin+"/metrics", nil, as(tokenOfTests())...).body)) {
			if rest, ok := strings.CutPrefix(line, name+" "); ok {
				n, err := strconv.Atoi(strings.TrimSpace(rest))
				if err != nil {
					t.Fatal(err)
				}
				return n
			}
		}
		t.Fatalf("no metric %s", name)
		return 0
	}
	burst := func() {
		for range 100 {
			conn, _, err := websocket.Dial(t.Context(), strings.Replace(in.url, "http", "ws", 1)+b.path("/socket"), nil)
			if err != nil {
				t.Fatal(err)
			}
			_ = conn.Write(t.Context(), websocket.MessageText, fmt.Appendf(nil, `[{"type":"hello","version":1,"key":%q,"client":"c"}]`, b.keys["participant"]))
			_ = conn.CloseNow()
		}
		until(t, "all sockets are gone", func() bool { return metric("jana_sockets") == 0 && metric("jana_members") == 0 })
	}
	burst()
	before := metric("go_goroutines")
	burst()
	until(t, "there are no more goroutines than after the first time", func() bool { return metric("go_goroutines") <= before })
}
