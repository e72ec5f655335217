package sequence

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jana/protocol/board"
	"jana/server/cluster"
	"jana/server/redistest"
)

// BenchmarkFence is what it costs to make sure, in every commit, that Redis is the one it was: commits a second of 50
// boards with that and without, in turn.
func BenchmarkFence(b *testing.B) {
	const boards, rounds, lasting = 50, 6, 2 * time.Second
	r := redistest.Start(b)
	bus, err := cluster.Dial(b.Context(), cluster.Options{URL: r.URL(), Prefix: "jana", Instance: "a", Boot: "1"})
	if err != nil {
		b.Fatal(err)
	}
	defer bus.Close() // the process ends with it
	fenced := newScripts()
	// The same comparison, with a name that costs nothing to find.
	bare := strings.Replace(prelude, "redis.call('INFO', 'replication')", "'master_replid:same\\r\\n'", 1)
	unfenced := scripts{create: cluster.NewScript(bare + createLua), commit: cluster.NewScript(bare + commitLua)}
	entry, err := encodeEntry(&board.Entry{By: "p1", Role: board.Participant, Client: "c", N: 1, Ops: []board.Op{board.Move{Moves: []board.Place{{ID: "n1", X: 100, Y: 200}}}}})
	if err != nil {
		b.Fatal(err)
	}
	payload := "[" + string(entry) + "]"
	commits := func(s scripts, kind string, round int) float64 {
		var done atomic.Int64
		var working sync.WaitGroup
		end := time.Now().Add(lasting)
		for i := range boards {
			id := fmt.Sprintf("%s%d-%d", kind, round, i)
			key := func(suffix string) string { return bus.Key(id, suffix) }
			if _, err := bus.Run(b.Context(), s.create, []string{key("m"), key("n")}, "1.a", 0, "[]", "", 0); err != nil {
				b.Fatal(err)
			}
			working.Go(func() {
				for seq := 0; time.Now().Before(end); seq++ {
					answer, err := bus.Run(b.Context(), s.commit, []string{key("m"), key("s"), key("p")}, "1.a", seq, "a", 1, payload, 1<<40)
					if r, _ := replyOf(answer); err != nil || r.word != "OK" {
						b.Errorf("got %v and %v", answer, err)
						return
					}
					done.Add(1)
				}
			})
		}
		working.Wait()
		r.Do("FLUSHALL")
		return float64(done.Load()) / lasting.Seconds()
	}
	for b.Loop() {
		var with, without float64
		for round := range rounds {
			with += commits(fenced, "with", round) / rounds
			without += commits(unfenced, "without", round) / rounds
		}
		b.ReportMetric(with, "commits/s")
		b.ReportMetric(without, "unfenced-commits/s")
		b.ReportMetric(100*(1-with/without), "%-cost")
		b.ReportMetric(0, "ns/op")
	}
}
