package web

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"testing"
)

func TestOriginMustBeTheHostsOrTheConfiguredOne(t *testing.T) {
	base := &url.URL{Scheme: "https", Host: "jana.example.fi"}
	proxy := []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")} // httptest's peer is in it
	for _, c := range []struct {
		name    string
		edge    edge
		host    string
		tls     bool
		proto   string
		origin  []string
		allowed bool
	}{
		{name: "a program sends none", host: "board.test", allowed: true},
		{name: "the page's own host", host: "board.test:8080", origin: []string{"http://board.test:8080"}, allowed: true},
		{name: "whatever its case", host: "board.test", origin: []string{"http://BOARD.test"}, allowed: true},
		{name: "the default port left out", host: "board.test:80", origin: []string{"http://board.test"}, allowed: true},
		{name: "https page behind an unconfigured proxy", host: "board.test", origin: []string{"https://board.test"}, allowed: true},
		{name: "the configured address", edge: edge{base: base}, host: "10.0.0.5:8080", origin: []string{"https://jana.example.fi"}, allowed: true},
		{name: "foreign", host: "board.test", origin: []string{"https://evil.com"}},
		{name: "null", host: "board.test", origin: []string{"null"}},
		{name: "empty", host: "board.test", origin: []string{""}},
		{name: "suffix", host: "board.test", origin: []string{"http://board.test.evil.com"}},
		{name: "prefix", host: "board.test", origin: []string{"http://evilboard.test"}},
		{name: "the host as a user", host: "board.test", origin: []string{"http://board.test@evil.com"}},
		{name: "another port", host: "board.test:8080", origin: []string{"http://board.test:9090"}},
		{name: "a path", host: "board.test", origin: []string{"http://board.test/"}},
		{name: "another scheme", host: "board.test", origin: []string{"file://board.test"}},
		{name: "two of them", host: "board.test", origin: []string{"http://board.test", "http://board.test"}},
		{name: "http page, encrypted here", host: "board.test", tls: true, origin: []string{"http://board.test"}},
		{name: "http page, encrypted by the trusted proxy", edge: edge{trusted: proxy}, host: "board.test", proto: "https", origin: []string{"http://board.test"}},
		{name: "what an untrusted proxy says counts for nothing", host: "board.test", proto: "https", origin: []string{"http://board.test"}, allowed: true},
		{name: "http page, encrypted by configuration", edge: edge{base: base}, host: "jana.example.fi", origin: []string{"http://jana.example.fi"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest("POST", "http://"+c.host+"/api/boards", nil)
			for _, o := range c.origin {
				r.Header.Add("Origin", o)
			}
			if c.tls {
				r.TLS = &tls.ConnectionState{}
			}
			if c.proto != "" {
				r.Header.Set("X-Forwarded-Proto", c.proto)
			}
			if got := c.edge.allows(r); got != c.allowed {
				t.Errorf("origin %q at host %s: got %v, want %v", c.origin, c.host, got, c.allowed)
			}
		})
	}
}

func TestAddressIsTheNearestUntrustedOne(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for _, c := range []struct {
		name      string
		peer      string
		forwarded []string
		want      string
	}{
		{"direct", "203.0.113.9:1234", nil, "203.0.113.9"},
		{"an untrusted peer's word counts for nothing", "203.0.113.9:1234", []string{"1.2.3.4"}, "203.0.113.9"},
		{"behind a trusted proxy", "10.0.0.1:1234", []string{"203.0.113.9"}, "203.0.113.9"},
		{"the spoofed left part is not looked at", "10.0.0.1:1234", []string{"1.2.3.4, 203.0.113.9"}, "203.0.113.9"},
		{"a chain of trusted proxies", "10.0.0.1:1234", []string{"1.2.3.4, 203.0.113.9, 10.0.0.2"}, "203.0.113.9"},
		{"several headers", "10.0.0.1:1234", []string{"1.2.3.4", "203.0.113.9"}, "203.0.113.9"},
		{"junk ends the chain", "10.0.0.1:1234", []string{"203.0.113.9, <script>"}, "10.0.0.1"},
		{"IPv6", "[2001:db8::1]:1234", nil, "2001:db8::1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "/", nil)
			r.RemoteAddr = c.peer
			for _, f := range c.forwarded {
				r.Header.Add("X-Forwarded-For", f)
			}
			e := edge{trusted: trusted}
			if got := e.address(r).String(); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestLinksNameOtherAddressesOnlyWhereTheHostIsLoopback(t *testing.T) {
	for _, c := range []struct {
		host string
		none bool
	}{
		{"192.168.1.5:8080", true},
		{"board.test", true},
		{"localhost.evil.com", true},
	} {
		r := httptest.NewRequest("GET", "http://"+c.host+"/", nil)
		e := edge{}
		if got := e.elsewhere(r); len(got) > 0 && c.none {
			t.Errorf("at %s: got %v, want none", c.host, got)
		}
	}
	for _, host := range []string{"localhost:8080", "127.0.0.1:8080", "[::1]:8080"} {
		r := httptest.NewRequest("GET", "http://"+host+"/", nil)
		e := edge{}
		for _, at := range e.elsewhere(r) {
			u, err := url.Parse(at)
			if err != nil || u.Port() != "8080" {
				t.Errorf("at %s: got %s, want an address with the port 8080", host, at)
				continue
			}
			if addr, err := netip.ParseAddr(u.Hostname()); err != nil || addr.IsLoopback() {
				t.Errorf("at %s: got %s, which others cannot reach", host, at)
			}
		}
		e.base = &url.URL{Scheme: "https", Host: "jana.example.fi"}
		if got := e.elsewhere(r); got != nil {
			t.Errorf("with a configured address: got %v, want none", got)
		}
	}
}

func TestPagesAreIsolatedWhereBrowsersDoIt(t *testing.T) {
	base, err := url.Parse("https://jana.example.org")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		host string
		base *url.URL
		want bool
	}{
		{"localhost:8080", nil, true},
		{"127.0.0.1:8080", nil, true},
		{"[::1]:8080", nil, true},
		{"taulu.test", nil, false},
		{"192.168.1.5:8080", nil, false},
		{"jana.example.org", base, true},
	} {
		e := edge{base: c.base}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host = c.host
		if got := e.isolates(r); got != c.want {
			t.Errorf("%s: got %v, want %v", c.host, got, c.want)
		}
	}
}
