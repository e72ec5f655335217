package protocol

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"jana/protocol/board"
)

func TestValidFramesBecomeTheirMessages(t *testing.T) {
	for _, c := range []struct {
		name, frame string
		want        []ClientMessage
	}{
		{"none", ` [ ] `, nil},
		{"ping and pong", `[{"type":"ping"},{"type":"pong","time":5}]`, []ClientMessage{Ping{}, Pong{}}},
		{
			"hello in full", `[{"type":"hello","version":1,"key":"k","me":"secret","client":"tab-1","name":"Pöytä 3","at":{"epoch":"1.a","seq":41},"waiting":[17,18]}]`,
			[]ClientMessage{Hello{Version: 1, Key: "k", Me: "secret", Client: "tab-1", Name: "Pöytä 3", At: &Position{"1.a", 41}, Waiting: []int64{17, 18}}},
		},
		{"hello in short", `[{"client":"t","type":"hello","version":1,"key":"k","at":null}]`, []ClientMessage{Hello{Version: 1, Key: "k", Client: "t"}}},
		{
			"hello with a position that is none", `[{"type":"hello","version":"1","key":5,"client":"t","at":{"epoch":7,"seq":"x"}}]`,
			[]ClientMessage{Hello{Client: "t"}},
		},
		{"hello with a position before the first", `[{"type":"hello","version":1,"key":"","client":"t","at":{"epoch":"e","seq":-1}}]`, []ClientMessage{Hello{Version: 1, Client: "t"}}},
		{
			"push", `[{"type":"push","n":17,"ops":[{"do":"lock","level":"closed"},{"do":"reveal"}],"whole":true,"client":"old"}]`,
			[]ClientMessage{Push{N: 17, Ops: []board.Op{board.Lock{Level: "closed"}, board.Reveal{}}, Whole: true, Client: "old"}},
		},
		{
			"unknown members are dropped", `[{"type":"push","n":1,"by":"p1","role":"facilitator","ops":[{"do":"reveal","by":"p1"}]}]`,
			[]ClientMessage{Push{N: 1, Ops: []board.Op{board.Reveal{}}}},
		},
		{
			"an op that is none keeps its index", `[{"type":"push","n":1,"ops":[{"do":"fly"},5,{"do":"reveal"}]}]`,
			[]ClientMessage{Push{N: 1, Ops: []board.Op{board.Undecoded{}, board.Undecoded{}, board.Reveal{}}}},
		},
		{
			"half a surrogate pair spoils its op alone", `[{"type":"push","n":1,"ops":[{"do":"milestone","name":"\ud83d"},{"do":"milestone","name":"\ud83d\ude00"},{"do":"milestone","name":"\ude00"}]}]`,
			[]ClientMessage{Push{N: 1, Ops: []board.Op{board.Undecoded{}, board.Milestone{Name: "😀"}, board.Undecoded{}}}},
		},
		{
			"a member that stands twice spoils its op alone", `[{"type":"push","n":1,"ops":[{"do":"pin","ids":["a"],"ids":["b"]},{"do":"reveal"}]}]`,
			[]ClientMessage{Push{N: 1, Ops: []board.Op{board.Undecoded{}, board.Reveal{}}}},
		},
		{"n as a float that is whole", `[{"type":"push","n":1.0e1,"ops":[{"do":"reveal"}]}]`, []ClientMessage{Push{N: 10, Ops: []board.Op{board.Reveal{}}}}},
		{
			"presence in full", `[{"type":"presence","cursor":[-0,5],"drag":[["n1",1,-2],["a.s.g",0,0]],"selected":["n1"],"editing":"n2","view":[0,0,100,50],"lead":true}]`,
			[]ClientMessage{&Presence{
				Cursor: &[2]int64{0, 5}, Drag: []board.Place{{ID: "n1", X: 1, Y: -2}, {ID: "a.s.g"}}, Selected: []board.ID{"n1"},
				Editing: "n2", View: &[4]int64{0, 0, 100, 50}, Lead: true,
			}},
		},
		{"presence of nulls", `[{"type":"presence","cursor":null,"drag":null,"selected":[],"editing":null,"lead":false}]`, []ClientMessage{&Presence{}}},
		{"a presence cannot claim to be busy", `[{"type":"presence","busy":true}]`, []ClientMessage{&Presence{}}},
	} {
		got, bad := Decode([]byte(c.frame))
		if bad != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %#v, %v, want %#v", c.name, got, bad, c.want)
		}
	}
}

func TestBadFramesEndTheirSocket(t *testing.T) {
	presence := func(members string) string { return `[{"type":"presence",` + members + `}]` }
	hello := func(members string) string { return `[{"type":"hello","version":1,"key":"k",` + members + `}]` }
	bad := []string{
		``, ` `, `null`, `5`, `"x"`, `{}`, `{"type":"ping"}`, `[`, `[{"type":"ping"}`, `[{"type":"ping"},]`, `[,]`, `[5]`, `[null]`, `[[]]`, `[{}]`,
		`[{"type":"ping"}] x`, `[{"type":"ping"}][]`, `[{"type":"ping" "n":1}]`, `[{"type":}]`, `[{type:"ping"}]`, `[{'type':'ping'}]`,
		`[{"type":"dance"}]`, `[{"type":5}]`, `[{"Type":"ping"}]`, `[{"type":"ping","n":01}]`, `[{"type":"ping","n":+1}]`, `[{"type":"ping","n":.5}]`,
		`[{"type":"ping","n":1.}]`, `[{"type":"ping","n":1e}]`, `[{"type":"ping","n":NaN}]`, `[{"type":"ping","n":-}]`, `[{"type":"ping","n":"` + "\n" + `"}]`,
		`[{"type":"ping","n":"\x"}]`, `[{"type":"ping","n":"\u12g4"}]`, `[{"type":"ping","n":"\u12`, `[{"type":"ping","n":"\`, `[{"type":"ping","n":tru}]`,
		`[{"type":"ping","type":"ping"}]`, `[{"type":"ping","x":"\ud800"}]`, "\ufeff[]",
		`[` + strings.Repeat(`{"type":"ping"},`, 64) + `{"type":"ping"}]`,
		hello(`"client":""`), hello(`"client":"a b"`), hello(`"client":"a.b"`), hello(`"name":"x"`), hello(`"client":5`), hello(`"client":"c","name":5`),
		hello(`"client":"c","me":[]`), hello(`"client":"c","me":"` + strings.Repeat("m", 201) + `"`), hello(`"client":"` + strings.Repeat("c", 41) + `"`),
		hello(`"client":"c","waiting":5`), hello(`"client":"c","waiting":["1"]`), hello(`"client":"c","waiting":[1.5]`),
		presence(`"cursor":5`), presence(`"cursor":[1]`), presence(`"cursor":[1,2,3]`), presence(`"cursor":[1.5,0]`), presence(`"cursor":["1",0]`),
		presence(`"cursor":[1e308,0]`), presence(`"cursor":[1000001,0]`), presence(`"cursor":[null,0]`), presence(`"cursor":{}`),
		presence(`"drag":[["n"]]`), presence(`"drag":[["n",1,2,3]]`), presence(`"drag":[["n",1,2.5]]`), presence(`"drag":[[1,1,2]]`), presence(`"drag":["n"]`),
		presence(`"drag":[["",1,2]]`), presence(`"drag":[["a b",1,2]]`), presence(`"drag":[["<script>",1,2]]`), presence(`"drag":[["` + strings.Repeat("n", 90) + `",1,2]]`),
		presence(`"drag":[["n",1,2]` + strings.Repeat(`,["n",1,2]`, 200) + `]`), presence(`"selected":["n"` + strings.Repeat(`,"n"`, 500) + `]`),
		presence(`"selected":"n"`), presence(`"selected":[5]`), presence(`"editing":5`), presence(`"editing":""`), presence(`"lead":1`),
		presence(`"view":[0,0,0]`), presence(`"view":[0,0,10000001,0]`), presence(`"editing":"\ud800"`),
	}
	for _, frame := range bad {
		got, why := Decode([]byte(frame))
		if why == nil || why.Code != BadMessage || why.Status != 1008 || got != nil {
			t.Errorf("%.80s: got %v, %v, want bad_message", frame, got, why)
		}
	}
	if _, why := Decode([]byte("[{\"type\":\"ping\",\"x\":\"\xff\"}]")); why == nil || why.Status != 1007 || why.Code != "" {
		t.Errorf("not UTF-8: got %v, want status 1007 without a bye", why)
	}
	if _, why := Decode([]byte("[{\"type\":\"ping\",\"x\":\"\xed\xa0\x80\"}]")); why == nil || why.Status != 1007 {
		t.Errorf("a surrogate in UTF-8: got %v, want status 1007", why)
	}
	fits := `[{"type":"ping"}]`
	fits += strings.Repeat(" ", MaxFrameBytes-len(fits))
	if _, why := Decode([]byte(fits)); why != nil {
		t.Errorf("a frame of the limit: got %v, want it read", why)
	}
	if _, why := Decode([]byte(fits + " ")); why == nil || why.Code != TooLarge || why.Status != 1009 {
		t.Errorf("a frame over the limit: got %v, want too_large", why)
	}
}

func TestAPushThatCanHaveNoPlaceIsRefusedWithItsNumber(t *testing.T) {
	ops := `[{"do":"reveal"}]`
	for _, c := range []struct {
		n, ops, more string
		wantN        int64
		field        string
		limit        int
	}{
		{`0`, ops, ``, 0, "n", 0},
		{`-5`, ops, ``, -5, "n", 0},
		{`9007199254740992`, ops, ``, 1 << 53, "n", 0},
		{`1e308`, ops, ``, 0, "n", 0},
		{`1.5`, ops, ``, 0, "n", 0},
		{`"7"`, ops, ``, 0, "n", 0},
		{`null`, ops, ``, 0, "n", 0},
		{`7`, `{}`, ``, 7, "ops", 0},
		{`7`, `null`, ``, 7, "ops", 0},
		{`7`, `[]`, ``, 7, "ops", 0},
		{`7`, `[{"do":"reveal"}` + strings.Repeat(`,{"do":"reveal"}`, board.MaxOps) + `]`, ``, 7, "ops", board.MaxOps},
		{`7`, ops, `,"whole":1`, 7, "whole", 0},
		{`7`, ops, `,"client":"a.b"`, 7, "client", 0},
		{`7`, ops, `,"client":5`, 7, "client", 0},
	} {
		got, bad := Decode(fmt.Appendf(nil, `[{"type":"push","n":%s,"ops":%s%s}]`, c.n, c.ops, c.more))
		if bad != nil || len(got) != 1 {
			t.Errorf("n %s, ops %.30s%s: got %v, %v", c.n, c.ops, c.more, got, bad)
			continue
		}
		p := got[0].(Push)
		want := &board.Refusal{Code: board.Invalid, Reason: board.Reason{Field: c.field, Limit: c.limit}}
		if p.N != c.wantN || p.Ops != nil || !reflect.DeepEqual(p.Refused, want) {
			t.Errorf("n %s, ops %.30s%s: got %+v, want n %d refused for %+v", c.n, c.ops, c.more, p, c.wantN, want)
		}
	}
	most := `[{"type":"push","n":9007199254740991,"ops":[{"do":"reveal"}` + strings.Repeat(`,{"do":"reveal"}`, board.MaxOps-1) + `]}]`
	got, bad := Decode([]byte(most))
	if bad != nil || len(got[0].(Push).Ops) != board.MaxOps || got[0].(Push).N != MaxN {
		t.Errorf("a push at its limits: got %v, %v", got, bad)
	}
}

func TestDeepNestingCostsNothing(t *testing.T) {
	for _, frame := range []string{
		strings.Repeat("[", 10_000),
		`[{"type":"ping","x":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `}]`,
		`[{"type":"push","n":1,"ops":[` + strings.Repeat(`{"do":`, 9_000),
	} {
		raw := []byte(frame)
		if _, bad := Decode(raw); bad == nil || bad.Code != BadMessage {
			t.Errorf("%.30s: got %v, want bad_message", frame, bad)
		}
		if n := testing.AllocsPerRun(10, func() { Decode(raw) }); n > 40 {
			t.Errorf("%.30s: %v allocations", frame, n)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`[{"type":"hello","version":1,"key":"k","me":"m","client":"c","name":"n","at":{"epoch":"1.a","seq":4},"waiting":[1]}]`,
		`[{"type":"push","n":1,"ops":[{"do":"create","item":{"type":"note","id":"n1","x":1,"y":2,"text":"\ud83d\ude00"}}]},{"type":"ping"}]`,
		`[{"type":"push","n":2,"ops":[{"do":"move","moves":[["n1",-0,1e2]],"was":{"n1":{"x":1}}}],"whole":true,"client":"t"}]`,
		`[{"type":"presence","cursor":[1,2],"drag":[["n1",3,4]],"selected":["n1"],"editing":null,"view":[0,0,1,1],"lead":true}]`,
		`[{"type":"push","n":1,"ops":[{"do":"text","id":"n","field":"text","from":"\ud800","to":""}]}]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		messages, bad := Decode(frame)
		if bad != nil {
			if messages != nil || bad.Status == 0 {
				t.Fatalf("got %v with %v", messages, bad)
			}
			return
		}
		if !json.Valid(frame) {
			t.Fatal("read what is not JSON")
		}
		for _, m := range messages {
			switch m := m.(type) {
			case *Presence:
				again, bad := Decode(append(append([]byte(`[{"type":"presence",`), m.AppendJSON(nil)[1:]...), ']'))
				if len(m.AppendJSON(nil)) == 2 {
					return
				}
				if bad != nil || !reflect.DeepEqual(again, []ClientMessage{m}) {
					t.Fatalf("%+v is read again as %v, %v", m, again, bad)
				}
			case Push:
				if m.Refused == nil && (m.N < 1 || m.N > MaxN || len(m.Ops) == 0 || len(m.Ops) > board.MaxOps) {
					t.Fatalf("a push beyond its limits: %+v", m)
				}
			case Hello:
				if !isClient(m.Client) || m.Version > MaxN || math.Abs(float64(m.Version)) > MaxN {
					t.Fatalf("a hello beyond its limits: %+v", m)
				}
			}
		}
	})
}

func BenchmarkDecodePresence(b *testing.B) {
	frame := []byte(`[{"type":"presence","cursor":[4711,815],"drag":[["n7kq2m5ab3cdefgh",640,820]],"selected":["n7kq2m5ab3cdefgh"],"editing":null,"view":[0,0,1920,1080]}]`)
	b.ReportAllocs()
	for b.Loop() {
		if _, bad := Decode(frame); bad != nil {
			b.Fatal(bad)
		}
	}
}

func BenchmarkDecodePush(b *testing.B) {
	frame := []byte(`[{"type":"push","n":17,"ops":[{"do":"move","moves":[["n7kq2m5ab3cdefgh",640,820]]}]}]`)
	b.ReportAllocs()
	for b.Loop() {
		if _, bad := Decode(frame); bad != nil {
			b.Fatal(bad)
		}
	}
}

func TestAPresenceIsReadAsItIsShown(t *testing.T) {
	for _, p := range []*Presence{
		{},
		{Busy: true, View: &[4]int64{1, 2, 3, 4}},
		{Cursor: &[2]int64{-5, 6}, Drag: []board.Place{{ID: "n1", X: 7, Y: -8}, {ID: "a.s1.g1", X: 0, Y: 0}}, Selected: []board.ID{"n1", "n2"}, Editing: "n1", Lead: true},
	} {
		raw := p.AppendJSON(nil)
		if got := DecodeShown(raw); !reflect.DeepEqual(got, p) {
			t.Errorf("%s: got %+v", raw, got)
		}
	}
	for _, raw := range []string{
		"", "null", "[]", "{", "{}x", `{"cursor":[1]}`, `{"cursor":[1000001,0]}`, `{"drag":[["n1",1]]}`, `{"selected":"n1"}`, `{"editing":"a b"}`, "{\"editing\":\"\xff\"}",
	} {
		if got := DecodeShown([]byte(raw)); got != nil {
			t.Errorf("%q: got %+v, want nothing", raw, got)
		}
	}
}

func TestATabIsItsParticipantAndItsClient(t *testing.T) {
	if participant, client, ok := SplitTab("p1.c-2"); !ok || participant != "p1" || client != "c-2" {
		t.Errorf("got %q, %q, %v", participant, client, ok)
	}
	for _, key := range []string{"", "p1", ".c", "p1.", "p1.c.d", "p\".c", "p1.ä"} {
		if _, _, ok := SplitTab(key); ok {
			t.Errorf("%q was taken", key)
		}
	}
}
