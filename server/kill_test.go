package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// TestKillNineLosesNothingThatWasCalledSaved kills the server under load and starts it again, round after round.
// JANA_KILL_ROUNDS says how many; make chaos runs more.
func TestKillNineLosesNothingThatWasCalledSaved(t *testing.T) {
	rounds := 10
	if n, err := strconv.Atoi(os.Getenv("JANA_KILL_ROUNDS")); err == nil {
		rounds = n
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	dice := rand.New(rand.NewPCG(seed, 0))

	data := t.TempDir()
	p := startProcess(t, data, "127.0.0.1:0")
	b := p.board("segmentation")
	listen := strings.TrimPrefix(p.url, "http://")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var writing sync.WaitGroup
	var writers []*writer
	for i := range 6 {
		w := &writer{t: t, board: b, me: fmt.Sprintf("w%d", i), waiting: map[int64]string{}, savedAt: map[int64]int64{}, dice: rand.New(rand.NewPCG(seed, uint64(i+1)))}
		writers = append(writers, w)
		writing.Go(func() { w.run(ctx) })
	}
	for round := range rounds {
		more := sumOf(writers, (*writer).savedCount) + 100
		until(t, fmt.Sprintf("100 pushes of round %d are saved", round), func() bool { return sumOf(writers, (*writer).savedCount) >= more })
		time.Sleep(time.Duration(dice.IntN(30)) * time.Millisecond) // anywhere between two steps
		p.kill()
		var out lines
		if err := run(t.Context(), []string{"check", "--data", data}, noEnvironment, &out, &out, pagesOfTests); err != nil {
			t.Fatalf("round %d: check: %v\n%s", round, err, &out)
		}
		p = startProcess(t, data, listen)
	}
	for _, w := range writers {
		w.finish()
	}
	writing.Wait()

	b.instance = p.instance
	var shown struct {
		Items []map[string]any `json:"items"`
	}
	if err := json.Unmarshal(b.do("facilitator", "GET", "", nil).body, &shown); err != nil {
		t.Fatal(err)
	}
	items := map[string]map[string]any{}
	for _, it := range shown.Items {
		items[it["id"].(string)] = it
	}
	total := 0
	for _, w := range writers {
		total += len(w.savedAt)
		for n := range w.savedAt {
			if items[w.id(n)] == nil {
				t.Errorf("seed %d: push %d of %s was called saved, and its note is not there", seed, n, w.me)
			}
		}
		if len(w.savedAt) != int(w.n) {
			t.Errorf("seed %d: %s sent %d pushes, %d are saved", seed, w.me, w.n, len(w.savedAt))
		}
	}
	notes := 0
	for _, it := range items {
		if it["type"] == "note" {
			notes++
		}
	}
	if notes != total {
		t.Errorf("seed %d: %d notes for %d pushes", seed, notes, total)
	}
	seq, hash := b.digest()
	p.kill()
	b.instance = startProcess(t, data, listen).instance
	if again, same := b.digest(); again != seq || same != hash {
		t.Errorf("seed %d: at rest the board was %v %s, after a start it is %v %s", seed, seq, hash, again, same)
	}
	t.Logf("%d rounds, %d pushes saved", rounds, total)
}

func sumOf(writers []*writer, of func(*writer) int) int {
	total := 0
	for _, w := range writers {
		total += of(w)
	}
	return total
}

// writer is a browser that never stops writing: what it sends it keeps until it is saved, and sends again when it comes
// back.
type writer struct {
	t     *testing.T
	board made
	me    string
	dice  *rand.Rand

	mu      sync.Mutex
	n       int64
	waiting map[int64]string // n → op, until it is saved
	ordered map[int64]int64  // n → seq, in the epoch of this connection
	savedAt map[int64]int64  // n → seq that was called saved
	last    bool
}

func (w *writer) id(n int64) string { return fmt.Sprintf("%s-%d", w.me, n) }

func (w *writer) savedCount() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.savedAt)
}

// finish lets it write no more than it has begun.
func (w *writer) finish() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = true
}

func (w *writer) done() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.last && len(w.waiting) == 0
}

func (w *writer) run(ctx context.Context) {
	for !w.done() && ctx.Err() == nil {
		w.visit(ctx)
		select {
		case <-time.After(time.Duration(10+w.dice.IntN(40)) * time.Millisecond):
		case <-ctx.Done():
		}
	}
}

// visit is one connection.
func (w *writer) visit(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, strings.Replace(w.board.url, "http", "ws", 1)+w.board.path("/socket"), nil)
	if err != nil {
		return // not up yet
	}
	defer conn.CloseNow() // whatever state it is in
	conn.SetReadLimit(-1)
	w.mu.Lock()
	w.ordered = map[int64]int64{}
	waiting := sortedNumbers(w.waiting)
	w.mu.Unlock()
	hello, _ := json.Marshal([]message{{"type": "hello", "version": 1, "key": w.board.keys["participant"], "me": w.me, "client": "tab", "name": w.me, "waiting": waiting}})
	if conn.Write(ctx, websocket.MessageText, hello) != nil {
		return
	}
	for _, n := range waiting {
		if w.push(ctx, conn, n) != nil {
			return
		}
	}
	for !w.done() {
		w.mu.Lock()
		begin := !w.last && len(w.waiting) < 8
		n := w.n + 1
		if begin {
			w.n = n
			w.waiting[n] = fmt.Sprintf(`{"do":"create","item":{"type":"note","id":%q,"x":%d,"y":900,"text":"lappu %d"}}`, w.id(n), w.dice.IntN(10_000), n)
		}
		w.mu.Unlock()
		if begin {
			if w.push(ctx, conn, n) != nil {
				return
			}
			continue
		}
		_, raw, err := conn.Read(ctx)
		if err != nil {
			return
		}
		var messages []message
		if err := json.Unmarshal(raw, &messages); err != nil {
			w.t.Errorf("%s: %v", w.me, err)
			return
		}
		for _, m := range messages {
			w.take(ctx, conn, m)
		}
	}
}

func (w *writer) push(ctx context.Context, conn *websocket.Conn, n int64) error {
	w.mu.Lock()
	op := w.waiting[n]
	w.mu.Unlock()
	return conn.Write(ctx, websocket.MessageText, fmt.Appendf(nil, `[{"type":"push","n":%d,"ops":[%s]}]`, n, op))
}

func (w *writer) take(ctx context.Context, conn *websocket.Conn, m message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch m.text("type") {
	case "welcome":
		for _, f := range m.list("fate") {
			fate, _ := f.(map[string]any)
			w.order(message(fate).number("n"), message(fate).number("seq"))
		}
		w.saved(m.number("saved"))
	case "changes":
		if m.text("client") == "tab" && w.ids(m) {
			w.order(m.number("n"), m.number("seq"))
		}
	case "fate":
		w.order(m.number("n"), m.number("seq"))
	case "refused":
		w.t.Errorf("%s: push %d was refused: %v", w.me, m.number("n"), m["code"])
		delete(w.waiting, m.number("n"))
	case "saved":
		w.saved(m.number("seq"))
	case "ping":
		_ = conn.Write(ctx, websocket.MessageText, []byte(`[{"type":"pong"}]`))
	}
}

// ids reports whether changes are of one of its own pushes: all writers call their tab alike.
func (w *writer) ids(m message) bool {
	for _, c := range m.list("changes") {
		change, _ := c.(map[string]any)
		if strings.HasPrefix(message(change).members("put").text("id"), w.me+"-") {
			return true
		}
	}
	return false
}

func (w *writer) order(n, seq int64) {
	if was, saved := w.savedAt[n]; saved && seq != 0 && was != 0 && was != seq {
		w.t.Errorf("%s: push %d was saved as %d and is now %d", w.me, n, was, seq)
	}
	if _, waits := w.waiting[n]; waits {
		w.ordered[n] = seq
	}
}

func (w *writer) saved(upTo int64) {
	for n, seq := range w.ordered {
		if seq <= upTo {
			w.savedAt[n] = seq
			delete(w.waiting, n)
			delete(w.ordered, n)
		}
	}
}

func sortedNumbers(m map[int64]string) []int64 {
	numbers := make([]int64, 0, len(m))
	for n := range m {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	return numbers
}
