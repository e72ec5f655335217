package chaos

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// process is something that can be killed. What it says goes to the end of a file.
type process struct {
	cmd   *exec.Cmd
	ended chan struct{}
}

func launch(cmd *exec.Cmd, logFile string) (*process, error) {
	log, err := os.OpenFile(logFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, ended: make(chan struct{})}
	go func() {
		defer close(p.ended)
		_ = cmd.Wait() // its state tells
	}()
	return p, nil
}

func (p *process) signal(s syscall.Signal) { _ = p.cmd.Process.Signal(s) } // it may have ended

// kill ends the process as a power cut would, but for what the kernel still writes.
func (p *process) kill() {
	p.signal(syscall.SIGKILL)
	<-p.ended
}

func (p *process) running() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// program is jana: a built one, or the test binary of the server in its place, which needs no built client.
type program struct {
	path   string
	asTest bool
}

// buildDir is where the program is built, for as long as the tests run.
var buildDir string

// jana finds the program that is to be broken, once. JANA_CHAOS_PROGRAM names a built one.
var jana = sync.OnceValues(func() (program, error) {
	if path := os.Getenv("JANA_CHAOS_PROGRAM"); path != "" {
		return program{path: path}, nil
	}
	p := program{path: filepath.Join(buildDir, "server.test"), asTest: true}
	args := []string{"test", "-c", "-o", p.path}
	if underRace() {
		args = append(args, "-race")
	}
	out, err := exec.Command("go", append(args, "jana/server")...).CombinedOutput()
	if err != nil {
		return program{}, fmt.Errorf("build the server: %w\n%s", err, out)
	}
	return p, nil
})

// underRace says whether these tests look for races, so that the server does as well.
func underRace() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.ContainsFunc(info.Settings, func(s debug.BuildSetting) bool { return s.Key == "-race" && s.Value == "true" })
}

func (p program) command(args ...string) *exec.Cmd {
	if !p.asTest {
		return exec.Command(p.path, args...)
	}
	cmd := exec.Command(p.path)
	cmd.Env = append(os.Environ(), "JANA_TEST_ARGS="+strings.Join(args, "\x1f"))
	return cmd
}

// knows says whether the program has a flag.
func (p program) knows(flag string) bool {
	out, err := p.command("--help").Output()
	return err == nil && strings.Contains(string(out), "--"+flag+" ")
}

// freePort is one that nobody listens on at the moment. Who is killed comes back to it.
// It is none of those that the system gives to connections, or one of them could have it while a process is started again.
func freePort() (string, error) {
	for tries := 0; ; tries++ {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 10_000+rand.IntN(22_000)))
		if err == nil {
			return l.Addr().String(), l.Close()
		}
		if tries == 100 {
			return "", err
		}
	}
}

var errLate = errors.New("it never came")

// within waits until something holds.
func within(ctx context.Context, d time.Duration, what string, holds func() bool) error {
	deadline := time.Now().Add(d)
	for !holds() {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%w that %s", errLate, what)
		}
		time.Sleep(10 * time.Millisecond)
	}
	return nil
}
