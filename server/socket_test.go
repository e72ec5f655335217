package main

import (
	"context"
	"fmt"
	"net"
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

func TestFramesThatAreNone(t *testing.T) {
	in := start(t, "--message-timeout", "300ms")
	b := in.board("blank")
	bystander := b.join("viewer", "by", "stander")
	for _, c := range []struct {
		name   string
		bytes  []byte
		status int
	}{
		{"binary", frame(0x82, true, []byte("[]")), 1003},
		{"not UTF-8", frame(0x81, true, []byte("\"\xff\"")), 1007},
		{"not JSON", frame(0x81, true, []byte("hello")), 1008},
		{"no array", frame(0x81, true, []byte(`{"type":"ping"}`)), 1008},
		{"10,000 levels", frame(0x81, true, []byte(strings.Repeat("[", 10_000))), 1008},
		{"64 KiB and a byte", frame(0x81, true, make([]byte, 64<<10+1)), 1009},
		{"64 KiB and a byte in parts", append(frame(0x01, true, make([]byte, 64<<10)), frame(0x80, true, make([]byte, 1))...), 1009},
		{"a length of 2⁶²", []byte{0x81, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4}, 1008},
		{"a message that never ends", frame(0x01, true, []byte("[")), 1008},
		{"a frame that never ends", frame(0x81, true, []byte("[1,2,3]"))[:8], 1008},
		{"unmasked", frame(0x81, false, []byte("[]")), 1002},
		{"a reserved bit", frame(0xc1, true, []byte("[]")), 1002},
		{"an unknown opcode", frame(0x83, true, []byte("[]")), 1002},
		{"a control frame of 126 bytes", frame(0x89, true, make([]byte, 126)), 1002},
		{"a part of nothing", frame(0x80, true, []byte("[]")), 1002},
	} {
		t.Run(c.name, func(t *testing.T) {
			raw := rawDial(t, b)
			raw.write(helloFrame(b, "raw"))
			raw.write(c.bytes)
			if got := raw.closeStatus(); got != c.status {
				t.Errorf("got status %d, want %d", got, c.status)
			}
		})
	}
	thousand := rawDial(t, b)
	thousand.write(helloFrame(b, "parts"))
	text := `[{"type":"ping"}` + strings.Repeat(" ", 983) + "]"
	for i, c := range []byte(text) {
		op := byte(0)
		if i == 0 {
			op = 1
		}
		if i == len(text)-1 {
			op |= 0x80
		}
		thousand.write(frame(op, true, []byte{c}))
	}
	thousand.await(t, `"pong"`)
	bystander.send(message{"type": "ping"})
	bystander.await("the pong", ofType("pong"))
}

func TestAFloodOfPingsEndsItsSocketAlone(t *testing.T) {
	in := start(t)
	b := in.board("blank")
	bystander := b.join("viewer", "by", "stander")
	for name, ping := range map[string][]byte{"messages": frame(0x81, true, []byte(`[{"type":"ping"}]`)), "control frames": frame(0x89, true, []byte("x"))} {
		raw := rawDial(t, b)
		raw.write(helloFrame(b, "flood"))
		for range 10_000 {
			if raw.tryWrite(ping) != nil {
				break
			}
		}
		if got := raw.closeStatus(); got != 1008 {
			t.Errorf("%s: got status %d, want 1008", name, got)
		}
	}
	bystander.send(message{"type": "ping"})
	bystander.await("the pong", ofType("pong"))
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
	for i := range 300 {
		b.sit(fmt.Sprintf("tablet %d", i))
	}
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
func (m made) sit(me string) {
	m.t.Helper()
	conn, _, err := websocket.Dial(m.t.Context(), strings.Replace(m.url, "http", "ws", 1)+m.path("/socket"), nil)
	if err != nil {
		m.t.Fatal(err)
	}
	conn.SetReadLimit(-1)
	hello := fmt.Appendf(nil, `[{"type":"hello","version":1,"key":%q,"me":%q,"client":"c"}]`, m.keys["participant"], me)
	if err := conn.Write(m.t.Context(), websocket.MessageText, hello); err != nil {
		m.t.Fatal(err)
	}
	if _, first, err := conn.Read(m.t.Context()); err != nil || !strings.Contains(string(first), `"welcome"`) {
		m.t.Fatalf("%s was not let in: %v, %.100s", me, err, first)
	}
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		for {
			if _, _, err := conn.Read(context.Background()); err != nil {
				return
			}
		}
	}()
	m.t.Cleanup(func() { _ = conn.CloseNow(); <-gone })
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
	burst := func() string {
		for range 100 {
			conn, _, err := websocket.Dial(t.Context(), strings.Replace(in.url, "http", "ws", 1)+b.path("/socket"), nil)
			if err != nil {
				t.Fatal(err)
			}
			_ = conn.Write(t.Context(), websocket.MessageText, fmt.Appendf(nil, `[{"type":"hello","version":1,"key":%q,"client":"c"}]`, b.keys["participant"]))
			_ = conn.CloseNow()
		}
		sockets := ""
		until(t, "all sockets are gone", func() bool {
			metrics := string(callAt(t, "GET", in.admin+"/metrics", nil, as(tokenOfTests())...).body)
			for line := range strings.Lines(metrics) {
				if rest, ok := strings.CutPrefix(line, "jana_sockets "); ok {
					sockets = strings.TrimSpace(rest)
				}
			}
			return sockets == "0"
		})
		return sockets
	}
	burst()
	burst()
}

// raw is a websocket whose frames the test makes itself.
type raw struct {
	t    *testing.T
	conn net.Conn
}

func rawDial(t *testing.T, b made) *raw {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(b.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n", b.path("/socket"))
	head := make([]byte, 0, 4096)
	for !strings.HasSuffix(string(head), "\r\n\r\n") {
		one := make([]byte, 1)
		if _, err := conn.Read(one); err != nil {
			t.Fatalf("no upgrade: %v after %q", err, head)
		}
		head = append(head, one...)
	}
	if !strings.HasPrefix(string(head), "HTTP/1.1 101 ") {
		t.Fatalf("no upgrade: %s", head)
	}
	return &raw{t, conn}
}

func (r *raw) write(b []byte) {
	r.t.Helper()
	if err := r.tryWrite(b); err != nil {
		r.t.Fatal(err)
	}
}

func (r *raw) tryWrite(b []byte) error {
	if err := r.conn.SetWriteDeadline(time.Now().Add(20 * time.Second)); err != nil {
		return err
	}
	_, err := r.conn.Write(b)
	return err
}

// next reads a frame of the server.
func (r *raw) next() (op byte, payload []byte, err error) {
	if err := r.conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		return 0, nil, err
	}
	read := func(n int) []byte {
		b := make([]byte, n)
		for at := 0; at < n && err == nil; {
			var got int
			got, err = r.conn.Read(b[at:])
			at += got
		}
		return b
	}
	head := read(2)
	length := int(head[1])
	switch length {
	case 126:
		b := read(2)
		length = int(b[0])<<8 | int(b[1])
	case 127:
		b := read(8)
		length = int(b[4])<<24 | int(b[5])<<16 | int(b[6])<<8 | int(b[7])
	}
	return head[0] & 15, read(length), err
}

// closeStatus reads until the server's close frame.
func (r *raw) closeStatus() int {
	r.t.Helper()
	for {
		op, payload, err := r.next()
		if err != nil {
			r.t.Errorf("no close frame: %v", err)
			return 0
		}
		if op == 8 && len(payload) >= 2 {
			return int(payload[0])<<8 | int(payload[1])
		}
	}
}

// await reads until a frame has something in it.
func (r *raw) await(t *testing.T, text string) {
	t.Helper()
	for {
		_, payload, err := r.next()
		if err != nil {
			t.Fatalf("waiting for %s: %v", text, err)
		}
		if strings.Contains(string(payload), text) {
			return
		}
	}
}

// frame makes a frame; first is its first byte.
func frame(first byte, masked bool, payload []byte) []byte {
	b := []byte{first}
	mask := byte(0)
	if masked {
		mask = 0x80
	}
	switch n := len(payload); {
	case n < 126:
		b = append(b, mask|byte(n))
	case n < 1<<16:
		b = append(b, mask|126, byte(n>>8), byte(n))
	default:
		b = append(b, mask|127, 0, 0, 0, 0, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	}
	if !masked {
		return append(b, payload...)
	}
	key := [4]byte{1, 2, 3, 4}
	b = append(b, key[:]...)
	for i, c := range payload {
		b = append(b, c^key[i%4])
	}
	return b
}

func helloFrame(b made, client string) []byte {
	return frame(0x81, true, fmt.Appendf(nil, `[{"type":"hello","version":1,"key":%q,"me":%q,"client":%q}]`, b.keys["participant"], client, client))
}
