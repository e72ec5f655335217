package web

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"jana/protocol"
	"jana/protocol/board"
)

// shared is a link as facilitators see it.
type shared struct {
	ID   board.ID   `json:"id"`
	Role board.Role `json:"role"`
	Name string     `json:"name,omitempty"`
	As   string     `json:"as,omitempty"`
	// Question that visitors are asked, and what it is about.
	Question string      `json:"question,omitempty"`
	Target   board.Value `json:"target,omitempty"`
	Owner    bool        `json:"owner,omitempty"`
	Revoked  board.Value `json:"revoked,omitempty"`
	Key      string      `json:"key,omitempty"`
	Address  string      `json:"address,omitempty"`
}

func (s *Server) shared(c echo.Context, id string, link *board.Item) shared {
	out := shared{
		ID: link.ID, Role: board.Role(link.Text("role")), Name: link.Text("name"), As: link.Text("as"),
		Question: link.Text("question"), Target: link.Get("target"), Owner: link.Flag("owner"), Revoked: link.Get("revoked"),
	}
	if out.Revoked == nil {
		out.Key = s.keys.Key(id, link.ID)
		out.Address = LinkAddress(s.edge.pages(c.Request()), id, out.Role, out.Key)
	}
	return out
}

// listLinks answers with the links, and with the addresses at which others reach this machine if the page was opened by
// one that they cannot.
func (s *Server) listLinks(c echo.Context) error {
	g, err := s.facilitator(c)
	if err != nil {
		return err
	}
	links, err := s.hub.Links(c.Request().Context(), g.board)
	if err != nil {
		return err
	}
	all := make([]shared, len(links))
	for i, link := range links {
		all[i] = s.shared(c, g.board, link)
	}
	slices.SortFunc(all, func(a, b shared) int {
		rank := func(l shared) int { return slices.Index(linkRoles, l.Role) }
		if c := cmp.Compare(rank(a), rank(b)); c != 0 {
			return c
		}
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	elsewhere := s.edge.elsewhere(c.Request())
	if elsewhere == nil {
		elsewhere = []string{}
	}
	return s.json(c, http.StatusOK, map[string]any{"links": all, "addresses": elsewhere})
}

// makeLink orders a link. It is an op like any other; the answer has its key.
func (s *Server) makeLink(c echo.Context) error {
	g, err := s.facilitator(c)
	if err != nil {
		return err
	}
	var in struct {
		Role     board.Role    `json:"role"`
		Name     string        `json:"name"`
		As       string        `json:"as"`
		Question string        `json:"question"`
		Target   *board.Target `json:"target"`
		Me       string        `json:"me"`
	}
	if err := decode(c, &in); err != nil {
		return err
	}
	op := board.Link{ID: NewID(), Role: in.Role, Name: in.Name, As: in.As, Question: in.Question, Target: in.Target}
	if err := s.order(c, g, in.Me, op); err != nil {
		return err
	}
	links, err := s.hub.Links(c.Request().Context(), g.board)
	if err != nil {
		return err
	}
	for _, link := range links {
		if link.ID == op.ID {
			return s.json(c, http.StatusCreated, s.shared(c, g.board, link))
		}
	}
	return problem("not_found")
}

// closeLink closes a link for good; its sockets are closed with it. A body may say by "me" who does it.
func (s *Server) closeLink(c echo.Context) error {
	g, err := s.facilitator(c)
	if err != nil {
		return err
	}
	var in struct {
		Me string `json:"me"`
	}
	if c.Request().ContentLength != 0 {
		if err := decode(c, &in); err != nil {
			return err
		}
	}
	if err := s.order(c, g, in.Me, board.Link{ID: c.Param("link"), Revoke: true}); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// order has one op ordered in the name of the link that somebody came by, and fails if it is refused.
func (s *Server) order(c echo.Context, g *guest, me string, op board.Op) error {
	if me == "" {
		me = "link " + g.link.ID
	}
	// Each call is a tab of its own, so that none is taken for another one sent again.
	v := s.visit(g.board, g.link, me, NewID(), "")
	result, err := s.hub.Do(c.Request().Context(), g.board, v, protocol.Push{N: 1, Ops: []board.Op{op}})
	if err != nil {
		return err
	}
	if len(result.Refused) == 0 {
		return nil
	}
	no := result.Refused[0]
	switch no.Code {
	case board.Gone:
		return problem("not_found")
	case board.Forbidden, board.Revoked:
		return problem("forbidden")
	case board.TooFast:
		return problem("too_fast")
	}
	return problem("invalid").member("reason", no.Reason).because("%s is missing or not allowed.", cmp.Or(no.Reason.Field, "A value"))
}
