package cluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"jana/server/redistest"
)

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "")
	if err == nil {
		certificateFile, keyFile, err = selfSigned(folder)
	}
	if err == nil {
		// A process reads only once whom it trusts.
		err = os.Setenv("SSL_CERT_FILE", certificateFile)
	}
	if err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		_ = os.RemoveAll(folder)
		os.Exit(code)
	}))
}

// dial joins Redis as an instance; the end of the test closes it.
func dial(t *testing.T, s *redistest.Server, instance string) *Client {
	t.Helper()
	c, err := Dial(t.Context(), optionsOf(s, instance))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return c
}

func optionsOf(s *redistest.Server, instance string) Options {
	return Options{URL: s.URL(), Prefix: "jana", Instance: instance, Boot: instance + "-1", Fingerprint: "f", Log: slog.New(slog.DiscardHandler)}
}

// ears keep what a subscription heard.
type ears struct {
	mu    sync.Mutex
	data  []string
	holes int
}

func (e *ears) hear(m Message) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if m.Hole {
		e.holes++
		return
	}
	e.data = append(e.data, string(m.Data))
}

func (e *ears) heard(data string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Contains(e.data, data)
}

func (e *ears) hasHole() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.holes > 0
}

func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("it never came that %s", what)
		}
		time.Sleep(2 * time.Millisecond)
	}
}

func subscribe(t *testing.T, c *Client, channel string) *ears {
	t.Helper()
	e := &ears{}
	stop, err := c.Subscribe(t.Context(), channel, e.hear)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return e
}

func publish(t *testing.T, c *Client, channel, data string) {
	t.Helper()
	if err := c.Publish(t.Context(), channel, []byte(data)); err != nil {
		t.Fatal(err)
	}
}

func TestASubscriptionHearsFromItsFirstMomentAndInOrder(t *testing.T) {
	s := redistest.Start(t)
	a, b := dial(t, s, "a"), dial(t, s, "b")
	for round := range 20 {
		channel := a.Key(fmt.Sprint("board", round), "p")
		e := subscribe(t, a, channel)
		for i := range 50 {
			publish(t, b, channel, fmt.Sprint(i))
		}
		until(t, "the last message is heard", func() bool { return e.heard("49") })
		for i, got := range e.data {
			if got != fmt.Sprint(i) {
				t.Fatalf("round %d, message %d: got %q", round, i, got)
			}
		}
		if len(e.data) != 50 || e.holes != 0 {
			t.Fatalf("round %d: got %d messages and %d holes, want 50 and none", round, len(e.data), e.holes)
		}
	}
}

func TestAStoppedSubscriptionHearsNothingAndCanBeginAgain(t *testing.T) {
	s := redistest.Start(t)
	c := dial(t, s, "a")
	for range 30 {
		first, second := &ears{}, &ears{}
		stop, err := c.Subscribe(t.Context(), "jana:x", first.hear)
		if err != nil {
			t.Fatal(err)
		}
		stop()
		again, err := c.Subscribe(t.Context(), "jana:x", second.hear)
		if err != nil {
			t.Fatal(err)
		}
		publish(t, c, "jana:x", "m")
		until(t, "the new subscription hears", func() bool { return second.heard("m") })
		again()
		if len(first.data) > 0 {
			t.Fatal("a stopped subscription heard something")
		}
	}
}

func TestTwoSubscriptionsOfOneChannelBothHear(t *testing.T) {
	s := redistest.Start(t)
	c := dial(t, s, "a")
	one := subscribe(t, c, "jana:x")
	two := &ears{}
	stop, err := c.Subscribe(t.Context(), "jana:x", two.hear)
	if err != nil {
		t.Fatal(err)
	}
	publish(t, c, "jana:x", "m")
	until(t, "both hear", func() bool { return one.heard("m") && two.heard("m") })
	stop()
	publish(t, c, "jana:x", "n")
	until(t, "the other still hears", func() bool { return one.heard("n") })
	if two.heard("n") {
		t.Error("the stopped one heard it too")
	}
}

func TestWhoHearsSlowlyHoldsUpNobodyAndIsToldOfTheHole(t *testing.T) {
	s := redistest.Start(t)
	c := dial(t, s, "a")
	slow, hold := &ears{}, make(chan struct{})
	stop, err := c.Subscribe(t.Context(), "jana:x", func(m Message) {
		<-hold
		slow.hear(m)
	})
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	quick := subscribe(t, c, "jana:x")
	for i := range maxQueued + 10 {
		publish(t, c, "jana:x", fmt.Sprint(i))
	}
	until(t, "the quick one has all", func() bool { return quick.heard(fmt.Sprint(maxQueued + 9)) })
	close(hold)
	until(t, "the slow one hears the last", func() bool { return slow.heard(fmt.Sprint(maxQueued + 9)) })
	if !slow.hasHole() {
		t.Error("it was not told that it missed something")
	}
}

func TestAKilledConnectionIsAHoleAndHearsOn(t *testing.T) {
	s := redistest.Start(t)
	c := dial(t, s, "a")
	var all []*ears
	for i := range 5 {
		all = append(all, subscribe(t, c, fmt.Sprint("jana:", i)))
	}
	for round := range 3 {
		holes := all[0].holesSoFar()
		if got := s.Do("CLIENT", "KILL", "TYPE", "pubsub"); got != "1" {
			t.Fatalf("killed %s connections, want the one that carries all", got)
		}
		for i, e := range all {
			until(t, "a hole is told", func() bool { return e.holesSoFar() > holes })
			publish(t, c, fmt.Sprint("jana:", i), fmt.Sprint("round", round))
			until(t, "it hears on", func() bool { return e.heard(fmt.Sprint("round", round)) })
		}
	}
}

func (e *ears) holesSoFar() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.holes
}

func TestARestartedRedisIsAHoleAndHearsOn(t *testing.T) {
	s := redistest.Start(t)
	c := dial(t, s, "a")
	e := subscribe(t, c, "jana:x")
	s.Stop()
	until(t, "it is noticed", func() bool { return c.Up() != nil })
	s.Restart()
	until(t, "the hole is told", e.hasHole)
	until(t, "redis is of use", func() bool { return c.Up() == nil })
	publish(t, c, "jana:x", "after")
	until(t, "it hears on", func() bool { return e.heard("after") })
	if members, err := c.Members(t.Context()); err != nil || !slices.Equal(members, []string{"a"}) {
		t.Errorf("members: got %v, %v, want a alone", members, err)
	}
}

func TestASubscriptionBegunWhileRedisIsAwayComesWithIt(t *testing.T) {
	s := redistest.Start(t)
	c := dial(t, s, "a")
	s.Stop()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := c.Subscribe(ctx, "jana:y", (&ears{}).hear); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("without redis: got %v, want the end of the context", err)
	}
	begun := make(chan *ears)
	go func() {
		e := &ears{}
		if _, err := c.Subscribe(t.Context(), "jana:x", e.hear); err != nil {
			t.Error(err)
		}
		begun <- e
	}()
	s.Restart()
	e := <-begun
	publish(t, c, "jana:x", "m")
	until(t, "it hears", func() bool { return e.heard("m") })
}

func TestAPausedRedisIsNoticedSoonAndForgiven(t *testing.T) {
	s := redistest.Start(t)
	c := dial(t, s, "a")
	e := subscribe(t, c, "jana:x")
	s.Pause()
	since := time.Now()
	until(t, "it is noticed", func() bool { return c.Up() != nil })
	if took := time.Since(since); took > 4*time.Second {
		t.Errorf("it took %v to notice", took)
	}
	until(t, "the connection is given up", func() bool {
		c.hearing.mu.Lock()
		defer c.hearing.mu.Unlock()
		return c.hearing.link == nil
	})
	s.Resume()
	until(t, "redis is of use", func() bool { return c.Up() == nil })
	until(t, "the hole is told", e.hasHole)
}

func TestACloseEndsWhatWaits(t *testing.T) {
	s := redistest.Start(t)
	c, err := Dial(t.Context(), optionsOf(s, "a"))
	if err != nil {
		t.Fatal(err)
	}
	s.Stop()
	failed := make(chan error)
	go func() {
		_, err := c.Subscribe(t.Context(), "jana:x", (&ears{}).hear)
		failed <- err
	}()
	until(t, "it waits", func() bool {
		c.hearing.mu.Lock()
		defer c.hearing.mu.Unlock()
		return c.hearing.channels["jana:x"] != nil
	})
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if err := <-failed; !errors.Is(err, fs.ErrClosed) {
		t.Errorf("subscribe: got %v, want fs.ErrClosed", err)
	}
	if _, err := c.Subscribe(t.Context(), "jana:x", (&ears{}).hear); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("subscribe after close: got %v, want fs.ErrClosed", err)
	}
	if err := c.Publish(t.Context(), "jana:x", nil); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("publish after close: got %v, want fs.ErrClosed", err)
	}
}

var add = NewScript(`
if ARGV[1] == 'refuse' then return redis.error_reply('REFUSED by the script') end
if ARGV[1] == 'nothing' then return nil end
return {redis.call('INCRBY', KEYS[1], ARGV[1]), KEYS[1]}
`)

func TestAScriptRunsAlsoWhenRedisHasForgottenIt(t *testing.T) {
	s := redistest.Start(t)
	c := dial(t, s, "a")
	for want := int64(2); want <= 6; want += 2 {
		got, err := c.Run(t.Context(), add, []string{"jana:{0}:n"}, 2)
		if list, _ := got.([]any); err != nil || len(list) != 2 || list[0] != want || list[1] != "jana:{0}:n" {
			t.Fatalf("got %v, %v, want %d", got, err, want)
		}
		s.Do("SCRIPT", "FLUSH")
	}
}

func TestARefusalOfAScriptIsAReplyAndSilenceIsNot(t *testing.T) {
	s := redistest.Start(t)
	c := dial(t, s, "a")
	_, err := c.Run(t.Context(), add, []string{"jana:{0}:n"}, "refuse")
	if !IsReply(err) || !strings.HasPrefix(err.Error(), "REFUSED") {
		t.Errorf("refused: got %v, want the script's own words", err)
	}
	if got, err := c.Run(t.Context(), add, []string{"jana:{0}:n"}, "nothing"); got != nil || err != nil {
		t.Errorf("nothing: got %v, %v", got, err)
	}
	s.Pause()
	defer s.Resume()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := c.Run(ctx, add, []string{"jana:{0}:n"}, 1); err == nil || IsReply(err) {
		t.Errorf("silent: got %v, want an error that is no reply", err)
	}
}

func TestRunAllRunsEveryCallAndEachHasItsOwnError(t *testing.T) {
	s := redistest.Start(t)
	c := dial(t, s, "a")
	s.Do("SET", "jana:{0}:bad", "no number")
	calls := make([]Call, 2*maxPipeline+3)
	for i := range calls {
		calls[i] = Call{[]string{fmt.Sprintf("jana:{0}:%d", i)}, []any{i}}
	}
	calls[7].Keys[0] = "jana:{0}:bad"
	s.Do("SCRIPT", "FLUSH")
	for round := int64(1); round <= 2; round++ {
		for i, r := range c.RunAll(t.Context(), add, calls) {
			if i == 7 {
				if !IsReply(r.Err) {
					t.Errorf("bad: got %v, %v, want a reply's error", r.Value, r.Err)
				}
				continue
			}
			if list, _ := r.Value.([]any); r.Err != nil || len(list) != 2 || list[0] != int64(i)*round {
				t.Fatalf("call %d: got %v, %v, want %d", i, r.Value, r.Err, int64(i)*round)
			}
		}
	}
	s.Stop()
	for i, r := range c.RunAll(t.Context(), add, calls) {
		if r.Err == nil || IsReply(r.Err) {
			t.Fatalf("call %d without redis: got %v, %v", i, r.Value, r.Err)
		}
	}
	ended, end := context.WithCancel(t.Context())
	end()
	for _, r := range c.RunAll(ended, add, calls[:2]) {
		if r.Err == nil {
			t.Fatal("a context that has ended ran a script")
		}
	}
}

func TestMembersComeAndGo(t *testing.T) {
	s := redistest.Start(t)
	a := dial(t, s, "a")
	b, err := Dial(t.Context(), optionsOf(s, "b"))
	if err != nil {
		t.Fatal(err)
	}
	are := func(want ...string) bool {
		got, err := a.Members(t.Context())
		slices.Sort(got)
		return err == nil && slices.Equal(got, want)
	}
	if !are("a", "b") {
		t.Error("b has come and is no member")
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if !are("a") {
		t.Error("b has left and is a member")
	}
	// One that was killed is one for a while.
	s.Do("ZADD", a.Shared("members"), s.Do("EVAL", "local t = redis.call('TIME') return string.format('%.0f', t[1] * 1000 - 3000)", "0"), "c")
	if !are("a", "c") {
		t.Error("c beat 4 s ago at most and is no member")
	}
	until(t, "it is missed", func() bool { return are("a") })
	s.Do("FLUSHALL")
	until(t, "a is a member of a Redis that has forgotten it", func() bool { return are("a") })
}

func TestAKeyIsInItsBoardsPartition(t *testing.T) {
	c := &Client{o: Options{Prefix: "jana"}}
	if got, want := c.Key("taulu", "m"), "jana:{7}:b:taulu:m"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := c.Shared("ctl"), "jana:{0}:ctl"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// log is a log that can be read.
type log struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
