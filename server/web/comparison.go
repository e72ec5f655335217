package web

import (
	"errors"
	"io/fs"
	"net/http"

	"github.com/labstack/echo/v4"

	"jana/protocol/board"
	"jana/protocol/method"
	"jana/server/room"
)

// compared is a comparison with the sentences of its findings.
type compared struct {
	From round `json:"from"`
	To   round `json:"to"`
	// Language of the sentences.
	Language string `json:"language"`
	*method.Comparison
	Findings struct {
		New     []said `json:"new"`
		Ended   []said `json:"ended"`
		Staying []said `json:"staying"`
	} `json:"findings"`
}

// round is one of the boards that are compared: a milestone, or the board as it is.
type round struct {
	Milestone board.ID `json:"milestone,omitempty"`
	// Name of a milestone; a freeze gives it none.
	Name string `json:"name,omitempty"`
	// Time at which it was kept, in ms since 1970.
	Time  int64 `json:"time,omitempty"`
	items []*board.Item
}

// comparison answers with what has become of a board since a milestone, up to another one or as it is. It is the same for
// every role: what is not for everyone counts nowhere.
func (s *Server) comparison(c echo.Context) error {
	g, err := s.admit(c)
	if err != nil {
		return err
	}
	language, err := languageOf(c)
	if err != nil {
		return err
	}
	var now round
	var kept map[string]board.Value
	err = s.hub.View(c.Request().Context(), g.board, func(v room.View) {
		now.items, kept = v.State.Items(), v.State.Item(board.BoardID).Map("milestones")
	})
	if err != nil {
		return err
	}
	from, begun := milestoneOf(kept, c.QueryParam("from"))
	to, ended := milestoneOf(kept, c.QueryParam("to"))
	switch {
	case begun == 0:
		return problem("invalid").member("field", "from").because("from must be the id of a milestone of the board.")
	case c.QueryParam("to") == "":
		to = now
	case ended == 0:
		return problem("invalid").member("field", "to").because("to may be left out, or be the id of a milestone of the board.")
	case begun >= ended:
		return problem("invalid").member("field", "from").because("from must be earlier than to.")
	}
	done, err := s.beginAnalysis(c, now.items)
	if err != nil {
		return err
	}
	defer done()
	if err := s.fill(c, g.board, "from", &from); err != nil {
		return err
	}
	if err := s.fill(c, g.board, "to", &to); err != nil {
		return err
	}
	earlier, later := board.Gather(from.items), board.Gather(to.items)
	// The language is that of the board as it is, whichever of its rounds are asked for.
	language = method.Language(board.Gather(now.items), language)
	answer := compared{From: from, To: to, Language: language, Comparison: method.Compare(earlier, later)}
	found := answer.Comparison.Findings
	answer.Findings.New = say(found.New, later, language)
	answer.Findings.Ended = say(found.Ended, earlier, language)
	answer.Findings.Staying = say(found.Staying, later, language)
	return s.json(c, http.StatusOK, answer)
}

// milestoneOf is what a board knows of a milestone, and the seq at which it was kept; 0 if it knows none of that id.
func milestoneOf(kept map[string]board.Value, id board.ID) (round, int64) {
	stamp, is := kept[id].(map[string]board.Value)
	if !is {
		return round{}, 0
	}
	r := round{Milestone: id}
	r.Name, _ = stamp["name"].(string)
	r.Time, _ = stamp["time"].(int64)
	seq, _ := stamp["seq"].(int64)
	return r, seq
}

// fill reads the items of a milestone, unless it is the board as it is; field is the parameter that asked for it.
func (s *Server) fill(c echo.Context, id, field string, r *round) error {
	if r.Milestone == "" {
		return nil
	}
	items, err := s.hub.Milestone(c.Request().Context(), id, r.Milestone)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return problem("not_found").member("field", field).because("No instance that is running has this milestone.")
	case err != nil:
		return err
	case method.TooLarge(items):
		return problem("too_many_cells")
	}
	r.items = items
	return nil
}
