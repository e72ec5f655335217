package web

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"jana/protocol/board"
	"jana/server/room"
)

// maxWallNotes are shown to a visitor, the last ones first.
const maxWallNotes = 200

// wallNote is feedback as visitors see it of each other.
type wallNote struct {
	ID   board.ID `json:"id"`
	Kind string   `json:"kind"`
	Text string   `json:"text"`
}

// wall tells a visitor what they are asked, and shows what a facilitator has let others say to the same question.
func (s *Server) wall(c echo.Context) error {
	g, err := s.guest(c)
	if err != nil {
		return err
	}
	if g.role != board.Visitor {
		return problem("forbidden")
	}
	var sheet, about *board.Item
	var notes []*board.Item
	target := g.link.Map("target")
	err = s.hub.View(c.Request().Context(), g.board, func(v room.View) {
		sheet = v.State.Item(board.BoardID)
		id, _ := target["id"].(string)
		about = v.State.Item(id)
		notes = v.State.Items()
	})
	if err != nil {
		return err
	}
	answer := struct {
		Title     string     `json:"title"`
		Language  string     `json:"language"`
		Organiser string     `json:"organiser,omitempty"`
		Question  string     `json:"question"`
		About     string     `json:"about,omitempty"`
		Limit     int        `json:"limit"`
		Notes     []wallNote `json:"notes"`
	}{sheet.Text("title"), cmp.Or(sheet.Text("language"), "fi"), sheet.Text("organiser"), g.link.Text("question"), about.Text("name"), board.MaxFeedback, []wallNote{}}
	of := target["id"]
	notes = slices.DeleteFunc(notes, func(it *board.Item) bool {
		return it.Type != board.TypeFeedback || len(it.To) > 0 || of != board.BoardID && it.Map("target")["id"] != of
	})
	slices.SortStableFunc(notes, func(a, b *board.Item) int { return cmp.Compare(b.Int("order"), a.Int("order")) })
	for _, it := range notes[:min(len(notes), maxWallNotes)] {
		answer.Notes = append(answer.Notes, wallNote{it.ID, it.Text("kind"), it.Text("text")})
	}
	return s.json(c, http.StatusOK, answer)
}

// giveFeedback takes a note of a visitor. What is sent again by the same client under the same n is there once.
func (s *Server) giveFeedback(c echo.Context) error {
	g, err := s.guest(c)
	if err != nil {
		return err
	}
	if g.role != board.Visitor {
		return problem("forbidden")
	}
	var in struct {
		Client string `json:"client"`
		N      int64  `json:"n"`
		Kind   string `json:"kind"`
		Text   string `json:"text"`
	}
	if err := decode(c, &in); err != nil {
		return err
	}
	item := map[string]string{"type": string(board.TypeFeedback), "id": NewID(), "kind": in.Kind, "text": in.Text}
	body, err := json.Marshal(map[string]any{"client": in.Client, "n": in.N, "ops": []any{map[string]any{"do": "create", "item": item}}})
	if err != nil {
		return err
	}
	push, bad := decodePush(body)
	if bad != nil {
		return bad
	}
	if push.Client == "" {
		return problem("invalid").member("field", "client").because("client must name the sender: 1 to %d of A-Z a-z 0-9 _ -.", board.MaxID)
	}
	client := push.Client
	push.Client = ""
	result, err := s.hub.Do(c.Request().Context(), g.board, s.visit(g.board, g.link, "", client, ""), push)
	switch {
	case err != nil:
		return err
	case len(result.Refused) > 0:
		return refusedFeedback(result.Refused[0], s)
	}
	status := http.StatusCreated
	if !result.Saved {
		status = http.StatusAccepted
	}
	return s.json(c, status, struct{}{})
}

// refusedFeedback says why a note was not taken.
func refusedFeedback(no board.Refusal, s *Server) error {
	switch no.Code {
	case board.Revoked:
		return problem("revoked")
	case board.Full:
		return problem("full").after(fullRetry)
	case board.TooFast:
		return problem("too_fast").after(s.limits.Answer)
	}
	return problem("invalid").member("field", no.Reason.Field).member("reason", no).because("%s is missing or not allowed.", cmp.Or(no.Reason.Field, "A value"))
}
