package room_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"time"

	"jana/protocol"
	"jana/protocol/board"
	"jana/server/room"
)

func (w *world) bot(link, id board.ID) func(n int64, ops ...board.Op) room.Result {
	return func(n int64, ops ...board.Op) room.Result {
		w.t.Helper()
		result, err := w.hub.Do(context.Background(), w.boards[0], room.Visit{Link: link, Participant: id, Client: "bot", Name: "Bot"}, protocol.Push{N: n, Ops: ops})
		if err != nil {
			w.t.Fatal(err)
		}
		return result
	}
}

func TestAPushByHTTPIsAnsweredOnceSaved(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	anna := w.join(id, participants, "panna")
	do := w.bot(participants, "pbot")
	got := do(7, note("n1", "x"), move("nowhere", 1, 1))
	if !got.Saved || got.Seq == 0 || len(got.Refused) != 1 || got.Refused[0].Op != 1 || got.Refused[0].Code != board.Gone {
		t.Errorf("got %+v", got)
	}
	if !strings.Contains(string(got.Changes), `[{"put":{"authorId":"pbot","id":"n1"`) {
		t.Errorf("got changes %s", got.Changes)
	}
	if s := w.look(id, "", ""); s.saved < got.Seq {
		t.Errorf("it was called saved at %d, when %d was", got.Seq, s.saved)
	}
	anna.until("it, and who did it", func() bool { return anna.items["n1"] != nil && anna.people["pbot"].Name == "Bot" })

	again := do(7, note("n2", "another"))
	if again.Seq != got.Seq || string(again.Changes) != string(got.Changes) || len(again.Refused) != 1 || !again.Saved {
		t.Errorf("the same number again: got %+v, want %+v", again, got)
	}
	// The room may have closed and opened meanwhile, or the server.
	w.stop()
	w.start(room.Options{})
	w.tabs = nil
	if again := do(7, note("n2", "another")); again.Seq != got.Seq || string(again.Changes) != string(got.Changes) || len(again.Refused) != 1 {
		t.Errorf("after a restart: got %+v, want %+v", again, got)
	}
}

func TestTheSamePushByHTTPTwiceAtATime(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	do := w.bot(participants, "pbot")
	do(1, note("n1", "x"))
	results := make([]room.Result, 8)
	var all sync.WaitGroup
	for i := range results {
		all.Go(func() { results[i] = do(2, note("n2", fmt.Sprint(i))) })
	}
	all.Wait()
	for _, got := range results {
		if got.Seq != results[0].Seq || string(got.Changes) != string(results[0].Changes) || len(got.Refused) > 0 || !got.Saved {
			t.Errorf("got %+v and %+v", got, results[0])
		}
	}
	entries, err := w.disk.History(context.Background(), id, 0, 1000, 1000)
	if err != nil {
		t.Fatal(err)
	}
	once := 0
	for _, e := range entries {
		if e.By == "pbot" && e.N == 2 && !e.Duplicate {
			once++
		}
	}
	if once != 1 {
		t.Errorf("it stands on disk %d times", once)
	}
}

func TestAPushByHTTPThatIsNotSavedInTimeSaysSo(t *testing.T) {
	w := newWorld(t, room.Options{SaveWait: 50 * time.Millisecond})
	id := w.board("b1")
	do := w.bot(participants, "pbot")
	do(1, note("n1", "x"))
	w.disk.hold()
	got := do(2, note("n2", "x"))
	if got.Saved || got.Seq == 0 || !strings.Contains(string(got.Changes), "n2") {
		t.Errorf("got %+v", got)
	}
	if again := do(2, note("n2", "x")); again.Saved || again.Seq != got.Seq {
		t.Errorf("asked again: got %+v", again)
	}
	w.disk.letGo()
	w.saved(id)
	if again := do(2, note("n2", "x")); !again.Saved || string(again.Changes) != string(got.Changes) {
		t.Errorf("asked later: got %+v", again)
	}
}

func TestAPushByHTTPHasTheRightsOfItsLink(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	if got := w.bot(viewers, "pvera")(1, note("n1", "x")); len(got.Refused) != 1 || got.Refused[0].Code != board.Forbidden || got.Seq != 0 {
		t.Errorf("a viewer's: got %+v", got)
	}
	if got := w.bot(participants, "pbot")(1, board.Lock{Level: "closed"}); len(got.Refused) != 1 || got.Refused[0].Code != board.Forbidden {
		t.Errorf("a participant's lock: got %+v", got)
	}
	if got := w.bot(facilitators, "pben")(1, board.Lock{Level: "closed"}); len(got.Refused) != 0 {
		t.Errorf("a facilitator's lock: got %+v", got)
	}
	if got := w.bot(participants, "pbot")(2, note("n1", "x")); len(got.Refused) != 1 || got.Refused[0].Code != board.BoardLocked || got.Refused[0].By != "pben" {
		t.Errorf("under a lock: got %+v", got)
	}
	bad := protocol.Push{Refused: &board.Refusal{Code: board.Invalid, Reason: board.Reason{Field: "n"}}}
	got, err := w.hub.Do(context.Background(), id, room.Visit{Link: participants, Participant: "pbot", Client: "bot"}, bad)
	if err != nil || len(got.Refused) != 1 || got.Refused[0].Reason.Field != "n" {
		t.Errorf("without a number: got %+v, %v", got, err)
	}
	for _, c := range []struct {
		board string
		link  board.ID
		want  error
	}{{id, "lnone", protocol.Bye{Code: protocol.Unknown}}, {"nowhere", participants, fs.ErrNotExist}} {
		_, err := w.hub.Do(context.Background(), c.board, room.Visit{Link: c.link, Participant: "pbot", Client: "bot"}, protocol.Push{N: 3, Ops: []board.Op{note("n9", "x")}})
		if !errors.Is(err, c.want) {
			t.Errorf("by %s to %s: got %v, want %v", c.link, c.board, err, c.want)
		}
	}
}

func TestWhoGivesUpAPushByHTTPLeavesNothingBehind(t *testing.T) {
	w := newWorld(t, room.Options{})
	id := w.board("b1")
	do := w.bot(participants, "pbot")
	do(1, note("n1", "x"))
	w.disk.hold()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	_, err := w.hub.Do(ctx, id, room.Visit{Link: participants, Participant: "pbot", Client: "bot"}, protocol.Push{N: 2, Ops: []board.Op{note("n2", "x")}})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	w.disk.letGo()
	if got := do(2, note("n2", "x")); !got.Saved || len(got.Refused) > 0 {
		t.Errorf("got %+v", got)
	}
}
