// Package redistest gives tests a real Redis of their own, to be killed, paused
// and started again.
package redistest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Server is a redis-server on a free port of this machine, without a disk
// unless its flags ask for one. The end of the test kills it. Its methods are
// for the goroutine of the test.
type Server struct {
	t     testing.TB
	dir   string
	port  string
	flags []string
	// config of a Sentinel, "" for none.
	config string

	process *exec.Cmd // nil while it does not run
	ended   chan struct{}
}

// Start starts a server with the flags of redis-server, and returns once it
// answers.
func Start(t testing.TB, flags ...string) *Server {
	t.Helper()
	s := &Server{t: t, dir: t.TempDir()}
	t.Cleanup(s.Stop)
	// Somebody else may take the port before the server does.
	for range 5 {
		s.port = freePort(t)
		if s.run(flags) {
			return s
		}
	}
	t.Fatalf("redis-server %v did not start", flags)
	return nil
}

// Sentinel starts a Sentinel that watches over a master under a name, and that is
// enough to put a replica in its place, which it knows when this returns.
func Sentinel(t testing.TB, name string, master *Server) *Server {
	t.Helper()
	s := &Server{t: t, dir: t.TempDir()}
	t.Cleanup(s.Stop)
	s.config = filepath.Join(s.dir, "sentinel.conf")
	config := fmt.Sprintf("sentinel monitor %[1]s 127.0.0.1 %[2]s 1\nsentinel down-after-milliseconds %[1]s 500\nsentinel failover-timeout %[1]s 3000\n", name, master.port)
	for range 5 {
		if err := os.WriteFile(s.config, []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
		s.port = freePort(t)
		if !s.run(nil) {
			continue
		}
		for end := time.Now().Add(20 * time.Second); s.Do("SENTINEL", "replicas", name) == ""; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("the Sentinel finds no replica")
			}
		}
		return s
	}
	t.Fatal("redis-server did not start as a Sentinel")
	return nil
}

// Cluster starts two nodes of a cluster, each with half of the slots.
func Cluster(t testing.TB) (one, two *Server) {
	t.Helper()
	one, two = Start(t, "--cluster-enabled", "yes"), Start(t, "--cluster-enabled", "yes")
	one.Do("CLUSTER", "ADDSLOTSRANGE", "0", "8191")
	two.Do("CLUSTER", "ADDSLOTSRANGE", "8192", "16383")
	one.Do("CLUSTER", "MEET", "127.0.0.1", two.port)
	for _, s := range []*Server{one, two} {
		for end := time.Now().Add(20 * time.Second); !strings.Contains(s.Do("CLUSTER", "INFO"), "cluster_state:ok"); time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("the nodes do not get to know each other")
			}
		}
	}
	return one, two
}

// Addr is host and port.
func (s *Server) Addr() string { return net.JoinHostPort("127.0.0.1", s.port) }

// URL leads there, with the password that the flags ask for.
func (s *Server) URL() string {
	if password := s.password(); password != "" {
		return "redis://:" + password + "@" + s.Addr()
	}
	return "redis://" + s.Addr()
}

// Stop kills the server: nothing that it has not written by then is kept.
func (s *Server) Stop() {
	if s.process == nil {
		return
	}
	_ = s.process.Process.Kill() // or it has ended by itself
	<-s.ended
	s.process = nil
}

// Pause lets the server answer nobody, while its connections stay.
func (s *Server) Pause() { s.signal(syscall.SIGSTOP) }

// Resume ends a pause.
func (s *Server) Resume() { s.signal(syscall.SIGCONT) }

// Restart kills the server if it runs and starts it again in its place, with
// the flags given or, without any, those it had.
func (s *Server) Restart(flags ...string) {
	s.t.Helper()
	s.Stop()
	if len(flags) == 0 {
		flags = s.flags
	}
	if !s.run(flags) {
		s.t.Fatalf("redis-server %v did not start again", flags)
	}
}

// Do sends a command and gives what it answers, the parts of an array on lines
// of their own. An error that it answers begins with a minus.
func (s *Server) Do(args ...string) string {
	s.t.Helper()
	answer, err := s.ask(args...)
	if err != nil {
		s.t.Fatalf("redis %v: %v", args, err)
	}
	return answer
}

func (s *Server) signal(sig syscall.Signal) {
	s.t.Helper()
	if err := s.process.Process.Signal(sig); err != nil {
		s.t.Fatalf("redis-server: %v", err)
	}
}

// run starts the process and says whether it came to answer.
func (s *Server) run(flags []string) bool {
	s.t.Helper()
	s.flags = flags
	args := []string{"--bind", "127.0.0.1", "--port", s.port, "--dir", s.dir}
	if s.config != "" {
		args = append([]string{s.config, "--sentinel"}, args...)
	} else {
		args = append(args, "--save", "", "--appendonly", "no")
	}
	process := exec.Command("redis-server", append(args, flags...)...)
	if err := process.Start(); err != nil {
		s.t.Fatalf("redis-server, which these tests need: %v", err)
	}
	ended := make(chan struct{})
	go func() {
		_ = process.Wait() // it was killed
		close(ended)
	}()
	s.process, s.ended = process, ended
	deadline := time.After(20 * time.Second)
	for {
		if answer, err := s.ask("PING"); err == nil && !strings.HasPrefix(answer, "-LOADING") {
			return true
		}
		select {
		case <-s.ended:
			s.process = nil
			return false
		case <-deadline:
			s.Stop()
			return false
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func (s *Server) password() string {
	if i := slices.Index(s.flags, "--requirepass"); i >= 0 && i+1 < len(s.flags) {
		return s.flags[i+1]
	}
	return ""
}

func (s *Server) ask(args ...string) (string, error) {
	conn, err := net.Dial("tcp", s.Addr())
	if err != nil {
		return "", err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return "", err
	}
	answers := bufio.NewReader(conn)
	if password := s.password(); password != "" {
		if _, err := io.WriteString(conn, command("AUTH", password)); err != nil {
			return "", err
		}
		if _, err := read(answers); err != nil {
			return "", err
		}
	}
	if _, err := io.WriteString(conn, command(args...)); err != nil {
		return "", err
	}
	return read(answers)
}

func command(args ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "*%d\r\n", len(args))
	for _, arg := range args {
		fmt.Fprintf(&b, "$%d\r\n%s\r\n", len(arg), arg)
	}
	return b.String()
}

func read(r *bufio.Reader) (string, error) {
	line, err := r.ReadString('\n')
	if err != nil {
		return "", err
	}
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", errors.New("an empty line")
	}
	kind, rest := line[0], line[1:]
	switch kind {
	case '-':
		return line, nil
	case '$', '*':
	default:
		return rest, nil
	}
	n, err := strconv.Atoi(rest)
	if err != nil || n < 0 {
		return "", err
	}
	if kind == '$' {
		text := make([]byte, n+2)
		_, err := io.ReadFull(r, text)
		return string(text[:n]), err
	}
	parts := make([]string, n)
	for i := range parts {
		if parts[i], err = read(r); err != nil {
			return "", err
		}
	}
	return strings.Join(parts, "\n"), nil
}

// It is none of those that the system gives to connections, or one of them could
// have it while a server is started again.
func freePort(t testing.TB) string {
	t.Helper()
	for tries := 0; ; tries++ {
		port := strconv.Itoa(10_000 + rand.IntN(22_000))
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", port))
		if err == nil {
			_ = l.Close() // nothing was accepted
			return port
		}
		if tries == 100 {
			t.Fatal(err)
		}
	}
}
