package main

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestSIGTERMSavesEverythingAndSendsEverybodyAway(t *testing.T) {
	data := t.TempDir()
	p := startProcess(t, data, "127.0.0.1:0", "--spread", "1s")
	b := p.board("segmentation")
	var tabs []*tab
	for i := range 20 {
		tabs = append(tabs, b.join("participant", fmt.Sprintf("p%d", i), "c"))
	}
	silent := b.dial() // has not said hello
	for i, tb := range tabs {
		for n := int64(1); n <= 10; n++ {
			tb.push(n, note(fmt.Sprintf("n%d-%d", i, n), 1000, 1000, "x"))
		}
	}
	ordered := map[*tab]int64{}
	for _, tb := range tabs {
		for n := int64(1); n <= 5; n++ {
			ordered[tb], _ = tb.fate(n)
		}
	}
	from := time.Now()
	p.signal(syscall.SIGTERM)
	for _, tb := range tabs {
		if status, bye := tb.end(); status != 1012 || bye != "draining" {
			t.Errorf("got %d %s, want 1012 draining", status, bye)
		}
		m := tb.await("the bye", ofType("bye"))
		if retry, ok := m["retry"].(float64); !ok || retry < 0 || retry > 1000 {
			t.Errorf("got retry %v, want one within the spread", m["retry"])
		}
		if tb.saved < ordered[tb] {
			t.Errorf("an entry with seq %d was ordered, but only %d was called saved", ordered[tb], tb.saved)
		}
	}
	silent.end()
	<-p.ended
	if code := p.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("got exit %d, want 0", code)
	}
	if took := time.Since(from); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
	var out lines
	if err := run(t.Context(), []string{"check", "--data", data}, noEnvironment, &out, &out, pagesOfTests); err != nil {
		t.Errorf("check: %v\n%s", err, &out)
	}
	again := startProcess(t, data, "127.0.0.1:0")
	b.instance = again.instance
	board := string(b.do("viewer", "GET", "", nil).body)
	for i := range tabs {
		for n := 1; n <= 5; n++ {
			if id := fmt.Sprintf(`"n%d-%d"`, i, n); !strings.Contains(board, id) {
				t.Errorf("note %s was saved and is not there", id)
			}
		}
	}
}

func TestASecondSignalEndsItCleanlyToo(t *testing.T) {
	p := startProcess(t, t.TempDir(), "127.0.0.1:0")
	b := p.board("blank")
	deaf := rawDial(t, b)
	deaf.write(helloFrame(b, "deaf"))
	p.signal(syscall.SIGTERM)
	p.signal(syscall.SIGTERM)
	<-p.ended
	if code := p.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("got exit %d, want 0", code)
	}
}

func TestASecondProcessLeavesTheFileAlone(t *testing.T) {
	data := t.TempDir()
	p := startProcess(t, data, "127.0.0.1:0")
	b := p.board("blank")
	var out, stderr lines
	err := run(t.Context(), []string{"--data", data, "--listen", "127.0.0.1:0", "--admin-listen", ""}, noEnvironment, &out, &out, pagesOfTests)
	if code := report(err, &stderr); code != 1 || strings.Count(stderr.String(), "\n") != 1 || !strings.Contains(stderr.String(), "jana.db") {
		t.Errorf("got exit %d, %q, want 1 and one line that names the file", code, &stderr)
	}
	if got := b.do("viewer", "GET", "", nil); got.status != 200 {
		t.Errorf("the first one: got %s", got)
	}
}
