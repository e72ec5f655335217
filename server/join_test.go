package main

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// withNotes is a board of so many notes.
func withNotes(b *testing.B, p *process, notes int) made {
	b.Helper()
	var file strings.Builder
	file.WriteString(`{"schema":"workshop-fixture/1","board":{"id":"b","title":"Mitattava","language":"fi","phase":"describe"},` +
		`"axis":{"id":"ax","title":"Jana","minLabel":"a","maxLabel":"b","x0":200,"x1":10200,"bandTop":500,"bandBottom":5900,"zones":5},` +
		`"perspectives":[{"id":"p1","name":"Itsenäisyys"}],"notes":[`)
	for i := range notes {
		if i > 0 {
			file.WriteByte(',')
		}
		fmt.Fprintf(&file, `{"id":"n%05d","text":"Tarvitsee jonkun viereen lomaketta täyttäessä","perspectiveId":"p1","groupId":null,"x":%d,"y":%d}`, i, 200+i*7%10_000, 500+i*13%5_000)
	}
	file.WriteString("]}")
	return p.madeOf(p.call("POST", "/api/boards/import", file.String()))
}

func helloOf(board made, seat int) string {
	return fmt.Sprintf(`[{"type":"hello","version":1,"key":%q,"me":"seat %d","client":"c%d"}]`, board.keys["participant"], seat%100, seat)
}

// BenchmarkJoin is how long somebody waits for a board, from opening the connection to having all of it, and what that
// costs the server. Whoever comes has been there before: nothing is ordered for it.
func BenchmarkJoin(b *testing.B) {
	for _, notes := range []int{100, 1000, 10_000} {
		b.Run(fmt.Sprintf("%d-notes", notes), func(b *testing.B) {
			p := startProcess(b, b.TempDir(), "127.0.0.1:0", "--log-level", "error")
			board := withNotes(b, p, notes)
			address := strings.TrimPrefix(p.url, "http://")
			come := func(seat int) *arrival {
				from := time.Now()
				s, err := takeSeat(address, board.path("/socket"), helloOf(board, seat))
				if err != nil {
					b.Error(err)
					return nil
				}
				return &arrival{s, time.Since(from)}
			}
			for i := range 100 {
				if s := come(i); s != nil {
					_ = s.conn.Close()
				}
			}
			before := cpu(b, p.cmd.Process.Pid)
			var waited []time.Duration
			for i := 0; b.Loop(); i++ {
				s := come(i)
				if s == nil {
					return
				}
				waited = append(waited, s.waited)
				_ = s.conn.Close()
			}
			used := cpu(b, p.cmd.Process.Pid) - before
			slices.Sort(waited)
			b.ReportMetric(float64(waited[len(waited)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(waited[len(waited)*99/100].Microseconds())/1000, "p99-ms")
			b.ReportMetric(float64(used.Microseconds())/1000/float64(len(waited)), "cpu-ms/join")

			var together []time.Duration
			for range 5 {
				var all sync.WaitGroup
				seats := make([]*arrival, 50)
				from := time.Now()
				for i := range seats {
					all.Go(func() { seats[i] = come(i) })
				}
				all.Wait()
				together = append(together, time.Since(from))
				for _, s := range seats {
					if s != nil {
						_ = s.conn.Close()
					}
				}
			}
			slices.Sort(together)
			b.ReportMetric(float64(together[len(together)/2].Microseconds())/1000, "50-at-once-ms")
		})
	}
}

// arrival is a seat with how long it was waited for.
type arrival struct {
	*seat
	waited time.Duration
}

// BenchmarkIdle is what a connection costs that nobody uses, in memory of the process, beside a bare loop of the same
// library.
func BenchmarkIdle(b *testing.B) {
	const people, rooms = 5000, 50
	for _, server := range []struct {
		name  string
		start func(*testing.B, int) measured
	}{{"bare", measuredBare}, {"jana", measuredJana}} {
		b.Run(server.name, func(b *testing.B) {
			m := server.start(b, rooms)
			empty := resident(b, m.cmd.Process.Pid)
			seats := make([]*seat, people)
			for i := range seats {
				var err error
				if seats[i], err = takeSeat(m.address(), m.path(i%rooms), m.hello(i%rooms, i)); err != nil {
					b.Fatal(err)
				}
			}
			time.Sleep(warmUp)
			b.ReportMetric(float64(resident(b, m.cmd.Process.Pid)-empty)/1024/people, "KiB/connection")
			b.ReportMetric(float64(empty)/(1<<20), "empty-MiB")
			b.ReportMetric(0, "ns/op")
			for _, s := range seats {
				_ = s.conn.Close()
			}
			m.kill()
		})
	}
}
