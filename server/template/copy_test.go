package template_test

import (
	"slices"
	"testing"

	"jana/protocol/board"
	"jana/protocol/board/fixture"
	"jana/server/template"
)

// exported is a fixture as a board that has been worked on: frozen, pinned, locked, with milestones.
func exported(t *testing.T, file []byte) []byte {
	t.Helper()
	s, problems := board.Import(file, 1)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var notes []board.ID
	for _, it := range s.Items() {
		if it.Type == board.TypeNote {
			notes = append(notes, it.ID)
		}
	}
	e := &board.Entry{Seq: s.Seq() + 1, Time: 2, By: "pF", Role: board.Facilitator, N: 1, Ops: []board.Op{
		board.Join{},
		board.Milestone{Name: "sovittu"},
		board.Freeze{Texts: true},
		board.Lock{Level: "closed"},
		board.Pin{IDs: append(notes, "seg1"), On: true},
		board.Settings{Fields: []board.Field{{Name: "sides", Value: true}, {Name: "stage", Value: "closed"}, {Name: "place", Value: "Tuusula"}}},
		board.SetRights{Rights: map[string]board.Value{"add": "none"}},
	}}
	s.Apply(e)
	return s.Export()
}

func count(s *board.State) map[board.Type]int {
	n := map[board.Type]int{}
	for _, it := range s.Items() {
		n[it.Type]++
	}
	return n
}

func TestACopyIsTheBoardWithoutItsNotesAndPeople(t *testing.T) {
	file := exported(t, fixture.KeskiUusimaa)
	made, err := template.Copy(file, "Toinen kierros", nil, 3)
	if err != nil {
		t.Fatal(err)
	}
	got := count(made)
	want := map[board.Type]int{board.TypeBoard: 1, board.TypeAxis: 1, board.TypePerspective: 6, board.TypeHeading: 4}
	for kind, n := range got {
		if n != want[kind] {
			t.Errorf("got %d of type %s, want %d", n, kind, want[kind])
		}
	}
	b := made.Item(board.BoardID)
	if b.Text("title") != "Toinen kierros" || b.Text("phase") != "describe" || b.Text("targetGroup") == "" || b.Get("thresholds") == nil || b.Text("place") != "Tuusula" || !b.Flag("sides") {
		t.Errorf("got the sheet %s", b)
	}
	for _, name := range []string{"lock", "rights", "milestones", "private", "phaseSet", "stage"} {
		if b.Get(name) != nil {
			t.Errorf("%s came along: %v", name, b.Get(name))
		}
	}
}

func TestACopyTakesAlongWhatItIsAskedTo(t *testing.T) {
	file := exported(t, fixture.KeskiUusimaa)
	made, err := template.Copy(file, "Palvelut", template.Keepable, 3)
	if err != nil {
		t.Fatal(err)
	}
	got := count(made)
	for kind, n := range map[board.Type]int{board.TypeSegment: 5, board.TypeService: 14, board.TypeGoal: 3, board.TypeAssessment: 0, board.TypeGroup: 0, board.TypeNote: 0, board.TypeFeedback: 0, board.TypeExperiment: 0, board.TypeParticipant: 0} {
		if got[kind] != n {
			t.Errorf("got %d of type %s, want %d", got[kind], kind, n)
		}
	}
	seg := made.Item("seg1")
	if seg.Int("position") != 100 || seg.Get("groupId") != nil || seg.Get("frozen") != nil || seg.Get("pinned") != nil || seg.Get("descriptions") == nil || seg.Text("name") == "" {
		t.Errorf("got segment %s, want it where its group was, free, with its texts", seg)
	}
	goals, err := template.Copy(file, "Tavoitteet", []board.Type{board.TypeGoal}, 3)
	if err != nil {
		t.Fatal(err)
	}
	if it := goals.Item("goal1"); it == nil || it.Get("serviceIds") != nil || it.Text("text") == "" {
		t.Errorf("got goal %v, want it alone", it)
	}
	museum, err := template.Copy(exported(t, fixture.Museum), "Museo", []board.Type{board.TypeSegment}, 3)
	if err != nil {
		t.Fatal(err)
	}
	if museum.Item(board.BoardID).Text("phase") != "assess" || count(museum)[board.TypeSegment] != 6 || count(museum)[board.TypeCategory] != 8 {
		t.Errorf("of a board without an axis: got %v, phase %s", count(museum), museum.Item(board.BoardID).Text("phase"))
	}
	if !slices.IsSorted([]int64{museum.Item("cg1").Int("order"), museum.Item("cg2").Int("order")}) {
		t.Error("the segments are in another order")
	}
}
