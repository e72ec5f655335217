package room_test

import (
	"testing"

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
	anna.until("both people", func() bool {
		return len(anna.people) == 2 && anna.people["pben"].Here == 1 && anna.people["pben"].Role == board.Facilitator
	})
	if got := anna.people["pben"].Name; got != "name of pben" {
		t.Errorf("got the name %q", got)
	}
}
