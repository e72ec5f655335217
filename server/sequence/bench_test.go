package sequence

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jana/protocol/board"
	"jana/server/cluster"
	"jana/server/redistest"
)

// ignorant follows a board and keeps nothing.
type ignorant struct{}

func (ignorant) Deliver(context.Context, *board.Entry) error { return nil }
func (ignorant) Renew(context.Context, board.Renewal) error  { return nil }
func (ignorant) Ordering(bool)                               {}
func (ignorant) Deleted()                                    {}

func (ignorant) Look(context.Context) (*board.Snapshot, board.Epochs, int64, error) {
	return nil, nil, 0, context.Canceled
}

// BenchmarkFence is what it costs to make sure, in every commit, that Redis is the one it was: commits a second of 50
// boards with that and without, in turn. Each board has one entry under way at a time.
func BenchmarkFence(b *testing.B) {
	const boards, rounds, lasting = 50, 24, 500 * time.Millisecond
	r := redistest.Start(b)
	dial := func(prefix, instance string) *cluster.Client {
		bus, err := cluster.Dial(b.Context(), cluster.Options{URL: r.URL(), Prefix: prefix, Instance: instance, Boot: "1", Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = bus.Close() }) // the process ends with it
		return bus
	}
	// The same comparison, with a name that costs nothing to find.
	bare := strings.Replace(prelude, "redis.call('INFO', 'replication')", "'master_replid:same\\r\\n'", 1)
	// round has as many entries ordered as can be, and tells how many a second.
	round := func(order func(board int, seq int64) error) float64 {
		var done atomic.Int64
		var working sync.WaitGroup
		end := time.Now().Add(lasting)
		for i := range boards {
			working.Go(func() {
				for seq := int64(0); time.Now().Before(end); seq++ {
					if err := order(i, seq); err != nil {
						b.Error(err)
						return
					}
					done.Add(1)
				}
			})
		}
		working.Wait()
		return float64(done.Load()) / lasting.Seconds()
	}
	entry := func(n int64) *board.Entry {
		return &board.Entry{By: "p1", Role: board.Participant, Client: "c", N: n, Ops: []board.Op{board.Move{Moves: []board.Place{{ID: "n1", X: 100, Y: 200}}}}}
	}

	// Through an instance.
	instance := func(prefix, prelude string) func(round int) float64 {
		q, err := NewShared(b.Context(), dial(prefix, "a"), newDisk(), Options{Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			b.Fatal(err)
		}
		q.scripts = newScripts(prelude)
		b.Cleanup(q.End)
		return func(turn int) float64 {
			ids := make([]string, boards)
			for i := range ids {
				ids[i] = fmt.Sprintf("b%d-%d", turn, i)
				birth := board.New()
				if err := q.Create(b.Context(), ids[i], birth); err != nil {
					b.Fatal(err)
				}
				if _, err := q.Open(b.Context(), ids[i], nil, -1, 0, ignorant{}); err != nil {
					b.Fatal(err)
				}
			}
			defer func() {
				for _, id := range ids {
					q.Close(id, false)
				}
			}()
			return round(func(i int, seq int64) error { return q.Append(b.Context(), ids[i], entry(seq+1)) })
		}
	}
	// By Redis alone.
	raw, err := encodeEntry(entry(1))
	if err != nil {
		b.Fatal(err)
	}
	alone := func(prefix, prelude string) func(round int) float64 {
		bus, s := dial(prefix, "b"), newScripts(prelude)
		return func(turn int) float64 {
			key := func(i int, suffix string) string { return bus.Key(fmt.Sprintf("r%d-%d", turn, i), suffix) }
			for i := range boards {
				if _, err := bus.Run(b.Context(), s.create, []string{key(i, "m"), key(i, "n")}, "1.a", 0, "[]", "", 0); err != nil {
					b.Fatal(err)
				}
			}
			return round(func(i int, seq int64) error {
				_, err := bus.Run(b.Context(), s.commit, []string{key(i, "m"), key(i, "s"), key(i, "p")}, "1.a", seq, "a", 1, "["+string(raw)+"]", 1<<40)
				return err
			})
		}
	}
	for b.Loop() {
		for name, ways := range map[string][2]func(int) float64{
			"":       {instance("fenced", prelude), instance("unfenced", bare)},
			"redis-": {alone("fenced", prelude), alone("unfenced", bare)},
		} {
			var with, costs []float64
			for turn := range rounds {
				fast := ways[1](turn)
				with = append(with, ways[0](turn))
				costs = append(costs, 100*(1-with[turn]/fast))
				r.Do("FLUSHALL")
			}
			slices.Sort(with)
			slices.Sort(costs)
			b.ReportMetric(with[rounds/2], name+"commits/s")
			b.ReportMetric(costs[rounds/2], name+"%-cost")
		}
		b.ReportMetric(0, "ns/op")
	}
}
