package main

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
)

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
