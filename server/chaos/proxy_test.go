package chaos

import (
	"net"
	"sync"
	"time"
)

// way is what a proxy does with what comes.
type way int

const (
	pass way = iota
	// hold keeps what comes, both ways: nothing arrives, and nothing is known to be broken.
	hold
	// cut breaks what is connected, and whoever connects.
	cut
	// mute lets through what is asked, and loses what is answered.
	mute
)

// proxy stands between two who speak TCP.
type proxy struct {
	listener net.Listener
	running  sync.WaitGroup

	mu      sync.Mutex
	changed *sync.Cond
	target  string
	way     way
	delay   time.Duration // of what is answered
	links   map[*link]struct{}
	closed  bool
}

// link is one connection through it.
type link struct {
	near, far net.Conn
	broken    bool
	lossy     bool // something was lost on it: it has to break before the way is free again
}

func newProxy(target string) (*proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &proxy{listener: l, target: target, links: map[*link]struct{}{}}
	p.changed = sync.NewCond(&p.mu)
	p.running.Go(p.accept)
	return p, nil
}

func (p *proxy) address() string { return p.listener.Addr().String() }

func (p *proxy) accept() {
	for {
		near, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.running.Go(func() { p.serve(near) })
	}
}

func (p *proxy) serve(near net.Conn) {
	p.mu.Lock()
	target, way := p.target, p.way
	p.mu.Unlock()
	if way == cut {
		near.Close()
		return
	}
	far, err := net.DialTimeout("tcp", target, time.Second)
	if err != nil {
		near.Close()
		return
	}
	l := &link{near: near, far: far}
	p.mu.Lock()
	if p.closed || p.way == cut || p.target != target {
		p.mu.Unlock()
		near.Close()
		far.Close()
		return
	}
	p.links[l] = struct{}{}
	delay := p.delay
	p.mu.Unlock()
	var pumping sync.WaitGroup
	pumping.Go(func() { p.pump(l, near, far, false, 0) })
	pumping.Go(func() { p.pump(l, far, near, true, delay) })
	pumping.Wait()
	p.mu.Lock()
	delete(p.links, l)
	p.mu.Unlock()
}

// piece is some bytes, and when they may arrive.
type piece struct {
	due   time.Time
	bytes []byte
}

func (p *proxy) pump(l *link, from, to net.Conn, answers bool, delay time.Duration) {
	pieces := make(chan piece, 1024)
	var writing sync.WaitGroup
	writing.Go(func() {
		for at := range pieces {
			time.Sleep(time.Until(at.due))
			if p.lets(l, answers) {
				if _, err := to.Write(at.bytes); err != nil {
					p.drop(l)
				}
			}
		}
	})
	b := make([]byte, 32<<10)
	for {
		n, err := from.Read(b)
		if n > 0 {
			pieces <- piece{time.Now().Add(delay), append([]byte(nil), b[:n]...)}
		}
		if err != nil {
			break
		}
	}
	close(pieces)
	writing.Wait() // what was said before the end arrives before it
	p.drop(l)
}

// lets waits while the way is held, and says whether the piece at hand arrives.
func (p *proxy) lets(l *link, answers bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.way == hold && !l.broken {
		p.changed.Wait()
	}
	if p.way == mute && answers {
		l.lossy = true
	}
	return !l.broken && !(answers && l.lossy)
}

func (p *proxy) drop(l *link) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.breakLink(l)
}

func (p *proxy) breakLink(l *link) {
	if !l.broken {
		l.broken = true
		l.near.Close()
		l.far.Close()
		p.changed.Broadcast()
	}
}

// goes sets what becomes of what comes from now on.
func (p *proxy) goes(w way) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.way = w
	for l := range p.links {
		if w == cut || w == pass && l.lossy {
			p.breakLink(l)
		}
	}
	p.changed.Broadcast()
}

// leads says where to from now on. What is connected breaks.
func (p *proxy) leads(target string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.target = target
	for l := range p.links {
		p.breakLink(l)
	}
}

// slow lets answers of connections to come arrive later.
func (p *proxy) slow(by time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.delay = by
}

func (p *proxy) close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.listener.Close()
	p.goes(cut)
	p.running.Wait()
}
