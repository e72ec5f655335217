package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// message is one of the websocket's, as its members.
type message map[string]any

func (m message) text(name string) string     { s, _ := m[name].(string); return s }
func (m message) number(name string) int64    { f, _ := m[name].(float64); return int64(f) }
func (m message) list(name string) []any      { l, _ := m[name].([]any); return l }
func (m message) members(name string) message { v, _ := m[name].(map[string]any); return v }

// tab is a browser's tab in a test: it keeps a board as the browser does, from the messages that come.
type tab struct {
	t    testing.TB
	conn *websocket.Conn
	// client names the tab.
	client string
	// mute: pings are not answered.
	mute atomic.Bool

	mu      sync.Mutex
	came    []message // all that came
	items   map[string]map[string]any
	seq     int64 // up to which the board is known
	epoch   string
	saved   int64
	changed chan struct{} // closed, and made anew, when something came
	ended   error         // why reading ended
	closed  chan struct{}
}

// dial opens a websocket without a word.
func dial(t testing.TB, url string, headers ...string) *tab {
	t.Helper()
	tb, err := tryDial(t.Context(), t, url, headers...)
	if err != nil {
		t.Fatal(err)
	}
	return tb
}

func tryDial(ctx context.Context, t testing.TB, url string, headers ...string) (*tab, error) {
	o := &websocket.DialOptions{HTTPHeader: http.Header{}}
	for i := 0; i+1 < len(headers); i += 2 {
		o.HTTPHeader.Set(headers[i], headers[i+1])
	}
	conn, _, err := websocket.Dial(ctx, strings.Replace(url, "http", "ws", 1), o)
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(-1)
	tb := &tab{t: t, conn: conn, items: map[string]map[string]any{}, changed: make(chan struct{}), closed: make(chan struct{})}
	go tb.read()
	t.Cleanup(func() { _ = conn.CloseNow(); <-tb.closed })
	return tb, nil
}

func (tb *tab) read() {
	defer close(tb.closed)
	for {
		_, raw, err := tb.conn.Read(context.Background())
		var messages []message
		if err == nil {
			err = json.Unmarshal(raw, &messages)
		}
		tb.mu.Lock()
		for _, m := range messages {
			tb.take(m)
		}
		tb.ended = err
		close(tb.changed)
		tb.changed = make(chan struct{})
		tb.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// take does what a browser does with a message.
func (tb *tab) take(m message) {
	tb.came = append(tb.came, m)
	switch m.text("type") {
	case "welcome":
		at := m.members("at")
		if board := m.members("board"); board != nil {
			tb.items = map[string]map[string]any{}
			for _, it := range board.list("items") {
				item, _ := it.(map[string]any)
				tb.items[fmt.Sprint(item["id"])] = item
			}
			tb.seq = at.number("seq")
		}
		tb.epoch = at.text("epoch")
		tb.saved = m.number("saved")
	case "changes":
		for _, c := range m.list("changes") {
			change, _ := c.(map[string]any)
			tb.land(change)
		}
		tb.seq = m.number("seq")
	case "saved":
		tb.saved = m.number("seq")
	case "ping":
		if !tb.mute.Load() {
			go func() { _ = tb.say(message{"type": "pong"}) }()
		}
	}
}

func (tb *tab) land(change message) {
	if put := change.members("put"); put != nil {
		tb.items[put.text("id")] = put
		return
	}
	if set := change.members("set"); set != nil {
		item := maps.Clone(tb.items[set.text("id")])
		for name, v := range set {
			setPath(item, strings.Split(name, "/"), v)
		}
		tb.items[set.text("id")] = item
		return
	}
	delete(tb.items, change.text("remove"))
}

func setPath(into map[string]any, path []string, v any) {
	if len(path) > 1 {
		inner, _ := into[path[0]].(map[string]any)
		if inner = maps.Clone(inner); inner == nil {
			inner = map[string]any{}
		}
		setPath(inner, path[1:], v)
		if v = inner; len(inner) == 0 {
			v = nil
		}
	}
	if v == nil {
		delete(into, path[0])
		return
	}
	into[path[0]] = v
}

// say sends messages in one frame.
func (tb *tab) say(messages ...message) error {
	raw, err := json.Marshal(messages)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	return tb.conn.Write(ctx, websocket.MessageText, raw)
}

func (tb *tab) send(messages ...message) {
	tb.t.Helper()
	if err := tb.say(messages...); err != nil {
		tb.t.Fatal(err)
	}
}

// await waits for a message that fits, also one that has come before.
func (tb *tab) await(what string, fits func(message) bool) message {
	tb.t.Helper()
	m, err := tb.find(fits)
	if err != nil {
		tb.t.Fatalf("waiting for %s: %v", what, err)
	}
	return m
}

func (tb *tab) find(fits func(message) bool) (message, error) {
	deadline := time.After(20 * time.Second)
	for seen := 0; ; {
		tb.mu.Lock()
		came, changed, ended := tb.came[seen:], tb.changed, tb.ended
		seen = len(tb.came)
		tb.mu.Unlock()
		for _, m := range came {
			if fits(m) {
				return m, nil
			}
		}
		if ended != nil {
			return nil, ended
		}
		select {
		case <-changed:
		case <-deadline:
			return nil, errors.New("nothing of the kind came")
		}
	}
}

func ofType(name string) func(message) bool {
	return func(m message) bool { return m.text("type") == name }
}

// fate waits until a push is ordered or refused for good. It gives its seq, 0 if it got none, and the codes with which
// ops of it were refused.
func (tb *tab) fate(n int64) (seq int64, codes []string) {
	tb.t.Helper()
	me := tb.await("the welcome", ofType("welcome")).members("you").text("id")
	m := tb.await(fmt.Sprintf("the fate of push %d", n), func(m message) bool {
		switch m.text("type") {
		case "changes":
			// Others may call their tab the same.
			return m.number("n") == n && m.text("client") == tb.client && m.text("by") == me
		case "refused", "fate":
			return m.number("n") == n
		}
		return false
	})
	seq = m.number("seq")
	tb.mu.Lock()
	defer tb.mu.Unlock()
	for _, m := range tb.came {
		if m.text("type") == "refused" && m.number("n") == n {
			codes = append(codes, m.text("code"))
		}
	}
	return seq, codes
}

// end waits for the socket's end and gives its status and the code of the bye before it.
func (tb *tab) end() (status int, bye string) {
	tb.t.Helper()
	select {
	case <-tb.closed:
	case <-time.After(30 * time.Second):
		tb.t.Fatal("the socket does not end")
	}
	tb.mu.Lock()
	defer tb.mu.Unlock()
	for _, m := range tb.came {
		if m.text("type") == "bye" {
			bye = m.text("code")
		}
	}
	return int(websocket.CloseStatus(tb.ended)), bye
}

func (tb *tab) item(id string) map[string]any {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	return tb.items[id]
}

func (tb *tab) position() (epoch string, seq int64) {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	return tb.epoch, tb.seq
}

// join opens a tab of a person, who is named by their secret, and says hello.
func (m made) join(role, me, client string) *tab {
	m.t.Helper()
	tb := m.dial()
	tb.hello(m.keys[role], me, client)
	tb.await("the welcome", ofType("welcome"))
	return tb
}

// dial opens a websocket to the board.
func (m made) dial(headers ...string) *tab {
	m.t.Helper()
	return dial(m.t, m.url+m.path("/socket"), headers...)
}

func (tb *tab) hello(key, me, client string, more ...any) {
	tb.t.Helper()
	tb.client = client
	hello := message{"type": "hello", "version": 1, "key": key, "me": me, "client": client, "name": me}
	for i := 0; i+1 < len(more); i += 2 {
		hello[more[i].(string)] = more[i+1]
	}
	tb.send(hello)
}

// push sends ops.
func (tb *tab) push(n int64, ops ...any) {
	tb.t.Helper()
	tb.send(message{"type": "push", "n": n, "ops": ops})
}

// op is an op with its members, names and values in turn.
func op(do string, members ...any) message {
	o := message{"do": do}
	for i := 0; i+1 < len(members); i += 2 {
		o[members[i].(string)] = members[i+1]
	}
	return o
}

// note is the op that makes one.
func note(id string, x, y int, text string) message {
	return op("create", "item", message{"type": "note", "id": id, "x": x, "y": y, "text": text})
}

// move is the op that moves one.
func move(id string, x, y int) message { return op("move", "moves", []any{[]any{id, x, y}}) }
