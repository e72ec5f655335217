package web

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"jana/protocol"
	"jana/protocol/board"
)

// A page of history ends with whichever comes first. It is read in pieces, so that a page of long entries is never in
// memory whole.
const (
	historyEntries = 500
	historyBytes   = 4 << 20
	historyPiece   = 50
)

// past is an entry as facilitators may read it later. What somebody wanted is not told, only what became of it: an op
// that was refused may hold what nobody else was to see.
type past struct {
	Seq       int64             `json:"seq"`
	Time      int64             `json:"time"`
	By        board.ID          `json:"by"`
	Role      board.Role        `json:"role"`
	Link      board.ID          `json:"link,omitempty"`
	Client    string            `json:"client"`
	N         int64             `json:"n"`
	Changes   []json.RawMessage `json:"changes"`
	Refused   []refusedOp       `json:"refused,omitempty"`
	Duplicate bool              `json:"duplicate,omitempty"`
}

// refusedOp is an op that did not happen. What its reason points at is its author's affair.
type refusedOp struct {
	Op   int        `json:"op"`
	Code board.Code `json:"code"`
}

// history answers with what was saved between two seqs, a page at a time. An entry of which facilitators were shown
// nothing is left out whole: that somebody wrote privately at that moment would tell whose note it became.
func (s *Server) history(c echo.Context) error {
	g, err := s.facilitator(c)
	if err != nil {
		return err
	}
	from, err := seqParam(c, "from", 1)
	if err != nil {
		return err
	}
	to, err := seqParam(c, "to", protocol.MaxN)
	if err != nil {
		return err
	}
	if from > to {
		return problem("invalid").member("field", "from").because("from must not lie behind to.")
	}
	var answer struct {
		Entries []json.RawMessage `json:"entries"`
		// Next is where the page that follows begins.
		Next int64 `json:"next,omitempty"`
	}
	answer.Entries = []json.RawMessage{}
	for read, bytes := 0, 0; from <= to; {
		if read == historyEntries || bytes >= historyBytes {
			answer.Next = from
			break
		}
		entries, err := s.hub.History(c.Request().Context(), g.board, from, to, historyPiece)
		if err != nil {
			return err
		}
		if len(entries) == 0 {
			break
		}
		for _, e := range entries {
			if p, shown := pastOf(e); shown {
				raw, err := json.Marshal(p)
				if err != nil {
					return err
				}
				answer.Entries = append(answer.Entries, raw)
				bytes += len(raw)
			}
		}
		read += len(entries)
		from = entries[len(entries)-1].Seq + 1
	}
	return s.json(c, http.StatusOK, answer)
}

func pastOf(e *board.Entry) (p past, shown bool) {
	p = past{
		Seq: e.Seq, Time: e.Time, By: e.By, Role: e.Role, Link: e.Link, Client: e.Client, N: e.N,
		Changes: []json.RawMessage{}, Duplicate: e.Duplicate,
	}
	for _, change := range e.Changes {
		if change.To.Includes("", board.Facilitator) {
			p.Changes = append(p.Changes, change.AppendJSON(nil))
		}
	}
	for _, no := range e.Refusals {
		p.Refused = append(p.Refused, refusedOp{no.Op, no.Code})
	}
	return p, len(p.Changes) > 0 || len(e.Changes) == 0
}

// seqParam reads a seq of the address.
func seqParam(c echo.Context, name string, otherwise int64) (int64, error) {
	text := c.QueryParam(name)
	if text == "" {
		return otherwise, nil
	}
	seq, err := strconv.ParseInt(text, 10, 64)
	if err != nil || seq < 0 || seq > protocol.MaxN {
		return 0, problem("invalid").member("field", name).because("%s must be a seq: 0 to %d.", name, int64(protocol.MaxN))
	}
	return seq, nil
}
