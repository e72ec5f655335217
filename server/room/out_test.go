package room

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"jana/protocol"
)

// gate is a reader that takes a frame whenever it is let.
type gate struct {
	let    chan struct{}
	mu     sync.Mutex
	frames []string
	closed []protocol.ByeCode
	err    error
}

func (g *gate) Write(frame []byte) error {
	<-g.let
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.err == nil {
		g.frames = append(g.frames, string(frame))
	}
	return g.err
}

func (g *gate) Close(code protocol.ByeCode) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = append(g.closed, code)
}

func (g *gate) open() { close(g.let) }

// expect fails unless exactly these frames have come, and these closes.
func (g *gate) expect(t *testing.T, closed []protocol.ByeCode, frames ...string) {
	t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	if !slices.Equal(g.frames, frames) || !slices.Equal(g.closed, closed) {
		t.Errorf("got %v, closed with %v, want %v and %v", g.frames, g.closed, frames, closed)
	}
}

func fact(n int) frame { return newFrame(fmt.Appendf(nil, "%d", n), nil, 1) }

func queueFor(t *testing.T, messages int, test func(q *queue, g *gate, drained *int)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var running sync.WaitGroup
		drained := 0
		g := &gate{let: make(chan struct{})}
		q := &queue{conn: g, writers: &running, maxMessages: messages, maxBytes: 1000, drained: func() { drained++ }}
		test(q, g, &drained)
		running.Wait()
		if q.writing {
			t.Error("a writer is left")
		}
	})
}

func TestABacklogIsWrittenAsOneFrame(t *testing.T) {
	queueFor(t, 100, func(q *queue, g *gate, _ *int) {
		if got := q.put(fact(1)); got != onItsWay {
			t.Errorf("got %v", got)
		}
		synctest.Wait() // it is being written
		for n := 2; n < 5; n++ {
			if got := q.put(newFrame(fmt.Appendf(nil, "%d", n), fmt.Appendf(nil, "%d", 10*n), 2)); got != busy {
				t.Errorf("got %v", got)
			}
		}
		g.open()
		synctest.Wait()
		g.expect(t, nil, "[1]", "[2,20,3,30,4,40]")
		q.put(fact(5))
		synctest.Wait()
		g.expect(t, nil, "[1]", "[2,20,3,30,4,40]", "[5]")
	})
}

func TestWhatDoesNotFitIsDroppedForAWelcome(t *testing.T) {
	queueFor(t, 3, func(q *queue, g *gate, drained *int) {
		q.put(fact(1))
		synctest.Wait()
		var got []reach
		for n := 2; n < 7; n++ {
			got = append(got, q.put(fact(n)))
		}
		if want := []reach{busy, busy, busy, overflowed, dropped}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		q.keep(fact(99)) // an answer that nothing would make up for
		g.open()
		synctest.Wait()
		g.expect(t, nil, "[1]", "[99]")
		if *drained != 1 {
			t.Errorf("told %d times that it is owed something", *drained)
		}
		if behind, _ := q.owed(); !behind {
			t.Error("it is owed nothing")
		}
		q.welcome(newFrame([]byte("100"), nil, 1000))
		q.put(fact(7))
		synctest.Wait()
		g.expect(t, nil, "[1]", "[99]", "[100,7]")
	})
}

func TestALargeFrameFitsByItself(t *testing.T) {
	queueFor(t, 3, func(q *queue, g *gate, _ *int) {
		g.open()
		if got := q.put(newFrame([]byte("1"), nil, 1000)); got != onItsWay {
			t.Errorf("got %v", got)
		}
		synctest.Wait()
		g.expect(t, nil, "[1]")
	})
}

func TestPresenceIsLeftOutOfALongBacklog(t *testing.T) {
	queueFor(t, 1000, func(q *queue, g *gate, drained *int) {
		q.put(fact(0))
		synctest.Wait()
		want := "["
		for n := 1; n <= lagFrames+3; n++ {
			q.put(newFrame(fmt.Appendf(nil, "%d", n), []byte(`"p"`), 2))
			if n > 1 {
				want += ","
			}
			want += fmt.Sprint(n)
			if n <= lagFrames {
				want += `,"p"`
			}
		}
		q.put(newFrame(nil, []byte(`"p"`), 1)) // nothing is left of it
		g.open()
		synctest.Wait()
		g.expect(t, nil, "[0]", want+"]")
		if behind, missed := q.owed(); behind || !missed || *drained != 1 {
			t.Errorf("got behind %v, missed %v, told %d times", behind, missed, *drained)
		}
		q.catchUp(newFrame([]byte(`"all"`), nil, 1))
		synctest.Wait()
		g.expect(t, nil, "[0]", want+"]", `["all"]`)
	})
}

func TestTheLastWordsComeBeforeTheClose(t *testing.T) {
	queueFor(t, 100, func(q *queue, g *gate, _ *int) {
		q.put(fact(1))
		synctest.Wait()
		q.put(fact(2))
		q.finish(protocol.Deleted, fact(3))
		q.finish(protocol.TooSlow, fact(4))
		if got := q.put(fact(5)); got != dropped {
			t.Errorf("got %v", got)
		}
		q.keep(fact(6))
		g.expect(t, nil)
		g.open()
		synctest.Wait()
		g.expect(t, []protocol.ByeCode{protocol.Deleted}, "[1]", "[2,3]")
	})
}

func TestAReaderWhoCannotBeReachedIsClosedOnce(t *testing.T) {
	queueFor(t, 100, func(q *queue, g *gate, _ *int) {
		g.err = errors.New("gone")
		q.put(fact(1))
		synctest.Wait()
		q.put(fact(2))
		q.finish(protocol.Draining, fact(3))
		g.open()
		synctest.Wait()
		q.put(fact(4))
		q.finish(protocol.Draining)
		synctest.Wait()
		g.expect(t, []protocol.ByeCode{""})
	})
}

func TestWhoLeftByItselfIsNotClosed(t *testing.T) {
	queueFor(t, 100, func(q *queue, g *gate, _ *int) {
		q.put(fact(1))
		synctest.Wait()
		q.put(fact(2))
		q.leave()
		q.finish(protocol.Draining, fact(3))
		g.open()
		synctest.Wait()
		g.expect(t, nil, "[1]")
	})
}

func TestAnswersThatNobodyReadsEndTheConnection(t *testing.T) {
	queueFor(t, 3, func(q *queue, g *gate, _ *int) {
		q.keep(fact(0))
		synctest.Wait()
		for n := 1; n <= 6; n++ {
			if !q.keep(fact(n)) {
				t.Errorf("number %d was too many", n)
			}
		}
		if q.keep(fact(7)) {
			t.Error("it may go on for ever")
		}
		g.open()
		synctest.Wait()
		g.expect(t, []protocol.ByeCode{protocol.TooSlow}, "[0]", `[{"type":"bye","code":"too_slow","retry":null}]`)
	})
}
