package room_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"jana/protocol"
	"jana/protocol/board"
	"jana/server/room"
)

func TestWhatOneDoesTheOtherSees(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	anna, ben := w.join(id, participants, "panna"), w.join(id, facilitators, "pben")
	anna.do(note("n1", "hello"), move("n1", 5, 7))
	ben.until("the note", func() bool { return ben.items["n1"] != nil && ben.items["n1"].Int("x") == 5 })
	ben.do(board.Edit{ID: "n1", Fields: []board.Field{{Name: "text", Value: "changed"}}})
	anna.until("the other's words", func() bool { return anna.items["n1"].Text("text") == "changed" })
}

func TestPeopleComeAndGo(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	anna := w.join(id, participants, "panna")
	ben := w.join(id, facilitators, "pben")
	second := w.join(id, facilitators, "pben")
	vera := w.join(id, viewers, "pvera")
	anna.until("all of them", func() bool {
		return len(anna.people) == 3 && anna.people["pben"].Here == 2 && anna.people["pben"].Role == board.Facilitator &&
			anna.people["panna"].Here == 1 && anna.people["pvera"].Role == board.Viewer
	})
	vera.until("all of them", func() bool { return len(vera.people) == 3 })
	if got := anna.look().people["pben"].Name; got != "name of pben" {
		t.Errorf("got the name %q", got)
	}
	// Of the others, their items tell it.
	if people := anna.look().people; people["pvera"].Link != viewers || people["pben"].Link != "" {
		t.Errorf("by which link they came: got %+v", people)
	}
	second.leave()
	anna.until("one tab less", func() bool { return anna.people["pben"].Here == 1 })
	ben.leave()
	vera.leave()
	anna.until("a participant who stays known, and a viewer who does not", func() bool {
		return len(anna.people) == 2 && anna.people["pben"].Here == 0
	})
	anna.do(board.Rename{Name: "Anna"})
	anna.until("the new name", func() bool { return anna.people["panna"].Name == "Anna" })
}

func TestANameThatIsNoneIsReplaced(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	for participant, name := range map[board.ID]string{"pnone": "", "pinvisible": " \u202e ", "plong": strings.Repeat("x", 121)} {
		tab := w.tab(id, participants, participant, "t")
		tab.name = name
		if err := tab.connect(); err != nil {
			t.Fatal(err)
		}
		if got := tab.look().items[tab.id].Text("name"); !strings.HasPrefix(got, "Osallistuja ") {
			t.Errorf("%.20q became %q", name, got)
		}
	}
}

func TestARefusalGoesToItsAuthorAlone(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	anna, ben := w.join(id, participants, "panna"), w.join(id, participants, "pben")
	s := anna.do(move("nowhere", 1, 1), note("n1", "stays"), board.Lock{Level: "closed"})
	if len(s.refused) != 2 || s.refused[0].Op != 0 || s.refused[0].Code != board.Gone || s.refused[1].Op != 2 || s.refused[1].Code != board.Forbidden {
		t.Errorf("got %+v", s.refused)
	}
	if s.seq == 0 || s.refused[0].Seq != s.seq {
		t.Errorf("got a refusal at %d of a push at %d", s.refused[0].Seq, s.seq)
	}
	ben.until("the op that happened", func() bool { return ben.items["n1"] != nil })
	if strings.Contains(ben.wire.text(), "refused") {
		t.Error("somebody else was told")
	}
	s = anna.do(move("nowhere", 1, 1))
	if s.seq == 0 || len(s.refused) != 1 {
		t.Errorf("a push that changed nothing: got %+v", s)
	}
	if text := anna.wire.text(); strings.Index(text, `"refused"`) > strings.Index(text, `"n1"`) {
		t.Error("the refusals came after the changes")
	}
}

func TestAWholePushStandsOrFallsTogether(t *testing.T) {
	w := newWorld(t, room.Options{})
	anna := w.join(w.board("b1"), participants, "panna")
	s := anna.pushes(protocol.Push{Ops: []board.Op{note("n1", "x"), move("nowhere", 1, 1)}, Whole: true})
	anna.until("it", func() bool { return s.saved })
	if len(s.refused) == 0 || anna.look().items["n1"] != nil {
		t.Errorf("got %+v and note %v", s, anna.look().items["n1"])
	}
}

func TestAViewerOnlyLooks(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	vera, anna := w.join(id, viewers, "pvera"), w.join(id, participants, "panna")
	before := w.look(id, "", "").at
	s := vera.push(note("n1", "x"))
	vera.until("a refusal", func() bool { return s.final })
	if s.refused[0].Code != board.Forbidden || s.refused[0].Seq != 0 {
		t.Errorf("got %+v", s.refused[0])
	}
	vera.member.Presence(&protocol.Presence{Cursor: &[2]int64{1, 1}})
	anna.member.Presence(&protocol.Presence{Cursor: &[2]int64{2, 2}, Lead: true})
	vera.until("the participant's cursor", func() bool { return vera.presence["panna."+anna.client] != nil })
	if got := vera.look().presence["panna."+anna.client]; got.Lead {
		t.Error("a participant leads")
	}
	if after := w.look(id, "", "").at; after != before {
		t.Errorf("a viewer's push moved the board from %v to %v", before, after)
	}
	anna.do(note("n2", "x"))
	if strings.Contains(anna.wire.text(), "pvera."+vera.client) {
		t.Error("a viewer was looked at")
	}
}

func TestWhatCanHaveNoPlaceIsRefusedForGood(t *testing.T) {
	w := newWorld(t, room.Options{})
	anna := w.join(w.board("b1"), participants, "panna")
	bad, why := protocol.Decode([]byte(`[{"type":"push","n":-4,"ops":[{"do":"reveal"}]}]`))
	if why != nil {
		t.Fatal(why)
	}
	anna.mu.Lock()
	anna.fates[-4] = &sent{push: bad[0].(protocol.Push)}
	anna.mu.Unlock()
	if err := anna.member.Push(context.Background(), bad[0].(protocol.Push)); err != nil {
		t.Fatal(err)
	}
	anna.until("a refusal", func() bool { return anna.fates[-4].final })
	if got := anna.fates[-4].refused[0]; got.Code != board.Invalid || got.Reason.Field != "n" || got.Seq != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestWhoHasNoOpenLinkIsTurnedAway(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	ben := w.join(id, facilitators, "pben")
	ben.do(board.Link{ID: "lextra", Role: board.Participant})
	for _, c := range []struct {
		board string
		link  board.ID
		want  error
	}{
		{id, "lnone", protocol.Bye{Code: protocol.Unknown}},
		{id, "pben", protocol.Bye{Code: protocol.Unknown}},
		{"nowhere", participants, fs.ErrNotExist},
	} {
		tab := w.tab(c.board, c.link, "pnew", "t")
		if err := tab.connect(); !errors.Is(err, c.want) {
			t.Errorf("by %s to %s: got %v, want %v", c.link, c.board, err, c.want)
		}
		w.tabs = w.tabs[:len(w.tabs)-1]
	}
	carl := w.tab(id, "lextra", "pcarl", "t")
	carl.role = board.Participant
	if err := carl.connect(); err != nil {
		t.Fatal(err)
	}
	dora := w.join(id, participants, "pdora")
	ben.do(board.Link{ID: "lextra", Revoke: true})
	carl.until("a bye", func() bool { return len(carl.byes) == 1 })
	w.await("the close", func() bool { _, closed := carl.wire.end(); return closed })
	if code, _ := carl.wire.end(); code != protocol.LinkClosed || carl.look().byes[0].Code != protocol.LinkClosed {
		t.Errorf("got bye %v and close %v", carl.look().byes[0], code)
	}
	if err := carl.connect(); !errors.Is(err, protocol.Bye{Code: protocol.LinkClosed}) {
		t.Errorf("coming back: got %v", err)
	}
	dora.do(note("n1", "still here"))
	if len(dora.look().byes) > 0 {
		t.Error("somebody by another link was sent away")
	}
}

func TestTheFiveHundredAndFirstParticipantIsToldThatTheBoardIsFull(t *testing.T) {
	w := newWorld(t, room.Options{})
	s, wrong := board.Import([]byte(`{"schema":"workshop-fixture/1","board":{"id":"x","title":"T","language":"fi","phase":"free"}}`), 1000)
	if wrong != nil {
		t.Fatal(wrong)
	}
	crowd := &board.Entry{Seq: 1, Time: 1, Role: board.Facilitator}
	for i := range board.MaxParticipants - 1 {
		fields := []board.Field{{Name: "name", Value: "x"}, {Name: "role", Value: "participant"}}
		crowd.Changes = append(crowd.Changes, board.Change{Put: board.NewItem(board.TypeParticipant, "pcrowd"+string(rune('a'+i%26))+strings.Repeat("x", i/26), fields)})
	}
	if err := s.Land(crowd); err != nil {
		t.Fatal(err)
	}
	w.create("b1", s)
	last := w.join("b1", participants, "plast")
	one := w.tab("b1", participants, "pmore", "t")
	var bye protocol.Bye
	if err := one.connect(); !errors.As(err, &bye) || bye.Code != protocol.BoardFull || bye.Retry == nil {
		t.Errorf("got %v, want full with a retry", err)
	}
	w.tabs = w.tabs[:1]
	w.join("b1", viewers, "pviewer")
	if err := func() error { last.leave(); return last.connect() }(); err != nil {
		t.Errorf("one who is known: %v", err)
	}
}

func TestANewerSocketOfATabTakesTheOldOnesPlace(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	ben := w.join(id, facilitators, "pben")
	anna := w.join(id, participants, "panna")
	old, oldWire := anna.member, anna.wire
	if err := anna.connect(); err != nil {
		t.Fatal(err)
	}
	w.await("the old socket to be closed", func() bool { _, closed := oldWire.end(); return closed })
	old.Leave() // late, as when a dead connection is noticed
	anna.do(note("n1", "x"))
	ben.until("one socket of them", func() bool { return ben.items["n1"] != nil && ben.people["panna"].Here == 1 })
}

func TestAnotherTabMaySendWhatAClosedOneLeft(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	ben := w.join(id, participants, "pben")
	anna := w.join(id, participants, "panna")
	push := protocol.Push{N: 9, Client: "closed", Ops: []board.Op{note("n1", "x"), move("nowhere", 1, 1)}}
	for range 2 {
		if err := anna.member.Push(context.Background(), push); err != nil {
			t.Fatal(err)
		}
	}
	w.await("its fate", func() bool { return strings.Contains(anna.wire.text(), `{"type":"fate","client":"closed","n":9`) })
	if !strings.Contains(anna.wire.text(), `"client":"closed","n":9,"time"`) {
		t.Error("the changes do not name the closed tab")
	}
	if !strings.Contains(anna.wire.text(), `"code":"gone","reason":{"id":"nowhere"},"client":"closed"}`) {
		t.Errorf("the refusal does not name the closed tab:\n%s", anna.wire.text())
	}
	ben.until("the note", func() bool { return ben.items["n1"] != nil })
	if strings.Contains(ben.wire.text(), `"type":"fate"`) {
		t.Error("somebody else was told the fate")
	}
}

func TestSomebodyElsesTabIsNobodyElses(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	anna, ben := w.tab(id, participants, "panna", "same"), w.tab(id, participants, "pben", "same")
	for _, tab := range []*tab{anna, ben} {
		if err := tab.connect(); err != nil {
			t.Fatal(err)
		}
	}
	a, b := anna.do(note("n1", "anna's")), ben.do(note("n2", "ben's"))
	if a.push.N != b.push.N || a.seq == b.seq || len(anna.look().byes)+len(ben.look().byes) > 0 {
		t.Errorf("got %+v and %+v", a, b)
	}
}

func TestSendingTwiceIsHarmless(t *testing.T) {
	w := newWorld(t, room.Options{})
	anna := w.join(w.board("b1"), participants, "panna")
	s := anna.do(note("n1", "first"))
	again := s.push
	again.Ops = []board.Op{note("n2", "second")}
	if err := anna.member.Push(context.Background(), again); err != nil {
		t.Fatal(err)
	}
	anna.do(note("n3", "x"))
	if anna.look().items["n2"] != nil || anna.look().items["n1"].Text("text") != "first" {
		t.Error("the second push with the same number did something")
	}
	if !strings.Contains(anna.wire.text(), `{"type":"fate","n":1,"seq":`) {
		t.Error("it was not answered")
	}
	if got := w.hub.Counters().Duplicates.Load(); got != 1 {
		t.Errorf("got %d duplicates counted", got)
	}
}

func TestARewindOfMoreThanItMayCarryIsRefusedWhole(t *testing.T) {
	w := newWorld(t, room.Options{PushBurst: 1 << 20})
	const notes = 2200
	file := []byte(`{"schema":"jana-board/1","board":{"id":"board","type":"board","title":"T"},"items":[`)
	for i := range notes {
		if i > 0 {
			file = append(file, ',')
		}
		file = fmt.Appendf(file, `{"id":"n%d","type":"note","x":1,"y":1,"text":%q}`, i, strings.Repeat("😀", board.MaxNoteText))
	}
	s, wrong := board.Import(append(file, "]}"...), 1000)
	if len(wrong) > 0 {
		t.Fatal(wrong)
	}
	w.create("b1", s)
	ben := w.join("b1", facilitators, "pben")
	ben.do(board.Milestone{Name: "all"})
	milestone := slices.Collect(maps.Keys(ben.look().items[board.BoardID].Map("milestones")))[0]
	remove := func(from, to int) {
		for ; from < to; from += board.MaxOps {
			var gone []board.ID
			for i := range min(board.MaxOps, to-from) {
				gone = append(gone, board.ID(fmt.Sprintf("n%d", from+i)))
			}
			ben.do(board.Delete{IDs: gone})
		}
	}
	remove(0, 1000)
	if s := ben.do(board.Rewind{Milestone: milestone}); len(s.refused) > 0 || ben.look().items["n0"] == nil {
		t.Fatalf("4 MB: got %+v", s.refused)
	}
	remove(0, notes)
	before := w.look("b1", "", "")
	got := ben.do(board.Rewind{Milestone: milestone}, note("extra", "x"))
	if !got.final || len(got.refused) != 1 || got.refused[0].Code != board.Full || got.refused[0].Reason.Limit != 8<<20 {
		t.Errorf("9 MB: got %+v", got.refused)
	}
	if after := w.look("b1", "", ""); after.hash != before.hash || after.at != before.at {
		t.Error("it changed something all the same")
	}
}

func TestAMilestoneIsKeptAndComesBack(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	ben := w.join(id, facilitators, "pben")
	ben.do(note("n1", "before"), note("n2", "goes"))
	ben.do(board.Milestone{Name: "agreed"})
	var milestone board.ID
	ben.until("the milestone", func() bool {
		for key := range ben.items["board"].Map("milestones") {
			milestone = key
		}
		return milestone != ""
	})
	ben.do(board.Edit{ID: "n1", Fields: []board.Field{{Name: "text", Value: "after"}}}, board.Delete{IDs: []board.ID{"n2"}}, note("n3", "new"))
	// What a browser says the changes are does not count.
	forged := []board.Change{{Remove: "n1"}}
	if s := ben.do(board.Rewind{Milestone: milestone, Changes: forged}); len(s.refused) > 0 {
		t.Fatalf("got %+v", s.refused)
	}
	if ben.look().items["n1"].Text("text") != "before" || ben.look().items["n2"] == nil || ben.look().items["n3"] != nil {
		t.Errorf("got n1 %v, n2 %v, n3 %v", ben.look().items["n1"], ben.look().items["n2"], ben.look().items["n3"])
	}
	if s := ben.do(board.Rewind{Milestone: "m999"}); len(s.refused) != 1 || s.refused[0].Code != board.Gone {
		t.Errorf("a milestone that is none: got %+v", s.refused)
	}
	if s := ben.do(board.Rewind{Milestone: milestone}, board.Rewind{Milestone: milestone}); !s.final {
		t.Errorf("two at once: got %+v", s)
	}
	anna := w.join(id, participants, "panna")
	if s := anna.do(board.Rewind{Milestone: milestone, Changes: forged}); len(s.refused) != 1 || s.refused[0].Code != board.Forbidden {
		t.Errorf("a participant's: got %+v", s.refused)
	}
}

func TestALockIsHeldOnceItIsSaved(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	ben, anna := w.join(id, facilitators, "pben"), w.join(id, participants, "panna")
	for _, op := range []board.Op{board.Lock{Level: "text"}, board.Pin{IDs: []board.ID{"n1"}, On: true}, board.Blank{ID: "n1"}, board.Link{ID: viewers, Revoke: true}} {
		ben.do(note("n1", "x"))
		w.disk.hold()
		s := ben.push(op)
		ben.until("the "+op.Do(), func() bool { return s.seq > 0 })
		if held := ben.look().held; held == s.seq {
			t.Errorf("%s was called held before it was saved", op.Do())
		}
		w.disk.letGo()
		ben.until("the "+op.Do()+" to be held", func() bool { return ben.held == s.seq && s.saved })
		ben.do(board.Edit{ID: "n1", Fields: []board.Field{{Name: "kind", Value: "quote"}}}, board.Lock{Level: "nonsense"})
		if held := ben.look().held; held != s.seq {
			t.Errorf("what is no lock was called held at %d", held)
		}
	}
	if held := anna.look().held; held != 0 {
		t.Errorf("somebody else was told of %d", held)
	}
}

func TestManyAtATableEachSeeTheBoardTheyAllMade(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	var tabs []*tab
	for i := range 12 {
		tabs = append(tabs, w.join(id, participants, board.ID("p"+string(rune('a'+i)))))
	}
	for round := range 20 {
		for i, tab := range tabs {
			own := board.ID("n" + tab.id)
			if round == 0 {
				tab.push(note(own, "x"))
			} else {
				tab.push(move(own, int64(round), int64(i)))
			}
			tab.member.Presence(&protocol.Presence{Drag: []board.Place{{ID: own, X: int64(round), Y: 1}}})
		}
	}
	for _, tab := range tabs {
		tab.settle()
		tab.until("everybody's last drag", func() bool {
			for _, other := range tabs {
				who := tab.presence[other.id+"."+other.client]
				if who == nil || len(who.Drag) != 1 || who.Drag[0].X != 19 {
					return false
				}
			}
			return true
		})
	}
	tabs[0].leave()
	tabs[1].until("the one who left to be gone", func() bool { return tabs[1].presence["pa."+tabs[0].client] == nil })
}
