package cluster

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// Message is what somebody published.
type Message struct {
	Data []byte
	// Hole: messages may have been missed before this one, which has no data.
	Hole bool
}

const (
	// pingEvery so often a connection is asked whether it still lives; after
	// silentFor without a word it is given up.
	pingEvery = time.Second
	silentFor = 3 * time.Second
	// Between attempts to connect again, longer from one to the next.
	minRetry, maxRetry = 20 * time.Millisecond, time.Second
	// maxQueued messages and bytes wait for who hears slowly. Beyond that they
	// are a hole.
	maxQueued, maxQueuedBytes = 1024, 8 << 20
)

// hearing is all subscriptions of a client, over one connection.
type hearing struct {
	mu       sync.Mutex
	closed   chan struct{}
	link     *link // nil while there is none
	channels map[string]*channel
}

// link is one connection for its lifetime.
type link struct {
	pubsub *redis.PubSub
	// asked are subscriptions that Redis has not confirmed yet, by channel: one
	// that was ended and begun again is asked for twice.
	asked map[string]int

	mu    sync.Mutex
	heard time.Time // when it last said anything
}

// channel is what at least one listener wants to hear.
type channel struct {
	live      bool // Redis has confirmed it on this link
	listeners []*listener
}

func newHearing() hearing {
	return hearing{closed: make(chan struct{}), channels: map[string]*channel{}}
}

// Subscribe returns once Redis has confirmed that a channel is heard: what is
// published from then on reaches hear, one message at a time and in order, or
// is told as a hole. Who hears slowly holds up nobody else. stop ends it and
// waits for a call of hear under way, so hear must not call it; after that hear
// is not called any more.
func (c *Client) Subscribe(ctx context.Context, name string, hear func(Message)) (stop func(), err error) {
	l := &listener{hear: hear, ready: make(chan struct{})}
	l.quiet.L = &l.mu
	if err := c.hearing.add(ctx, name, l); err != nil {
		return nil, err
	}
	stop = func() {
		c.hearing.remove(name, l)
		l.stop()
	}
	select {
	case <-l.ready:
		return stop, nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-c.hearing.closed:
		err = fs.ErrClosed
	}
	stop()
	return nil, fmt.Errorf("redis: subscribe: %w", err)
}

func (h *hearing) add(ctx context.Context, name string, l *listener) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	select {
	case <-h.closed:
		return fmt.Errorf("redis: subscribe: %w", fs.ErrClosed)
	default:
	}
	ch := h.channels[name]
	if ch == nil {
		ch = &channel{}
		h.channels[name] = ch
		if h.link != nil {
			h.link.asked[name]++
			h.link.tell(h.link.pubsub.Subscribe(context.WithoutCancel(ctx), name))
		}
	}
	ch.listeners = append(ch.listeners, l)
	if ch.live {
		close(l.ready)
	}
	return nil
}

func (h *hearing) remove(name string, l *listener) {
	h.mu.Lock()
	defer h.mu.Unlock()
	ch := h.channels[name]
	if ch == nil || !slices.Contains(ch.listeners, l) {
		return
	}
	ch.listeners = slices.DeleteFunc(ch.listeners, func(other *listener) bool { return other == l })
	if len(ch.listeners) > 0 {
		return
	}
	delete(h.channels, name)
	if h.link != nil {
		h.link.tell(h.link.pubsub.Unsubscribe(context.Background(), name))
	}
}

// close ends all subscriptions.
func (h *hearing) close() {
	h.mu.Lock()
	close(h.closed)
	var all []*listener
	for name, ch := range h.channels {
		all = append(all, ch.listeners...)
		delete(h.channels, name)
	}
	h.mu.Unlock()
	for _, l := range all {
		l.stop()
	}
}

// listen keeps a connection for the subscriptions until ctx ends.
func (c *Client) listen(ctx context.Context) {
	retry := minRetry
	for ctx.Err() == nil {
		since := time.Now()
		err := c.hearing.follow(ctx, c.redis)
		if ctx.Err() != nil {
			return
		}
		c.log.Debug("the subscriptions' connection to Redis ended", "error", err)
		c.beating.doubt()
		if time.Since(since) > silentFor {
			retry = minRetry
		}
		select {
		case <-ctx.Done():
		case <-time.After(retry/2 + rand.N(retry/2)):
		}
		retry = min(maxRetry, 2*retry)
	}
}

// follow hands out what one connection hears until it ends.
func (h *hearing) follow(ctx context.Context, client redis.UniversalClient) error {
	l := &link{pubsub: client.Subscribe(ctx), asked: map[string]int{}, heard: time.Now()}
	ended, end := context.WithCancel(ctx)
	var watching sync.WaitGroup
	watching.Go(func() { l.watch(ended) })
	defer watching.Wait()
	defer end()
	if err := l.pubsub.Ping(ended); err != nil { // connects
		return err
	}
	if err := h.begin(ended, l); err != nil {
		h.end(l)
		return err
	}
	defer h.end(l)
	for {
		// An error ends the link, also one after which go-redis would go on
		// by itself: what was missed meanwhile is told in one way only.
		said, err := l.pubsub.Receive(ended)
		if err != nil {
			return err
		}
		l.alive()
		switch said := said.(type) {
		case *redis.Subscription:
			if said.Kind == "subscribe" {
				h.confirm(l, said.Channel)
			}
		case *redis.Message:
			h.hand(said)
		}
	}
}

// begin asks for all that anybody wants to hear.
func (h *hearing) begin(ctx context.Context, l *link) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.link = l
	names := make([]string, 0, len(h.channels))
	for name := range h.channels {
		l.asked[name]++
		names = append(names, name)
	}
	if len(names) == 0 {
		return nil
	}
	return l.pubsub.Subscribe(ctx, names...)
}

func (h *hearing) end(l *link) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.link == l {
		h.link = nil
	}
	for _, ch := range h.channels {
		ch.live = false
	}
}

func (h *hearing) confirm(l *link, name string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if l.asked[name]--; l.asked[name] > 0 {
		return
	}
	delete(l.asked, name)
	ch := h.channels[name]
	if ch == nil {
		return
	}
	ch.live = true
	for _, listener := range ch.listeners {
		select {
		case <-listener.ready: // it has heard on another link
			listener.put(Message{Hole: true})
		default:
			close(listener.ready)
		}
	}
}

func (h *hearing) hand(m *redis.Message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if ch := h.channels[m.Channel]; ch != nil && ch.live {
		for _, listener := range ch.listeners {
			listener.put(Message{Data: []byte(m.Payload)})
		}
	}
}

// watch closes the link when ctx ends, and when it has been silent although it
// was asked.
func (l *link) watch(ctx context.Context) {
	defer func() { _ = l.pubsub.Close() }()
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ping.C:
		}
		if time.Since(l.lastHeard()) > silentFor || l.pubsub.Ping(ctx) != nil {
			return
		}
	}
}

// tell ends the link if what was told to Redis did not get there: the next one
// asks for all that anybody wants to hear by then.
func (l *link) tell(err error) {
	if err != nil {
		_ = l.pubsub.Close() // it may be closed already
	}
}

func (l *link) alive() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.heard = time.Now()
}

func (l *link) lastHeard() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.heard
}

// listener is one subscription's end.
type listener struct {
	hear  func(Message)
	ready chan struct{} // closed once Redis has confirmed it for the first time

	mu      sync.Mutex
	waiting []Message
	bytes   int
	busy    bool // a goroutine hands over what waits
	stopped bool
	quiet   sync.Cond // it does no more
}

// put queues a message. It never waits.
func (l *listener) put(m Message) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped {
		return
	}
	if len(l.waiting) >= maxQueued || l.bytes+len(m.Data) > maxQueuedBytes {
		clear(l.waiting)
		l.waiting, l.bytes, m = l.waiting[:0], 0, Message{Hole: true}
	}
	l.waiting = append(l.waiting, m)
	l.bytes += len(m.Data)
	if !l.busy {
		l.busy = true
		go l.hand()
	}
}

// hand hands over what waits, until nothing does.
func (l *listener) hand() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.waiting) > 0 && !l.stopped {
		m := l.waiting[0]
		l.waiting[0] = Message{}
		l.waiting = l.waiting[1:]
		l.bytes -= len(m.Data)
		l.mu.Unlock()
		l.hear(m)
		l.mu.Lock()
	}
	l.busy = false
	l.quiet.Broadcast()
}

// stop waits for the end of hand.
func (l *listener) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopped = true
	for l.busy {
		l.quiet.Wait()
	}
}
