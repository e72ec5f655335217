package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"jana/protocol"
	"jana/protocol/board"
	"jana/protocol/method"
	"jana/server/room"
)

// analysis answers with what a board says of its notes, segments and services. It is the same for every role: what is not for
// everyone counts nowhere.
func (s *Server) analysis(c echo.Context) error {
	g, err := s.admit(c)
	if err != nil {
		return err
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
	return s.json(c, http.StatusOK, method.Analyse(board.Gather(items)))
}
