package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"
)

const (
	// maxBody is what a call may send, except for a file to import, in bytes.
	maxBody = 64 << 10
	// maxDepth is how deep its JSON may be nested.
	maxDepth = 16
	// bodyTimeout is how long a body may take, importTimeout how long a file.
	bodyTimeout   = 10 * time.Second
	importTimeout = 2 * time.Minute
)

// readJSON reads the body of a call: a JSON object of at most limit bytes that every reader would understand alike.
func readJSON(c echo.Context, limit int64, timeout time.Duration) ([]byte, error) {
	r := c.Request()
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if charset := params["charset"]; err != nil || kind != "application/json" || charset != "" && charset != "utf-8" && charset != "UTF-8" || r.Header.Get("Content-Encoding") != "" {
		return nil, problem("unsupported_type")
	}
	if r.ContentLength > limit {
		return nil, problem("too_large").because("The body may have %d bytes.", limit)
	}
	// A server that cannot set deadlines is one of a test's.
	if err := http.NewResponseController(c.Response()).SetReadDeadline(time.Now().Add(timeout)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return nil, fmt.Errorf("set the deadline of a body: %w", err)
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, limit+1))
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, problem("timeout")
	case err != nil:
		return nil, problem("bad_request")
	case int64(len(body)) > limit:
		return nil, problem("too_large").because("The body may have %d bytes.", limit)
	}
	if err := checkJSON(body); err != nil {
		return nil, problem("bad_json").because("The body is not JSON as it is accepted here: %s.", err)
	}
	return body, nil
}

// decode reads the body of a call into v. Members that v does not have are dropped.
func decode(c echo.Context, v any) error {
	body, err := readJSON(c, maxBody, bodyTimeout)
	if err != nil {
		return err
	}
	var at *json.UnmarshalTypeError
	switch err := json.Unmarshal(body, v); {
	case errors.As(err, &at):
		return problem("invalid").member("field", at.Field).because("%s must not be a %s.", at.Field, at.Value)
	case err != nil:
		return problem("bad_json")
	}
	return nil
}

// checkJSON refuses what readers differ about: text that is not UTF-8, a member that stands twice in its object, nesting
// without end, anything behind the object, and a name that JavaScript gives a meaning of its own.
func checkJSON(body []byte) error {
	if !utf8.Valid(body) {
		return errors.New("not UTF-8")
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	type level struct {
		names map[string]bool // nil for an array
		name  bool            // the next string is a name
	}
	var open []level
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) && len(open) == 0 {
			return errors.New("empty")
		}
		if err != nil {
			return fmt.Errorf("broken at byte %d", dec.InputOffset())
		}
		top := len(open) - 1
		if top >= 0 && open[top].name {
			if name, ok := token.(string); ok {
				switch {
				case open[top].names[name]:
					return fmt.Errorf("a member stands twice at byte %d", dec.InputOffset())
				case name == "__proto__":
					return errors.New("__proto__ is no name of a member")
				}
				open[top].names[name], open[top].name = true, false
				continue
			}
		}
		switch token {
		case json.Delim('{'):
			open = append(open, level{names: map[string]bool{}, name: true})
		case json.Delim('['):
			open = append(open, level{})
		case json.Delim('}'), json.Delim(']'):
			open = open[:top]
		}
		if len(open) > maxDepth {
			return fmt.Errorf("nested deeper than %d", maxDepth)
		}
		if len(open) == 0 {
			if _, err := dec.Token(); !errors.Is(err, io.EOF) {
				return errors.New("something follows the object")
			}
			if token != json.Delim('}') {
				return errors.New("not an object")
			}
			return nil
		}
		if top = len(open) - 1; open[top].names != nil && token != json.Delim('{') {
			open[top].name = true
		}
	}
}
