package sequence

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"jana/protocol"
	"jana/protocol/board"
	"jana/server/cluster"
	"jana/server/redistest"
)

// disk is boards that are saved, in memory.
type disk struct {
	mu     sync.Mutex
	boards map[string]*board.State
	epochs map[string]board.Epochs
}

func newDisk() *disk {
	return &disk{boards: map[string]*board.State{}, epochs: map[string]board.Epochs{}}
}

func (d *disk) Load(_ context.Context, id string) (*board.State, board.Epochs, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.boards[id] == nil {
		return nil, nil, fs.ErrNotExist
	}
	if strings.HasPrefix(id, "bad") {
		return nil, nil, errors.New("it cannot be read")
	}
	s, err := board.Load(d.boards[id].Snapshot().Encode())
	return s, d.epochs[id], err
}

func (d *disk) Standings(context.Context) (map[string]Standing, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := map[string]Standing{}
	for id, s := range d.boards {
		all[id] = Standing{Epochs: d.epochs[id], Seq: s.Seq()}
	}
	return all, nil
}

func (d *disk) Milestone(_ context.Context, id string, milestone board.ID) (*board.State, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.boards[id] == nil || milestone != "m1" {
		return nil, fs.ErrNotExist
	}
	return board.Load(d.boards[id].Snapshot().Encode())
}

func (d *disk) Delete(_ context.Context, id string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.boards, id)
	return nil
}

// keep puts a board on the disk, with as many entries, the last at a time.
func (d *disk) keep(id string, seq, at int64) {
	s := board.New()
	for n := int64(1); n <= seq; n++ {
		s.Apply(&board.Entry{Seq: n, Time: at, Client: "c", N: n})
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.boards[id] = s
}

// instance is one of several that share a Redis.
func instance(t *testing.T, r *redistest.Server, d *disk) *Shared {
	t.Helper()
	return instanceWith(t, r.URL(), d, Options{})
}

// instanceWith has options of its own, where they are given.
func instanceWith(t *testing.T, url string, d *disk, o Options) *Shared {
	t.Helper()
	bus := dial(t, url)
	o.Log, o.Window = slog.New(slog.DiscardHandler), 500*time.Millisecond
	if o.Probe == 0 {
		o.Probe = 50 * time.Millisecond
	}
	q, err := NewShared(t.Context(), bus, d, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(q.End)
	return q
}

// dial makes a member of the instances, which says nothing by itself.
func dial(t *testing.T, url string) *cluster.Client {
	t.Helper()
	bus, err := cluster.Dial(t.Context(), cluster.Options{
		URL: url, Prefix: "jana", Instance: rand.Text(), Boot: rand.Text(), Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := bus.Close(); err != nil {
			t.Error(err)
		}
	})
	return bus
}

// saving puts what is opened on the disk first, as a room's board is.
type saving struct {
	*Shared
	disk *disk
}

func (s saving) Open(ctx context.Context, id string, epochs board.Epochs, seq, at int64, f protocol.Follower) (board.Renewal, error) {
	if _, _, err := s.disk.Load(ctx, id); err != nil {
		s.disk.keep(id, seq, at)
	}
	return s.Shared.Open(ctx, id, epochs, seq, at, f)
}

func TestShared(t *testing.T) {
	testContract(t, func(t *testing.T) sequencer {
		d := newDisk()
		return saving{instance(t, redistest.Start(t), d), d}
	})
}

// copyOf follows a board as a room does.
type copyOf struct {
	mu      sync.Mutex
	state   *board.State
	epochs  board.Epochs
	renewed int
	jumps   int // to a state that it had not followed
	works   bool
	deleted bool
	unsaved bool // none of it is on disk
	looked  int  // how often somebody wanted to know where it is
}

func (c *copyOf) Deliver(_ context.Context, e *board.Entry) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e.Seq != c.state.Seq()+1 {
		return fmt.Errorf("entry %d after %d", e.Seq, c.state.Seq())
	}
	c.state.Apply(e)
	return nil
}

func (c *copyOf) Renew(_ context.Context, r board.Renewal) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.take(r)
	c.renewed++
	if r.State != nil {
		c.jumps++
	}
	return nil
}

func (c *copyOf) take(r board.Renewal) {
	if r.State != nil {
		c.state = r.State
	}
	c.epochs = r.Epochs
}

func (c *copyOf) Look(context.Context) (*board.Snapshot, board.Epochs, int64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.looked++
	saved := c.state.Seq()
	if c.unsaved {
		saved = 0
	}
	return c.state.Snapshot(), c.epochs, saved, nil
}

func (c *copyOf) Ordering(works bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.works = works
}

func (c *copyOf) Deleted() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deleted = true
}

func (c *copyOf) at() (epoch string, seq int64, hash string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.epochs.Name(), c.state.Seq(), c.state.Hash()
}

// follow opens a board on an instance.
func follow(t *testing.T, q *Shared, d *disk, id string) *copyOf {
	t.Helper()
	c := &copyOf{works: true}
	seq, at := int64(-1), int64(0)
	if s, epochs, err := d.Load(t.Context(), id); err == nil {
		c.state, c.epochs, seq, at = s, epochs, s.Seq(), s.Time()
	}
	c.mu.Lock()
	joined, err := q.Open(t.Context(), id, c.epochs, seq, at, c)
	if err == nil {
		c.take(joined)
	}
	c.mu.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { q.Close(id, false) })
	return c
}

func push(t *testing.T, q *Shared, id, client string, n int64) {
	t.Helper()
	eventually(t, "a push is ordered", func() bool {
		return q.Append(t.Context(), id, &board.Entry{By: "p1", Role: board.Participant, Client: client, N: n}) == nil
	})
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it never came that %s", what)
		}
	}
}

// agree waits until the copies are equal and hold as many pushes of each client.
func agree(t *testing.T, pushes map[string]int64, copies ...*copyOf) {
	t.Helper()
	eventually(t, "all copies are equal", func() bool {
		epoch, seq, hash := copies[0].at()
		for _, c := range copies[1:] {
			if e, s, h := c.at(); e != epoch || s != seq || h != hash {
				return false
			}
		}
		return true
	})
	for _, c := range copies {
		c.mu.Lock()
		for client, upTo := range pushes {
			for n := int64(1); n <= upTo; n++ {
				if _, known := c.state.Fate("p1", client, n); !known {
					t.Errorf("push %d of %s is lost", n, client)
				}
			}
		}
		c.mu.Unlock()
	}
}

// pair is two instances with one board.
func pair(t *testing.T) (r *redistest.Server, a, b *Shared, copies [2]*copyOf) {
	t.Helper()
	r = redistest.Start(t)
	d, empty := newDisk(), newDisk()
	a, b = instance(t, r, d), instance(t, r, empty)
	d.keep("k", 3, 1000)
	copies[0] = follow(t, a, d, "k")
	copies[1] = follow(t, b, empty, "k")
	push(t, a, "k", "a", 1)
	push(t, b, "k", "b", 1)
	agree(t, map[string]int64{"a": 1, "b": 1}, copies[0], copies[1])
	return r, a, b, copies
}

func TestAForgottenOrderBeginsAnewFromTheFurthest(t *testing.T) {
	r, a, b, copies := pair(t)
	before, _, _ := copies[0].at()
	r.Do("FLUSHALL")
	push(t, b, "k", "b", 2)
	push(t, a, "k", "a", 2)
	agree(t, map[string]int64{"a": 2, "b": 2}, copies[0], copies[1])
	if after, _, _ := copies[0].at(); board.CompareEpochs(after, before) <= 0 {
		t.Errorf("got epoch %s after %s", after, before)
	}
}

func TestTheLastMessageOfAllMayBeLost(t *testing.T) {
	r, a, _, copies := pair(t)
	r.Do("CLIENT", "KILL", "TYPE", "pubsub")
	push(t, a, "k", "a", 2)
	agree(t, map[string]int64{"a": 2}, copies[0], copies[1])
}

// silently orders a push that nobody hears of.
func silently(t *testing.T, r *redistest.Server, q *Shared, after int64, client string, n int64, ops ...string) {
	t.Helper()
	raw := fmt.Sprintf(`[{"by":"p1","role":"participant","client":"%s","n":%d,"ops":[%s]}]`, client, n, strings.Join(ops, ","))
	seq := strconv.FormatInt(after+1, 10)
	r.Do("XADD", q.bus.Key("k", "s"), seq+"-0", "n", "1", "t", "2000", "b", raw)
	r.Do("HSET", q.bus.Key("k", "m"), "s", seq)
}

func TestWhatNobodyHearsOfIsFoundAllTheSame(t *testing.T) {
	r, a, _, copies := pair(t)
	_, seq, _ := copies[0].at()
	silently(t, r, a, seq, "a", 2)
	for _, c := range copies {
		eventually(t, "what was ordered is here", func() bool { _, at, _ := c.at(); return at == seq+1 })
	}
	agree(t, map[string]int64{"a": 2}, copies[0], copies[1])
}

func TestABrokenSubscriptionIsMadeUpFor(t *testing.T) {
	r, d := redistest.Start(t), newDisk()
	d.keep("k", 3, 1000)
	q := instanceWith(t, r.URL(), d, Options{Probe: never})
	c := follow(t, q, d, "k")
	push(t, q, "k", "a", 1)
	// It looks once more after it was opened, then only when it hears something.
	eventually(t, "it looks once more", func() bool { return len(q.following("k").look) == 0 })
	push(t, q, "k", "a", 2)
	_, seq, _ := c.at()
	silently(t, r, q, seq, "a", 3)
	r.Do("CLIENT", "KILL", "TYPE", "pubsub")
	eventually(t, "what was ordered is here", func() bool { _, at, _ := c.at(); return at == seq+1 })
}

func TestWhatALaterVersionOrdersIsNotLeftOut(t *testing.T) {
	r, a, _, copies := pair(t)
	_, seq, _ := copies[0].at()
	// What has no valid form wherever it is read is refused in its place.
	silently(t, r, a, seq, "a", 2, `{"do":"invalid","field":"x"}`)
	for _, c := range copies {
		eventually(t, "what is refused everywhere has its place", func() bool { _, at, _ := c.at(); return at == seq+1 })
	}
	agree(t, map[string]int64{"a": 2}, copies[0], copies[1])
	_, seq, hash := copies[0].at()
	silently(t, r, a, seq, "a", 3, `{"do":"invalid"}`, `{"do":"levitate","id":"n1"}`)
	for _, c := range copies {
		eventually(t, "the follower knows that it cannot go on", func() bool {
			c.mu.Lock()
			defer c.mu.Unlock()
			return !c.works
		})
		if _, at, now := c.at(); at != seq || now != hash {
			t.Errorf("got the board at %d, want it as it was at %d", at, seq)
		}
	}
	if err := a.Append(t.Context(), "k", &board.Entry{By: "p1", Client: "a", N: 4}); err == nil {
		t.Error("something was ordered by who does not know the board any more")
	}
}

func TestWhatRedisLostOfABoardThatNobodyHasOpenComesBack(t *testing.T) {
	r, d := redistest.Start(t), newDisk()
	d.keep("k", 3, 1000)
	q := instance(t, r, d)
	there := func() bool { return r.Do("HGET", q.bus.Key("k", "m"), "st") == "open" }
	eventually(t, "the board has an order", there)
	r.Restart()
	eventually(t, "it has one again", there)
}

func TestABoardThatLostEntriesIsOpened(t *testing.T) {
	r, d, late := redistest.Start(t), newDisk(), newDisk()
	d.keep("k", 3, 1000)
	follow(t, instance(t, r, d), d, "k")
	late.keep("k", 5, 1000) // by itself
	woken := make(chan string, 1)
	instanceWith(t, r.URL(), late, Options{Wake: func(_ context.Context, id string) error {
		select {
		case woken <- id:
		default:
		}
		return nil
	}})
	select {
	case <-woken:
	case <-time.After(20 * time.Second):
		t.Fatal("nobody opened the board, whose entries wait for their places")
	}
}

// never is longer than any test.
const never = time.Hour

// gate is a way to Redis on which the test does something just before a word
// passes for the first time.
func gate(t *testing.T, r *redistest.Server, word string, before func()) (url string) {
	t.Helper()
	var once sync.Once
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", r.Addr())
			if err != nil {
				near.Close()
				continue
			}
			running.Go(func() {
				defer near.Close()
				_, _ = io.Copy(near, far)
			})
			running.Go(func() {
				defer far.Close()
				buffer := make([]byte, 1<<16)
				for {
					n, err := near.Read(buffer)
					if bytes.Contains(buffer[:n], []byte(word)) {
						once.Do(before)
					}
					if _, failed := far.Write(buffer[:n]); err != nil || failed != nil {
						return
					}
				}
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		running.Wait()
	})
	return "redis://" + l.Addr().String()
}

func TestNothingFallsBetweenHearingAndLooking(t *testing.T) {
	r, d := redistest.Start(t), newDisk()
	d.keep("k", 3, 1000)
	a := instance(t, r, d)
	first := follow(t, a, d, "k")
	late := newDisk()
	// Whatever else is asked for on this way is asked for before this push, or after it.
	url := gate(t, r, a.bus.Key("k", "p")+"\r\n", func() {
		if err := a.Append(t.Context(), "k", &board.Entry{By: "p1", Role: board.Participant, Client: "a", N: 1}); err != nil {
			t.Error(err)
		}
	})
	b := instanceWith(t, url, late, Options{Probe: never})
	second := follow(t, b, late, "k")
	agree(t, map[string]int64{"a": 1}, first, second)
}

func TestARedisThatWentBackIsNotBelieved(t *testing.T) {
	r, a, _, copies := pair(t)
	meta := a.bus.Key("k", "m")
	old := r.Do("HGET", meta, "s")
	push(t, a, "k", "a", 2)
	push(t, a, "k", "a", 3)
	agree(t, map[string]int64{"a": 3}, copies[0], copies[1])
	// As after a failover to a replica that was behind, which has another incarnation.
	r.Do("HSET", meta, "s", old, "inc", "another/process")
	r.Do("DEL", a.bus.Key("k", "s"))
	push(t, a, "k", "a", 4)
	agree(t, map[string]int64{"a": 4, "b": 1}, copies[0], copies[1])
}

func TestFollowersAreToldThatNothingIsOrdered(t *testing.T) {
	r, a, _, copies := pair(t)
	works := func() bool {
		copies[0].mu.Lock()
		defer copies[0].mu.Unlock()
		return copies[0].works
	}
	r.Stop()
	eventually(t, "the follower knows", func() bool { return !works() })
	if err := a.Append(t.Context(), "k", &board.Entry{By: "p1", Client: "a", N: 2}); err == nil {
		t.Error("something was ordered without Redis")
	}
	r.Restart()
	eventually(t, "the follower knows that it works again", works)
	push(t, a, "k", "a", 2)
	agree(t, map[string]int64{"a": 2, "b": 1}, copies[0], copies[1])
}

func TestALongTailIsFoldedIntoASnapshot(t *testing.T) {
	r, a, _, copies := pair(t)
	for n := int64(2); n <= 2*snapBehind; n++ {
		push(t, a, "k", "a", n)
	}
	eventually(t, "there is a new snapshot", func() bool { return r.Do("HGET", a.bus.Key("k", "m"), "ss") != "3" })
	d := newDisk()
	late := follow(t, instance(t, r, d), d, "k")
	agree(t, map[string]int64{"a": 2 * snapBehind, "b": 1}, copies[0], copies[1], late)
}

func TestOfATextThatIsErasedForGoodNothingStaysInRedis(t *testing.T) {
	r, a, _, copies := pair(t)
	secret := board.Create{Type: board.TypeNote, ID: "n1", Fields: []board.Field{{Name: "text", Value: "a secret"}}}
	for n, op := range []board.Op{secret, board.Blank{ID: "n1"}} {
		if err := a.Append(t.Context(), "k", &board.Entry{By: "p1", Role: board.Facilitator, Client: "a", N: int64(n) + 2, Ops: []board.Op{op}}); err != nil {
			t.Fatal(err)
		}
	}
	stream := func() string { return r.Do("XRANGE", a.bus.Key("k", "s"), "-", "+") }
	eventually(t, "it is gone", func() bool { return !strings.Contains(stream(), "secret") })
	push(t, a, "k", "a", 4)
	if !strings.Contains(stream(), `"n":4`) {
		t.Error("what came after is gone as well")
	}
	d := newDisk()
	agree(t, map[string]int64{"a": 4, "b": 1}, copies[0], copies[1], follow(t, instance(t, r, d), d, "k"))
}

func TestARedisThatWasLeftAndComesBackIsNotFollowed(t *testing.T) {
	r, a, b, copies := pair(t)
	key := func(suffix string) string { return a.bus.Key("k", suffix) }
	for _, suffix := range []string{"m", "s", "n"} {
		r.Do("COPY", key(suffix), key("old-"+suffix))
		r.Do("DEL", key(suffix))
	}
	push(t, a, "k", "a", 2)
	agree(t, map[string]int64{"a": 2, "b": 1}, copies[0], copies[1])
	for _, suffix := range []string{"m", "s", "n"} {
		r.Do("COPY", key("old-"+suffix), key(suffix), "REPLACE")
	}
	push(t, b, "k", "b", 2)
	push(t, a, "k", "a", 3)
	agree(t, map[string]int64{"a": 3, "b": 2}, copies[0], copies[1])
}

func TestWhatRedisAloneHasIsFollowed(t *testing.T) {
	r, a, b, copies := pair(t)
	eventually(t, "they know each other", func() bool { return len(a.others(aliveFor))+len(b.others(aliveFor)) == 2 })
	_, seq, _ := copies[0].at()
	for n := int64(1); n <= 3; n++ {
		entry := fmt.Sprintf(`[{"by":"p1","role":"participant","client":"c","n":%d,"ops":[]}]`, n)
		r.Do("XADD", a.bus.Key("k", "s"), fmt.Sprintf("%d-0", seq+n), "n", "1", "t", "0", "b", entry)
	}
	// It was written, nobody was told, and then it was started again.
	r.Do("HSET", a.bus.Key("k", "m"), "s", fmt.Sprint(seq+3), "inc", "another")
	push(t, a, "k", "a", 2)
	agree(t, map[string]int64{"a": 2, "b": 1, "c": 3}, copies[0], copies[1])
	for i, c := range copies {
		c.mu.Lock()
		if c.jumps > 0 {
			t.Errorf("copy %d has not followed it", i)
		}
		c.mu.Unlock()
	}
}

func TestWhoHasComeToAnotherStateTakesOverTheSame(t *testing.T) {
	_, a, b, copies := pair(t)
	push(t, a, "k", "a", 2)
	agree(t, map[string]int64{"a": 2, "b": 1}, copies[0], copies[1])
	epoch, seq, hash := copies[0].at()
	// One of them has applied the same otherwise.
	other := board.New()
	for n := int64(1); n <= seq; n++ {
		other.Apply(&board.Entry{Seq: n, Time: 1000, By: "p1", Client: "otherwise", N: n})
	}
	copies[1].mu.Lock()
	copies[1].state = other
	copies[1].mu.Unlock()
	a.Compare("k", epoch, seq, hash)
	b.Compare("k", epoch, seq, other.Hash())
	agree(t, map[string]int64{"a": 2, "b": 1}, copies[0], copies[1])
	push(t, b, "k", "b", 2)
	agree(t, map[string]int64{"a": 2, "b": 2}, copies[0], copies[1])
	if copies[1].jumps == 0 {
		t.Error("nothing was taken over")
	}

	// What is the same is left alone, and what is of another place or epoch says nothing.
	jumps := copies[0].jumps + copies[1].jumps
	epoch, seq, hash = copies[0].at()
	for _, q := range []*Shared{a, b} {
		q.Compare("k", epoch, seq, hash)
	}
	a.Compare("k", epoch, seq+1, "one")
	b.Compare("k", epoch, seq+2, "two")
	a.Compare("k", "9.a", seq+3, "one")
	b.Compare("k", "9.b", seq+3, "two")
	push(t, a, "k", "a", 3)
	push(t, b, "k", "b", 3)
	agree(t, map[string]int64{"a": 3, "b": 3}, copies[0], copies[1])
	if copies[0].jumps+copies[1].jumps != jumps {
		t.Error("a board was taken from Redis for nothing")
	}
}

func TestAMilestoneComesFromWhoHasIt(t *testing.T) {
	_, a, b, _ := pair(t) // a alone has the board on its disk
	then, at, err := b.Milestone(t.Context(), "k", "m1")
	if err != nil || then.Seq() != 3 || at < 3 {
		t.Errorf("got %v as of %d: %v", then, at, err)
	}
	if _, _, err := b.Milestone(t.Context(), "k", "m2"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("one that nobody has: %v", err)
	}
	if _, _, err := a.Milestone(t.Context(), "k", "m1"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("one that no other has: %v", err)
	}
}

func TestWhatNoInstanceHasWrittenIsNotFollowed(t *testing.T) {
	for name, spoil := range map[string]func(r *redistest.Server, key func(string) string){
		"a message":              func(r *redistest.Server, key func(string) string) { r.Do("PUBLISH", key("p"), "1.x 5 5 0\nnonsense") },
		"a meta of another type": func(r *redistest.Server, key func(string) string) { r.Do("DEL", key("m")); r.Do("SET", key("m"), "x") },
		"a stream entry": func(r *redistest.Server, key func(string) string) {
			r.Do("XADD", key("s"), "99-0", "n", "1", "t", "0", "b", "nonsense")
			r.Do("HSET", key("m"), "s", "99")
		},
		"a snapshot": func(r *redistest.Server, key func(string) string) { r.Do("SET", key("n"), "nonsense") },
	} {
		t.Run(name, func(t *testing.T) {
			r, a, b, copies := pair(t)
			spoil(r, func(suffix string) string { return a.bus.Key("k", suffix) })
			time.Sleep(300 * time.Millisecond)
			r.Do("FLUSHALL")
			push(t, b, "k", "b", 2)
			agree(t, map[string]int64{"a": 1, "b": 2}, copies[0], copies[1])
		})
	}
}

func TestABoardThatWasDeletedIsDeletedEverywhere(t *testing.T) {
	_, a, b, copies := pair(t)
	if err := a.Delete(t.Context(), "k"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "both know", func() bool {
		for _, c := range copies {
			c.mu.Lock()
			deleted := c.deleted
			c.mu.Unlock()
			if !deleted {
				return false
			}
		}
		return true
	})
	b.Close("k", false)
	if _, err := b.Open(t.Context(), "k", nil, 0, 0, &copyOf{}); err == nil {
		t.Error("a deleted board was opened")
	}
}

func TestAnEntryIsHeldOnceAnotherInstanceHasIt(t *testing.T) {
	_, a, _, _ := pair(t)
	held := make(chan struct{})
	eventually(t, "the other instance is known", func() bool { return len(a.others(aliveFor)) > 0 })
	if a.Hold("k", 4, func() { close(held) }) {
		t.Fatal("held before anybody was asked")
	}
	select {
	case <-held:
	case <-time.After(20 * time.Second):
		t.Fatal("never held")
	}
}

func TestAnEntryThatNobodyElseHasOnDiskIsNotHeld(t *testing.T) {
	_, a, _, copies := pair(t)
	other := copies[1]
	other.mu.Lock()
	other.unsaved, other.looked = true, 0
	other.mu.Unlock()
	eventually(t, "the other instance is known", func() bool { return len(a.others(aliveFor)) > 0 })
	held := make(chan struct{})
	if a.Hold("k", 4, func() { close(held) }) {
		t.Fatal("held before anybody was asked")
	}
	// Who was asked does not say so when that changes: whoever waits asks again, until it is so.
	eventually(t, "the other instance is asked again and again", func() bool {
		other.mu.Lock()
		defer other.mu.Unlock()
		return other.looked >= 20 // more than one question is worth
	})
	select {
	case <-held:
		t.Fatal("held, and nobody else has it on disk")
	default:
	}
	other.mu.Lock()
	other.unsaved = false
	other.mu.Unlock()
	select {
	case <-held:
	case <-time.After(20 * time.Second):
		t.Fatal("never held")
	}
}

func TestAnEntryIsHeldInWhateverEpochItIsPartOf(t *testing.T) {
	r, a, b, copies := pair(t)
	other := copies[1]
	other.mu.Lock()
	other.unsaved = true
	other.mu.Unlock()
	eventually(t, "the other instance is known", func() bool { return len(a.others(aliveFor)) > 0 })
	held := make(chan struct{})
	if a.Hold("k", 4, func() { close(held) }) {
		t.Fatal("held before anybody was asked")
	}
	before, _, _ := copies[0].at()
	r.Do("FLUSHALL")
	push(t, b, "k", "b", 2)
	agree(t, map[string]int64{"b": 2}, copies[0], copies[1])
	if after, _, _ := copies[0].at(); after == before {
		t.Fatalf("got epoch %s still", after)
	}
	other.mu.Lock()
	other.unsaved = false
	other.mu.Unlock()
	select {
	case <-held:
	case <-time.After(20 * time.Second):
		t.Fatal("never held")
	}
}

func TestABoardIsUnknownOnlyOnceAllHaveSaidSo(t *testing.T) {
	r := redistest.Start(t)
	q := instanceWith(t, r.URL(), newDisk(), Options{Fresh: time.Nanosecond})
	open := func() error {
		_, err := q.Open(t.Context(), "k", nil, -1, 0, &copyOf{})
		return err
	}
	eventually(t, "a board is unknown to the only instance", func() bool { return errors.Is(open(), fs.ErrNotExist) })
	silent := dial(t, r.URL())
	eventually(t, "the silent instance is known", func() bool { return slices.Contains(q.others(aliveFor), silent.Instance()) })
	if err := open(); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("with an instance that says nothing: got %v, want that it cannot be told", err)
	}
	asked := instance(t, r, newDisk())
	eventually(t, "the other is known", func() bool { return slices.Contains(q.others(aliveFor), asked.bus.Instance()) })
	if err := open(); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("with one of two that says something: got %v, want that it cannot be told", err)
	}
}

func TestWhileRedisIsNewNoBoardIsUnknown(t *testing.T) {
	q := instanceWith(t, redistest.Start(t).URL(), newDisk(), Options{Fresh: never})
	if _, err := q.Open(t.Context(), "k", nil, -1, 0, &copyOf{}); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want that it cannot be told: who has the board may be about to start", err)
	}
}

func TestABoardThatCannotBeReadHoldsUpNoOther(t *testing.T) {
	r, d := redistest.Start(t), newDisk()
	// So many that trying again from the start would come to a bad one first.
	for n := range 64 {
		d.keep(fmt.Sprintf("bad%d", n), 1, 1000)
	}
	for n := range 8 {
		d.keep(fmt.Sprintf("good%d", n), 1, 1000)
	}
	q := instance(t, r, d)
	for n := range 8 {
		eventually(t, "a good board has an order", func() bool {
			return r.Do("HGET", q.bus.Key(fmt.Sprintf("good%d", n), "m"), "st") == "open"
		})
	}
}
