package protocol

import (
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"jana/protocol/board"
)

func TestServerMessagesAreWrittenAsTheContractSays(t *testing.T) {
	note, err := board.ParseItem([]byte(`{"type":"note","id":"n1","x":1,"y":2,"text":"é \"<b>\" 😀"}`))
	if err != nil {
		t.Fatal(err)
	}
	retry := int64(250)
	welcome := Welcome{
		You: You{ID: "p1", Role: board.Participant, Link: "l1", Mine: []board.ID{"n1"}}, At: Position{"1.a", 41}, Saved: 40,
		Board:  &Whole{Items: []byte(`[{"id":"board","type":"board"}]`)},
		People: map[board.ID]Person{"p1": {Name: "Pöytä 3", Role: board.Participant, Here: 2, Hidden: 1}},
		Limits: map[string]int64{"noteText": 1000}, Time: 5,
		Fate: []board.Fate{{N: 17, Seq: 40, Refused: []board.Refusal{{Op: 1, Code: board.Frozen, Reason: board.Reason{ID: "s1"}, By: "p2", Set: 7}}}},
	}
	for _, c := range []struct {
		m    ServerMessage
		want string
	}{
		{welcome, `{"type":"welcome","you":{"id":"p1","role":"participant","link":"l1","mine":["n1"]},"at":{"epoch":"1.a","seq":41},"saved":40,` +
			`"board":{"items":[{"id":"board","type":"board"}]},"people":{"p1":{"name":"Pöytä 3","role":"participant","here":2,"hidden":1}},"limits":{"noteText":1000},` +
			`"time":5,"fate":[{"n":17,"seq":40,"refused":[{"op":1,"code":"frozen","reason":{"id":"s1"},"by":"p2","set":7}]}]}`},
		{Welcome{You: You{ID: "p1", Role: board.Viewer}}, `{"type":"welcome","you":{"id":"p1","role":"viewer"},"at":{"epoch":"","seq":0},"saved":0,"board":null,"people":{},"limits":null,"time":0,"fate":[]}`},
		{
			Changes{42, "p1", "tab", 17, 99, []board.Change{{Put: note}, {Set: "n1", Fields: []board.Field{{Name: "groupId"}, {Name: "x", Value: int64(5)}}, To: board.Audience{"p1"}}, {Remove: "n2"}}},
			`{"type":"changes","seq":42,"by":"p1","client":"tab","n":17,"time":99,"changes":[{"put":{"id":"n1","text":"é \"<b>\" 😀","type":"note","x":1,"y":2}},{"set":{"id":"n1","groupId":null,"x":5}},{"remove":"n2"}]}`,
		},
		{Refused{N: 17, Code: board.Forbidden}, `{"type":"refused","n":17,"op":0,"code":"forbidden"}`},
		{
			Refused{17, 1, 42, board.TooLong, board.Reason{ID: "n1", Field: "text", Limit: 1000}, "p2", 7, "old"},
			`{"type":"refused","n":17,"op":1,"seq":42,"code":"too_long","reason":{"id":"n1","field":"text","limit":1000},"by":"p2","set":7,"client":"old"}`,
		},
		{Saved{42}, `{"type":"saved","seq":42}`},
		{Held{42}, `{"type":"held","seq":42}`},
		{Fate{Fate: board.Fate{N: 17, Seq: 40}}, `{"type":"fate","n":17,"seq":40}`},
		{Fate{"old", board.Fate{N: 17}}, `{"type":"fate","client":"old","n":17,"seq":0}`},
		{Presences{map[string]*Presence{"p1.t": nil}}, `{"type":"presence","people":{"p1.t":null}}`},
		{
			Presences{map[string]*Presence{"p1.t": {
				Cursor: &[2]int64{1, -2}, Drag: []board.Place{{ID: "n1", X: 1, Y: 2}, {ID: "n2"}}, Selected: []board.ID{"n1", "n2"}, Editing: "n1",
				View: &[4]int64{1, 2, 3, 4}, Lead: true, Busy: true,
			}}},
			`{"type":"presence","people":{"p1.t":{"cursor":[1,-2],"drag":[["n1",1,2],["n2",0,0]],"selected":["n1","n2"],"editing":"n1","view":[1,2,3,4],"lead":true,"busy":true}}}`,
		},
		{Presences{map[string]*Presence{"p1.t": {}}}, `{"type":"presence","people":{"p1.t":{}}}`},
		{
			People{map[board.ID]*Person{"p1": nil, "p2": {Name: "\"é\"", Role: board.Viewer, Here: 1, Link: "l3"}, "p3": {Hidden: 2}}},
			`{"type":"people","people":{"p1":null,"p2":{"name":"\"é\"","role":"viewer","here":1,"link":"l3"},"p3":{"name":"","role":"","here":0,"hidden":2}}}`,
		},
		{Disk{}, `{"type":"disk","ok":false}`},
		{Ping{}, `{"type":"ping"}`},
		{Pong{5}, `{"type":"pong","time":5}`},
		{Bye{LinkClosed, nil}, `{"type":"bye","code":"revoked","retry":null}`},
		{Bye{Draining, &retry}, `{"type":"bye","code":"draining","retry":250}`},
	} {
		got := string(c.m.Append([]byte("before ")))
		var a, b any
		if err := json.Unmarshal([]byte(strings.TrimPrefix(got, "before ")), &a); err != nil {
			t.Errorf("%T: %s: %v", c.m, got, err)
		}
		if err := json.Unmarshal([]byte(c.want), &b); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(a, b) {
			t.Errorf("%T:\n got %s\nwant %s", c.m, got, c.want)
		}
	}
	if got, want := string(Frame(Saved{1}, Ping{})), `[{"type":"saved","seq":1},{"type":"ping"}]`; got != want {
		t.Errorf("got frame %s, want %s", got, want)
	}
}

func TestClosesAreThoseOfTheTwin(t *testing.T) {
	twin, err := os.ReadFile("message.ts")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(twin), "export const closes")
	rows := regexp.MustCompile(`(\w+): \{ status: (\d+)`).FindAllStringSubmatch(table, -1)
	if len(rows) != 11 {
		t.Errorf("got %d closes, want 11", len(rows))
	}
	for _, row := range rows {
		if got := strconv.Itoa(ByeCode(row[1]).Status()); got != row[2] {
			t.Errorf("%s: got %s, want %s", row[1], got, row[2])
		}
	}
}
