package method_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"jana/protocol/board"
	"jana/protocol/board/fixture"
	"jana/protocol/method"
)

// changed is a board with some fields of its items set anew, without some items, and with others.
func changed(t *testing.T, s *board.State, fields map[board.ID]map[string]board.Value, without []board.ID, with ...string) *board.State {
	t.Helper()
	var items []*board.Item
	for _, it := range s.Items() {
		var set []board.Field
		for name, value := range fields[it.ID] {
			set = append(set, board.Field{Name: name, Value: value})
		}
		if !slices.Contains(without, it.ID) {
			items = append(items, it.With(set))
		}
	}
	return board.Gather(append(items, parsed(t, with...)...))
}

func parsed(t *testing.T, texts ...string) []*board.Item {
	t.Helper()
	var items []*board.Item
	for _, text := range texts {
		it, err := board.ParseItem(json.RawMessage(text))
		if err != nil {
			t.Fatalf("item %s: %v", text, err)
		}
		items = append(items, it)
	}
	return items
}

func idsOf(findings []method.Finding) []string {
	ids := []string{}
	for _, f := range findings {
		ids = append(ids, f.ID)
	}
	return ids
}

func segmentOf(t *testing.T, c *method.Comparison, id board.ID) method.SegmentChange {
	t.Helper()
	for _, s := range c.Segments {
		if s.SegmentID == id {
			return s
		}
	}
	t.Fatalf("there is no segment %s in %v", id, c.Segments)
	return method.SegmentChange{}
}

func TestABoardComparedWithItselfHasNotChanged(t *testing.T) {
	s := imported(t, fixture.KeskiUusimaa)
	c := method.Compare(s, s)
	for _, segment := range c.Segments {
		if !reflect.DeepEqual(segment.Before, segment.After) {
			t.Errorf("segment %s: got %+v, then %+v", segment.SegmentID, segment.Before, segment.After)
		}
	}
	for _, service := range c.Services {
		if !reflect.DeepEqual(service.Before, service.After) {
			t.Errorf("service %s: got %+v, then %+v", service.ServiceID, service.Before, service.After)
		}
	}
	if n := c.Notes; n.Before != 140 || n.After != 140 || len(n.New)+len(n.Gone)+len(n.Moved)+len(n.Regrouped) > 0 {
		t.Errorf("notes: got %+v", n)
	}
	if got, want := idsOf(c.Findings.Staying), idsOf(method.Analyse(s).Findings()); !slices.Equal(got, want) {
		t.Errorf("findings that stay: got %v, want all of %v", got, want)
	}
	if len(c.Findings.New)+len(c.Findings.Ended) > 0 {
		t.Errorf("findings: got %+v", c.Findings)
	}
}

// The worked example of the domain: A is piled up and B in balance, C is a gap.
func workedExample(t *testing.T) *board.State {
	t.Helper()
	return vectors(t)["the-worked-example"].board(t)
}

func TestASegmentHasItsStatusBeforeAndAfter(t *testing.T) {
	then := workedExample(t)
	gap := segmentOf(t, method.Compare(then, then), "C")
	if gap.Before == nil || gap.Before.Status != method.Gap {
		t.Fatalf("got %+v, want the gap of the worked example", gap)
	}
	now := changed(t, then, map[board.ID]map[string]board.Value{
		"a.s3.C": {"ratings/availability": int64(4), "ratings/sufficiency": int64(4), "ratings/timeliness": int64(4)},
	}, nil)
	c := method.Compare(then, now)
	// s3 weighs 2, and its cell is rated 4, 4, 4, 1 and 0: 1.3 of 4.95.
	got := segmentOf(t, c, "C")
	if got.Before.Status != method.Gap || got.After.Status != method.Thin || got.Before.CoverCount != 0 || got.After.CoverCount != 1 {
		t.Errorf("got %+v, then %+v, want a gap, then one covering service", got.Before, got.After)
	}
	if got.Before.SupplyShare != 0 || got.After.SupplyShare < 0.26 || got.After.SupplyShare > 0.27 || got.After.NeedShare != 0.5 {
		t.Errorf("shares: got %+v", got.After)
	}
	for _, s := range c.Services {
		if s.ServiceID == "s3" && (s.Before.TargetStatus != method.Mistargeted || s.After.TargetStatus != method.OnTarget || s.After.CoverCount != 2 || *s.After.Score <= *s.Before.Score) {
			t.Errorf("service s3: got %+v, then %+v", s.Before, s.After)
		}
	}
	if !slices.Contains(idsOf(c.Findings.Ended), "gap.C") || !slices.Contains(idsOf(c.Findings.New), "thin.C") || slices.Contains(idsOf(c.Findings.Staying), "gap.C") {
		t.Errorf("findings: got %+v", c.Findings)
	}
	// The other way round is the same with its ends changed.
	back := method.Compare(now, then)
	if !slices.Equal(idsOf(back.Findings.New), idsOf(c.Findings.Ended)) || !slices.Equal(idsOf(back.Findings.Ended), idsOf(c.Findings.New)) {
		t.Errorf("backwards: got %+v", back.Findings)
	}
}

func TestBothRoundsAreJudgedByTheLaterThresholds(t *testing.T) {
	then := workedExample(t)
	now := changed(t, then, map[board.ID]map[string]board.Value{board.BoardID: {"thresholds/coverScore": 0.9}}, nil)
	for _, s := range method.Compare(then, now).Segments {
		if s.Before.Status != s.After.Status {
			t.Errorf("%s: got %s, then %s, though nobody has said anything else", s.SegmentID, s.Before.Status, s.After.Status)
		}
	}
}

func TestASegmentThatWasMadeAgainIsKnownByItsName(t *testing.T) {
	then := imported(t, fixture.KeskiUusimaa)
	name := then.Item("seg1").Text("name")
	again := `{"id":"again","type":"segment","position":120,"name":"` + strings.ToUpper(name) + ` "}`
	c := method.Compare(then, changed(t, then, nil, []board.ID{"seg1"}, again))
	got := segmentOf(t, c, "again")
	if got.Before == nil || got.Before.Name != name || got.After == nil || *got.After.Position != 12 || len(c.Segments) != 5 {
		t.Errorf("got %+v among %d", got, len(c.Segments))
	}
	// Nobody can tell which of two of one name it was.
	twin := `{"id":"twin","type":"segment","name":"` + name + `"}`
	c = method.Compare(then, changed(t, then, nil, []board.ID{"seg1"}, again, twin))
	if got := segmentOf(t, c, "again"); got.Before != nil {
		t.Errorf("of two: got %+v", got)
	}
	if gone := c.Segments[len(c.Segments)-1]; gone.SegmentID != "seg1" || gone.After != nil || gone.Before.Name != name {
		t.Errorf("got %+v, want seg1 last, and gone", gone)
	}
}

func TestNotesAreNewGoneMovedAndRegrouped(t *testing.T) {
	then := imported(t, fixture.KeskiUusimaa)
	axis := then.Items()[slices.IndexFunc(then.Items(), func(it *board.Item) bool { return it.Type == board.TypeAxis })]
	at := func(tenths int64) int64 { return axis.Int("x0") + (2*tenths*(axis.Int("x1")-axis.Int("x0"))+1000)/2000 }
	base := changed(t, then, map[board.ID]map[string]board.Value{
		"n001": {"x": at(100)}, "n002": {"x": at(100)}, "n003": {"x": at(500), "groupId": "g1"}, "n004": {"groupId": "g1"},
	}, nil)
	now := changed(t, base, map[board.ID]map[string]board.Value{
		"n001": {"x": at(109)},  // a shaking hand
		"n002": {"x": at(110)},  // by 1
		"n003": {"x": at(200)},  // by 30
		"n004": {"y": int64(0)}, // off the axis
		"n006": {"groupId": "g2"}, "n005": {"groupId": nil},
	}, []board.ID{"n007"}, `{"id":"fresh","type":"note","x":1000,"y":1000,"text":"uusi"}`)
	n := method.Compare(base, now).Notes
	if n.Before != 140 || n.After != 140 || !slices.Equal(n.New, []board.ID{"fresh"}) || !slices.Equal(n.Gone, []board.ID{"n007"}) {
		t.Errorf("new and gone: got %+v", n)
	}
	moved := []board.ID{}
	for _, m := range n.Moved {
		moved = append(moved, m.NoteID)
	}
	if !slices.Equal(moved, []board.ID{"n004", "n003", "n002"}) || n.Moved[0].After != nil || *n.Moved[1].Before != 50 || *n.Moved[1].After != 20 {
		t.Errorf("moved: got %+v", n.Moved)
	}
	for _, r := range n.Regrouped {
		switch {
		case r.NoteID == "n005" && r.Before != "" && r.After == "":
		case r.NoteID == "n006" && r.Before != "g2" && r.After == "g2":
		default:
			t.Errorf("regrouped: got %+v", r)
		}
	}
	if len(n.Regrouped) != 2 {
		t.Errorf("got %d regrouped, want 2", len(n.Regrouped))
	}
}

func TestWhatIsNotForEveryoneIsInNoComparison(t *testing.T) {
	then := imported(t, fixture.Museum)
	hidden := parsed(t, `{"id":"secret","type":"note","x":1000,"y":1000,"text":"salaa"}`)[0]
	hidden.To = board.Audience{"p1"}
	now := board.Gather(append(then.Items(), hidden))
	for name, c := range map[string]*method.Comparison{"later": method.Compare(then, now), "earlier": method.Compare(now, then), "both": method.Compare(now, now)} {
		raw, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if c.Notes.Before != c.Notes.After || strings.Contains(string(raw), "secret") || strings.Contains(string(raw), "salaa") {
			t.Errorf("hidden on the %s board: got %s", name, raw)
		}
	}
}

// What is on one board and what is on the other adds up, however different they are.
func TestComparisonsOfUnlikeBoardsAddUp(t *testing.T) {
	all := vectors(t)
	for one, a := range all {
		for other, b := range all {
			then, now := a.board(t), b.board(t)
			c := method.Compare(then, now)
			if n := c.Notes; n.Before-len(n.Gone)+len(n.New) != n.After {
				t.Errorf("notes of %s, then %s: got %+v", one, other, n)
			}
			if got, want := len(c.Findings.New)+len(c.Findings.Staying), len(method.Analyse(now).Findings()); got != want {
				t.Errorf("findings of %s, then %s: got %d, want %d", one, other, got, want)
			}
			segments := 0
			for _, s := range c.Segments {
				if s.After != nil {
					segments++
				}
				if s.Before == nil && s.After == nil {
					t.Errorf("a segment of neither %s nor %s", one, other)
				}
			}
			if want := len(method.Analyse(now).SegmentPositions); segments != want {
				t.Errorf("segments of %s, then %s: got %d, want %d", one, other, segments, want)
			}
		}
	}
}
