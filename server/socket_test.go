package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

func TestTwoBrowsersSeeEachOther(t *testing.T) {
	in := start(t)
	b := in.board("segmentation")
	a, z := b.join("participant", "a", "ta"), b.join("facilitator", "z", "tz")
	a.push(1, note("n1", 1000, 900, "hei"))
	seq, codes := a.fate(1)
	if seq == 0 || codes != nil {
		t.Fatalf("the note: got seq %d, refused %v", seq, codes)
	}
	z.await("the note", func(m message) bool { return m.text("type") == "changes" && m.number("seq") == seq })
	a.await("saved", func(m message) bool { return m.text("type") == "saved" && m.number("seq") >= seq })
	z.send(message{"type": "presence", "cursor": []int{5, 6}, "drag": []any{[]any{"n1", 2000, 900}}})
	a.await("the drag", func(m message) bool {
		return m.text("type") == "presence" && strings.Contains(fmt.Sprint(m["people"]), "n1 2000 900")
	})
	z.push(1, op("lock", "level", "closed"))
	z.fate(1)
	a.push(2, move("n1", 3000, 900))
	if _, codes := a.fate(2); len(codes) != 1 || codes[0] != "board_locked" {
		t.Errorf("a participant's move on a locked board: got %v", codes)
	}
	z.push(2, move("n1", 4000, 900))
	if _, codes := z.fate(2); codes != nil {
		t.Errorf("a facilitator's move on a locked board: got %v", codes)
	}
	until(t, "both have the same note", func() bool {
		return fmt.Sprint(a.item("n1")) == fmt.Sprint(z.item("n1")) && a.item("n1")["x"] == 4000.0
	})
	_ = z.conn.CloseNow()
	a.await("the other's leaving", func(m message) bool {
		people := fmt.Sprint(m["people"])
		return m.text("type") == "people" && strings.Contains(people, "here:0")
	})
}

func TestWhoIsNotLetIn(t *testing.T) {
	in := start(t, "--hello-timeout", "300ms")
	b := in.board("blank")
	other := in.board("blank")
	hello := func(change message) message {
		m := message{"type": "hello", "version": 1, "key": b.keys["participant"], "me": "me", "client": "c"}
		for k, v := range change {
			m[k] = v
		}
		return m
	}
	for _, c := range []struct {
		name   string
		says   []message
		status int
		bye    string
	}{
		{"nothing", nil, 1008, "no_hello"},
		{"a push first", []message{{"type": "push", "n": 1, "ops": []any{op("reveal")}}}, 1008, "no_hello"},
		{"a ping first", []message{{"type": "ping"}}, 1008, "no_hello"},
		{"two hellos", []message{hello(nil), hello(nil)}, 1008, "bad_message"},
		{"an unknown type", []message{hello(nil), {"type": "fly"}}, 1008, "bad_message"},
		{"version 0", []message{hello(message{"version": 0})}, 4010, "version"},
		{"version 999", []message{hello(message{"version": 999})}, 4010, "version"},
		{"a wrong key", []message{hello(message{"key": strings.Repeat("A", 22)})}, 4404, "unknown"},
		{"another board's key", []message{hello(message{"key": other.keys["participant"]})}, 4404, "unknown"},
		{"no key", []message{hello(message{"key": ""})}, 4404, "unknown"},
		{"a key with NUL", []message{hello(message{"key": b.keys["participant"] + "\x00"})}, 4404, "unknown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := b
			b.instance = &instance{t: t, url: in.url}
			tb := b.dial()
			for _, m := range c.says {
				tb.send(m)
			}
			if status, bye := tb.end(); status != c.status || bye != c.bye {
				t.Errorf("got %d %s, want %d %s", status, bye, c.status, c.bye)
			}
		})
	}
	tb := dial(t, in.url+"/api/boards/aaaaaaaaaaaaaaaa/socket")
	tb.send(hello(nil))
	if status, bye := tb.end(); status != 4404 || bye != "unknown" {
		t.Errorf("an unknown board: got %d %s, want 4404 unknown", status, bye)
	}
}

func TestPagesOfOtherHostsOpenNoSocket(t *testing.T) {
	in := start(t)
	b := in.board("blank")
	host := strings.TrimPrefix(in.url, "http://")
	for _, origin := range []string{"https://evil.com", "null", "http://" + host + ".evil.com", "http://evil" + host, "http://" + host + "@evil.com"} {
		_, response, err := websocket.Dial(t.Context(), strings.Replace(in.url, "http", "ws", 1)+b.path("/socket"), &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {origin}}})
		if err == nil || response.StatusCode != 403 {
			t.Errorf("origin %s: got %v", origin, err)
		}
		response.Body.Close()
	}
	b.dial("Origin", "http://"+host)
}

func TestAnyFrameIsLifeAndSilenceIsNot(t *testing.T) {
	in := start(t, "--quiet", "200ms", "--answer-timeout", "500ms")
	b := in.board("blank")
	answers := b.join("participant", "answers", "c1")
	silent := b.dial()
	silent.mute.Store(true)
	silent.hello(b.keys["participant"], "silent", "c2")
	status, _ := silent.end()
	if status != -1 {
		t.Errorf("the silent one: got status %d, want none", status)
	}
	answers.await("the silent one's leaving", func(m message) bool {
		return m.text("type") == "people" && strings.Contains(fmt.Sprint(m["people"]), "here:0")
	})
	answers.send(message{"type": "ping"})
	pong := answers.await("the pong", ofType("pong"))
	if d := time.Since(time.UnixMilli(pong.number("time"))); d < -time.Minute || d > time.Minute {
		t.Errorf("the pong's time is off by %v", d)
	}
}

func TestAClosedLinkEndsItsSocketsAtOnce(t *testing.T) {
	in := start(t)
	b := in.board("blank")
	link := b.do("facilitator", "POST", "/links", map[string]string{"role": "participant"})
	guest := b.dial()
	guest.hello(link.text(t, "key"), "guest", "c1")
	guest.await("the welcome", ofType("welcome"))
	bystander := b.join("participant", "by", "stander")
	if got := b.do("facilitator", "DELETE", "/links/"+link.text(t, "id"), nil); got.status != 204 {
		t.Fatalf("got %s", got)
	}
	if status, bye := guest.end(); status != 4403 || bye != "revoked" {
		t.Errorf("got %d %s, want 4403 revoked", status, bye)
	}
	again := b.dial()
	again.hello(link.text(t, "key"), "guest", "c1")
	if status, bye := again.end(); status != 4403 || bye != "revoked" {
		t.Errorf("coming again: got %d %s, want 4403 revoked", status, bye)
	}
	bystander.send(message{"type": "ping"})
	bystander.await("the pong", ofType("pong"))
}

func TestADeletedBoardEndsItsSockets(t *testing.T) {
	in := start(t)
	b := in.board("blank")
	tb := b.join("participant", "a", "c")
	if got := b.do("facilitator", "DELETE", "", nil); got.status != 204 {
		t.Fatalf("got %s", got)
	}
	if status, bye := tb.end(); status != 4410 || bye != "deleted" {
		t.Errorf("got %d %s, want 4410 deleted", status, bye)
	}
}

func TestATableIsWhoItsLinkSays(t *testing.T) {
	in := start(t)
	b := in.board("blank")
	link := b.do("facilitator", "POST", "/links", map[string]string{"role": "participant", "as": "Pöytä 3 A"})
	you := func(me, client string) string {
		tb := b.dial()
		tb.hello(link.text(t, "key"), me, client)
		return tb.await("the welcome", ofType("welcome")).members("you").text("id")
	}
	first, swapped := you("old tablet", "c1"), you("new tablet", "c2")
	if first == "" || first != swapped {
		t.Errorf("the swapped tablet is %s, want %s", swapped, first)
	}
	one := b.join("participant", "me", "c1").await("", ofType("welcome")).members("you").text("id")
	same := b.join("participant", "me", "c2").await("", ofType("welcome")).members("you").text("id")
	nameless := b.join("participant", "", "c1").await("", ofType("welcome")).members("you").text("id")
	if one != same || one == nameless || one == first {
		t.Errorf("got %s, %s in another tab, %s without a secret, %s at the table", one, same, nameless, first)
	}
}

func TestAPositionThatIsNoneGetsTheWholeBoard(t *testing.T) {
	in := start(t)
	b := in.board("segmentation")
	other := in.board("blank")
	a := b.join("participant", "a", "c1")
	a.push(1, note("n1", 1000, 900, "x"))
	a.fate(1)
	epoch, seq := a.position()
	elsewhere, _ := other.join("viewer", "v", "c").position()
	before, hash := b.digest()
	for name, at := range map[string]any{
		"in the future": message{"epoch": epoch, "seq": seq + 1000}, "of another epoch": message{"epoch": "1.x", "seq": seq},
		"of another board": message{"epoch": elsewhere, "seq": seq + 5}, "garbage": "junk", "half": message{"epoch": epoch}, "negative": message{"epoch": epoch, "seq": -1},
	} {
		tb := b.dial()
		tb.hello(b.keys["participant"], "a", "c2", "at", at)
		w := tb.await("the welcome", ofType("welcome"))
		if name != "half" && w.members("board") == nil {
			t.Errorf("a position %s was continued", name)
		}
	}
	tb := b.dial()
	tb.hello(b.keys["participant"], "a", "c3", "at", message{"epoch": epoch, "seq": seq}, "waiting", []int{1, 2})
	w := tb.await("the welcome", ofType("welcome"))
	if w.members("board") != nil {
		t.Error("our own position was not continued")
	}
	if after, same := b.digest(); after != before || same != hash {
		t.Errorf("asking changed the board: seq %v to %v", before, after)
	}
}
