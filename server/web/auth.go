package web

import (
	"errors"
	"io/fs"
	"net/netip"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"jana/protocol/board"
	"jana/server/room"
)

// guest is who comes with a key that opens a board.
type guest struct {
	board string
	link  *board.Item
	role  board.Role
}

// admit finds out who asks for something of a board. To visitors it shows nothing but its wall.
func (s *Server) admit(c echo.Context) (*guest, error) {
	g, err := s.guest(c)
	if err == nil && g.role == board.Visitor {
		return nil, problem("forbidden")
	}
	return g, err
}

// guest finds out who asks. An unknown board and a wrong key take the same way to the same answer.
func (s *Server) guest(c echo.Context) (*guest, error) {
	key, ok := bearer(c.Request().Header.Values("Authorization"))
	if !ok {
		return nil, problem("no_key")
	}
	id := c.Param("id")
	link, err := s.linkOf(c, id, key)
	if err != nil {
		return nil, err
	}
	if link == nil {
		return nil, s.wrongKey(s.edge.address(c.Request()))
	}
	if link.Get("revoked") != nil {
		return nil, problem("revoked")
	}
	return &guest{board: id, link: link, role: board.Role(link.Text("role"))}, nil
}

// facilitator is admit for what only facilitators may.
func (s *Server) facilitator(c echo.Context) (*guest, error) {
	g, err := s.admit(c)
	if err == nil && g.role != board.Facilitator {
		return nil, problem("forbidden")
	}
	return g, err
}

// linkOf finds the link that a key is of, nil if there is no such link or no such board.
func (s *Server) linkOf(c echo.Context, id, key string) (*board.Item, error) {
	links, err := s.hub.Links(c.Request().Context(), id)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return s.keys.match(id, key, links), nil
}

// wrongKey counts against the address. Right keys are let in all the same: a whole room may share it.
func (s *Server) wrongKey(from netip.Addr) error {
	if ok, wait := s.wrongKeys.take(from, time.Now()); !ok {
		return problem("too_many_requests").after(wait)
	}
	return problem("not_found")
}

// match is Link for the items of links.
func (k *Keys) match(id, key string, links []*board.Item) *board.Item {
	ids := make([]board.ID, len(links))
	for i, link := range links {
		ids[i] = link.ID
	}
	found := k.Link(id, key, ids)
	for _, link := range links {
		if link.ID == found {
			return link
		}
	}
	return nil
}

func bearer(headers []string) (string, bool) {
	if len(headers) != 1 {
		return "", false
	}
	scheme, key, ok := strings.Cut(headers[0], " ")
	return strings.TrimSpace(key), ok && strings.EqualFold(scheme, "Bearer")
}

// visit says who a person is on a board: by the link if it stands for somebody, else by the browser's secret, else by the
// name of what they sent with.
func (s *Server) visit(id string, link *board.Item, me, client, name string) room.Visit {
	v := room.Visit{Link: link.ID, Client: client, Name: name}
	switch as := link.Text("as"); {
	case as != "":
		v.Participant, v.Name, v.Kind = s.keys.Seat(id, as), as, "tablet"
	case me != "":
		v.Participant = s.keys.Participant(id, me)
	default:
		v.Participant = s.keys.Participant(id, client)
	}
	return v
}
