package web

import (
	"net/netip"
	"sync"
	"time"
)

// rate allows each address so many deeds per minute, and a burst of them at once. It forgets addresses that have not
// been heard of for as long as their burst takes to come back.
type rate struct {
	perMinute, burst float64

	mu        sync.Mutex
	addresses map[netip.Addr]bucket
	swept     time.Time
}

type bucket struct {
	left float64
	at   time.Time
}

func newRate(perMinute, burst int) *rate {
	return &rate{perMinute: float64(perMinute), burst: float64(burst), addresses: map[netip.Addr]bucket{}}
}

// take reports whether one more is allowed at the time now, and if not, after how long.
func (r *rate) take(from netip.Addr, now time.Time) (ok bool, wait time.Duration) {
	from = network(from)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sweep(now)
	b, known := r.addresses[from]
	if !known {
		b = bucket{left: r.burst}
	} else {
		b.left = min(r.burst, b.left+now.Sub(b.at).Minutes()*r.perMinute)
	}
	b.at = now
	if ok = b.left >= 1; ok {
		b.left--
	} else {
		wait = time.Duration((1 - b.left) / r.perMinute * float64(time.Minute))
	}
	r.addresses[from] = b
	return ok, wait
}

func (r *rate) sweep(now time.Time) {
	full := time.Duration(r.burst / r.perMinute * float64(time.Minute))
	if now.Sub(r.swept) < full {
		return
	}
	r.swept = now
	for from, b := range r.addresses {
		if now.Sub(b.at) > full {
			delete(r.addresses, from)
		}
	}
}

// network is what one household has: an IPv4 address, or the /64 of an IPv6 one, of which it has more addresses than
// could be counted.
func network(a netip.Addr) netip.Addr {
	a = a.Unmap()
	if a.Is6() {
		if p, err := a.WithZone("").Prefix(64); err == nil {
			return p.Addr()
		}
	}
	return a
}
