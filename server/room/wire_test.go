package room_test

import (
	"errors"
	"sync"

	"jana/protocol"
)

// wire is the way to one tab. It can be held, and cut.
type wire struct {
	receive func(frame []byte)

	mu     sync.Mutex
	free   *sync.Cond
	held   bool
	broken bool
	frames [][]byte // all that came through
	closed bool
	code   protocol.ByeCode
}

func newWire(receive func([]byte)) *wire {
	w := &wire{receive: receive}
	w.free = sync.NewCond(&w.mu)
	return w
}

// Write implements room.Conn.
func (w *wire) Write(frame []byte) error {
	w.mu.Lock()
	for w.held && !w.broken {
		w.free.Wait()
	}
	if w.broken {
		w.mu.Unlock()
		return errors.New("the wire is cut")
	}
	w.frames = append(w.frames, frame)
	w.mu.Unlock()
	w.receive(frame)
	return nil
}

// Close implements room.Conn.
func (w *wire) Close(code protocol.ByeCode) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed, w.code = true, code
	w.broken = true
}

func (w *wire) hold() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.held = true
}

func (w *wire) letGo() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.held = false
	w.free.Broadcast()
}

func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.broken = true
	w.free.Broadcast()
}

// end tells how the wire was closed from the other side, if it was.
func (w *wire) end() (protocol.ByeCode, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.code, w.closed
}

// text is all that came through.
func (w *wire) text() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var b []byte
	for _, f := range w.frames {
		b = append(append(b, f...), '\n')
	}
	return string(b)
}
