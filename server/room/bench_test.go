package room_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"jana/protocol"
	"jana/protocol/board"
	"jana/server/room"
)

// sink takes frames as fast as they come.
type sink struct {
	frames, bytes atomic.Int64
	wait          atomic.Pointer[chan struct{}] // told of every frame
}

func (s *sink) Write(frame []byte) error {
	s.frames.Add(1)
	s.bytes.Add(int64(len(frame)))
	if wait := s.wait.Load(); wait != nil {
		select {
		case *wait <- struct{}{}:
		default:
		}
	}
	return nil
}

func (s *sink) Close(protocol.ByeCode) {}

func benchWorld(b *testing.B, o room.Options, notes int) (*world, string) {
	b.Helper()
	o.PushBurst, o.PresencePerSecond = 1<<30, 1<<20
	w := newWorld(b, o)
	s, wrong := board.Import([]byte(`{"schema":"workshop-fixture/1","board":{"id":"x","title":"T","language":"fi","phase":"free"}}`), 1000)
	if wrong != nil {
		b.Fatal(wrong)
	}
	e := &board.Entry{Seq: 1, Time: 1, Role: board.Facilitator}
	for i := range notes {
		fields := []board.Field{{Name: "text", Value: fmt.Sprintf("note number %d of a workshop", i)}, {Name: "x", Value: int64(i)}, {Name: "y", Value: int64(i)}, {Name: "z", Value: int64(i)}}
		e.Changes = append(e.Changes, board.Change{Put: board.NewItem(board.TypeNote, board.ID(fmt.Sprintf("n%d", i)), fields)})
	}
	if err := s.Land(e); err != nil {
		b.Fatal(err)
	}
	w.create("b1", s)
	return w, "b1"
}

func attend(b *testing.B, w *world, id string, n int) (members []*room.Member, sinks []*sink) {
	b.Helper()
	for i := range n {
		s := &sink{}
		v := room.Visit{Link: participants, Participant: board.ID(fmt.Sprintf("p%d", i%400)), Client: fmt.Sprintf("t%d", i)}
		m, err := w.hub.Join(context.Background(), id, v, protocol.Hello{Client: v.Client}, s)
		if err != nil {
			b.Fatal(err)
		}
		members, sinks = append(members, m), append(sinks, s)
	}
	b.Cleanup(func() {
		for _, m := range members {
			m.Leave()
		}
	})
	return members, sinks
}

// cpu is what this process has used.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkPresence is everybody dragging, as fast as frames are made: what a
// delivery costs the server before the socket. A delivery is what one says
// reaching one other.
func BenchmarkPresence(b *testing.B) {
	for _, people := range []int{50, 500} {
		b.Run(fmt.Sprint(people), func(b *testing.B) {
			w, id := benchWorld(b, room.Options{}, 1000)
			members, sinks := attend(b, w, id, people)
			wait := make(chan struct{}, 1)
			sinks[0].wait.Store(&wait)
			talkers := members[:min(50, people)]
			deliveries, before := 0, cpu()
			b.ResetTimer()
			for b.Loop() {
				for i, m := range talkers {
					m.Presence(&protocol.Presence{Cursor: &[2]int64{int64(deliveries), int64(i)}, Drag: []board.Place{{ID: board.ID(fmt.Sprintf("n%d", i)), X: int64(deliveries), Y: 5}}})
				}
				<-wait
				deliveries += len(talkers) * people
			}
			b.ReportMetric(float64((cpu()-before).Nanoseconds())/float64(deliveries), "cpu-ns/delivery")
		})
	}
}

// BenchmarkPush is a push from its socket to everybody's, and to disk.
func BenchmarkPush(b *testing.B) {
	for _, notes := range []int{100, 1000, 10_000 - 100} {
		b.Run(fmt.Sprintf("notes=%d", notes), func(b *testing.B) {
			w, id := benchWorld(b, room.Options{}, notes)
			members, _ := attend(b, w, id, 50)
			n := int64(0)
			b.ReportAllocs()
			b.ResetTimer()
			for b.Loop() {
				n++
				m := members[n%50]
				push := protocol.Push{N: 1 + n/50, Ops: []board.Op{move(board.ID(fmt.Sprintf("n%d", n%100)), n%1000, 5)}}
				if err := m.Push(context.Background(), push); err != nil {
					b.Fatal(err)
				}
			}
			b.StopTimer()
			w.saved(id)
		})
	}
}

// BenchmarkSaved is from a push until its author knows that it is on disk.
func BenchmarkSaved(b *testing.B) {
	b.Run("writers=1", func(b *testing.B) {
		w := newWorld(b, room.Options{PushBurst: 1 << 30})
		tab := w.join(w.board("b1"), participants, "p1")
		tab.do(note("n1", "x"))
		for b.Loop() {
			tab.do(move("n1", 1, 1))
		}
	})
	b.Run("writers=64,boards=50", func(b *testing.B) {
		w := newWorld(b, room.Options{PushBurst: 1 << 30})
		for i := range 50 {
			w.board(fmt.Sprintf("b%d", i))
		}
		var left atomic.Int64
		left.Store(int64(b.N))
		var all sync.WaitGroup
		b.ResetTimer()
		for i := range 64 {
			all.Go(func() {
				v := room.Visit{Link: participants, Participant: board.ID(fmt.Sprintf("p%d", i)), Client: "c"}
				own := board.ID(fmt.Sprintf("n%d", i))
				op := note(own, "x")
				for n := int64(1); left.Add(-1) >= 0; n++ {
					result, err := w.hub.Do(context.Background(), w.boards[i%50], v, protocol.Push{N: n, Ops: []board.Op{op}})
					if err != nil || !result.Saved {
						b.Errorf("got %+v, %v", result, err)
						return
					}
					op = move(own, n, 1)
				}
			})
		}
		all.Wait()
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pushes/s")
	})
}

// BenchmarkJoin is somebody coming, who has been there before.
func BenchmarkJoin(b *testing.B) {
	for _, notes := range []int{100, 1000, 9900} {
		for _, at := range []int{1, 50} {
			b.Run(fmt.Sprintf("notes=%d/at-once=%d", notes, at), func(b *testing.B) {
				w, id := benchWorld(b, room.Options{}, notes)
				first, _ := attend(b, w, id, at)
				b.ReportAllocs()
				n := int64(0)
				for b.Loop() {
					n++
					// What was encoded for those who came before is stale.
					if err := first[0].Push(context.Background(), protocol.Push{N: n, Ops: []board.Op{move("n1", n, 0)}}); err != nil {
						b.Fatal(err)
					}
					var all sync.WaitGroup
					for i := range at {
						all.Go(func() {
							s := &sink{}
							v := room.Visit{Link: participants, Participant: board.ID(fmt.Sprintf("p%d", i)), Client: fmt.Sprintf("new%d", i)}
							m, err := w.hub.Join(context.Background(), id, v, protocol.Hello{Client: v.Client}, s)
							if err != nil {
								b.Error(err)
								return
							}
							for s.frames.Load() == 0 {
								time.Sleep(10 * time.Microsecond)
							}
							m.Leave()
						})
					}
					all.Wait()
				}
			})
		}
	}
}
