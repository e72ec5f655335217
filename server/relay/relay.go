// Package relay carries presence between instances: what people at a board do,
// and who is there. It is lossy. Nobody waits for it, nothing is kept for who
// was not there, and while Redis is away nothing is carried; its users repeat
// what matters. It does not know what it carries.
package relay

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"jana/server/cluster"
)

const (
	// maxWaiting messages of a board wait while others are on their way. Older
	// ones are dropped.
	maxWaiting = 8
	// sendTimeout is how long messages may be on their way.
	sendTimeout = time.Second
)

// Relay carries the presence of all boards of an instance. Its methods may be
// called from any goroutine.
type Relay struct {
	client  *cluster.Client
	log     *slog.Logger
	running sync.WaitGroup
	counts  Counters

	mu      sync.Mutex
	boards  map[string]*ear
	waiting map[string][][]byte // by channel
	sending bool                // a goroutine sends what waits
	stopped bool
}

// Counters count messages since the start. One that was sent may get lost all
// the same; one that was dropped was not even sent.
type Counters struct{ Sent, Received, Dropped atomic.Int64 }

// Counters are for reading, at any time.
func (r *Relay) Counters() *Counters { return &r.counts }

// ear is an open board.
type ear struct {
	end   context.CancelFunc
	begun chan struct{} // closed once stop is there, nil if it was not begun
	stop  func()
}

// New makes a relay without boards.
func New(client *cluster.Client, log *slog.Logger) *Relay {
	return &Relay{client: client, log: log, boards: map[string]*ear{}, waiting: map[string][][]byte{}}
}

// Open begins to hear what other instances send of a board, as soon as Redis is
// there. hear is called from any goroutine; from nobody it hears that messages
// may have been missed so far, which comes first. A board that is open already
// stays as it is.
func (r *Relay) Open(id string, hear func(from string, data []byte)) {
	ctx, end := context.WithCancel(context.Background())
	e := &ear{end: end, begun: make(chan struct{})}
	r.mu.Lock()
	if r.stopped || r.boards[id] != nil {
		r.mu.Unlock()
		end()
		return
	}
	r.boards[id] = e
	r.running.Add(1)
	r.mu.Unlock()
	go func() {
		defer r.running.Done()
		defer close(e.begun)
		stop, err := r.client.Subscribe(ctx, r.channel(id), func(m cluster.Message) { r.hand(m, hear) })
		if err != nil {
			if ctx.Err() == nil && !errors.Is(err, fs.ErrClosed) {
				r.log.Warn("the presence of other instances is not heard", "board", id, "error", err)
			}
			return
		}
		e.stop = stop
		if ctx.Err() == nil {
			hear("", nil)
		}
	}()
}

// hand gives a message to who hears it, unless it is our own.
func (r *Relay) hand(m cluster.Message, hear func(from string, data []byte)) {
	if m.Hole {
		hear("", nil)
		return
	}
	from, data, ok := bytes.Cut(m.Data, []byte{'\n'})
	if ok && len(from) > 0 && string(from) != r.client.Instance() {
		r.counts.Received.Add(1)
		hear(string(from), data)
	}
}

// Close ends what Open began. hear is not called any more.
func (r *Relay) Close(id string) {
	r.mu.Lock()
	e := r.boards[id]
	delete(r.boards, id)
	r.mu.Unlock()
	if e != nil {
		e.close()
	}
}

func (e *ear) close() {
	e.end()
	<-e.begun
	if e.stop != nil {
		e.stop()
	}
}

// Send hands data to the other instances that have the board open. It never
// waits and keeps none of it.
func (r *Relay) Send(id string, data []byte) {
	from := r.client.Instance()
	message := make([]byte, 0, len(from)+1+len(data))
	message = append(append(append(message, from...), '\n'), data...)
	channel := r.channel(id)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped {
		return
	}
	waiting := r.waiting[channel]
	if len(waiting) == maxWaiting {
		copy(waiting, waiting[1:])
		waiting = waiting[:maxWaiting-1]
		r.counts.Dropped.Add(1)
	}
	r.waiting[channel] = append(waiting, message)
	if !r.sending {
		r.sending = true
		r.running.Go(r.send)
	}
}

// send sends what waits, of all boards together, until nothing does.
func (r *Relay) send() {
	for {
		var all []cluster.Publication
		r.mu.Lock()
		for channel, waiting := range r.waiting {
			for _, message := range waiting {
				all = append(all, cluster.Publication{Channel: channel, Data: message})
			}
		}
		clear(r.waiting)
		r.sending = len(all) > 0
		r.mu.Unlock()
		if len(all) == 0 {
			return
		}
		if r.client.Up() != nil {
			r.counts.Dropped.Add(int64(len(all)))
			continue // it is told again when there is somebody to tell
		}
		ctx, cancel := context.WithTimeout(context.Background(), sendTimeout)
		if err := r.client.PublishAll(ctx, all); err != nil {
			r.counts.Dropped.Add(int64(len(all)))
			r.log.Debug("presence was lost", "messages", len(all), "error", err)
		} else {
			r.counts.Sent.Add(int64(len(all)))
		}
		cancel()
	}
}

// Stop ends what is still open and returns when everything that was sent is on
// its way or lost.
func (r *Relay) Stop() {
	r.mu.Lock()
	r.stopped = true
	open := r.boards
	r.boards = map[string]*ear{}
	r.mu.Unlock()
	for _, e := range open {
		e.close()
	}
	r.running.Wait()
}

func (r *Relay) channel(id string) string { return r.client.Key(id, "q") }
