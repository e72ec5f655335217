package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"jana/protocol"
	"jana/protocol/board"
	"jana/protocol/method"
	"jana/server/room"
)

// analysesAtATime leave most of the machine to the rooms.
const analysesAtATime = 2

// analysed is an analysis with what there is to talk about in it.
type analysed struct {
	*method.Analysis
	// Language of the sentences.
	Language string `json:"language"`
	Findings []said `json:"findings"`
}

// said is a finding with its sentence.
type said struct {
	method.Finding
	Sentence string `json:"sentence"`
}

// analysis answers with what a board says of its notes, segments and services. It is the same for every role: what is not for
// everyone counts nowhere.
func (s *Server) analysis(c echo.Context) error {
	g, err := s.admit(c)
	if err != nil {
		return err
	}
	language, err := languageOf(c)
	if err != nil {
		return err
	}
	weights := c.QueryParam("weights")
	if weights != "" && weights != "equal" {
		return problem("invalid").member("field", "weights").because("weights may be left out, or be equal.")
	}
	var at protocol.Position
	var items []*board.Item
	err = s.hub.View(c.Request().Context(), g.board, func(v room.View) {
		at, items = v.At, v.State.Items()
	})
	if err != nil {
		return err
	}
	if unchanged(c, at) {
		return c.NoContent(http.StatusNotModified)
	}
	done, err := s.beginAnalysis(c, items)
	if err != nil {
		return err
	}
	defer done()
	if weights != "" {
		items = method.Unweighted(items)
	}
	state := board.Gather(items)
	language = method.Language(state, language)
	a := method.Analyse(state)
	return s.json(c, http.StatusOK, analysed{a, language, say(a.Findings(), state, language)})
}

// say gives findings their sentences, in the names that things have on their board.
func say(findings []method.Finding, on *board.State, language string) []said {
	all := []said{}
	for _, f := range findings {
		all = append(all, said{f, f.Sentence(on, language)})
	}
	return all
}

// beginAnalysis waits until another analysis may begin; done lets the next one in.
func (s *Server) beginAnalysis(c echo.Context, items []*board.Item) (done func(), err error) {
	if method.TooLarge(items) {
		return nil, problem("too_many_cells")
	}
	select {
	case s.analysing <- struct{}{}:
		return func() { <-s.analysing }, nil
	case <-c.Request().Context().Done():
		return nil, c.Request().Context().Err()
	}
}
