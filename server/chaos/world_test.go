package chaos

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/coder/websocket"
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
	for _, in := range w.instances {
		if err := w.run(ctx, in); err != nil {
			return w, err
		}
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

func (w *world) newRedis(ctx context.Context, flags ...string) (*redisServer, error) {
	w.redises++
	if w.aof {
		flags = append(flags, "--appendonly", "yes", "--appendfsync", "everysec")
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
	if w.replica, err = w.newRedis(ctx, "--replicaof", strings.Replace(address, ":", " ", 1)); err != nil {
		return err
	}
	return within(ctx, 20*time.Second, "the replica follows", w.replica.inStep)
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
	free := object{"client": "founder", "n": 1, "ops": []any{op("phase", "to", "free")}}
	if err := w.get(ctx, w.instances[0], "POST", w.path("/ops"), free, nil); err != nil {
		return err
	}
	if err := w.settle(ctx, 20*time.Second); err != nil {
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

// storm lets everybody in: participants who write, a facilitator who arranges, and one who locks and unlocks.
func (w *world) storm(ctx context.Context, examples []example, participants int) {
	ctx, w.stop = context.WithCancel(ctx)
	busy, calm := context.WithCancel(ctx)
	w.calm = calm
	for i := range participants + 1 {
		role, name := "participant", fmt.Sprintf("p%d", i)
		if i == participants {
			role, name = "facilitator", "organiser"
		}
		c := w.comes(ctx, role, name)
		d := newDeck(examples, role, name, c.dice)
		calm := false
		c.next = func(items map[string]object) ([]object, bool) {
			if c.dice.IntN(3) > 0 || role == "facilitator" && c.dice.IntN(8) > 0 {
				return nil, false
			}
			if calm = !calm && role == "facilitator"; !calm && role == "facilitator" {
				// Or soon nobody could do anything.
				return []object{op("unfreeze", "segments", []string{}), op("phase", "to", "free")}, false
			}
			return d.draw(items)
		}
	}
	w.locker = w.comes(ctx, "facilitator", "locker")
	locking, wandering := rand.New(rand.NewPCG(w.dice.Uint64(), 1)), rand.New(rand.NewPCG(w.dice.Uint64(), 2))
	w.busy.Go(func() { w.lockAndUnlock(busy, locking) })
	w.busy.Go(func() { w.wander(busy, wandering) })
}

// meet lets people in who do only what they are told: each has a note of its own.
func (w *world) meet(ctx context.Context, participants int) {
	ctx, w.stop = context.WithCancel(ctx)
	w.calm = func() {}
	for i := range participants {
		c := w.comes(ctx, "participant", fmt.Sprintf("p%d", i))
		c.say(false, op("create", "item", object{"type": "note", "id": c.me, "x": i, "y": i, "text": c.me}))
	}
	w.locker = w.comes(ctx, "facilitator", "locker")
}

// round is one race: everybody moves a note around the moment at which the board is locked, once more when that holds,
// and a last time when it is open again. It tells how long it took until the lock was told as held.
func (w *world) round(ctx context.Context, f fault) (held time.Duration, err error) {
	quiet := func(what string) error {
		return within(ctx, 60*time.Second, what, func() bool {
			return !slices.ContainsFunc(w.clients, func(c *client) bool { return !c.empty() })
		})
	}
	if err := quiet("everybody is ready"); err != nil {
		return 0, err
	}
	move := func(c *client) { c.say(false, op("move", "moves", []any{[]any{c.me, rand.IntN(10_000), 1}})) }
	var moving sync.WaitGroup
	failed := make(chan error, 1)
	moving.Go(func() { failed <- f.play(ctx, w) })
	for _, c := range w.clients {
		if c != w.locker {
			early := time.Duration(rand.Int64N(int64(6 * time.Millisecond)))
			moving.Go(func() { wait(ctx, early); move(c) })
		}
	}
	wait(ctx, 3*time.Millisecond)
	began := w.now()
	if err := w.locker.hold(ctx, "closed"); err != nil {
		return 0, err
	}
	held = w.now() - began
	for _, c := range w.clients {
		if c != w.locker {
			move(c)
		}
	}
	moving.Wait()
	if err := errors.Join(<-failed, quiet("everybody knows what became of it"), w.locker.hold(ctx, "open")); err != nil {
		return 0, err
	}
	for _, c := range w.clients {
		if c != w.locker {
			move(c)
		}
	}
	return held, quiet("everybody has moved")
}

func (w *world) comes(ctx context.Context, role, name string) *client {
	c := newClient(w, role, name, w.dice.Uint64())
	w.clients = append(w.clients, c)
	w.running.Go(func() { c.run(ctx) })
	return c
}

// lockAndUnlock never stops doing so.
func (w *world) lockAndUnlock(ctx context.Context, dice *rand.Rand) {
	for ctx.Err() == nil {
		for _, turn := range []struct {
			level string
			rest  time.Duration
		}{{"closed", 20 * time.Millisecond}, {"open", 200 * time.Millisecond}} {
			if w.locker.hold(ctx, turn.level) != nil {
				return
			}
			wait(ctx, turn.rest+time.Duration(dice.IntN(300))*time.Millisecond)
		}
	}
}

// holdPatience is how long the locker waits for what is saved to be told as held: who was away at that moment is not told.
const holdPatience = 1500 * time.Millisecond

// hold sets the lock, and tries again as a person does who is not told that it holds. The error is that of ctx.
func (c *client) hold(ctx context.Context, level string) error {
	for {
		p := c.say(false, op("lock", "level", level))
		deadline := time.Now().Add(holdPatience)
		for {
			var held, saved bool
			c.with(func() { held, saved = p.Held > 0, p.Saved })
			if held {
				return nil
			}
			if saved && time.Now().After(deadline) {
				break
			}
			select {
			case <-time.After(2 * time.Millisecond):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
}

// wander has clients go elsewhere, and close their tabs.
func (w *world) wander(ctx context.Context, dice *rand.Rand) {
	for {
		select {
		case <-time.After(time.Duration(100+dice.IntN(500)) * time.Millisecond):
		case <-ctx.Done():
			return
		}
		c := w.clients[dice.IntN(len(w.clients))]
		if dice.IntN(4) == 0 && c != w.locker {
			c.reload()
		} else {
			c.hop()
		}
	}
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

// settle waits until all instances are at one place, and have all of it on disk.
func (w *world) settle(ctx context.Context, patience time.Duration) error {
	var last map[string]digest
	var failed error
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
		return true
	})
	if err != nil {
		err = fmt.Errorf("%w: %+v %w", err, last, errors.Join(failed))
	}
	return err
}

// rest lets the storm pass: nobody makes anything new, everything that waits finds its place, everybody hears of it.
func (w *world) rest(ctx context.Context) []string {
	var wrong []string
	w.calm()
	w.busy.Wait()
	for _, c := range w.clients {
		c.with(func() { c.next = nil })
	}
	note := func(err error) {
		if err != nil {
			wrong = append(wrong, err.Error())
		}
	}
	opening, opened := context.WithTimeout(ctx, 30*time.Second)
	if w.locker.hold(opening, "open") != nil {
		wrong = append(wrong, "stuck: nobody is told that the board is open again")
	}
	opened()
	note(within(ctx, 60*time.Second, "everything that waited has been saved", func() bool {
		return !slices.ContainsFunc(w.clients, func(c *client) bool { return !c.empty() })
	}))
	note(w.settle(ctx, 30*time.Second))
	// A pong comes after what was on its way.
	for _, c := range w.clients {
		before := 0
		c.with(func() { before, c.asking = c.pongs, true })
		note(within(ctx, 20*time.Second, c.me+" is told how the board is", func() bool {
			return c.ask(func() bool { return c.open && c.pongs > before })
		}))
	}
	return wrong
}

// gather stops everybody and collects what they were told and what is there.
func (w *world) gather(ctx context.Context, wrong []string) *record {
	r := &record{
		Start: w.start, Initial: w.birth, Wrong: wrong, Digests: map[string]digest{}, Boards: map[string]map[string]object{},
		Histories: map[string][]entry{}, Kept: map[string]map[string]object{}, Fresh: map[string]map[string]object{},
		Tray: map[pushID]bool{}, Fates: map[pushID]bool{},
	}
	w.stop()
	w.running.Wait()
	note := func(err error) {
		if err != nil {
			r.Wrong = append(r.Wrong, err.Error())
		}
	}
	var err error
	r.Digests, err = w.digests(ctx)
	note(err)
	for _, in := range w.instances {
		var shown board
		note(w.get(ctx, in, "GET", w.path(""), nil, &shown))
		r.Boards[in.name] = itemsOf(shown.Items)
		r.Histories[in.name], err = w.history(ctx, in)
		note(err)
	}
	for _, items := range r.Boards {
		maps.Copy(r.Tray, trayOf(items))
	}
	known := map[pushID]bool{}
	for _, history := range r.Histories {
		for i := range history {
			known[history[i].id()] = true
		}
	}
	for _, c := range w.clients {
		r.Pushes = append(r.Pushes, c.all...)
		r.Wrong = append(r.Wrong, c.wrong...)
		missing := map[string][]int64{}
		for _, p := range c.all {
			if p.Saved && !known[p.id()] {
				missing[p.Client] = append(missing[p.Client], p.N)
			}
		}
		in := w.instances[c.dice.IntN(len(w.instances))]
		welcome, err := w.fresh(ctx, in, c, "fresh", nil)
		note(err)
		r.Kept[c.me], r.Fresh[c.me] = c.items, itemsOf(welcome.object("board").list("items"))
		for tab, ns := range missing {
			welcome, err := w.fresh(ctx, in, c, tab, ns)
			note(err)
			for _, f := range welcome.list("fate") {
				r.Fates[pushID{c.id, tab, asObject(f).number("n")}] = true
			}
		}
	}
	return r
}

// trayOf are the pushes that were rescued as proposals.
func trayOf(items map[string]object) map[pushID]bool {
	tray := map[pushID]bool{}
	for _, it := range items {
		if it.text("type") == "proposal" && it["rescued"] == true {
			tray[pushID{it.text("by"), it.text("client"), it.number("n")}] = true
		}
	}
	return tray
}

func (w *world) history(ctx context.Context, in *instance) (all []entry, err error) {
	for from := w.start + 1; from > 0; {
		var page struct {
			Entries []entry `json:"entries"`
			Next    int64   `json:"next"`
		}
		if err := w.get(ctx, in, "GET", w.path(fmt.Sprintf("/history?from=%d", from)), nil, &page); err != nil {
			return all, err
		}
		all, from = append(all, page.Entries...), page.Next
	}
	return all, nil
}

// fresh is the welcome of a participant in a tab without a past.
func (w *world) fresh(ctx context.Context, in *instance, c *client, tab string, asked []int64) (object, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, "ws://"+in.address+w.path("/socket"), &websocket.DialOptions{HTTPClient: dialer})
	if err != nil {
		return nil, err
	}
	defer conn.CloseNow() // only the welcome counts
	conn.SetReadLimit(-1)
	raw, err := json.Marshal([]object{{"type": "hello", "version": 1, "key": w.keys[c.role], "me": c.me, "client": tab, "name": c.me, "waiting": asked}})
	if err != nil {
		return nil, err
	}
	if err := conn.Write(ctx, websocket.MessageText, raw); err != nil {
		return nil, err
	}
	for {
		_, raw, err := conn.Read(ctx)
		if err != nil {
			return nil, err
		}
		var messages []object
		if err := json.Unmarshal(raw, &messages); err != nil {
			return nil, err
		}
		for _, m := range messages {
			if m.text("type") == "welcome" {
				return m, nil
			}
		}
	}
}

// again kills every instance, has the program check its disk, and starts it: the board must be the same.
func (w *world) again(ctx context.Context) (wrong []string) {
	note := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	before, err := w.digests(ctx)
	if err != nil {
		note("%v", err)
	}
	for _, in := range w.instances {
		in.kill()
		if out, err := w.program.command("check", "--data", in.data).CombinedOutput(); err != nil {
			note("%s: check: %v\n%s", in.name, err, out)
		}
	}
	for _, in := range w.instances {
		if err := w.run(ctx, in); err != nil {
			note("%v", err)
			return wrong
		}
	}
	if err := w.settle(ctx, 20*time.Second); err != nil {
		note("after a start: %v", err)
	}
	after, err := w.digests(ctx)
	if err != nil {
		note("%v", err)
	}
	for name, d := range after {
		if was := before[name]; d.Hash != was.Hash || d.Seq != was.Seq {
			note("%s was at %+v, and is at %+v after a start", name, was, d)
		}
	}
	return wrong
}

// logs looks for what must not be in any log.
func (w *world) logs() (wrong []string) {
	for _, in := range w.instances {
		raw, err := os.ReadFile(in.data + ".log")
		if err != nil {
			wrong = append(wrong, err.Error())
		}
		for line := range strings.SplitSeq(string(raw), "\n") {
			if strings.Contains(line, "DATA RACE") || strings.Contains(line, "panic") {
				wrong = append(wrong, in.name+" says: "+line)
			}
		}
	}
	return wrong
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
