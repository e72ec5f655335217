package web

import (
	"context"
	"sync"
	"time"

	"jana/protocol"
)

// sockets are all websockets of this instance, and the one goroutine that watches over them: it ends those that do not
// say who they are, never finish a message, do not take what is written, or are not there any more. One for all, since a
// timer or a goroutine for each is what thousands of idle connections would cost most.
type sockets struct {
	began time.Time

	mu    sync.Mutex
	all   map[*socket]bool // true once it is open
	ended bool
	empty chan struct{} // closed when ended and all have gone

	stop, stopped chan struct{}
}

func (s *sockets) start(l Limits) {
	s.began = time.Now()
	s.all = map[*socket]bool{}
	s.empty = make(chan struct{})
	s.stop, s.stopped = make(chan struct{}), make(chan struct{})
	go s.watch(l)
}

// now is a clock reading: nanoseconds that only grow, never 0.
func (s *sockets) now() int64 { return int64(time.Since(s.began)) + 1 }

// add takes a socket's place, if there is one left.
func (s *sockets) add(k *socket, l Limits) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended || len(s.all) >= l.Sockets {
		return false
	}
	k.quiet = int64(jittered(l.Quiet))
	s.all[k] = false
	return true
}

func (s *sockets) opened(k *socket) {
	now := s.now()
	k.opened = now
	k.heard.Store(now)
	k.pinged = now
	s.mu.Lock()
	s.all[k] = true
	s.mu.Unlock()
}

func (s *sockets) remove(k *socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, k)
	if s.ended && len(s.all) == 0 {
		close(s.empty)
	}
}

func (s *sockets) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.all)
}

// open lists the sockets that are open, for the watch.
func (s *sockets) open(into []*socket) []*socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k, open := range s.all {
		if open {
			into = append(into, k)
		}
	}
	return into
}

// end sends away whoever is left and waits until all are gone. When ctx ends it lets go of them.
func (s *sockets) end(ctx context.Context) error {
	s.mu.Lock()
	if s.ended = true; len(s.all) == 0 {
		close(s.empty)
	}
	s.mu.Unlock()
	for _, k := range s.open(nil) {
		go k.bye(protocol.Bye{Code: protocol.Draining})
	}
	var err error
	select {
	case <-s.empty:
	case <-ctx.Done():
		err = ctx.Err()
		for _, k := range s.open(nil) {
			k.drop()
		}
	}
	close(s.stop)
	<-s.stopped
	return err
}

func (s *sockets) watch(l Limits) {
	defer close(s.stopped)
	tick := time.NewTicker(min(time.Second, l.Hello/4, l.Message/4, l.Write/4, l.Quiet/4, l.Answer/4))
	defer tick.Stop()
	var all []*socket
	for {
		select {
		case <-s.stop:
			return
		case <-tick.C:
		}
		now := s.now()
		all = s.open(all[:0])
		for _, k := range all {
			k.check(now, l)
		}
		clear(all)
	}
}

// ask is the frame that asks whether a browser is there.
var ask = protocol.Frame(protocol.Ping{})

// check is the watch over one socket. It never waits: whatever may take time has a goroutine of its own.
func (k *socket) check(now int64, l Limits) {
	over := func(since int64, limit time.Duration) bool { return since != 0 && now-since > int64(limit) }
	heard := k.heard.Load()
	asked := k.asked.Load()
	switch {
	case over(k.writing.Load(), l.Write):
		k.drop()
	case !k.greeted.Load() && over(k.opened, l.Hello):
		go k.bye(protocol.Bye{Code: protocol.NoHello})
	case over(k.reading.Load(), l.Message):
		go k.bye(protocol.Bye{Code: protocol.BadMessage})
	case !k.greeted.Load() || k.busy.Load():
		// It is not being read, so silence says nothing.
	case asked != 0 && heard >= asked:
		k.asked.Store(0)
	case over(asked, l.Answer):
		k.drop()
	case asked == 0 && now-heard > k.quiet:
		k.asked.Store(now)
		go k.wire.send(ask) // if it fails, the reader learns of it
	}
}
