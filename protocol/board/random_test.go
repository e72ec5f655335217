package board

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// seedOf prints the seed of a random test, or takes it from JANA_SEED.
func seedOf(t *testing.T) *rand.Rand {
	seed := rand.Uint64()
	if given := os.Getenv("JANA_SEED"); given != "" {
		n, err := strconv.ParseUint(given, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		seed = n
	}
	t.Logf("JANA_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// chance makes ops that mostly make sense on a state.
type chance struct {
	*rand.Rand
	s    *State
	next int
	gone []ID
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func (c *chance) some(t Type) ID {
	all := c.s.ofType(t)
	if len(all) == 0 || c.IntN(30) == 0 {
		return pick(c.Rand, "nope", "board", "n1", "g1", "")
	}
	return all[c.IntN(len(all))].ID
}

func (c *chance) fresh() ID {
	c.next++
	if c.IntN(20) == 0 && len(c.gone) > 0 {
		return c.gone[c.IntN(len(c.gone))]
	}
	return fmt.Sprintf("i%d", c.next)
}

func (c *chance) words() string {
	out := ""
	for range c.IntN(6) {
		out += pick(c.Rand, "koira ", "ä", "😀", "n", " ", "\n", "työ", "🇫🇮")
	}
	return out
}

func (c *chance) op() Op {
	coord := func() int64 { return c.Int64N(12000) - 1000 }
	switch c.IntN(24) {
	case 0, 1, 2:
		fields := []Field{{"x", coord()}, {"y", coord()}, {"text", c.words()}}
		if c.IntN(2) == 0 {
			fields = append(fields, Field{"perspectiveId", c.some(TypePerspective)})
		}
		return Create{Type: TypeNote, ID: c.fresh(), Fields: fields}
	case 3, 4, 5, 6:
		op := Move{}
		for range 1 + c.IntN(3) {
			op.Moves = append(op.Moves, Place{c.some(TypeNote), coord(), coord()})
		}
		return op
	case 7, 8:
		id := c.some(TypeNote)
		from := ""
		if it := c.s.Item(id); it != nil && c.IntN(2) == 0 {
			from = it.Text("text")
		}
		return Text{ID: id, Field: "text", From: from, To: c.words()}
	case 9, 10:
		return Group{Notes: []ID{c.some(TypeNote), c.some(TypeNote)}, Group: pick(c.Rand, c.some(TypeGroup), c.fresh())}
	case 11:
		return Ungroup{Notes: []ID{c.some(TypeNote)}}
	case 12:
		id := c.some(pick(c.Rand, TypeNote, TypeGroup, TypeSegment, TypeService, TypePerspective, TypeHeading))
		if id != "" {
			c.gone = append(c.gone, id)
		}
		return Delete{IDs: []ID{id}}
	case 13:
		if len(c.gone) > 0 {
			return Restore{IDs: []ID{c.gone[c.IntN(len(c.gone))]}}
		}
		return Restore{IDs: []ID{"nope"}}
	case 14:
		return Edit{ID: c.some(TypeGroup), Fields: []Field{{"name", c.words()}}}
	case 15:
		return Phase{To: pick(c.Rand, append(Phases, "nope")...)}
	case 16:
		return pick[Op](c.Rand, Lock{Level: "closed"}, Lock{Level: "text"}, Lock{Level: "open"}, Lock{Level: "open"})
	case 17:
		return pick[Op](c.Rand, Freeze{Texts: c.IntN(2) == 0}, Unfreeze{}, Unfreeze{}, Unfreeze{Segments: []ID{c.some(TypeSegment)}})
	case 18:
		return pick[Op](c.Rand, Private{On: true}, Private{On: false}, Reveal{}, Milestone{Name: "m"})
	case 19:
		return Assess{
			Service: c.some(TypeService), Segment: c.some(TypeSegment), Criterion: pick(c.Rand, Criteria...),
			Vote: Score{Given: true, Value: c.Int64N(6)},
		}
	case 20:
		return Create{Type: pick(c.Rand, TypeService, TypeSegment, TypeHeading, TypePerspective), ID: c.fresh(), Fields: []Field{{"name", c.words()}}}
	case 21:
		return Pin{IDs: []ID{c.some(TypeNote)}, On: c.IntN(2) == 0}
	case 22:
		id := c.some(TypeNote)
		if len(c.gone) > 0 && c.IntN(2) == 0 {
			id = c.gone[c.IntN(len(c.gone))]
		}
		return Blank{ID: id}
	default:
		return Text{ID: c.some(TypeSegment), Field: "descriptions/" + c.some(TypeHeading), From: "", To: c.words()}
	}
}

func demoState(t *testing.T) *State {
	t.Helper()
	return stateOf(t, vectorItems{Items: rawItems(
		`{"id":"board","type":"board","title":"Koe","phase":"free"}`,
		`{"id":"ax","type":"axis","x0":0,"x1":10000,"bandTop":0,"bandBottom":6000}`,
		`{"id":"p1","type":"perspective","name":"I","order":1}`,
		`{"id":"h1","type":"heading","name":"M","order":1}`,
		`{"id":"v1","type":"service","name":"N","order":1}`,
		`{"id":"n1","type":"note","x":1,"y":1,"z":1,"text":"a"}`,
	)})
}

func TestRandomPushesAgreeHoweverTheyAreReplayed(t *testing.T) {
	r := seedOf(t)
	for range 20 {
		c := &chance{Rand: r, s: demoState(t)}
		landed, again := demoState(t), demoState(t)
		refused, changed := 0, 0
		for seq := int64(1); seq <= 400; seq++ {
			e := &Entry{
				Seq: seq, Time: 1000 * seq, By: pick(r, "pA", "pB", "pF"), Client: "tab", N: pick(r, seq, seq, seq, max(1, seq-1)),
				Role: pick(r, Participant, Facilitator, Facilitator, Viewer), Whole: r.IntN(5) == 0,
			}
			for range 1 + r.IntN(3) {
				e.Ops = append(e.Ops, c.op())
			}
			before, replay := c.s.Hash(), throughLog(t, e)
			c.s.Apply(e)
			refused += len(e.Refusals)
			changed += len(e.Changes)
			if e.Whole && len(e.Refusals) > 0 && len(e.Changes) > 0 {
				t.Fatalf("entry %d: whole, refused, and changed %v", seq, e.Changes)
			}
			if e.Duplicate && before != c.s.Hash() {
				t.Fatalf("entry %d: a duplicate changed the board", seq)
			}
			logged := throughLog(t, e)
			if err := landed.Land(logged); err != nil {
				t.Fatal(err)
			}
			again.Apply(replay)
			if len(replay.Changes) != len(e.Changes) || again.Hash() != c.s.Hash() {
				t.Fatalf("entry %d: applying it again gives another board", seq)
			}
			if landed.Hash() != c.s.Hash() {
				t.Fatalf("entry %d: landing it gives another board", seq)
			}
			if seq%97 == 0 {
				loaded, err := Load(landed.Snapshot().Encode())
				if err != nil {
					t.Fatal(err)
				}
				landed = loaded
			}
		}
		if refused == 0 || changed == 0 {
			t.Fatalf("the test tried nothing: %d refused, %d changed", refused, changed)
		}
		consistent(t, c.s)
		exported := c.s.Export()
		back, problems := Import(exported, 1)
		if len(problems) > 0 {
			t.Fatalf("export does not import: %v", problems)
		}
		if got, want := back.Content(), c.s.Content(); got != want {
			t.Errorf("content after export and import: got %s, want %s", got, want)
		}
	}
}

// entriesEnv is a file of entries: the test program then applies them and prints
// what has become of the board.
const entriesEnv = "JANA_BOARD_ENTRIES"

func TestTwoProcessesMakeTheSameBoardOfTheSameEntries(t *testing.T) {
	if path, child := os.LookupEnv(entriesEnv); child {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var entries []*Entry
		if err := json.Unmarshal(raw, &entries); err != nil {
			t.Fatal(err)
		}
		s := demoState(t)
		for _, e := range entries {
			s.Apply(e)
		}
		fmt.Println(s.Hash())
		return
	}
	r := seedOf(t)
	c := &chance{Rand: r, s: demoState(t)}
	var raws []json.RawMessage
	for seq := int64(1); seq <= 1000; seq++ {
		e := &Entry{
			Seq: seq, Time: 1000 * seq, By: pick(r, "pA", "pB", "pF"), Client: "tab", N: seq, Role: pick(r, Participant, Facilitator),
			Ops: []Op{c.op(), c.op()},
		}
		raw, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		raws = append(raws, raw)
		c.s.Apply(e)
	}
	path := filepath.Join(t.TempDir(), "entries")
	raw, err := json.Marshal(raws)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(self, "-test.run", "^"+t.Name()+"$")
	child.Env = append(os.Environ(), entriesEnv+"="+path)
	out, err := child.CombinedOutput()
	if err != nil || !strings.Contains(string(out), c.s.Hash()) {
		t.Errorf("another process got %s (%v), want %s", out, err, c.s.Hash())
	}
}

// A file may have two segments of one group, which no op makes.
func TestNothingDependsOnTheOrderOfAMap(t *testing.T) {
	decided := map[string]bool{}
	for range 50 {
		s, wrong := Import([]byte(`{"schema":"jana-board/1","board":{"id":"board","type":"board","title":"x","phase":"free"},"items":[
			{"id":"g1","type":"group","name":"g"},
			{"id":"s1","type":"segment","name":"a","groupId":"g1","order":1},
			{"id":"s2","type":"segment","name":"b","groupId":"g1","order":2},
			{"id":"n1","type":"note","x":10,"y":10,"z":1,"text":"eka","groupId":"g1"}]}`), 1000)
		if len(wrong) > 0 {
			t.Fatal(wrong)
		}
		e := &Entry{Seq: s.Seq() + 1, By: "pF", Role: Facilitator, Client: "f", N: 1, Ops: []Op{Freeze{}, Move{Moves: []Place{{"n1", 5, 6}}}}}
		s.Apply(e)
		if len(e.Changes) < 2 || len(e.Refusals) != 1 || e.Refusals[0].Code != Frozen {
			t.Fatalf("got changes %v and refusals %v, want both segments frozen, which stops the move", e.Changes, e.Refusals)
		}
		raw, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		decided[s.Hash()+string(raw)] = true
	}
	if len(decided) != 1 {
		t.Errorf("the same entry was decided in %d ways", len(decided))
	}
}

func TestDiffBringsAMilestoneBack(t *testing.T) {
	r := seedOf(t)
	c := &chance{Rand: r, s: demoState(t)}
	seq := int64(0)
	apply := func(ops ...Op) *Entry {
		seq++
		e := &Entry{Seq: seq, Time: seq, By: "pF", Role: Facilitator, Client: "tab", N: seq, Ops: ops}
		c.s.Apply(e)
		return e
	}
	random := func() {
		for range 200 {
			op := c.op()
			switch op.(type) {
			case Freeze, Private, Reveal:
				continue
			}
			apply(op)
		}
	}
	random()
	apply(Milestone{Name: "tässä"})
	milestone := sortedKeys(c.s.Item(BoardID).Map("milestones"))[0]
	then, err := Load(c.s.Snapshot().Encode())
	if err != nil {
		t.Fatal(err)
	}
	random()
	apply(Unfreeze{})
	e := apply(Rewind{Milestone: milestone, At: c.s.Seq(), Changes: Diff(c.s, then)})
	if len(e.Refusals) > 0 {
		t.Fatalf("rewind refused: %+v", e.Refusals)
	}
	for _, it := range then.Items() {
		if now := c.s.Item(it.ID); rewinds(it) && !now.Equal(it) {
			t.Errorf("%s: got %v, want %s", it.ID, now, it.JSON())
		}
	}
	for _, it := range c.s.Items() {
		if rewinds(it) && then.Item(it.ID) == nil {
			t.Errorf("%s is still there", it.ID)
		}
	}
	consistent(t, c.s)
}
