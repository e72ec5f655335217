package web

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// edge is what is known of how browsers reach this server.
type edge struct {
	// base is the public address, nil if none is configured.
	base *url.URL
	// trusted are the proxies whose X-Forwarded headers are believed.
	trusted []netip.Prefix
}

// address is the nearest address that is not one of the trusted proxies: what an untrusted one says of itself or of
// others counts for nothing.
func (e *edge) address(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}
	}
	chain := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(chain) - 1; i >= 0 && e.trusts(addr); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(chain[i]))
		if err != nil {
			break
		}
		addr = next
	}
	return addr.Unmap()
}

func (e *edge) trusts(addr netip.Addr) bool {
	addr = addr.Unmap()
	for _, p := range e.trusted {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}

// secure reports whether the browser's side of the request was encrypted, as far as that is known.
func (e *edge) secure(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	addr, err := netip.ParseAddr(host)
	return err == nil && e.trusts(addr) && strings.EqualFold(strings.TrimSpace(lastPart(r.Header.Get("X-Forwarded-Proto"))), "https")
}

// isolates reports whether the browser keeps the page apart from those that open it. On plain http it does so for
// loopback alone, and complains of the header elsewhere.
func (e *edge) isolates(r *http.Request) bool {
	if e.secure(r) || e.base != nil && e.base.Scheme == "https" {
		return true
	}
	return isLoopback(hostOf(r))
}

// hostOf is the host that a request was sent to, without the port.
func hostOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	return strings.Trim(host, "[]")
}

// isLoopback reports whether only this machine knows the host.
func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

func lastPart(list string) string { return list[strings.LastIndexByte(list, ',')+1:] }

// allows reports whether a page of the request's origin may change anything or open a websocket. Programs send no
// origin, and may.
//
// A page's origin must be the host it asks, or the configured address. Over a plain connection an https origin of the same
// host may: an encrypting proxy in front is then not configured as trusted. The other way round it may not.
func (e *edge) allows(r *http.Request) bool {
	sent := r.Header.Values("Origin")
	if len(sent) == 0 {
		return true
	}
	origin, err := url.Parse(sent[0])
	if len(sent) > 1 || err != nil || origin.Host == "" || origin.Path != "" || origin.User != nil ||
		origin.RawQuery != "" || origin.Fragment != "" || origin.Scheme != "http" && origin.Scheme != "https" {
		return false
	}
	if e.base != nil && sameHost(origin, e.base.Scheme, e.base.Host) && origin.Scheme == e.base.Scheme {
		return true
	}
	if !sameHost(origin, origin.Scheme, r.Host) {
		return false
	}
	if origin.Scheme == "https" {
		return true
	}
	encrypted := e.secure(r) || e.base != nil && e.base.Scheme == "https" && strings.EqualFold(e.base.Hostname(), origin.Hostname())
	return !encrypted
}

// sameHost compares hosts and ports, where the port of the scheme may be left out.
func sameHost(origin *url.URL, scheme, host string) bool {
	return strings.EqualFold(withPort(origin.Scheme, origin.Host), withPort(scheme, host))
}

func withPort(scheme, host string) string {
	if _, port, err := net.SplitHostPort(host); err == nil && port != "" {
		return host
	}
	if scheme == "https" {
		return net.JoinHostPort(strings.Trim(host, "[]"), "443")
	}
	return net.JoinHostPort(strings.Trim(host, "[]"), "80")
}

// address of a page: with the configured address, else with the one that the request was sent to.
func (e *edge) pages(r *http.Request) string {
	if e.base != nil {
		return e.base.String()
	}
	if e.secure(r) {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// elsewhere lists this machine's addresses in its networks, for links that others can open too, if the page itself was
// opened by one that only this machine knows.
func (e *edge) elsewhere(r *http.Request) []string {
	if e.base != nil || !isLoopback(hostOf(r)) {
		return nil
	}
	_, port, _ := net.SplitHostPort(r.Host) // without one it is the scheme's
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	var found []string
	for _, at := range LANAddresses() {
		switch {
		case port != "":
			at = net.JoinHostPort(at, port)
		case strings.Contains(at, ":"):
			at = "[" + at + "]"
		}
		found = append(found, scheme+"://"+at)
	}
	return found
}

// LANAddresses are this machine's addresses in its private networks, those that people can type first.
func LANAddresses() []string {
	own, err := net.InterfaceAddrs()
	if err != nil {
		return nil // a machine that does not tell them has none to offer
	}
	var four, six []string
	for _, a := range own {
		prefix, err := netip.ParsePrefix(a.String())
		switch {
		case err != nil || !prefix.Addr().IsPrivate():
		case prefix.Addr().Is4():
			four = append(four, prefix.Addr().String())
		default:
			six = append(six, prefix.Addr().String())
		}
	}
	return append(four, six...)
}
