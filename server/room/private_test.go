package room_test

import (
	"context"
	"strings"
	"testing"

	"jana/protocol"
	"jana/protocol/board"
	"jana/server/room"
)

// mark is a text that nothing else contains.
func mark(of string) string { return "SECRET-" + of }

func TestPrivateWritingReachesItsAuthorAlone(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	ben := w.join(id, facilitators, "pben")
	anna, second := w.join(id, participants, "panna"), w.join(id, participants, "panna")
	carl := w.join(id, participants, "pcarl")
	vera := w.join(id, viewers, "pvera")
	ben.do(board.Private{On: true})

	// Open and hidden changes in one entry, between entries that everyone sees,
	// with a refusal as well; and what is done to a hidden note afterwards.
	ben.push(note("nben", mark("ben")))
	carl.push(note("ncarl", mark("carl")))
	anna.push(note("nanna", mark("anna")), move("nowhere", 0, 0), board.Rename{Name: "Anna"})
	carl.push(board.Rename{Name: "Carl"})
	anna.push(board.Text{ID: "nanna", Field: "text", From: mark("anna"), To: mark("anna") + " more"}, move("nanna", 4321, 1234))
	anna.member.Presence(&protocol.Presence{Cursor: &[2]int64{4321, 1234}, Drag: []board.Place{{ID: "nanna", X: 4321, Y: 1234}}, Editing: "nanna", View: &[4]int64{1, 2, 3, 4}})
	for _, tab := range []*tab{anna, ben, carl} {
		tab.settle()
	}
	second.until("one's own note in the other tab", func() bool { return second.items["nanna"].Text("text") == mark("anna")+" more" })
	ben.until("the counts, and busy", func() bool {
		who := ben.presence["panna."+anna.client]
		return ben.people["panna"].Hidden == 1 && ben.people["pcarl"].Hidden == 1 && ben.people["pben"].Hidden == 1 && who != nil && who.Busy
	})
	vera.until("what everyone may see", func() bool { return vera.people["pcarl"].Name == "Carl" && vera.people["panna"].Name == "Anna" })
	if who := ben.look().presence["panna."+anna.client]; who.Cursor != nil || who.Drag != nil || who.Editing != "" || who.View == nil {
		t.Errorf("got %+v of somebody who is busy", who)
	}

	// Those who come now, as well by continuing as anew.
	late := w.join(id, facilitators, "plate")
	ben.leave()
	carl.push(move("ncarl", 999, 999))
	carl.settle()
	if err := ben.connect(); err != nil {
		t.Fatal(err)
	}
	ben.settle()

	secrets := map[*tab][]string{
		anna: {mark("ben"), mark("carl"), "nben", "ncarl"}, second: {mark("ben"), mark("carl"), "nben", "ncarl"},
		carl: {mark("ben"), mark("anna"), "nben", "nanna", "4321"}, vera: {"SECRET", "nben", "nanna", "ncarl", "4321"},
		ben: {mark("carl"), mark("anna"), "nanna", "ncarl", "4321"}, late: {"SECRET", "nben", "nanna", "ncarl", "4321"},
	}
	for tab, hidden := range secrets {
		for _, secret := range hidden {
			if text := tab.wire.text(); strings.Contains(text, secret) {
				t.Errorf("%s learnt %q:\n%s", tab.id, secret, text)
			}
			if strings.Contains(tab.wire.text(), `"to":`) {
				t.Errorf("%s was told who else sees something", tab.id)
			}
		}
	}
	for role, link := range map[board.Role]board.ID{board.Facilitator: facilitators, board.Viewer: viewers} {
		result, err := w.hub.Do(context.Background(), id, room.Visit{Link: link, Participant: "pbot", Client: "bot"}, protocol.Push{N: 1, Ops: []board.Op{note("nbot", "x")}})
		if err != nil || strings.Contains(string(result.Changes), "SECRET") {
			t.Errorf("%s: got %s, %v", role, result.Changes, err)
		}
	}

	ben.do(board.Reveal{})
	for _, tab := range []*tab{anna, second, carl, vera, ben, late} {
		tab.until("all notes", func() bool {
			return tab.items["nanna"] != nil && tab.items["nben"] != nil && tab.items["ncarl"] != nil && tab.people["panna"].Hidden == 0
		})
		if author := tab.look().items["nanna"].Text("authorId"); author != "" {
			t.Errorf("%s is told that %s wrote it", tab.id, author)
		}
	}
	anna.reset(known{})
	if err := anna.connect(); err != nil {
		t.Fatal(err)
	}
	if len(anna.look().lastMine) != 1 || anna.look().lastMine[0] != "nanna" {
		t.Errorf("its author is told to own %v", anna.look().lastMine)
	}
	if strings.Contains(carl.wire.text(), `"mine":["nanna"`) {
		t.Error("somebody else is told who owns it")
	}
}

func TestLinksAreForFacilitators(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	ben, anna := w.join(id, facilitators, "pben"), w.join(id, participants, "panna")
	ben.do(board.Link{ID: "lnew", Role: board.Participant, Name: "for the press"})
	anna.do(note("n1", "x"))
	if ben.look().items["lnew"] == nil || ben.look().items[facilitators] == nil {
		t.Error("a facilitator does not see the links")
	}
	if text := anna.wire.text(); strings.Contains(text, "lnew") || strings.Contains(text, viewers) || strings.Contains(text, "press") || strings.Contains(text, `"type":"link"`) {
		t.Errorf("a participant learnt of links:\n%s", text)
	}
}

func TestPresenceSaysNothingOfWhatIsNotOnTheBoard(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	anna, ben := w.join(id, participants, "panna"), w.join(id, participants, "pben")
	anna.do(note("n1", "x"))
	anna.member.Presence(&protocol.Presence{Selected: []board.ID{"n1", "nunknown"}, Drag: []board.Place{{ID: "nunknown"}, {ID: "n1", X: 3}}, Editing: "nunknown"})
	ben.until("it", func() bool { return ben.presence["panna."+anna.client] != nil })
	who := ben.look().presence["panna."+anna.client]
	if len(who.Selected) != 1 || len(who.Drag) != 1 || who.Editing != "" || who.Busy {
		t.Errorf("got %+v", who)
	}
}

func TestOthersSeeWhereSomebodyWritesBeforeAnythingIsThere(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	anna, ben := w.join(id, participants, "panna"), w.join(id, facilitators, "pben")
	ben.do(
		board.Create{Type: board.TypeHeading, ID: "h1", Fields: []board.Field{{Name: "name", Value: "Motivaatio"}}},
		board.Create{Type: board.TypeSegment, ID: "seg1", Fields: []board.Field{{Name: "name", Value: "Nimi"}}},
		board.Create{Type: board.TypeService, ID: "v1", Fields: []board.Field{{Name: "name", Value: "Neuvonta"}}},
	)
	for place, seen := range map[board.ID]bool{"a.v1.seg1": true, "d.seg1.h1": true, "d.seg1.h2": false, "a.v1.h": false, "d.seg1": false} {
		anna.member.Presence(&protocol.Presence{Editing: place, View: &[4]int64{1, 2, 3, int64(len(place))}})
		ben.until("the presence of "+place, func() bool {
			who := ben.presence["panna."+anna.client]
			return who != nil && who.View != nil && who.View[3] == int64(len(place)) && (who.Editing == place) == seen
		})
		anna.member.Presence(&protocol.Presence{View: &[4]int64{1, 2, 3, 99}})
		ben.until("its end", func() bool { who := ben.presence["panna."+anna.client]; return who != nil && who.View[3] == 99 })
	}
}

func TestWhatIsWrittenAfterSomethingWasErasedStays(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	ben := w.join(id, facilitators, "pben")
	ben.do(note("n1", "old"), note("n2", "other"))
	write := func(from, to string) board.Op { return board.Text{ID: "n1", Field: "text", From: from, To: to} }
	// All of these get to the disk at once.
	w.disk.hold()
	ben.push(board.Blank{ID: "n1"})
	ben.push(write("", "new"))
	ben.push(board.Blank{ID: "n2"}, move("n1", 1, 1))
	last := ben.push(write("new", "newer"))
	w.disk.letGo()
	ben.until("them to be saved", func() bool { return last.saved })
	if got := ben.look().items["n1"].Text("text"); got != "newer" {
		t.Errorf("got %q", got)
	}
	if s := ben.do(board.Blank{ID: "n1"}, write("", "in the same breath")); !s.final || s.refused[0].Op != 1 || s.refused[0].Code != board.Invalid {
		t.Errorf("got %+v", s)
	}
}

func TestAWordErasedForGoodIsToldToNobodyAgain(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	ben := w.join(id, facilitators, "pben")
	anna := w.join(id, participants, "panna")
	at := anna.look().at
	ben.do(note("n1", mark("name")))
	ben.do(board.Group{Notes: []board.ID{"n1"}, Group: "g1"}, board.Edit{ID: "g1", Fields: []board.Field{{Name: "name", Value: mark("group")}}})
	ben.do(board.Delete{IDs: []board.ID{"n1"}}, board.Restore{IDs: []board.ID{"n1"}})
	ben.do(board.Milestone{Name: "before"})
	anna.leave()
	ben.do(board.Blank{ID: "n1"})
	ben.do(board.Blank{ID: "g1"})
	ben.do(note("n2", "x"))
	// What has waited for long in another tab.
	ben.do(board.Text{ID: "n1", Field: "text", From: mark("name"), To: mark("name") + "!"}, note("n1", mark("name")),
		board.Edit{ID: "n2", Fields: []board.Field{{Name: "text", Value: "y"}}, Was: board.Was{"n1": {"text": mark("name")}}})
	anna.reset(known{at: at, items: map[board.ID]*board.Item{}}) // as if it had slept since
	before := anna.look().replaced
	if err := anna.connect(); err != nil {
		t.Fatal(err)
	}
	if anna.look().replaced != before+1 {
		t.Error("continued over what was erased")
	}
	if strings.Contains(anna.wire.text(), "SECRET") {
		t.Errorf("it was told again:\n%s", anna.wire.text())
	}
	w.saved(id)
	entries, err := w.disk.History(context.Background(), id, 0, 100, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if raw, err := e.MarshalJSON(); err != nil || strings.Contains(string(raw), "SECRET") {
			t.Errorf("it lies on disk: %s, %v", raw, err)
		}
	}
}
