package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"jana/protocol"
)

// problems is the one table of what an HTTP call may be refused with: its status and a sentence for who reads it.
var problems = map[string]struct {
	status int
	detail string
}{
	"bad_request":        {http.StatusBadRequest, "The request cannot be understood."},
	"bad_json":           {http.StatusBadRequest, "The body is not JSON as it is accepted here."},
	"invalid":            {http.StatusBadRequest, "A value is missing or not allowed."},
	"key_in_address":     {http.StatusBadRequest, "A key never belongs into an address: send it as 'Authorization: Bearer <key>'."},
	"invalid_board":      {http.StatusBadRequest, "The file is not a board that can be imported; nothing was made."},
	"unknown_template":   {http.StatusBadRequest, "There is no such template."},
	"no_key":             {http.StatusUnauthorized, "Send the key of a link as 'Authorization: Bearer <key>'."},
	"forbidden":          {http.StatusForbidden, "The key does not entitle to this."},
	"foreign_origin":     {http.StatusForbidden, "Pages of other hosts may not do this."},
	"revoked":            {http.StatusForbidden, "The link was closed."},
	"not_found":          {http.StatusNotFound, "There is nothing here, or the key does not open it."},
	"method_not_allowed": {http.StatusMethodNotAllowed, "This cannot be done here."},
	"timeout":            {http.StatusRequestTimeout, "The body did not come in time."},
	"deleted":            {http.StatusGone, "The board was deleted."},
	"too_large":          {http.StatusRequestEntityTooLarge, "The body is too large."},
	"too_many_cells":     {http.StatusUnprocessableEntity, "The board has more services times segments than can be analysed."},
	"unsupported_type":   {http.StatusUnsupportedMediaType, "The body must be JSON, with 'Content-Type: application/json'."},
	"upgrade_required":   {http.StatusUpgradeRequired, "This is a websocket."},
	"too_many_requests":  {http.StatusTooManyRequests, "Too many of these came from this address."},
	"internal":           {http.StatusInternalServerError, "Something went wrong on the server."},
	"unavailable":        {http.StatusServiceUnavailable, "The board cannot be opened at the moment."},
	"not_ready":          {http.StatusServiceUnavailable, "The server cannot take work at the moment."},
	"draining":           {http.StatusServiceUnavailable, "The server is stopping; try again in a moment."},
	"full":               {http.StatusServiceUnavailable, "As many are here as may be; try again in a moment."},
	"unreadable":         {http.StatusServiceUnavailable, "The board's data are damaged; whoever hosts this server knows more."},
	"disk":               {http.StatusServiceUnavailable, "Nothing can be saved at the moment."},
	"redis":              {http.StatusServiceUnavailable, "The other instances cannot be reached."},
	"too_fast":           {http.StatusTooManyRequests, "More pushes than one participant may send."},
}

// refusal is an answer of an HTTP call that says why not: RFC 9457 with a code.
type refusal struct {
	code string
	// detail replaces the table's sentence.
	detail string
	// with are further members.
	with map[string]any
	wait time.Duration
}

func (r *refusal) Error() string { return r.code }

// problem is the refusal with a code of the table.
func problem(code string) *refusal {
	if _, known := problems[code]; !known {
		panic("no problem has the code " + code)
	}
	return &refusal{code: code}
}

func (r *refusal) because(format string, args ...any) *refusal {
	r.detail = fmt.Sprintf(format, args...)
	return r
}

func (r *refusal) member(name string, value any) *refusal {
	if r.with == nil {
		r.with = map[string]any{}
	}
	r.with[name] = value
	return r
}

func (r *refusal) after(wait time.Duration) *refusal {
	r.wait = wait
	return r
}

// fail answers every error of every handler. What is not a refusal is the server's own mistake: it is logged, and the
// caller learns nothing of it.
func (s *Server) fail(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	r := asRefusal(err)
	if r.code == "internal" || r.code == "unreadable" {
		s.log.Error("request", "method", c.Request().Method, "route", c.Path(), "error", err)
	}
	s.refuse(c.Response(), c.Request(), r)
}

// refuse writes a refusal.
func (s *Server) refuse(w http.ResponseWriter, request *http.Request, r *refusal) {
	s.metrics.refused.WithLabelValues(r.code).Inc()
	h := w.Header()
	if r.wait > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(r.wait.Seconds()))))
	}
	if r.code == "no_key" {
		h.Set("WWW-Authenticate", "Bearer")
	}
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	h.Del("ETag")
	status := problems[r.code].status
	w.WriteHeader(status)
	if request.Method == http.MethodHead {
		return
	}
	body := map[string]any{"title": http.StatusText(status), "status": status, "code": r.code, "detail": problems[r.code].detail}
	if r.detail != "" {
		body["detail"] = r.detail
	}
	maps.Copy(body, r.with)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		s.log.Debug("answer", "error", err)
	}
}

func asRefusal(err error) *refusal {
	var r *refusal
	if errors.As(err, &r) {
		return r
	}
	var bye protocol.Bye
	switch {
	case errors.As(err, &bye):
		return turnedAway(bye)
	case errors.Is(err, fs.ErrNotExist):
		return problem("not_found")
	case errors.Is(err, ErrUnreadable):
		return problem("unreadable")
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return problem("unavailable")
	}
	var routed *echo.HTTPError
	if errors.As(err, &routed) {
		switch routed.Code {
		case http.StatusNotFound:
			return problem("not_found")
		case http.StatusMethodNotAllowed:
			return problem("method_not_allowed")
		}
		if routed.Code < http.StatusInternalServerError {
			return problem("bad_request")
		}
	}
	return problem("internal")
}

// turnedAway words the goodbye of a room for HTTP.
func turnedAway(bye protocol.Bye) *refusal {
	switch bye.Code {
	case protocol.Draining, protocol.Elsewhere:
		return problem("draining").after(time.Second)
	case protocol.BoardFull:
		return problem("full").after(fullRetry)
	case protocol.LinkClosed:
		return problem("revoked")
	case protocol.Deleted:
		return problem("deleted")
	case protocol.Unknown:
		return problem("not_found")
	}
	return problem("internal")
}

// recovered turns a panic of a handler into its error, with the place for the log alone.
func recovered(log *slog.Logger) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) (err error) {
			defer func() {
				if p := recover(); p != nil {
					if p == http.ErrAbortHandler { // it is compared by identity in net/http too
						panic(p)
					}
					log.Error("panic", "route", c.Path(), "panic", fmt.Sprint(p), "stack", stack())
					err = problem("internal")
				}
			}()
			return next(c)
		}
	}
}
