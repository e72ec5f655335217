package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
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

// cost is what showing everybody what everybody does has cost a server.
type cost struct {
	perMillion float64 // seconds of its CPU per million deliveries
	busy       float64 // share of a core
	rate       float64 // deliveries per second
	share      float64 // of what was sent, that arrived
	frames     float64 // per delivery
	p50, p99   float64 // ms
}

// fanOut seats a crowd, has some of each room drag, and measures what that costs the server.
func fanOut(b *testing.B, m measured, s shape) cost {
	b.Helper()
	seen := &loaded{}
	done := make(chan struct{})
	var working sync.WaitGroup
	began := time.Now()
	var seats []*seat
	for room := range s.rooms {
		for i := range s.people {
			taken, err := takeSeat(m.address(), m.path(room), m.hello(room, i))
			if err != nil {
				b.Fatal(err)
			}
			taken.began, taken.seen, taken.sample = began, seen, i%10 == 9
			seats = append(seats, taken)
			working.Go(taken.listen)
		}
	}
	for i, taken := range seats {
		if i%s.people < s.dragging {
			working.Go(func() { taken.drag(s.hertz, done) })
		}
	}
	time.Sleep(warmUp)
	seen.reset()
	working.Go(func() { profile(b, m.process) })
	before, from := cpu(b, m.cmd.Process.Pid), time.Now()
	time.Sleep(measureFor)
	used, took := (cpu(b, m.cmd.Process.Pid) - before).Seconds(), time.Since(from).Seconds()
	deliveries, frames := float64(seen.deliveries.Load()), float64(seen.frames.Load())
	close(done)
	for _, taken := range seats {
		_ = taken.conn.Close() // the readers see it
	}
	working.Wait()
	return cost{
		perMillion: used / deliveries * 1e6, busy: used / took, rate: deliveries / took,
		share:  deliveries / (float64(s.rooms*s.dragging*s.hertz*(s.people-1)) * took),
		frames: frames / deliveries, p50: milliseconds(seen.percentile(.5)), p99: milliseconds(seen.percentile(.99)),
	}
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// shape is who does what in a measurement.
type shape struct {
	name                           string
	rooms, people, dragging, hertz int
}

// rounds of each measurement, in turn with the bare loop: the machine may have other things to do, and the middle one
// counts.
const rounds = 3

// BenchmarkFanOut is what it costs to show everybody what everybody does, beside a bare loop in the same run. The server
// has one core, the crowd the others.
func BenchmarkFanOut(b *testing.B) {
	for _, s := range []shape{
		{"1x50-all", 1, 50, 50, 20},
		{"20x50-5", 20, 50, 5, 20},
		{"1x500-10", 1, 500, 10, 20},
		{"1x50-1", 1, 50, 1, 20},
		{"20x50-15", 20, 50, 15, 20}, // 300,000 deliveries a second
	} {
		b.Run(s.name, func(b *testing.B) {
			var jana, bare []cost
			for range rounds {
				for _, server := range []struct {
					start func(*testing.B, int) measured
					costs *[]cost
				}{{measuredBare, &bare}, {measuredJana, &jana}} {
					m := server.start(b, s.rooms)
					*server.costs = append(*server.costs, fanOut(b, m, s))
					m.kill()
				}
			}
			report := func(costs []cost, of func(cost) float64, unit string) float64 {
				all := make([]float64, len(costs))
				for i, c := range costs {
					all[i] = of(c)
				}
				slices.Sort(all)
				b.ReportMetric(all[len(all)/2], unit)
				return all[len(all)/2]
			}
			ours := report(jana, func(c cost) float64 { return c.perMillion }, "cpu-s/Mdelivery")
			theirs := report(bare, func(c cost) float64 { return c.perMillion }, "bare-cpu-s/Mdelivery")
			b.ReportMetric(ours/theirs, "x-bare")
			report(jana, func(c cost) float64 { return c.rate }, "deliveries/s")
			report(jana, func(c cost) float64 { return 100 * c.share }, "%-delivered")
			report(jana, func(c cost) float64 { return 100 * c.busy }, "%-of-a-core")
			report(jana, func(c cost) float64 { return c.frames }, "frames/delivery")
			report(bare, func(c cost) float64 { return c.frames }, "bare-frames/delivery")
			report(jana, func(c cost) float64 { return c.p50 }, "p50-ms")
			report(jana, func(c cost) float64 { return c.p99 }, "p99-ms")
			report(bare, func(c cost) float64 { return c.p99 }, "bare-p99-ms")
			b.ReportMetric(0, "ns/op")
		})
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
