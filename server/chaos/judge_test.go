package chaos

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
)

// told is a small run in which all went well: two participants write, a lock is held in between, and one edit is
// refused by it.
func told() *record {
	note := func(id string) []object {
		return []object{op("create", "item", object{"type": "note", "id": id, "x": 1.0, "y": 1.0})}
	}
	put := func(id string) []object {
		return []object{{"put": map[string]any{"type": "note", "id": id, "x": 1.0, "y": 1.0}}}
	}
	lock := func(level string) []object {
		return []object{{"set": map[string]any{"id": "board", "lock": map[string]any{"level": level}}}}
	}
	saved := func(by string, n, seq int64, called time.Duration, ops []object) *push {
		role := "participant"
		if by == "pF" {
			role = "facilitator"
		}
		return &push{By: by, Client: "tab", N: n, Role: role, Ops: ops, Called: called, Told: called + 2, Saved: true, Seq: seq, Epoch: "1.a", state: done}
	}
	r := &record{
		Start: 1, Initial: map[string]object{"board": {"id": "board", "type": "board"}}, Steady: true,
		Pushes: []*push{
			saved("pA", 1, 2, 10, note("n1")),
			saved("pB", 1, 3, 11, note("n2")),
			saved("pF", 1, 4, 20, []object{op("lock", "level", "closed")}),
			saved("pA", 2, 5, 30, note("n3")),
			saved("pF", 2, 6, 40, []object{op("lock", "level", "open")}),
			saved("pB", 2, 7, 50, note("n4")),
		},
	}
	r.Pushes[2].Held, r.Pushes[4].Held = 23, 43
	r.Pushes[3].Refused = map[int]string{0: "board_locked"}
	refused := entry{Seq: 5, By: "pA", Client: "tab", N: 2}
	refused.Refused = append(refused.Refused, struct {
		Op   int    `json:"op"`
		Code string `json:"code"`
	}{0, "board_locked"})
	history := []entry{
		{Seq: 2, By: "pA", Client: "tab", N: 1, Changes: put("n1")},
		{Seq: 3, By: "pB", Client: "tab", N: 1, Changes: put("n2")},
		{Seq: 4, By: "pF", Client: "tab", N: 1, Changes: lock("closed")},
		refused,
		{Seq: 6, By: "pF", Client: "tab", N: 2, Changes: lock("open")},
		{Seq: 7, By: "pB", Client: "tab", N: 2, Changes: put("n4")},
	}
	items := func() map[string]object {
		return map[string]object{
			"board": {"id": "board", "type": "board", "lock": map[string]any{"level": "open"}},
			"n1":    put("n1")[0].object("put"), "n2": put("n2")[0].object("put"), "n4": put("n4")[0].object("put"),
		}
	}
	at := digest{"1.a", 7, 7, "h"}
	r.Digests = map[string]digest{"one": at, "two": at}
	r.Boards = map[string]map[string]object{"one": items(), "two": items()}
	r.Histories = map[string][]entry{"one": slices.Clone(history), "two": slices.Clone(history)}
	r.Kept, r.Fresh = map[string]map[string]object{"a": items()}, map[string]map[string]object{"a": items()}
	return r
}

// everywhere changes the histories of all instances.
func (r *record) everywhere(change func([]entry) []entry) {
	for name, history := range r.Histories {
		r.Histories[name] = change(slices.Clone(history))
	}
}

// refusedAndNot has one edit refused by a lock that is not held, and another one that was made afterwards happen.
func refusedAndNot(r *record, steady bool) {
	r.Steady = steady
	r.Pushes[2].Held = 0
	r.Pushes[3].Called, r.Pushes[3].Told = 21, 22
	happens := *r.Pushes[5]
	happens.N, happens.Seq, happens.Called, happens.Told = 9, 8, 24, 26
	r.Pushes = append(r.Pushes, &happens)
	r.everywhere(func(h []entry) []entry { return append(h, entry{Seq: 8, By: "pB", Client: "tab", N: 9}) })
	for name := range r.Digests {
		r.Digests[name] = digest{"1.a", 8, 8, "h"}
	}
}

func TestTheCheckFindsWhatMustNeverBe(t *testing.T) {
	for _, c := range []struct {
		name string
		harm func(*record)
		want string // nothing: it is no harm
	}{
		{"nothing", func(*record) {}, ""},
		{"a push that was saved and is gone", func(r *record) {
			r.everywhere(func(h []entry) []entry { return slices.Delete(h, 1, 2) })
		}, "lost: push {pB tab 1}"},
		{"one that lies in the tray", func(r *record) {
			r.everywhere(func(h []entry) []entry { return slices.Delete(h, 1, 2) })
			r.Tray = map[pushID]bool{{"pB", "tab", 1}: true}
		}, ""},
		{"one that came back as a proposal, under a lock", func(r *record) {
			r.Steady, r.Pushes[1].Epoch = false, "0.z"
			rescued := object{"put": map[string]any{"type": "proposal", "id": "r1", "rescued": true}}
			r.everywhere(func(h []entry) []entry {
				h[1].N, h[3].By, h[3].Changes, h[3].Refused = 0, "pB", []object{rescued}, nil
				h[3].N = 1
				return h
			})
			r.Pushes = slices.Delete(r.Pushes, 3, 4)
			for name := range r.Boards {
				r.Boards[name]["r1"] = rescued.object("put")
			}
			r.Boards["two"] = r.Boards["one"]
		}, ""},
		{"one of which the board knows, where no history tells", func(r *record) {
			r.everywhere(func(h []entry) []entry { return slices.Delete(h, 1, 2) })
			r.Fates = map[pushID]int64{{"pB", "tab", 1}: 3}
		}, ""},
		{"one of which the board knows in another's place", func(r *record) {
			r.everywhere(func(h []entry) []entry { return slices.Delete(h, 1, 2) })
			r.Fates = map[pushID]int64{{"pB", "tab", 1}: 4}
		}, "lost: push {pB tab 1}"},
		{"one that one instance alone has in its history", func(r *record) { r.Histories["two"] = r.Histories["two"][2:] }, ""},
		{"a push that happened twice", func(r *record) {
			r.everywhere(func(h []entry) []entry {
				twice := h[0]
				twice.Seq = 8
				return append(h, twice)
			})
		}, "doubled: push {pA tab 1}"},
		{"a push that was sent twice", func(r *record) {
			r.everywhere(func(h []entry) []entry {
				return append(h, entry{Seq: 8, By: "pA", Client: "tab", N: 1, Duplicate: true})
			})
		}, ""},
		{"two histories", func(r *record) {
			h := r.Histories["two"]
			h[0].N, h[1].N = 9, 9
		}, "two histories: at 2"},
		{"an instance with another hash", func(r *record) { r.Digests["two"] = digest{"1.a", 7, 7, "other"} }, "diverged: two"},
		{"an instance that has not saved all", func(r *record) {
			r.Digests["one"], r.Digests["two"] = digest{"1.a", 7, 6, "h"}, digest{"1.a", 7, 6, "h"}
		}, "rests at 7 and has saved 6"},
		{"a client with another board", func(r *record) { r.Kept["a"]["n1"]["x"] = 2.0 }, "diverged: a keeps another board than it is shown: n1"},
		{"a client that lacks a note", func(r *record) { delete(r.Kept["a"], "n1") }, "diverged: a keeps another board than it is shown: n1 is missing"},
		{"a board that its history did not make", func(r *record) {
			for name := range r.Boards {
				delete(r.Boards[name], "n2")
			}
		}, "by its history"},
		{"an edit under a held lock, in the order", func(r *record) {
			r.everywhere(func(h []entry) []entry {
				h[3].Refused = nil
				return h
			})
			r.Pushes[3].Refused = nil
		}, "under a lock: push {pA tab 2} happened at 5"},
		{"an edit under a held lock, in time alone", func(r *record) {
			// The lock lost its place and was put back behind an edit that was made after it had been held.
			r.Steady = false
			r.everywhere(func(h []entry) []entry {
				h[2], h[3] = h[3], h[2]
				h[2].Seq, h[3].Seq, h[2].Refused = 4, 5, nil
				return h
			})
			r.Pushes[3].Refused, r.Pushes[3].Seq, r.Pushes[2].Seq = nil, 4, 5
		}, "was made after lock {pF tab 1} had been held"},
		{"an edit that was refused though the board was open", func(r *record) {
			r.Pushes[5].Refused = map[int]string{0: "board_locked"}
			r.everywhere(func(h []entry) []entry {
				h[5].Refused = h[3].Refused
				return h
			})
		}, "there is no order"},
		{"an edit that was refused by a lock that was never held and that Redis forgot", func(r *record) { refusedAndNot(r, false) }, ""},
		{"an edit that was refused by a lock that was never held, and nothing was forgotten", func(r *record) { refusedAndNot(r, true) }, "there is no order"},
		{"a push that was told as refused and happened", func(r *record) {
			r.Pushes[1].Refused = map[int]string{0: "gone"}
		}, "turned: the author of push {pB tab 1}"},
		{"a push that was told as refused for another reason", func(r *record) {
			r.Pushes[3].Refused = map[int]string{0: "gone"}
		}, "turned: the author of push {pA tab 2}"},
		{"a push that was told as refused for another reason in an epoch that is no more", func(r *record) {
			r.Steady, r.Pushes[3].Epoch, r.Pushes[3].Refused = false, "0.z", map[int]string{0: "gone"}
		}, ""},
		{"a push that was told as happened in an epoch that is no more", func(r *record) {
			r.Steady, r.Pushes[3].Epoch, r.Pushes[3].Refused = false, "0.z", nil
		}, "turned: the author of push {pA tab 2}"},
		{"a push without a fate", func(r *record) { r.Pushes[5].state, r.Pushes[5].Saved = sent, false }, "stuck: push {pB tab 2}"},
		{"a push that stands elsewhere than its author was told", func(r *record) { r.Pushes[1].Seq = 2 }, "moved: push {pB tab 1}"},
		{"a later push before an earlier one", func(r *record) {
			r.Pushes[0].Called, r.Pushes[0].Told = 14, 15
		}, "out of order: push {pA tab 1}"},
		{"a push that was ordered while nobody could", func(r *record) { r.Dark = []span{{49, 60}} }, "out of nowhere: push {pB tab 2}"},
		{"a push that was ordered afterwards", func(r *record) { r.Dark = []span{{49, 51}} }, ""},
		{"what a client found by itself", func(r *record) { r.Wrong = []string{"it was sent away: unknown"} }, "sent away"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := told()
			c.harm(r)
			found := check(r)
			switch {
			case c.want == "" && len(found.Wrong) > 0:
				t.Errorf("got %q", found.Wrong)
			case !strings.Contains(strings.Join(found.Wrong, "\n"), c.want):
				t.Errorf("got %q, want %q", found.Wrong, c.want)
			}
		})
	}
}

func TestTheJudgeFindsTheSameWithoutEditsThatSayNothing(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	dice := rand.New(rand.NewPCG(seed, 0))
	legal := 0
	const rounds = 3000
	for range rounds {
		var history []porcupine.Operation
		for range 2 + dice.IntN(8) {
			call := dice.Int64N(30)
			o := porcupine.Operation{Call: call, Return: call + dice.Int64N(12), Input: step{what: edits}, Output: dice.IntN(2) == 0}
			if what := deed(dice.IntN(8)); what < edits {
				o.Input, o.Output = step{what: what}, true
			}
			history = append(history, o)
		}
		want := porcupine.CheckOperations(lockModel, history)
		if want {
			legal++
		}
		if got := porcupine.CheckOperations(orderlyModel, telling(history)); got != want {
			t.Fatalf("seed %d: got %v, want %v of %s", seed, got, want, fmt.Sprint(history))
		}
	}
	if legal == 0 || legal == rounds {
		t.Errorf("%d of %d histories are legal: nothing was tried", legal, rounds)
	}
}
