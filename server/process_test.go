package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// asProgram is the test binary as the program.
func asProgram(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	signal.Ignore(syscall.SIGXFSZ) // or the limit that stands for a full disk would end it
	return report(run(ctx, args, noEnvironment, os.Stdout, os.Stderr, pagesOfTests), os.Stderr)
}

// process is a server of its own, to be killed.
type process struct {
	*instance
	cmd   *exec.Cmd
	ended chan struct{}
}

// startProcess starts the program as a process on free ports. listen may name the port to come back to.
func startProcess(t testing.TB, data, listen string, flags ...string) *process {
	t.Helper()
	args := append([]string{"--listen", listen, "--admin-listen", "127.0.0.1:0", "--data", data, "--secret", secretOfTests, "--spread", "10ms"}, flags...)
	p := startSelf(t, "JANA_TEST_ARGS="+strings.Join(args, "\x1f"))
	p.data = data
	return p
}

// startSelf starts the test binary as something else: what, its environment says.
func startSelf(t testing.TB, environment string) *process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: exec.Command(self), ended: make(chan struct{})}
	if _, measuring := t.(*testing.B); measuring {
		pinned(p.cmd)
	}
	p.cmd.Env = append(os.Environ(), environment)
	log := &lines{}
	p.cmd.Stderr = log
	out, stdout := io.Pipe()
	p.cmd.Stdout = stdout
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait() // its state tells
		stdout.Close()
		close(p.ended)
	}()
	p.instance = &instance{t: t, log: log}
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("log of the process:\n%s", log)
		}
	})
	p.url, p.admin = readAddresses(t, out, func() error { <-p.ended; return io.EOF })
	return p
}

func (p *process) signal(s syscall.Signal) { _ = p.cmd.Process.Signal(s) } // it may have ended

// sleep stops the process until it is woken by SIGCONT. When it returns nothing of it runs: a thread that had been at
// work may have taken a moment, which only Linux tells.
func (p *process) sleep() {
	p.t.Helper()
	p.signal(syscall.SIGSTOP)
	until2(p.t, func() string { return "the process is stopped" }, func() bool {
		threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", p.cmd.Process.Pid))
		return !slices.ContainsFunc(threads, func(thread string) bool {
			stat, err := os.ReadFile(thread)
			_, state, _ := strings.Cut(string(stat), ") ")
			return err == nil && !strings.HasPrefix(state, "T")
		})
	})
}

// kill ends the process as a power cut would, but for what the kernel still writes.
func (p *process) kill() {
	p.signal(syscall.SIGKILL)
	<-p.ended
}
