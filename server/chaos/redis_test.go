package chaos

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// redisServer is a redis-server of our own.
type redisServer struct {
	*process
	name, dir, address string
	flags              []string
}

// startRedis starts one in a folder of its own, kept on a free port over its restarts.
func startRedis(ctx context.Context, dir, name string, flags ...string) (*redisServer, error) {
	address, err := freePort()
	if err != nil {
		return nil, err
	}
	r := &redisServer{name: name, dir: filepath.Join(dir, name), address: address, flags: flags}
	if err := os.MkdirAll(r.dir, 0o700); err != nil {
		return nil, err
	}
	return r, r.start(ctx)
}

func (r *redisServer) start(ctx context.Context) error {
	host, port, err := net.SplitHostPort(r.address)
	if err != nil {
		return err
	}
	args := append([]string{"--bind", host, "--port", port, "--dir", r.dir, "--save", "", "--maxmemory-policy", "noeviction", "--repl-diskless-sync-delay", "0"}, r.flags...)
	r.process, err = launch(exec.Command("redis-server", args...), r.dir+".log")
	if err != nil {
		return fmt.Errorf("start redis-server: %w", err)
	}
	return within(ctx, 10*time.Second, r.name+" answers", func() bool {
		reply, err := r.do("PING")
		return err == nil && reply == "PONG"
	})
}

// startSentinel starts a Sentinel that watches over a master.
func startSentinel(ctx context.Context, dir string, master *redisServer) (*redisServer, error) {
	address, err := freePort()
	if err != nil {
		return nil, err
	}
	s := &redisServer{name: "sentinel", dir: filepath.Join(dir, "sentinel"), address: address}
	host, port, _ := net.SplitHostPort(master.address)
	_, own, _ := net.SplitHostPort(address)
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return nil, err
	}
	file := filepath.Join(s.dir, "sentinel.conf")
	conf := fmt.Sprintf("bind %s\nport %s\ndir %s\nsentinel monitor board %s %s 1\nsentinel down-after-milliseconds board 1000\nsentinel failover-timeout board 3000\n",
		host, own, s.dir, host, port)
	if err := os.WriteFile(file, []byte(conf), 0o600); err != nil {
		return nil, err
	}
	if s.process, err = launch(exec.Command("redis-server", file, "--sentinel"), s.dir+".log"); err != nil {
		return nil, err
	}
	return s, within(ctx, 20*time.Second, "the Sentinel knows the replica", func() bool {
		reply, err := s.do("SENTINEL", "replicas", "board")
		list, _ := reply.([]any)
		return err == nil && len(list) > 0
	})
}

// do sends one command and gives its reply: a string, a number, a list or nil.
func (r *redisServer) do(args ...string) (any, error) {
	conn, err := net.DialTimeout("tcp", r.address, time.Second)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		return nil, err
	}
	out := fmt.Sprintf("*%d\r\n", len(args))
	for _, arg := range args {
		out += fmt.Sprintf("$%d\r\n%s\r\n", len(arg), arg)
	}
	if _, err := io.WriteString(conn, out); err != nil {
		return nil, err
	}
	return reply(bufio.NewReader(conn))
}

func reply(r *bufio.Reader) (any, error) {
	line, err := r.ReadString('\n')
	if err != nil {
		return nil, err
	}
	kind, rest := line[0], strings.TrimSpace(line[1:])
	if kind == '+' {
		return rest, nil
	}
	if kind == '-' {
		return nil, errors.New(rest)
	}
	n, err := strconv.Atoi(rest)
	if err != nil {
		return nil, fmt.Errorf("reply %q: %w", line, err)
	}
	switch {
	case kind == ':':
		return n, nil
	case n < 0:
		return nil, nil
	case kind == '$':
		b := make([]byte, n+2)
		_, err := io.ReadFull(r, b)
		return string(b[:n]), err
	case kind == '*':
		all := make([]any, n)
		for i := range all {
			if all[i], err = reply(r); err != nil {
				return nil, err
			}
		}
		return all, nil
	}
	return nil, fmt.Errorf("reply %q", line)
}

// inStep says whether a replica follows its master.
func (r *redisServer) inStep() bool {
	info, err := r.do("INFO", "replication")
	text, _ := info.(string)
	return err == nil && strings.Contains(text, "master_link_status:up")
}

// empty removes what it has written. It must not be running.
func (r *redisServer) empty() error {
	if err := os.RemoveAll(r.dir); err != nil {
		return err
	}
	return os.MkdirAll(r.dir, 0o700)
}

// cutTail takes the last part of its append-only file off, as a crash that lost writes does. It must not be running.
func (r *redisServer) cutTail(part float64) error {
	files, err := filepath.Glob(filepath.Join(r.dir, "appendonlydir", "*.incr.aof"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("%s has no append-only file: %w", r.name, err)
	}
	last := files[len(files)-1]
	info, err := os.Stat(last)
	if err != nil {
		return err
	}
	return os.Truncate(last, info.Size()-int64(float64(info.Size())*part))
}
