package web

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"jana/protocol"
	"jana/protocol/board"
	"jana/server/room"
	"jana/server/template"
)

const importsAtATime = 2

// firstLinks are those that every board begins with. The first is the owner's, which alone deletes the board and is
// never closed.
var firstLinks = []board.Role{board.Facilitator, board.Participant, board.Viewer}

// linkRoles are those that there may be links for, in the order in which they are shown.
var linkRoles = append(slices.Clone(firstLinks), board.Visitor)

// create makes a board of a template.
func (s *Server) create(c echo.Context) error {
	if err := s.mayCreate(c); err != nil {
		return err
	}
	var in struct {
		Title    string `json:"title"`
		Language string `json:"language"`
		Template string `json:"template"`
	}
	if err := decode(c, &in); err != nil {
		return err
	}
	if in.Template == "" {
		in.Template = template.Default
	}
	if in.Language == "" {
		in.Language = template.Languages[0]
	}
	known := false
	for _, l := range template.Languages {
		known = known || l == in.Language
	}
	if !known {
		return problem("invalid").member("field", "language").because("language must be one of %s.", strings.Join(template.Languages, ", "))
	}
	title, err := titleOf(in.Title)
	if err != nil && (in.Title != "" || in.Template != "demo") {
		return err
	}
	state, err := template.Make(in.Template, title, in.Language, time.Now().UnixMilli())
	switch {
	case errors.Is(err, template.ErrUnknown):
		return problem("unknown_template")
	case err != nil:
		return err
	}
	return s.found(c, state)
}

// importBoard makes a board of a file.
func (s *Server) importBoard(c echo.Context) error {
	if err := s.mayCreate(c); err != nil {
		return err
	}
	raw, err := readJSON(c, s.limits.Import, importTimeout)
	if err != nil {
		return err
	}
	select {
	case s.importing <- struct{}{}:
		defer func() { <-s.importing }()
	case <-c.Request().Context().Done():
		return c.Request().Context().Err()
	}
	state, wrong := board.Import(raw, time.Now().UnixMilli())
	if len(wrong) > 0 {
		return problem("invalid_board").member("problems", wrong)
	}
	return s.found(c, state)
}

// copyBoard makes a new board of another one, without its notes and its people.
func (s *Server) copyBoard(c echo.Context) error {
	g, err := s.facilitator(c)
	if err != nil {
		return err
	}
	if err := s.mayCreate(c); err != nil {
		return err
	}
	var in struct {
		Title string       `json:"title"`
		Keep  []board.Type `json:"keep"`
	}
	if err := decode(c, &in); err != nil {
		return err
	}
	if in.Title, err = titleOf(in.Title); err != nil {
		return err
	}
	for _, kind := range in.Keep {
		if !slices.Contains(template.Keepable, kind) {
			return problem("invalid").member("field", "keep").because("keep may name %v.", template.Keepable)
		}
	}
	var file []byte
	err = s.hub.View(c.Request().Context(), g.board, func(v room.View) { file = v.State.Export() })
	if err != nil {
		return err
	}
	state, err := template.Copy(file, in.Title, in.Keep, time.Now().UnixMilli())
	if err != nil {
		return err
	}
	return s.found(c, state)
}

// titleOf is a title as a new board can have it.
func titleOf(title string) (string, error) {
	title = strings.TrimSpace(title)
	switch {
	case title == "":
		return "", problem("invalid").member("field", "title").because("A board needs a title.")
	case utf8.RuneCountInString(title) > board.MaxName:
		return "", problem("invalid").member("field", "title").because("A title may have %d characters.", board.MaxName)
	}
	return title, nil
}

func (s *Server) mayCreate(c echo.Context) error {
	if s.draining.Load() {
		return problem("draining").after(time.Second)
	}
	if ok, wait := s.creating.take(s.edge.address(c.Request()), time.Now()); !ok {
		return problem("too_many_requests").after(wait)
	}
	return nil
}

// found gives a state its first links, keeps it as a new board and tells the keys.
func (s *Server) found(c echo.Context, state *board.State) error {
	id := NewID()
	links, err := AddFirstLinks(state, time.Now().UnixMilli())
	if err != nil {
		return fmt.Errorf("create board %s: %w", id, err)
	}
	if err := s.hub.Create(c.Request().Context(), id, state); err != nil {
		return fmt.Errorf("create board %s: %w", id, err)
	}
	s.log.Info("board created", "board", id)
	answer := struct {
		ID    string                `json:"id"`
		Title string                `json:"title"`
		Keys  map[board.Role]string `json:"keys"`
		Links map[board.Role]string `json:"links"`
	}{id, state.Item(board.BoardID).Text("title"), map[board.Role]string{}, map[board.Role]string{}}
	for role, link := range links {
		key := s.keys.Key(id, link)
		answer.Keys[role] = key
		answer.Links[role] = LinkAddress(s.edge.pages(c.Request()), id, role, key)
	}
	c.Response().Header().Set("Location", "/api/boards/"+id)
	return s.json(c, http.StatusCreated, answer)
}

// AddFirstLinks puts the links of a new board into its state and tells their ids by role.
func AddFirstLinks(state *board.State, now int64) (map[board.Role]board.ID, error) {
	links := map[board.Role]board.ID{}
	e := &board.Entry{Seq: state.Seq() + 1, Time: now, Role: board.Facilitator}
	for i, role := range firstLinks {
		links[role] = NewID()
		made := map[string]board.Value{"time": now}
		e.Changes = append(e.Changes, board.Change{Put: board.NewLink(links[role], role, "", "", made, i == 0)})
	}
	if err := state.Land(e); err != nil {
		return nil, fmt.Errorf("first links: %w", err)
	}
	return links, nil
}

// LinkAddress is what a person opens. The key stands behind the #, where no server sees it.
func LinkAddress(pages, boardID string, role board.Role, key string) string {
	if role == board.Visitor {
		return pages + "/f/" + boardID + "#" + key
	}
	return pages + "/b/" + boardID + "#" + key
}

// NewID is an id for a board or a link: 80 random bits in 16 characters, which are easy to tell apart and to read out.
func NewID() string {
	var b [10]byte
	rand.Read(b[:])
	return strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))
}

// show answers with the board as this key's role sees it.
func (s *Server) show(c echo.Context) error {
	g, err := s.admit(c)
	if err != nil {
		return err
	}
	seen, err := s.look(c, g)
	if err != nil {
		return err
	}
	if unchanged(c, seen.at) {
		return c.NoContent(http.StatusNotModified)
	}
	raw := make([]json.RawMessage, len(seen.items))
	for i, it := range seen.items {
		raw[i] = it.JSON()
	}
	return s.json(c, http.StatusOK, map[string]any{
		"id": g.board, "role": g.role, "at": seen.at, "saved": seen.saved, "used": seen.used, "items": raw,
	})
}

// unchanged makes a position the ETag of an answer, and says whether the caller has that answer already.
func unchanged(c echo.Context, at protocol.Position) bool {
	etag := fmt.Sprintf(`"%s.%d"`, at.Epoch, at.Seq)
	c.Response().Header().Set("ETag", etag)
	c.Response().Header().Set("Vary", "Authorization")
	return c.Request().Header.Get("If-None-Match") == etag
}

func (s *Server) digest(c echo.Context) error {
	g, err := s.admit(c)
	if err != nil {
		return err
	}
	var answer struct {
		Epoch   string `json:"epoch"`
		Seq     int64  `json:"seq"`
		Saved   int64  `json:"saved"`
		Hash    string `json:"hash"`
		Content string `json:"content"`
	}
	err = s.hub.View(c.Request().Context(), g.board, func(v room.View) {
		answer.Epoch, answer.Seq, answer.Saved = v.At.Epoch, v.At.Seq, v.Saved
		answer.Hash, answer.Content = v.State.Hash(), v.State.Content()
	})
	if err != nil {
		return err
	}
	return s.json(c, http.StatusOK, answer)
}

// remove deletes a board for good, which only the owner may.
func (s *Server) remove(c echo.Context) error {
	g, err := s.facilitator(c)
	if err != nil {
		return err
	}
	if !g.link.Flag("owner") {
		return problem("forbidden")
	}
	if err := s.hub.Delete(c.Request().Context(), g.board); err != nil {
		return err
	}
	s.log.Info("board deleted", "board", g.board)
	return c.NoContent(http.StatusNoContent)
}

// json answers a call.
func (s *Server) json(c echo.Context, status int, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("answer %s: %w", c.Path(), err)
	}
	return c.Blob(status, echo.MIMEApplicationJSON, append(raw, '\n'))
}
