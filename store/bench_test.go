package store

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"jana/protocol/board"
)

// moved is an entry as a drag makes it, with its change.
func moved(seq int64) *board.Entry {
	x := seq % 10000
	return &board.Entry{
		Seq: seq, Time: 1_790_000_000_000 + seq, By: "pabcdefghij23", Role: board.Participant, Link: "k2345678901234567",
		Client: "abcdefghij234567", N: seq, Ops: []board.Op{board.Move{Moves: []board.Place{{ID: "abcdefghij234567", X: x, Y: x}}}},
		Changes: []board.Change{{Set: "abcdefghij234567", Fields: []board.Field{
			{Name: "x", Value: x}, {Name: "y", Value: x}, {Name: "z", Value: seq},
		}}},
	}
}

// disk is the bare disk under the store: a file that is appended to, and an
// fdatasync after each record.
type disk struct {
	f     *os.File
	bytes []byte
	took  []time.Duration
}

func newDisk(b *testing.B, dir string, bytes int) *disk {
	b.Helper()
	f, err := os.Create(filepath.Join(dir, "bare"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { f.Close() })
	return &disk{f: f, bytes: make([]byte, bytes)}
}

func (d *disk) write(b *testing.B) {
	begun := time.Now()
	if _, err := d.f.Write(d.bytes); err != nil {
		b.Fatal(err)
	}
	if err := syscall.Fdatasync(int(d.f.Fd())); err != nil {
		b.Fatal(err)
	}
	d.took = append(d.took, time.Since(begun))
}

func quantile(took []time.Duration, q float64) time.Duration {
	if len(took) == 0 {
		return 0
	}
	slices.Sort(took)
	return took[min(len(took)-1, int(q*float64(len(took))))]
}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

// cpu is the time that this process has had of the processors.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func benchStore(b *testing.B, boards int) *Store {
	b.Helper()
	s, err := Open(filepath.Join(b.TempDir(), "jana.db"), Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(ctx); err != nil {
			b.Error(err)
		}
	})
	for i := range boards {
		if err := s.Create(ctx, fmt.Sprintf("board-%d", i), birth(b).Snapshot()); err != nil {
			b.Fatal(err)
		}
	}
	return s
}

// BenchmarkSavedForOneWriter is what one person waits from "ordered" to
// "saved", beside the bare disk's own fsync of the same bytes, by turns. To
// reach: a p50 of at most three times the disk's.
func BenchmarkSavedForOneWriter(b *testing.B) {
	s := benchStore(b, 1)
	raw := stored(b, moved(1))
	d := newDisk(b, filepath.Dir(s.path), len(raw))
	took := make([]time.Duration, 0, b.N)
	saved := make(chan error, 1)
	for seq := int64(1); b.Loop(); seq++ {
		e := moved(seq)
		begun := time.Now()
		if err := s.Append(ctx, "board-0", Batch{Entries: []*board.Entry{e}}, func(err error) { saved <- err }); err != nil {
			b.Fatal(err)
		}
		if err := <-saved; err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(begun))
		b.StopTimer()
		d.write(b)
		b.StartTimer()
	}
	own, bare := quantile(took, 0.5), quantile(d.took, 0.5)
	b.ReportMetric(micros(own), "p50-µs")
	b.ReportMetric(micros(quantile(took, 0.99)), "p99-µs")
	b.ReportMetric(micros(bare), "disk-p50-µs")
	b.ReportMetric(float64(own)/float64(bare), "×disk")
}

// BenchmarkSavedFor64Writers has 64 people on 50 boards who all wait for each
// of their ops to be saved before the next. To reach: 20,000 ops/s.
func BenchmarkSavedFor64Writers(b *testing.B) {
	const writers, boards = 64, 50
	s := benchStore(b, boards)
	d := newDisk(b, filepath.Dir(s.path), len(stored(b, moved(1))))
	for range 200 {
		d.write(b)
	}
	var mu [boards]sync.Mutex
	var seqs [boards]int64
	var left atomic.Int64
	var all sync.Mutex
	var took []time.Duration
	left.Store(int64(b.N))
	before, cpuBefore := s.Stats(), cpu(b)
	b.ResetTimer()
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			at := w % boards
			id := fmt.Sprintf("board-%d", at)
			saved := make(chan error, 1)
			var mine []time.Duration
			for left.Add(-1) >= 0 {
				mu[at].Lock()
				seqs[at]++
				e := moved(seqs[at])
				begun := time.Now()
				err := s.Append(ctx, id, Batch{Entries: []*board.Entry{e}}, func(err error) { saved <- err })
				mu[at].Unlock()
				if err == nil {
					err = <-saved
				}
				if err != nil {
					b.Error(err)
					return
				}
				mine = append(mine, time.Since(begun))
			}
			all.Lock()
			took = append(took, mine...)
			all.Unlock()
		})
	}
	wg.Wait()
	b.StopTimer()
	after, cpuAfter := s.Stats(), cpu(b)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "ops/s")
	b.ReportMetric(micros(quantile(took, 0.5)), "p50-µs")
	b.ReportMetric(micros(quantile(took, 0.99)), "p99-µs")
	b.ReportMetric(micros(quantile(d.took, 0.5)), "disk-p50-µs")
	b.ReportMetric(micros(cpuAfter-cpuBefore)/float64(b.N), "cpu-µs/op")
	b.ReportMetric(float64(b.N)/float64(after.Flushes-before.Flushes), "ops/flush")
	b.ReportMetric(float64(after.FileBytes-before.FileBytes)/float64(b.N), "file-B/op")
}

// BenchmarkLoad is what it costs to open a board: a snapshot with many notes,
// and the most log that a room lets grow behind it.
func BenchmarkLoad(b *testing.B) {
	for _, notes := range []int{100, 1000, 10000} {
		b.Run(fmt.Sprintf("%dNotes", notes), func(b *testing.B) {
			s := benchStore(b, 1)
			state := birth(b)
			apply := func(ops ...board.Op) *board.Entry {
				e := &board.Entry{Seq: state.Seq() + 1, By: "pF", Role: board.Facilitator, Client: "tab", N: state.Seq() + 1, Ops: ops}
				state.Apply(e)
				return e
			}
			for i := range notes - 3 {
				apply(note(fmt.Sprintf("a%d", i), "Asiakas ei löydä aukioloaikoja verkkosivulta"))
			}
			if err := s.Create(ctx, "big", state.Snapshot()); err != nil {
				b.Fatal(err)
			}
			saved := make(chan error, 1)
			for range 40 {
				var batch Batch
				for i := range 50 {
					batch.Entries = append(batch.Entries, apply(board.Move{Moves: []board.Place{{ID: "n1", X: int64(i), Y: 1}}}))
				}
				if err := s.Append(ctx, "big", batch, func(err error) { saved <- err }); err != nil {
					b.Fatal(err)
				}
				if err := <-saved; err != nil {
					b.Fatal(err)
				}
			}
			for b.Loop() {
				if _, err := s.Load(ctx, "big"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
