package web

import (
	"bytes"
	"net/http"

	"github.com/labstack/echo/v4"

	"jana/protocol"
	"jana/protocol/board"
	"jana/server/export"
	"jana/server/room"
)

// seen is a board as a role may see it.
type seen struct {
	at      protocol.Position
	saved   int64
	items   []*board.Item
	authors bool // who wrote what may be told
}

// look takes what a guest may see out of the room. Who wrote a note is left out unless the board's setting lets
// everybody know.
func (s *Server) look(c echo.Context, g *guest) (*seen, error) {
	out := &seen{}
	err := s.hub.View(c.Request().Context(), g.board, func(v room.View) {
		out.at, out.saved, out.items = v.At, v.Saved, v.State.Items()
	})
	if err != nil {
		return nil, err
	}
	kept := out.items[:0]
	out.authors = g.role == board.Facilitator
	for _, it := range out.items {
		if it.Type == board.TypeBoard && it.Text("authors") == "all" {
			out.authors = true
		}
		if it.To.Includes("", g.role) {
			kept = append(kept, it)
		}
	}
	out.items = kept
	if !out.authors {
		for i, it := range kept {
			if it.Get("authorId") != nil {
				kept[i] = it.With([]board.Field{{Name: "authorId"}})
			}
		}
	}
	return out, nil
}

// export answers with a document to be kept.
func (s *Server) export(c echo.Context) error {
	g, err := s.admit(c)
	if err != nil {
		return err
	}
	switch c.Param("file") {
	case "board.json":
		return s.exportBoard(c, g)
	case "notes.csv":
		return s.exportNotes(c, g)
	case "matrix.csv":
		return s.exportAnalysis(c, g, "matrix.csv", "text/csv; charset=utf-8", func(b *bytes.Buffer, v *seen) error {
			return export.Matrix(b, v.items)
		})
	case "matrix.xlsx":
		return s.exportAnalysis(c, g, "matrix.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", func(b *bytes.Buffer, v *seen) error {
			return export.Workbook(b, v.items, v.authors)
		})
	}
	return problem("not_found")
}

func (s *Server) exportBoard(c echo.Context, g *guest) error {
	var file []byte
	authors := g.role == board.Facilitator
	err := s.hub.View(c.Request().Context(), g.board, func(v room.View) {
		file = v.State.Export()
		authors = authors || v.State.Item(board.BoardID).Text("authors") == "all"
	})
	if err == nil && !authors {
		file, err = export.WithoutAuthors(file)
	}
	if err != nil {
		return err
	}
	return attach(c, "board.json", echo.MIMEApplicationJSON, file)
}

func (s *Server) exportNotes(c echo.Context, g *guest) error {
	v, err := s.look(c, g)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := export.Notes(&b, v.items, v.authors); err != nil {
		return err
	}
	return attach(c, "notes.csv", "text/csv; charset=utf-8", b.Bytes())
}

// exportAnalysis answers with a document that an analysis is written into.
func (s *Server) exportAnalysis(c echo.Context, g *guest, name, contentType string, write func(*bytes.Buffer, *seen) error) error {
	v, err := s.look(c, g)
	if err != nil {
		return err
	}
	done, err := s.beginAnalysis(c, v.items)
	if err != nil {
		return err
	}
	defer done()
	var b bytes.Buffer
	if err := write(&b, v); err != nil {
		return err
	}
	return attach(c, name, contentType, b.Bytes())
}

func attach(c echo.Context, name, contentType string, file []byte) error {
	c.Response().Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	return c.Blob(http.StatusOK, contentType, file)
}
