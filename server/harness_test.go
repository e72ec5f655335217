package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"

	"jana/server/web"
)

// pagesOfTests stands for the built client.
var pagesOfTests = fstest.MapFS{
	"index.html":            {Data: []byte("<!doctype html><title>Jana</title>")},
	"board.html":            {Data: []byte("<!doctype html><title>Jana</title>")},
	"sw.js":                 {Data: []byte("// service worker")},
	"assets/app-1a2b.js":    {Data: bytes.Repeat([]byte("let x = 1;\n"), 200)},
	"assets/app-1a2b.js.br": {Data: []byte("brotli")},
	"assets/app-1a2b.js.gz": {Data: []byte("gzip")},
	"assets/inter.woff2":    {Data: []byte("woff2")},
	".gitkeep":              {},
}

const secretOfTests = "a secret of thirty-two characters"

// TestMain lets the test binary be the program, for tests that need a process to kill.
func TestMain(m *testing.M) {
	if args, child := os.LookupEnv("JANA_TEST_ARGS"); child {
		os.Exit(asProgram(strings.Split(args, "\x1f")))
	}
	if _, child := os.LookupEnv("JANA_TEST_BARE"); child {
		os.Exit(serveBare())
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) { os.Exit(code) }))
}

// instance is a running server.
type instance struct {
	t     testing.TB
	url   string // of the pages and the API
	admin string
	data  string
	log   *lines
	stop  context.CancelFunc
	ended chan error
}

// start runs the program as main does, on free ports, with the flags given. The end of the test ends it.
func start(t *testing.T, flags ...string) *instance {
	t.Helper()
	return startIn(t, t.TempDir(), flags...)
}

func startIn(t *testing.T, data string, flags ...string) *instance {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	in := &instance{t: t, data: data, log: &lines{}, stop: cancel, ended: make(chan error, 1)}
	out, stdout := io.Pipe()
	args := append([]string{
		"--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--data", data, "--secret", secretOfTests, "--spread", "10ms", "--log-level", "debug",
	}, flags...)
	go func() {
		err := run(ctx, args, noEnvironment, stdout, in.log, pagesOfTests)
		stdout.Close()
		in.ended <- err
	}()
	in.url, in.admin = readAddresses(t, out, func() error { return <-in.ended })
	t.Cleanup(func() {
		cancel()
		if err := <-in.ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
		http.DefaultClient.CloseIdleConnections()
		if t.Failed() {
			t.Logf("log of the server:\n%s", in.log)
		}
	})
	return in
}

// end stops the server and waits for it.
func (in *instance) end() {
	in.t.Helper()
	in.stop()
	err := <-in.ended
	in.ended <- err
	if err != nil {
		in.t.Fatalf("the server ended with %v", err)
	}
}

var (
	pagesLine = regexp.MustCompile(`^(?:jana: https?://localhost| +\(listening on 127\.0\.0\.1):(\d+)`)
	adminLine = regexp.MustCompile(`^admin: (http://\S+)`)
)

// readAddresses reads where the server is, and keeps its output flowing.
func readAddresses(t testing.TB, out io.Reader, ended func() error) (pages, admin string) {
	t.Helper()
	scanner := bufio.NewScanner(out)
	for admin == "" && scanner.Scan() {
		if m := pagesLine.FindStringSubmatch(scanner.Text()); m != nil {
			pages = "http://127.0.0.1:" + m[1]
		}
		if m := adminLine.FindStringSubmatch(scanner.Text()); m != nil {
			admin = m[1]
		}
	}
	if admin == "" {
		t.Fatalf("the server did not start: %v", ended())
	}
	go func() {
		for scanner.Scan() { // until it ends
		}
	}()
	return pages, admin
}

func noEnvironment(string) (string, bool) { return "", false }

// lines is a writer that can be read meanwhile.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// answer is what came back of a call.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) String() string { return fmt.Sprintf("%d %s", a.status, bytes.TrimSpace(a.body)) }

// json reads a member of the answer, along a path of names.
func (a answer) json(t testing.TB, path ...string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(a.body, &v); err != nil {
		t.Fatalf("answer %s: %v", a, err)
	}
	for _, name := range path {
		m, _ := v.(map[string]any)
		v = m[name]
	}
	return v
}

func (a answer) text(t testing.TB, path ...string) string {
	t.Helper()
	s, _ := a.json(t, path...).(string)
	return s
}

// code is the code of a problem.
func (a answer) code(t testing.TB) string { t.Helper(); return a.text(t, "code") }

// call makes a request. body may be nil, a string, or what is to be written as JSON; headers are name and value in turn.
func (in *instance) call(method, path string, body any, headers ...string) answer {
	in.t.Helper()
	return callAt(in.t, method, in.url+path, body, headers...)
}

func callAt(t testing.TB, method, url string, body any, headers ...string) answer {
	t.Helper()
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(b)
	case []byte:
		reader = bytes.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		reader = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, url, reader)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "identity") // or the client would decompress what it did not ask for
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	raw, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{got.StatusCode, got.Header, raw}
}

// as is the header that a key goes into.
func as(key string) []string { return []string{"Authorization", "Bearer " + key} }

// made is a board of a test with its keys.
type made struct {
	*instance
	id   string
	keys map[string]string
}

// board makes a board of a template.
func (in *instance) board(template string) made {
	in.t.Helper()
	return in.madeOf(in.call("POST", "/api/boards", map[string]string{"title": "Taulu", "template": template}))
}

func (in *instance) madeOf(a answer) made {
	in.t.Helper()
	if a.status != http.StatusCreated {
		in.t.Fatalf("board: got %s, want 201", a)
	}
	m := made{instance: in, id: a.text(in.t, "id"), keys: map[string]string{}}
	for _, role := range []string{"facilitator", "participant", "viewer"} {
		m.keys[role] = a.text(in.t, "keys", role)
	}
	return m
}

func (m made) path(rest string) string { return "/api/boards/" + m.id + rest }

// do calls the board's part of the API with a role's key.
func (m made) do(role, method, rest string, body any) answer {
	m.t.Helper()
	return m.call(method, m.path(rest), body, as(m.keys[role])...)
}

// digest is the board's hash, whatever epoch it is in.
func (m made) digest() (seq float64, hash string) {
	m.t.Helper()
	a := m.do("viewer", "GET", "/digest", nil)
	if a.status != http.StatusOK {
		m.t.Fatalf("digest: got %s", a)
	}
	seq, _ = a.json(m.t, "seq").(float64)
	return seq, a.text(m.t, "hash")
}

// until waits for something that is about to happen.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("it never came that %s", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// tokenOfTests is the admin token that follows from the secret.
func tokenOfTests() string { return web.KeysOf(secretOfTests).Admin() }
