package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"jana/server/redistest"
)

// Measurements of instances that share their boards through one Redis.

// team is instances that share a Redis, and boards that they all have.
type team struct {
	redis     *redistest.Server
	instances []*process
	boards    []made
}

func startTeam(b *testing.B, instances, boards int) *team {
	b.Helper()
	t := &team{redis: redistest.Start(b, "--appendonly", "yes", "--appendfsync", "always")}
	for range instances {
		t.instances = append(t.instances, startProcess(b, b.TempDir(), "127.0.0.1:0",
			"--log-level", "error", "--max-sockets", "20000", "--board-burst", "10000", "--redis", t.redis.URL()))
	}
	for i := range boards {
		t.boards = append(t.boards, t.instances[i%instances].board("blank"))
	}
	return t
}

// editor is somebody on an instance who writes, and notes how long it takes until what others write on other instances
// is here, and until its own is saved.
type editor struct {
	*seat
	on     int // instance
	client string
	note   string
	across *delays
	saved  *delays
	n      int
	placed []placed // not saved yet
}

type placed struct {
	seq  int
	sent time.Duration
}

// delays is how long something took, again and again.
type delays struct {
	mu  sync.Mutex
	all []time.Duration
}

func (d *delays) add(took time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.all = append(d.all, took)
}

func (d *delays) reset() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.all = d.all[:0]
}

// report tells the middle one, the last but 1 %, the longest, and how many there were.
func (d *delays) report(b *testing.B, what string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.all) == 0 {
		b.Fatalf("nothing was %s", what)
	}
	slices.Sort(d.all)
	b.ReportMetric(milliseconds(d.all[len(d.all)/2]), what+"-p50-ms")
	b.ReportMetric(milliseconds(d.all[len(d.all)*99/100]), what+"-p99-ms")
	b.ReportMetric(milliseconds(d.all[len(d.all)-1]), what+"-max-ms")
}

// sit has somebody take a seat at a board on one instance.
func (t *team) sit(on int, board made, seat int) (*editor, error) {
	w := &editor{on: on, client: fmt.Sprintf("i%ds%d", on, seat), note: fmt.Sprintf("n%d", seat)}
	hello := fmt.Sprintf(`[{"type":"hello","version":1,"key":%q,"me":"seat %d","client":%q}]`, board.keys["participant"], seat, w.client)
	var err error
	w.seat, err = takeSeat(strings.TrimPrefix(t.instances[on].url, "http://"), board.path("/socket"), hello)
	return w, err
}

func (e *editor) push(op string) error {
	e.n++
	return e.write(fmt.Sprintf(`[{"type":"push","n":%d,"ops":[%s]}]`, e.n, op))
}

// create makes the note that it moves from then on, to where its place tells when: microseconds, and seconds times two,
// with one more every second time, so that either always changes.
func (e *editor) create() error {
	return e.push(fmt.Sprintf(`{"do":"create","item":{"type":"note","id":%q,"x":0,"y":0,"text":"Tarvitsee jonkun viereen"}}`, e.note))
}

func (e *editor) move() error {
	now := time.Since(e.began).Microseconds()
	return e.push(fmt.Sprintf(`{"do":"move","moves":[[%q,%d,%d]]}`, e.note, now%1_000_000, 2*(now/1_000_000)+int64(e.n%2)))
}

// listen reads until the connection ends.
func (e *editor) listen() {
	for {
		frame, err := e.next()
		if err != nil {
			return
		}
		now := time.Since(e.began)
		for _, m := range bytes.Split(frame, []byte(`{"type":"`)) {
			switch {
			case bytes.HasPrefix(m, []byte(`changes"`)):
				e.changes(m, now)
			case bytes.HasPrefix(m, []byte(`saved"`)):
				e.isSaved(numberIn(m, "seq"), now)
			}
		}
	}
}

func (e *editor) changes(m []byte, now time.Duration) {
	if !bytes.Contains(m, []byte(`"set"`)) || numberIn(m, "x") < 0 {
		return
	}
	sent := time.Duration(numberIn(m, "x"))*time.Microsecond + time.Duration(numberIn(m, "y")/2)*time.Second
	_, client, _ := bytes.Cut(m, []byte(`"client":"`))
	switch {
	case bytes.HasPrefix(client, []byte(e.client+`"`)):
		e.placed = append(e.placed, placed{numberIn(m, "seq"), sent})
	case !bytes.HasPrefix(client, fmt.Appendf(nil, "i%ds", e.on)):
		e.across.add(now - sent)
	}
}

func (e *editor) isSaved(seq int, now time.Duration) {
	e.placed = slices.DeleteFunc(e.placed, func(p placed) bool {
		if p.seq <= seq {
			e.saved.add(now - p.sent)
		}
		return p.seq <= seq
	})
}

// numberIn is the first number of that name, -1 if there is none.
func numberIn(m []byte, name string) int {
	_, after, found := bytes.Cut(m, []byte(`"`+name+`":`))
	end := bytes.IndexFunc(after, func(r rune) bool { return r < '0' || r > '9' })
	if n, err := strconv.Atoi(string(after[:max(0, end)])); found && err == nil {
		return n
	}
	return -1
}

// BenchmarkSeveral is how long it takes until a note that was moved on one instance has moved on another, and until its
// author knows that it is saved, with 50 boards of 10 people each.
func BenchmarkSeveral(b *testing.B) {
	const boards, people = 50, 10
	for _, s := range []struct{ instances, rate int }{{2, 500}, {3, 2000}} {
		b.Run(fmt.Sprintf("%dx%d-per-second", s.instances, s.rate), func(b *testing.B) {
			t := startTeam(b, s.instances, boards)
			var across, saved delays
			done := make(chan struct{})
			var working sync.WaitGroup
			began := time.Now()
			var editors []*editor
			for i, board := range t.boards {
				for j := range people {
					w, err := t.sit((i+j)%s.instances, board, j)
					if err != nil {
						b.Fatal(err)
					}
					w.began, w.across, w.saved = began, &across, &saved
					editors = append(editors, w)
					working.Go(w.listen)
				}
			}
			pause := time.Second * boards * people / time.Duration(s.rate)
			for _, w := range editors {
				working.Go(func() {
					time.Sleep(rand.N(pause))
					tick := time.NewTicker(pause)
					defer tick.Stop()
					for err := w.create(); err == nil; err = w.move() {
						select {
						case <-tick.C:
						case <-done:
							return
						}
					}
				})
			}
			time.Sleep(warmUp + pause)
			across.reset()
			saved.reset()
			var before time.Duration
			for _, p := range t.instances {
				before -= cpu(b, p.cmd.Process.Pid)
			}
			time.Sleep(2 * measureFor)
			for _, p := range t.instances {
				before += cpu(b, p.cmd.Process.Pid)
			}
			close(done)
			for _, w := range editors {
				_ = w.conn.Close() // the readers see it
			}
			working.Wait()
			across.report(b, "across")
			saved.report(b, "saved")
			b.ReportMetric(float64(len(saved.all))/(2*measureFor).Seconds(), "ops/s")
			b.ReportMetric(100*before.Seconds()/(2*measureFor).Seconds(), "%-of-a-core")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkRecovery is how long it takes, once Redis has forgotten everything, until what somebody does is ordered and
// saved again. All instances have the board open.
func BenchmarkRecovery(b *testing.B) {
	t := startTeam(b, 3, 1)
	var took delays
	n := 0
	write := func(on int) {
		n++
		m := t.boards[0].at(t.instances[on].instance)
		for m.write(n, fmt.Sprintf("n%d", n)).status != 200 {
		}
	}
	for on := range t.instances {
		write(on)
	}
	for i := 0; b.Loop(); i++ {
		t.redis.Do("FLUSHALL")
		from := time.Now()
		write(i % len(t.instances))
		took.add(time.Since(from))
		// Or an instance would be away that is still catching up.
		for on := range t.instances {
			write(on)
		}
	}
	took.report(b, "recovered")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkDeath is how long it takes until everybody who was on an instance that is killed is on another one, if they
// come back as browsers do: at random within half a second, then within twice that, and so on.
func BenchmarkDeath(b *testing.B) {
	const people = 250
	var moved delays
	for b.Loop() {
		t := startTeam(b, 2, people/10)
		var editors []*editor
		for i := range people {
			w, err := t.sit(0, t.boards[i%len(t.boards)], i)
			if err != nil {
				b.Fatal(err)
			}
			editors = append(editors, w)
		}
		t.instances[0].kill()
		from := time.Now()
		var moving sync.WaitGroup
		for i, w := range editors {
			moving.Go(func() {
				for _, err := w.next(); err == nil; _, err = w.next() {
				}
				_ = w.conn.Close() // it has ended
				for within := time.Second / 2; ; within *= 2 {
					time.Sleep(rand.N(within))
					again, err := t.sit(1, t.boards[i%len(t.boards)], i)
					if err == nil {
						moved.add(time.Since(from))
						_ = again.conn.Close() // it was welcomed
						return
					}
				}
			})
		}
		moving.Wait()
		t.instances[1].kill()
	}
	moved.report(b, "moved")
	b.ReportMetric(0, "ns/op")
}

// idleAfter is longer than a board stays open that nobody looks at.
const idleAfter = 70 * time.Second

// BenchmarkIdleBoards is what an instance keeps of boards that nobody looks at any more: the memory that is in use after
// so many were opened and left, beside what was before. It has had as many open once, since what the runtime has made for
// goroutines and maps it keeps for the next.
func BenchmarkIdleBoards(b *testing.B) {
	const boards = 2000
	for b.Loop() {
		t := startTeam(b, 2, boards)
		p := t.instances[1]
		inUse := func() float64 {
			// A heap profile is taken after a collection.
			callAt(b, "GET", p.admin+"/debug/pprof/heap?gc=1", nil, as(tokenOfTests())...)
			for line := range strings.Lines(string(callAt(b, "GET", p.admin+"/metrics", nil, as(tokenOfTests())...).body)) {
				if rest, ok := strings.CutPrefix(line, "go_memstats_heap_alloc_bytes "); ok {
					n, err := strconv.ParseFloat(strings.TrimSpace(rest), 64)
					if err != nil {
						b.Fatal(err)
					}
					return n
				}
			}
			b.Fatal("there is no such metric")
			return 0
		}
		openAll := func() {
			for _, m := range t.boards {
				if a := m.at(p.instance).do("viewer", "GET", "", nil); a.status != 200 {
					b.Fatalf("got %s", a)
				}
			}
		}
		openAll()
		time.Sleep(idleAfter)
		before := inUse()
		openAll()
		open := inUse()
		time.Sleep(idleAfter)
		after := inUse()
		b.ReportMetric((open-before)/boards, "bytes/open-board")
		b.ReportMetric(max(0, after-before)/boards, "bytes/idle-board")
		b.ReportMetric(0, "ns/op")
		for _, p := range t.instances {
			p.kill()
		}
	}
}
