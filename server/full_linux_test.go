package main

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// full lets a process write nothing into files, as if its disk were full; free undoes it.
func (p *process) full() (free func()) {
	p.t.Helper()
	limit := func(to, was *unix.Rlimit) {
		p.t.Helper()
		if err := unix.Prlimit(p.cmd.Process.Pid, unix.RLIMIT_FSIZE, to, was); err != nil {
			p.t.Fatal(err)
		}
	}
	var was unix.Rlimit
	limit(nil, &was)
	limit(&unix.Rlimit{Cur: 0, Max: was.Max}, nil)
	return func() { limit(&was, nil) }
}

func TestAFullDiskStopsItsInstanceAlone(t *testing.T) {
	s := newScene(t, 1)
	p := startProcess(t, t.TempDir(), "127.0.0.1:0", "--redis", s.redis.URL())
	at := s.at(p.instance)
	guest := at.join("participant", "guest", "tab")
	guest.push(1, note("before", 1000, 900, "x"))
	first, _ := guest.fate(1)
	guest.await("that it is saved", func(m message) bool { return m.text("type") == "saved" && m.number("seq") >= first })

	free := p.full()
	guest.push(2, note("full", 1000, 900, "x"))
	seq, codes := guest.fate(2)
	if seq == 0 || codes != nil {
		t.Fatalf("on a full disk: got seq %d, refused %v, want it ordered", seq, codes)
	}
	guest.await("that nothing is saved", func(m message) bool { return m.text("type") == "disk" && m["ok"] == false })
	saved := func(m message) bool { return m.text("type") == "saved" && m.number("seq") >= seq }
	guest.mu.Lock()
	for _, m := range guest.came {
		if saved(m) {
			t.Errorf("called saved: %v", m)
		}
	}
	guest.mu.Unlock()
	if got := p.call("GET", "/readyz", nil); got.status != http.StatusServiceUnavailable || !strings.Contains(got.String(), `"disk"`) {
		t.Errorf("readyz: got %s, want 503 for the disk", got)
	}
	s.writeUntil(1, "elsewhere")
	s.sameOn([]*instance{s.all[0], p.instance}, "before", "full", "elsewhere")

	free()
	guest.await("that it is saved", saved)
	until(t, "it is ready again", func() bool { return p.call("GET", "/readyz", nil).status == http.StatusOK })
	p.kill()
	s.at(s.all[0]).writeUntil(2, "after")
	again := startProcess(t, p.data, "127.0.0.1:0", "--redis", s.redis.URL())
	s.sameOn([]*instance{s.all[0], again.instance}, "before", "full", "elsewhere", "after")
}
