package relay_test

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"jana/server/cluster"
	"jana/server/redistest"
	"jana/server/relay"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var quiet = slog.New(slog.DiscardHandler)

func newRelay(t *testing.T, s *redistest.Server, instance string) *relay.Relay {
	t.Helper()
	c, err := cluster.Dial(t.Context(), cluster.Options{URL: s.URL(), Prefix: "jana", Instance: instance, Boot: "1", Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	r := relay.New(c, quiet)
	t.Cleanup(func() {
		r.Stop()
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// ears keep what was heard, "from: data" each.
type ears struct {
	mu    sync.Mutex
	lines []string
}

func (e *ears) hear(from string, data []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.lines = append(e.lines, from+": "+string(data))
}

func (e *ears) count(line string) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := 0
	for _, l := range e.lines {
		if l == line {
			n++
		}
	}
	return n
}

func (e *ears) String() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return strings.Join(e.lines, "\n")
}

func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !holds(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it never came that %s", what)
		}
	}
}

// open opens a board and waits until it is heard.
func open(t *testing.T, r *relay.Relay, id string) *ears {
	t.Helper()
	e := &ears{}
	r.Open(id, e.hear)
	until(t, "the board is heard", func() bool { return e.count(": ") > 0 })
	return e
}

func TestOthersHearABoardsMessagesAndWhoSendsThemDoesNot(t *testing.T) {
	s := redistest.Start(t)
	a, b := newRelay(t, s, "a"), newRelay(t, s, "b")
	ofA, ofB, other := open(t, a, "b1"), open(t, b, "b1"), open(t, b, "b2")
	witness := open(t, newRelay(t, s, "c"), "b1")
	data := []byte("one\ntwo")
	a.Send("b1", data)
	clear(data) // it keeps none of it
	b.Send("b1", []byte("three"))
	until(t, "both have come", func() bool { return ofB.count("a: one\ntwo") == 1 && ofA.count("b: three") == 1 })
	a.Send("b1", []byte("last"))
	until(t, "the last has come", func() bool { return ofB.count("a: last") == 1 })
	if got, want := ofA.String(), ": \nb: three"; got != want {
		t.Errorf("a heard %q, want %q", got, want)
	}
	if got := other.String(); got != ": " {
		t.Errorf("another board heard %q", got)
	}
	b.Close("b1")
	a.Send("b1", []byte("too late"))
	until(t, "it was sent", func() bool { return witness.count("a: too late") == 1 })
	if ofB.count("a: too late") > 0 {
		t.Error("a closed board heard something")
	}
	again := open(t, b, "b1")
	a.Send("b1", []byte("in time"))
	until(t, "it is heard when it is open again", func() bool { return again.count("a: in time") == 1 })
}

func TestWhatIsNoMessageIsNotHeard(t *testing.T) {
	s := redistest.Start(t)
	a := newRelay(t, s, "a")
	e := open(t, a, "b1")
	for _, junk := range []string{"", "junk", "\n", "\njunk", "a\nour own"} {
		s.Do("PUBLISH", keyOf("b1"), junk)
	}
	s.Do("PUBLISH", keyOf("b1"), "z\nfine")
	until(t, "the message has come", func() bool { return e.count("z: fine") == 1 })
	if got, want := e.String(), ": \nz: fine"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// keyOf is the channel of a board.
func keyOf(id string) string {
	return fmt.Sprintf("jana:{%d}:b:%s:q", crc32.ChecksumIEEE([]byte(id))%16, id)
}

func TestWithoutRedisNobodyWaits(t *testing.T) {
	s := redistest.Start(t)
	a, b := newRelay(t, s, "a"), newRelay(t, s, "b")
	ofB := open(t, b, "b1")
	for _, fault := range []struct {
		name      string
		end, mend func()
	}{{"paused", s.Pause, s.Resume}, {"killed", s.Stop, func() { s.Restart() }}} {
		fault.end()
		since := time.Now()
		early := &ears{}
		a.Open("b2", early.hear)
		for i := range 1000 {
			a.Send("b1", bytes.Repeat([]byte{'x'}, 10_000))
			a.Send(fmt.Sprint(i), []byte("x"))
		}
		a.Close("b2")
		if took := time.Since(since); took > time.Second {
			t.Errorf("%s: it took %v", fault.name, took)
		}
		fault.mend()
		line := "a: after " + fault.name
		until(t, "it is heard again", func() bool {
			a.Send("b1", []byte("after "+fault.name))
			return ofB.count(line) > 0
		})
	}
	if ofB.count(": ") < 2 {
		t.Error("nobody was told that something was missed")
	}
}

func TestWhatWasSentBeforeTheStopArrives(t *testing.T) {
	s := redistest.Start(t)
	b := newRelay(t, s, "b")
	ofB := open(t, b, "b1")
	c, err := cluster.Dial(t.Context(), cluster.Options{URL: s.URL(), Prefix: "jana", Instance: "a", Boot: "1", Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	a := relay.New(c, quiet)
	a.Open("b1", func(string, []byte) {})
	a.Send("b1", []byte("bye"))
	a.Close("b1")
	a.Stop()
	a.Send("b1", []byte("after the end"))
	a.Open("b1", func(string, []byte) { t.Error("heard after the end") })
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	until(t, "it has come", func() bool { return ofB.count("a: bye") == 1 })
}
