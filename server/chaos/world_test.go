package chaos

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

const secret = "a secret of thirty-two characters"

// setup is what a world consists of.
type setup struct {
	instances int
	// redis: the instances meet in one. aof: it writes what it is told to a file, every second.
	redis, aof bool
	// replica: it has one that is behind; sentinel: one that a Sentinel may promote.
	replica, sentinel bool
}

// lag is how far a replica is behind.
const lag = 400 * time.Millisecond

// world is everything that a run breaks: one board, on instances that meet in a Redis or on one alone, each reached
// through a proxy and reaching Redis through another.
type world struct {
	setup
	dir     string
	program program
	dice    *rand.Rand
	began   time.Time

	instances []*instance
	// redis is the master at the moment; every other is gone or its replica.
	redis, replica, sentinel *redisServer
	// behind stands between the replica and its master.
	behind  *proxy
	redises int

	id    string
	keys  map[string]string
	start int64
	birth map[string]object

	clients []*client
	// locker is the facilitator who locks and unlocks, and nobody else does.
	locker *client
	// bot writes by HTTP.
	bot *bot
	// darkness is when nobody could order anything.
	darkness []span
	// busy are those who have the clients do something, until calm; running are the clients, until stop.
	busy, running sync.WaitGroup
	calm, stop    context.CancelFunc
}

// instance is one jana, on a disk of its own.
type instance struct {
	*process
	name, data, address string
	// front is where its clients come to; back is its way to Redis, nil if there is none.
	front, back *proxy
}

func (w *world) now() time.Duration { return time.Since(w.began) }

func (w *world) path(rest string) string { return "/api/boards/" + w.id + rest }

// build starts everything, and makes a board with everything allowed.
func build(ctx context.Context, s setup, dir string, p program, seed uint64) (w *world, err error) {
	w = &world{setup: s, dir: dir, program: p, dice: rand.New(rand.NewPCG(seed, 0)), began: time.Now(), keys: map[string]string{}}
	defer func() {
		if err != nil {
			w.close()
		}
	}()
	if s.redis {
		if err := w.buildRedis(ctx); err != nil {
			return w, err
		}
	}
	for i := range s.instances {
		in := &instance{name: fmt.Sprintf("instance %d", i+1), data: filepath.Join(dir, fmt.Sprintf("data%d", i+1))}
		if in.address, err = freePort(); err != nil {
			return w, err
		}
		if in.front, err = newProxy(in.address); err != nil {
			return w, err
		}
		w.instances = append(w.instances, in)
		if s.redis {
			if in.back, err = newProxy(w.redis.address); err != nil {
				return w, err
			}
		}
	}
	if err := w.runAll(ctx); err != nil {
		return w, err
	}
	return w, w.found(ctx)
}

func (w *world) buildRedis(ctx context.Context) (err error) {
	if w.redis, err = w.newRedis(ctx); err != nil {
		return err
	}
	if w.setup.replica || w.setup.sentinel {
		if err := w.follow(ctx); err != nil {
			return err
		}
	}
	if w.setup.sentinel {
		w.sentinel, err = startSentinel(ctx, w.dir, w.redis)
	}
	return err
}

func (w *world) newRedis(ctx context.Context) (*redisServer, error) {
	w.redises++
	var flags []string
	if w.aof {
		flags = []string{"--appendonly", "yes", "--appendfsync", "everysec"}
	}
	return startRedis(ctx, w.dir, "redis"+strconv.Itoa(w.redises), flags...)
}

// follow gives the master a replica: one that is behind, unless a Sentinel is to promote it, which wants to know it.
func (w *world) follow(ctx context.Context) (err error) {
	address := w.redis.address
	if !w.setup.sentinel {
		if w.behind != nil {
			w.behind.close()
		}
		if w.behind, err = newProxy(w.redis.address); err != nil {
			return err
		}
		w.behind.slow(lag)
		address = w.behind.address()
	}
	if w.replica, err = w.newRedis(ctx); err != nil {
		return err
	}
	// By no flag, or it would be a replica again when it is started after it was promoted.
	host, port, _ := net.SplitHostPort(address)
	if _, err := w.replica.do("REPLICAOF", host, port); err != nil {
		return err
	}
	return within(ctx, 20*time.Second, "the replica follows", w.replica.inStep)
}

// runAll starts every instance, all at once.
func (w *world) runAll(ctx context.Context) error {
	ready := make(chan error, len(w.instances))
	for _, in := range w.instances {
		go func() { ready <- w.run(ctx, in) }()
	}
	var err error
	for range w.instances {
		err = errors.Join(err, <-ready)
	}
	return err
}

// run starts an instance, and waits until it takes work.
func (w *world) run(ctx context.Context, in *instance) (err error) {
	args := []string{
		"--listen", in.address, "--admin-listen=", "--data", in.data, "--secret", secret, "--spread", "10ms",
		"--pushes-per-second", "10000", "--push-burst", "10000",
	}
	if in.back != nil {
		args = append(args, "--redis", "redis://"+in.back.address())
	}
	args = append(args, strings.Fields(os.Getenv("JANA_CHAOS_FLAGS"))...)
	if in.process, err = launch(w.program.command(args...), in.data+".log"); err != nil {
		return err
	}
	return w.ready(ctx, in)
}

func (w *world) ready(ctx context.Context, in *instance) error {
	err := within(ctx, 30*time.Second, in.name+" is ready", func() bool {
		status, _, err := call(ctx, "GET", "http://"+in.address+"/readyz", "", nil)
		return err == nil && status == http.StatusOK || !in.running()
	})
	if err == nil && !in.running() {
		err = fmt.Errorf("%s has ended: %s", in.name, lastLine(in.data+".log"))
	}
	return err
}

func lastLine(file string) string {
	raw, _ := os.ReadFile(file)
	all := strings.Split(strings.TrimSpace(string(raw)), "\n")
	return all[len(all)-1]
}

// found makes the board and waits until every instance has it.
func (w *world) found(ctx context.Context) error {
	var made struct {
		ID   string            `json:"id"`
		Keys map[string]string `json:"keys"`
	}
	if err := w.get(ctx, w.instances[0], "POST", "/api/boards", object{"title": "Koe", "template": "segmentation"}, &made); err != nil {
		return err
	}
	w.id, w.keys = made.ID, made.Keys
	// Something of every kind, so that there is something to do to it.
	ops := []any{op("phase", "to", "free"), op("milestone", "name", "alku")}
	for _, kind := range []string{"service", "segment", "group", "category", "goal"} {
		for i := range 2 {
			ops = append(ops, op("create", "item", object{"type": kind, "id": fmt.Sprintf("%s-%d", kind, i), "name": kind}))
		}
	}
	free := object{"client": "founder", "n": 1, "ops": ops}
	if err := w.get(ctx, w.instances[0], "POST", w.path("/ops"), free, nil); err != nil {
		return err
	}
	if err := w.settle(ctx, 20*time.Second, 0); err != nil {
		return err
	}
	var shown board
	if err := w.get(ctx, w.instances[0], "GET", w.path(""), nil, &shown); err != nil {
		return err
	}
	w.start, w.birth = shown.At.Seq, itemsOf(shown.Items)
	return nil
}

type board struct {
	At    position `json:"at"`
	Items []any    `json:"items"`
}

var caller = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}

func call(ctx context.Context, method, url, key string, body any) (status int, answer []byte, err error) {
	var reader io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return 0, nil, err
		}
		reader = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(ctx, method, url, reader)
	if err != nil {
		return 0, nil, err
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	got, err := caller.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer got.Body.Close()
	answer, err = io.ReadAll(got.Body)
	return got.StatusCode, answer, err
}

// get calls an instance as a facilitator, past its proxy.
func (w *world) get(ctx context.Context, in *instance, method, path string, body, into any) error {
	status, answer, err := call(ctx, method, "http://"+in.address+path, w.keys["facilitator"], body)
	if err == nil && (status < 200 || status > 299) {
		err = fmt.Errorf("%s %s at %s: %d %s", method, path, in.name, status, answer)
	}
	if err == nil && into != nil {
		err = json.Unmarshal(answer, into)
	}
	return err
}

// digests asks every instance where it is.
func (w *world) digests(ctx context.Context) (map[string]digest, error) {
	all := map[string]digest{}
	for _, in := range w.instances {
		var d digest
		if err := w.get(ctx, in, "GET", w.path("/digest"), nil, &d); err != nil {
			return all, err
		}
		all[in.name] = d
	}
	return all, nil
}

// settle waits until all instances are at one place, have all of it on disk, and have been there for so long.
func (w *world) settle(ctx context.Context, patience, calm time.Duration) error {
	var last map[string]digest
	var failed error
	var at digest
	since := time.Now()
	err := within(ctx, patience, "all instances rest at one place", func() bool {
		last, failed = w.digests(ctx)
		if failed != nil {
			return false
		}
		first := last[w.instances[0].name]
		for _, d := range last {
			if d.Epoch != first.Epoch || d.Seq != first.Seq || d.Hash != first.Hash || d.Saved != d.Seq {
				return false
			}
		}
		if at != first {
			at, since = first, time.Now()
		}
		return time.Since(since) >= calm
	})
	if err != nil {
		err = fmt.Errorf("%w: %+v %w", err, last, errors.Join(failed))
	}
	return err
}

// close ends everything, in whatever state it is.
func (w *world) close() {
	if w.stop != nil {
		w.stop()
	}
	w.busy.Wait()
	w.running.Wait()
	for _, in := range w.instances {
		if in.process != nil {
			in.signal(syscall.SIGCONT)
			in.kill()
		}
		for _, p := range []*proxy{in.front, in.back} {
			if p != nil {
				p.close()
			}
		}
	}
	for _, r := range []*redisServer{w.sentinel, w.replica, w.redis} {
		if r != nil && r.process != nil {
			r.kill()
		}
	}
	if w.behind != nil {
		w.behind.close()
	}
}
