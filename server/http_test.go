package main

import (
	"fmt"
	"net"
	"os"
	"strings"
	"testing"
	"time"
)

func TestEveryAnswerHasTheHeaders(t *testing.T) {
	in := start(t)
	b := in.board("blank")
	const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types svelte-trusted-html app-sw"
	for _, c := range []struct {
		method, path string
		status       int
		cache        string
	}{
		{"GET", "/", 200, "no-cache"},
		{"HEAD", "/", 200, "no-cache"},
		{"GET", "/b/" + b.id, 200, "no-cache"},
		{"GET", "/sw.js", 200, "no-cache"},
		{"GET", "/assets/app-1a2b.js", 200, "public, max-age=31536000, immutable"},
		{"GET", "/assets/gone.js", 404, "no-store"},
		{"GET", "/favicon.ico", 404, "no-store"},
		{"GET", "/b/", 404, "no-store"},
		{"GET", "/..%2f..%2fetc/passwd", 404, "no-store"},
		{"GET", "/%00", 404, "no-store"},
		{"GET", "/assets/..%2f..%2fconfig.go", 404, "no-store"},
		{"GET", "/.gitkeep", 404, "no-store"},
		{"POST", "/", 405, "no-store"},
		{"PUT", "/api/boards", 405, "no-store"},
		{"GET", "/api/boards", 405, "no-store"},
		{"GET", "/healthz", 200, ""},
		{"GET", "/readyz", 200, ""},
		{"GET", "/metrics", 404, "no-store"},
		{"GET", "/backup", 404, "no-store"},
		{"GET", "/debug/pprof/", 404, "no-store"},
		{"GET", "/api/nothing", 404, "no-store"},
		{"GET", b.path(""), 401, "no-store"},
		{"GET", b.path("/analysis"), 401, "no-store"},
		{"GET", b.path("/socket"), 426, "no-store"},
	} {
		got := in.call(c.method, c.path, nil)
		if got.status != c.status && !(c.status == 405 && got.status == 404) {
			t.Errorf("%s %s: got %s, want %d", c.method, c.path, got, c.status)
		}
		if got.header.Get("Cache-Control") != c.cache {
			t.Errorf("%s %s: got cache control %q, want %q", c.method, c.path, got.header.Get("Cache-Control"), c.cache)
		}
		for name, want := range map[string]string{
			"Content-Security-Policy": csp, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
			"Cross-Origin-Opener-Policy": "same-origin", "X-Robots-Tag": "noindex", "X-Xss-Protection": "0",
		} {
			if got := got.header.Get(name); got != want {
				t.Errorf("%s %s: got %s %q, want %q", c.method, c.path, name, got, want)
			}
		}
		if got.header.Get("Permissions-Policy") == "" {
			t.Errorf("%s %s: no Permissions-Policy", c.method, c.path)
		}
	}
}

func TestFilesAreSentAsTheBrowserTakesThem(t *testing.T) {
	in := start(t)
	for _, c := range []struct{ accept, encoding, body string }{
		{"gzip, deflate, br", "br", "brotli"},
		{"gzip", "gzip", "gzip"},
		{"br;q=0, gzip;q=0.5", "gzip", "gzip"},
		{"identity", "", "let x = 1;"},
	} {
		got := in.call("GET", "/assets/app-1a2b.js", nil, "Accept-Encoding", c.accept)
		if got.header.Get("Content-Encoding") != c.encoding || !strings.HasPrefix(string(got.body), c.body) {
			t.Errorf("accepting %q: got encoding %q, body %.12q", c.accept, got.header.Get("Content-Encoding"), got.body)
		}
		if got.header.Get("Vary") != "Accept-Encoding" || got.header.Get("Content-Type") != "text/javascript; charset=utf-8" {
			t.Errorf("accepting %q: got headers %v", c.accept, got.header)
		}
		again := in.call("GET", "/assets/app-1a2b.js", nil, "Accept-Encoding", c.accept, "If-None-Match", got.header.Get("ETag"))
		if again.status != 304 {
			t.Errorf("asking again, accepting %q: got %d, want 304", c.accept, again.status)
		}
	}
}

func TestHeadersThatAreTooLongAreRefused(t *testing.T) {
	in := start(t)
	long := strings.Repeat("a", 24<<10)
	for name, got := range map[string]answer{
		"path":   in.call("GET", "/"+long, nil),
		"header": in.call("GET", "/", nil, "X-Long", long),
	} {
		if got.status != 431 && got.status != 414 {
			t.Errorf("%s of 24 KiB: got %d", name, got.status)
		}
	}
}

func TestTheAdminAddressNeedsItsTokenInAHeader(t *testing.T) {
	in := start(t, "--admin-token", strings.Repeat("t", 32))
	token := strings.Repeat("t", 32)
	for _, path := range []string{"/metrics", "/backup", "/debug/pprof/", "/debug/pprof/cmdline", "/nothing"} {
		for name, headers := range map[string][]string{"none": nil, "a wrong one": as("x" + token), "the one derived from the secret": as(tokenOfTests())} {
			if got := callAt(t, "GET", in.admin+path, nil, headers...); got.status != 401 {
				t.Errorf("%s with token %s: got %d, want 401", path, name, got.status)
			}
		}
		if got := callAt(t, "GET", in.admin+path+"?token="+token, nil); got.status != 401 {
			t.Errorf("%s with the token in the query: got %d, want 401", path, got.status)
		}
	}
	for _, path := range []string{"/metrics", "/debug/pprof/"} {
		if got := callAt(t, "GET", in.admin+path, nil, as(token)...); got.status != 200 {
			t.Errorf("%s: got %s", path, got)
		}
	}
}

func TestMetricsTellNothingOfBoards(t *testing.T) {
	in := start(t)
	b := in.board("demo")
	b.do("facilitator", "POST", "/ops", map[string]any{"client": "c", "n": 1, "ops": []any{map[string]any{"do": "lock", "level": "closed"}}})
	b.do("viewer", "POST", "/ops", map[string]any{"client": "v", "n": 1, "ops": []any{map[string]any{"do": "lock", "level": "open"}}})
	got := string(callAt(t, "GET", in.admin+"/metrics", nil, as(tokenOfTests())...).body)
	for _, want := range []string{"jana_entries_total", `jana_ops_refused_total{code="forbidden"} 1`, "jana_saved_seconds_bucket", "jana_store_healthy 1", "go_goroutines"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in the metrics", want)
		}
	}
	if strings.Contains(got, b.id) {
		t.Error("the metrics name a board")
	}
}

func TestABodyThatNeverEndsDoesNotStopOthers(t *testing.T) {
	in := start(t)
	host := strings.TrimPrefix(in.url, "http://")
	for range 100 {
		conn, err := net.Dial("tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "POST /api/boards HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
	}
	if got := in.call("GET", "/healthz", nil); got.status != 200 {
		t.Errorf("got %s", got)
	}
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: x\r\n")
	if err := conn.SetReadDeadline(time.Now().Add(15 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); err != nil && os.IsTimeout(err) {
		t.Error("headers that never end are waited for")
	}
}
