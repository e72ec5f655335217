package web

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"jana/server/room"
)

// edgeOf is a server whose rooms nobody goes to.
func edgeOf(t *testing.T, disk Disk) *Server {
	t.Helper()
	s, err := New(Options{
		Hub: room.NewHub(nil, nil, room.Options{}), Keys: KeysOf("0123456789"), Limits: DefaultLimits(),
		Pages: fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}, "board.html": {Data: []byte("<!doctype html>")}},
		Disk:  func() Disk { return disk }, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Drain(context.Background(), time.Millisecond); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestAServerThatCannotSaveSaysSo(t *testing.T) {
	s := edgeOf(t, Disk{Err: errors.New("no space left on device /secret/path")})
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("GET", "/readyz", nil))
	var got struct {
		Code   string
		Causes []struct{ Code, Detail string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if w.Code != 503 || got.Code != "not_ready" || len(got.Causes) != 1 || got.Causes[0].Code != "disk" {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	w = httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("GET", "/healthz", nil))
	if w.Code != 200 {
		t.Errorf("it is alive all the same: got %d", w.Code)
	}
}

func TestWhileStoppingNobodyIsLetIn(t *testing.T) {
	s := edgeOf(t, Disk{})
	ask := func(method, path string, headers ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, strings.NewReader(`{"title":"x"}`))
		r.Header.Set("Content-Type", "application/json")
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w
	}
	if w := ask("GET", "/readyz"); w.Code != 200 {
		t.Fatalf("before: got %d", w.Code)
	}
	s.draining.Store(true)
	for name, w := range map[string]*httptest.ResponseRecorder{
		"readiness": ask("GET", "/readyz"), "a new board": ask("POST", "/api/boards"), "an import": ask("POST", "/api/boards/import"),
		"a socket": ask("GET", "/api/boards/b/socket", "Connection", "Upgrade", "Upgrade", "websocket"),
	} {
		if w.Code != 503 {
			t.Errorf("%s: got %d %s, want 503", name, w.Code, w.Body)
		}
		if name != "readiness" && w.Header().Get("Retry-After") == "" {
			t.Errorf("%s: it is not said when to come back", name)
		}
	}
}

func TestWithoutABuiltClientNothingStarts(t *testing.T) {
	if _, err := loadPages(fstest.MapFS{".gitkeep": {}}); err == nil {
		t.Error("got no error")
	}
}
