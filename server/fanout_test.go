package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// measured is a server process that a crowd comes to.
type measured struct {
	*process
	path func(room int) string
	// hello of a seat in a room, "" if none is needed.
	hello func(room, seat int) string
}

func (m measured) address() string { return strings.TrimPrefix(m.url, "http://") }

// measuredJana is the program with so many boards.
func measuredJana(b *testing.B, rooms int) measured {
	b.Helper()
	p := startProcess(b, b.TempDir(), "127.0.0.1:0", "--log-level", "error", "--max-sockets", "20000", "--board-burst", "10000")
	boards := make([]made, rooms)
	for i := range boards {
		boards[i] = p.board("segmentation")
	}
	return measured{
		process: p,
		path:    func(room int) string { return boards[room].path("/socket") },
		hello: func(room, seat int) string {
			return fmt.Sprintf(`[{"type":"hello","version":1,"key":%q,"me":"seat %d","client":"c%d"}]`, boards[room].keys["participant"], seat, seat)
		},
	}
}

// measuredBare is the bare loop.
func measuredBare(b *testing.B, _ int) measured {
	b.Helper()
	return measured{
		process: startSelf(b, "JANA_TEST_BARE=1"),
		path:    func(room int) string { return fmt.Sprintf("/%d", room) },
		hello:   func(int, int) string { return "" },
	}
}

const (
	warmUp     = 2 * time.Second
	measureFor = 6 * time.Second
)

// fanOut seats a crowd, has some of each room drag, and reports what that costs the server.
func fanOut(b *testing.B, m measured, rooms, people, dragging, hertz int) (perMillion float64) {
	b.Helper()
	seen := &loaded{}
	done := make(chan struct{})
	var working sync.WaitGroup
	began := time.Now()
	var seats []*seat
	for room := range rooms {
		for i := range people {
			s, err := takeSeat(m.address(), m.path(room), m.hello(room, i))
			if err != nil {
				b.Fatal(err)
			}
			s.began, s.seen, s.sample = began, seen, i%10 == 9
			seats = append(seats, s)
			working.Go(s.listen)
			if i < dragging {
				working.Go(func() { s.drag(hertz, done) })
			}
		}
	}
	time.Sleep(warmUp)
	seen.reset()
	working.Go(func() { profile(b, m.process) })
	before, from := cpu(b, m.cmd.Process.Pid), time.Now()
	time.Sleep(measureFor)
	used, took := cpu(b, m.cmd.Process.Pid)-before, time.Since(from)
	deliveries, frames := seen.deliveries.Load(), seen.frames.Load()
	close(done)
	for _, s := range seats {
		_ = s.conn.Close() // the readers see it
	}
	working.Wait()
	if want := float64(rooms*dragging*hertz*(people-1)) * took.Seconds(); float64(deliveries) < 0.9*want {
		b.Logf("only %.0f %% of what was sent was delivered", 100*float64(deliveries)/want)
	}
	perMillion = used.Seconds() / float64(deliveries) * 1e6
	b.ReportMetric(perMillion, "cpu-s/Mdelivery")
	b.ReportMetric(float64(deliveries)/took.Seconds(), "deliveries/s")
	b.ReportMetric(float64(frames)/float64(deliveries), "frames/delivery")
	b.ReportMetric(100*used.Seconds()/took.Seconds(), "cpu-%")
	b.ReportMetric(float64(seen.percentile(.5).Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(seen.percentile(.99).Microseconds())/1000, "p99-ms")
	b.ReportMetric(0, "ns/op")
	return perMillion
}

// BenchmarkFanOut is what it costs to show everybody what everybody does, beside a bare loop in the same run. The server
// has one core, the crowd the other.
func BenchmarkFanOut(b *testing.B) {
	for _, shape := range []struct {
		name                           string
		rooms, people, dragging, hertz int
	}{
		{"1x50-all", 1, 50, 50, 20},
		{"20x50-5", 20, 50, 5, 20},
		{"1x500-10", 1, 500, 10, 20},
		{"1x50-1", 1, 50, 1, 20},
		{"20x50-15", 20, 50, 15, 20}, // 300,000 deliveries a second
	} {
		var cost [2]float64
		for i, server := range []struct {
			name  string
			start func(*testing.B, int) measured
		}{{"bare", measuredBare}, {"jana", measuredJana}} {
			b.Run(shape.name+"/"+server.name, func(b *testing.B) {
				m := server.start(b, shape.rooms)
				cost[i] = fanOut(b, m, shape.rooms, shape.people, shape.dragging, shape.hertz)
				if i == 1 {
					b.ReportMetric(cost[1]/cost[0], "x-bare")
				}
				m.kill()
			})
		}
	}
}

// profile keeps a profile of the server in the folder that JANA_PROFILE names, for who wants to know where the time goes.
func profile(b *testing.B, p *process) {
	folder := os.Getenv("JANA_PROFILE")
	if folder == "" || !strings.HasPrefix(p.admin, "http://127") {
		return
	}
	got := callAt(b, "GET", fmt.Sprintf("%s/debug/pprof/profile?seconds=%d", p.admin, int(measureFor.Seconds())-1), nil, as(tokenOfTests())...)
	name := strings.ReplaceAll(b.Name(), "/", "-") + ".pprof"
	if err := os.WriteFile(filepath.Join(folder, name), got.body, 0o600); err != nil {
		b.Error(err)
	}
}

// pinned has a command run on the first core and this process on the others, where the system can.
func pinned(cmd *exec.Cmd) *exec.Cmd {
	path, err := exec.LookPath("taskset")
	if err != nil || runtime.NumCPU() < 2 {
		return cmd
	}
	others := fmt.Sprintf("1-%d", runtime.NumCPU()-1)
	_ = exec.Command(path, "-a", "-c", "-p", others, fmt.Sprint(os.Getpid())).Run() // or both share them
	cmd.Args = append([]string{path, "-c", "0"}, cmd.Args...)
	cmd.Path = path
	return cmd
}
