package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A client for measurements: it makes and reads frames itself, so that it costs little beside the server.

// loaded is what a crowd has seen since its counters were last reset.
type loaded struct {
	deliveries, frames, bytes atomic.Int64

	mu      sync.Mutex
	latency []time.Duration // of some of them
}

// seat is one connection of a crowd.
type seat struct {
	conn   net.Conn
	r      *bufio.Reader
	began  time.Time // what the times in cursors count from
	seen   *loaded
	sample bool // note how long deliveries took
	buffer []byte
}

// takeSeat opens a websocket; with a first frame it sends that and waits to be welcomed.
func takeSeat(address, path, first string) (*seat, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	s := &seat{conn: conn, r: bufio.NewReaderSize(conn, 4<<10)}
	_, err = fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n", path)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	for line := ""; line != "\r\n"; {
		if line, err = s.r.ReadString('\n'); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
		if strings.HasPrefix(line, "HTTP/1.1 ") && !strings.Contains(line, " 101 ") {
			return nil, errors.Join(errors.New(strings.TrimSpace(line)), conn.Close())
		}
	}
	if first == "" {
		return s, nil
	}
	err = s.write(first)
	for err == nil {
		var frame []byte
		if frame, err = s.next(); bytes.Contains(frame[:min(len(frame), 200)], []byte(`"welcome"`)) {
			return s, nil
		}
	}
	return nil, errors.Join(err, conn.Close())
}

// write sends a text frame. Its mask is zero, which leaves the bytes as they are.
func (s *seat) write(text string) error {
	head := []byte{0x81, 0x80 | 126, byte(len(text) >> 8), byte(len(text)), 0, 0, 0, 0}
	_, err := s.conn.Write(append(head, text...))
	return err
}

// next reads a frame. Its bytes are good until the next one.
func (s *seat) next() ([]byte, error) {
	var head [10]byte
	if _, err := io.ReadFull(s.r, head[:2]); err != nil {
		return nil, err
	}
	length := int(head[1])
	switch length {
	case 126:
		if _, err := io.ReadFull(s.r, head[:2]); err != nil {
			return nil, err
		}
		length = int(binary.BigEndian.Uint16(head[:]))
	case 127:
		if _, err := io.ReadFull(s.r, head[:8]); err != nil {
			return nil, err
		}
		length = int(binary.BigEndian.Uint64(head[:]))
	}
	if cap(s.buffer) < length {
		s.buffer = make([]byte, max(length, 2<<10))
	}
	_, err := io.ReadFull(s.r, s.buffer[:length])
	return s.buffer[:length], err
}

var cursorMark = []byte(`"cursor":[`)

// listen counts what comes until the connection ends.
func (s *seat) listen() {
	for {
		payload, err := s.next()
		if err != nil {
			return
		}
		n := bytes.Count(payload, cursorMark)
		if n == 0 {
			if bytes.Contains(payload, []byte(`"ping"`)) {
				_ = s.write(`[{"type":"pong"}]`) // its end is seen by the reader
			}
			continue
		}
		s.seen.deliveries.Add(int64(n))
		s.seen.frames.Add(1)
		s.seen.bytes.Add(int64(len(payload)))
		if s.sample {
			s.note(payload)
		}
	}
}

// note reads the times out of the cursors of a frame.
func (s *seat) note(payload []byte) {
	now := time.Since(s.began)
	var took []time.Duration
	for {
		_, rest, found := bytes.Cut(payload, cursorMark)
		if !found {
			break
		}
		pair, after, _ := bytes.Cut(rest, []byte("]"))
		x, y, _ := bytes.Cut(pair, []byte(","))
		high, _ := strconv.Atoi(string(x))
		low, _ := strconv.Atoi(string(y))
		took = append(took, now-time.Duration(high*1_000_000+low)*time.Microsecond)
		payload = after
	}
	s.seen.mu.Lock()
	s.seen.latency = append(s.seen.latency, took...)
	s.seen.mu.Unlock()
}

// drag sends what a dragging finger does, so many times a second, until done is closed. The cursor tells when it was sent,
// in microseconds.
func (s *seat) drag(hertz int, done <-chan struct{}) {
	pause := time.Second / time.Duration(hertz)
	select {
	case <-time.After(rand.N(pause)):
	case <-done:
		return
	}
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		now := int(time.Since(s.began).Microseconds())
		if s.write(fmt.Sprintf(`[{"type":"presence","cursor":[%d,%d],"drag":[["abcdefghijklmnop",%d,%d]]}]`, now/1_000_000, now%1_000_000, now%100_000, now%5_000)) != nil {
			return
		}
		select {
		case <-tick.C:
		case <-done:
			return
		}
	}
}

// percentile of what was noted, 0–1.
func (l *loaded) percentile(p float64) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.latency) == 0 {
		return 0
	}
	slices.Sort(l.latency)
	return l.latency[min(len(l.latency)-1, int(p*float64(len(l.latency))))]
}

func (l *loaded) reset() {
	l.deliveries.Store(0)
	l.frames.Store(0)
	l.bytes.Store(0)
	l.mu.Lock()
	l.latency = l.latency[:0]
	l.mu.Unlock()
}

// cpu is what a process has used so far, of all its threads.
func cpu(b testing.TB, pid int) time.Duration {
	b.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Fatal(err)
	}
	fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond // ticks of the kernel's clock for users
}

// resident is the memory of a process that is in use, in bytes.
func resident(b testing.TB, pid int) int {
	b.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	_, after, _ := bytes.Cut(raw, []byte("VmRSS:"))
	kib, err := strconv.Atoi(strings.Fields(string(after[:40]))[0])
	if err != nil {
		b.Fatal(err)
	}
	return kib << 10
}
