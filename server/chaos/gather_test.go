package chaos

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/coder/websocket"
)

// rescues is how long an instance may wait until it tries again to give a place to what has lost its own.
const rescues = 1500 * time.Millisecond

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
	note(within(ctx, 2*restLimit, "everything that waited has been saved", func() bool {
		return !slices.ContainsFunc(w.clients, func(c *client) bool { return !c.empty() })
	}))
	note(w.settle(ctx, 30*time.Second, rescues))
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
		Tray: map[pushID]bool{}, Fates: map[pushID]int64{}, Dark: w.darkness,
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
			if !history[i].Duplicate { // of which the first may be missing
				known[history[i].id()] = true
			}
		}
	}
	if w.bot != nil {
		r.Pushes = w.bot.known()
		note(w.askFates(ctx, r, known, w.bot.person(), r.Pushes))
	}
	for _, c := range w.clients {
		r.Pushes = append(r.Pushes, c.all...)
		r.Wrong = append(r.Wrong, c.wrong...)
		welcome, err := w.fresh(ctx, c, "fresh", nil)
		note(err)
		r.Kept[c.me], r.Fresh[c.me] = c.items, itemsOf(welcome.object("board").list("items"))
		note(w.askFates(ctx, r, known, c, c.all))
	}
	return r
}

// askFates asks for the pushes of a participant that no history tells.
func (w *world) askFates(ctx context.Context, r *record, known map[pushID]bool, c *client, pushes []*push) error {
	missing := map[string][]int64{}
	for _, p := range pushes {
		if p.Saved && !known[p.id()] {
			missing[p.Client] = append(missing[p.Client], p.N)
		}
	}
	for tab, all := range missing {
		for some := range slices.Chunk(all, 200) {
			welcome, err := w.fresh(ctx, c, tab, some)
			if err != nil {
				return err
			}
			for _, f := range welcome.list("fate") {
				r.Fates[pushID{welcome.object("you").text("id"), tab, asObject(f).number("n")}] = asObject(f).number("seq")
			}
		}
	}
	return nil
}

// trayOf are the pushes that were rescued as proposals.
func trayOf(items map[string]object) map[pushID]bool {
	tray := map[pushID]bool{}
	for _, it := range items {
		if isRescue(it) {
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
func (w *world) fresh(ctx context.Context, c *client, tab string, asked []int64) (object, error) {
	in := w.any()
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
	if err := w.runAll(ctx); err != nil {
		note("%v", err)
		return wrong
	}
	if err := w.settle(ctx, 20*time.Second, 0); err != nil {
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
			for _, never := range []string{"DATA RACE", "panic", "another state", "wants an upgrade", "held something else"} {
				if strings.Contains(line, never) {
					wrong = append(wrong, in.name+" says: "+line)
				}
			}
		}
	}
	return wrong
}
