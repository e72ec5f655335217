package web

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"jana/protocol"
	"jana/protocol/board"
	"jana/server/document"
	"jana/server/export"
	"jana/server/room"
	"jana/server/template"
)

// seen is a board as a role may see it.
type seen struct {
	at      protocol.Position
	saved   int64
	items   []*board.Item
	authors bool  // who wrote what may be told
	used    int64 // when somebody was last at work on it, in ms since 1970
	// settings are those of the board.
	settings *board.Item
}

// look takes what a guest may see out of the room. Who wrote a note is left out unless the board's setting lets
// everybody know.
func (s *Server) look(c echo.Context, g *guest) (*seen, error) {
	out := &seen{}
	err := s.hub.View(c.Request().Context(), g.board, func(v room.View) {
		out.at, out.saved, out.items, out.used = v.At, v.Saved, v.State.Items(), v.State.Time()
		out.settings = v.State.Item(board.BoardID)
	})
	if err != nil {
		return nil, err
	}
	kept := out.items[:0]
	out.authors = g.role == board.Facilitator || out.settings.Text("authors") == "all"
	for _, it := range out.items {
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

// times are those that a document of it tells.
func (v *seen) times() export.Times {
	return export.Times{Made: time.Now(), Used: time.UnixMilli(v.used)}
}

// download is a file of the exports that is written out of what somebody sees.
type download struct {
	contentType string
	// analysed: an analysis is made for it.
	analysed bool
	write    func(b *bytes.Buffer, v *seen, language string) error
}

const (
	typeCSV  = "text/csv; charset=utf-8"
	typeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	typeDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	typePDF  = "application/pdf"
)

// downloads by their file's name.
var downloads = map[string]download{
	"notes.csv": {typeCSV, false, func(b *bytes.Buffer, v *seen, language string) error {
		return export.Notes(b, v.items, language, v.authors)
	}},
	"feedback.csv": {typeCSV, false, func(b *bytes.Buffer, v *seen, language string) error {
		return export.Feedback(b, v.items, language)
	}},
	"experiments.csv": {typeCSV, false, func(b *bytes.Buffer, v *seen, language string) error {
		return export.Experiments(b, v.items, language)
	}},
	"axis.svg": {"image/svg+xml", false, func(b *bytes.Buffer, v *seen, language string) error {
		return export.Axis(b, v.items, language)
	}},
	"matrix.csv": {typeCSV, true, func(b *bytes.Buffer, v *seen, language string) error {
		return export.Matrix(b, v.items, language)
	}},
	"matrix.xlsx": {typeXLSX, true, func(b *bytes.Buffer, v *seen, language string) error {
		return export.Workbook(b, v.items, language, v.authors)
	}},
	"report.md":     written("text/markdown; charset=utf-8", export.Report, document.WriteMarkdown),
	"report.docx":   written(typeDOCX, export.Report, document.WriteDOCX),
	"matrix.docx":   written(typeDOCX, export.MatrixDocument, document.WriteDOCX),
	"segments.docx": written(typeDOCX, export.SegmentCards, document.WriteDOCX),
	"report.pdf":    written(typePDF, export.Report, document.WritePDF),
	"matrix.pdf":    written(typePDF, export.MatrixDocument, document.WritePDF),
	"segments.pdf":  written(typePDF, export.SegmentCards, document.WritePDF),
}

// written is a document in one of its formats.
func written(
	contentType string, say func([]*board.Item, string, export.Times) *document.Document, format func(io.Writer, *document.Document) error,
) download {
	return download{contentType, true, func(b *bytes.Buffer, v *seen, language string) error {
		return format(b, say(v.items, language, v.times()))
	}}
}

// export answers with a document to be kept. Once a board is closed, others than facilitators get those that its setting opens.
func (s *Server) export(c echo.Context) error {
	g, err := s.admit(c)
	if err != nil {
		return err
	}
	file := c.Param("file")
	wanted, known := downloads[file]
	if !known && file != "board.json" {
		return problem("not_found")
	}
	language, err := languageOf(c)
	if err != nil {
		return err
	}
	v, err := s.look(c, g)
	if err != nil {
		return err
	}
	if g.role != board.Facilitator && v.settings.Text("phase") == "closed" && !slices.Contains(v.settings.List("downloads"), file) {
		return problem("forbidden").because("The board is closed, and its facilitator has not opened this file.")
	}
	if !known {
		return s.exportBoard(c, g)
	}
	if wanted.analysed {
		done, err := s.beginAnalysis(c, v.items)
		if err != nil {
			return err
		}
		defer done()
	}
	var b bytes.Buffer
	if err := wanted.write(&b, v, language); err != nil {
		return err
	}
	return attach(c, document.FileName(v.settings.Text("title"), file, time.Now()), wanted.contentType, b.Bytes())
}

func (s *Server) exportBoard(c echo.Context, g *guest) error {
	var file []byte
	var title string
	authors := g.role == board.Facilitator
	err := s.hub.View(c.Request().Context(), g.board, func(v room.View) {
		file = v.State.Export()
		about := v.State.Item(board.BoardID)
		title = about.Text("title")
		authors = authors || about.Text("authors") == "all"
	})
	if err == nil && !authors {
		file, err = export.WithoutAuthors(file)
	}
	if err != nil {
		return err
	}
	return attach(c, document.FileName(title, "board.json", time.Now()), echo.MIMEApplicationJSON, file)
}

// report answers with what the report says, to be shown on a page. It is the same for every role.
func (s *Server) report(c echo.Context) error {
	g, err := s.admit(c)
	if err != nil {
		return err
	}
	language, err := languageOf(c)
	if err != nil {
		return err
	}
	v, err := s.look(c, g)
	if err != nil {
		return err
	}
	done, err := s.beginAnalysis(c, v.items)
	if err != nil {
		return err
	}
	defer done()
	return s.json(c, http.StatusOK, export.Report(v.items, language, v.times()))
}

// languageOf is the language that is asked for, or none.
func languageOf(c echo.Context) (string, error) {
	language := c.QueryParam("language")
	if language != "" && !slices.Contains(template.Languages, language) {
		return "", problem("invalid").member("field", "language").because("language must be one of %s.", strings.Join(template.Languages, ", "))
	}
	return language, nil
}

func attach(c echo.Context, name document.Name, contentType string, file []byte) error {
	c.Response().Header().Set("Content-Disposition", name.Attachment())
	return c.Blob(http.StatusOK, contentType, file)
}
