package web

import (
	"bytes"
	"encoding/json"
	"net/http"

	"github.com/labstack/echo/v4"

	"jana/protocol"
	"jana/protocol/board"
)

// ops takes a push from a program. It is the same push that a websocket takes, under the same rules.
func (s *Server) ops(c echo.Context) error {
	g, err := s.admit(c)
	if err != nil {
		return err
	}
	body, err := readJSON(c, s.limits.Frame, bodyTimeout)
	if err != nil {
		return err
	}
	push, bad := decodePush(body)
	if bad != nil {
		return bad
	}
	var who struct {
		Me   string `json:"me"`
		Name string `json:"name"`
	}
	if err := json.Unmarshal(body, &who); err != nil {
		return problem("invalid").because("me and name must be texts.")
	}
	client := push.Client
	if client == "" {
		return problem("invalid").member("field", "client").because("client must name the sender: 1 to %d of A-Z a-z 0-9 _ -.", board.MaxID)
	}
	push.Client = ""
	return s.do(c, g, who.Me, who.Name, client, push)
}

// decodePush reads a body as the websocket's push.
func decodePush(body []byte) (protocol.Push, error) {
	frame := append([]byte(`[{"type":"push",`), bytes.TrimSpace(body)[1:]...)
	messages, bad := protocol.Decode(append(frame, ']'))
	if bad != nil {
		if bad.Code == protocol.TooLarge {
			return protocol.Push{}, problem("too_large")
		}
		return protocol.Push{}, problem("bad_json")
	}
	if len(messages) == 1 {
		if push, ok := messages[0].(protocol.Push); ok {
			if push.Refused != nil {
				return protocol.Push{}, problem("invalid").member("field", push.Refused.Reason.Field).because("%s is missing or not allowed.", push.Refused.Reason.Field)
			}
			return push, nil
		}
	}
	return protocol.Push{}, problem("bad_json")
}

type answered struct {
	Seq     int64           `json:"seq"`
	Changes json.RawMessage `json:"changes"`
	Refused []board.Refusal `json:"refused"`
}

// do has a push ordered and answers with what became of it.
func (s *Server) do(c echo.Context, g *guest, me, name, client string, push protocol.Push) error {
	result, err := s.hub.Do(c.Request().Context(), g.board, s.visit(g.board, g.link, me, client, name), push)
	if err != nil {
		return err
	}
	if result.Seq == 0 && len(result.Refused) > 0 && result.Refused[0].Code == board.TooFast {
		return problem("too_fast").after(s.limits.Answer)
	}
	answer := answered{result.Seq, result.Changes, result.Refused}
	if answer.Changes == nil {
		answer.Changes = json.RawMessage("[]")
	}
	if answer.Refused == nil {
		answer.Refused = []board.Refusal{}
	}
	status := http.StatusOK
	if !result.Saved {
		status = http.StatusAccepted
	}
	return s.json(c, status, answer)
}
