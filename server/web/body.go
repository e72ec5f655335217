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
	// maxContainers is how many objects and arrays a body may hold, maxTokens how many names and values besides: many
	// times what a full board has, and a bound on what reading it costs, since one takes but two bytes to send.
	maxContainers = 100_000
	maxTokens     = 1_000_000
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
// without end, anything but one object, and a name that JavaScript gives a meaning of its own.
func checkJSON(body []byte) error {
	switch body = bytes.TrimSpace(body); {
	case !utf8.Valid(body):
		return errors.New("not UTF-8")
	case len(body) == 0 || body[0] != '{':
		return errors.New("not an object")
	case !json.Valid(body):
		return errors.New("broken")
	}
	// What follows walks over text that is known to be well formed.
	var open []map[string]bool // the names of each object around, nil for an array
	containers, tokens, name := 0, 0, false
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '{', '[':
			if len(open) == maxDepth {
				return fmt.Errorf("nested deeper than %d", maxDepth)
			}
			containers++
			if name = body[i] == '{'; name {
				open = append(open, map[string]bool{})
			} else {
				open = append(open, nil)
			}
		case '}', ']':
			open = open[:len(open)-1]
			name = false
		case ',':
			tokens++
			name = open[len(open)-1] != nil
		case ':':
			tokens++
			name = false
		case '"':
			end := i + 1
			for body[end] != '"' {
				if body[end] == '\\' {
					end++
				}
				end++
			}
			if name {
				if err := checkName(body[i:end+1], open[len(open)-1]); err != nil {
					return err
				}
			}
			i = end
		}
		if containers > maxContainers || tokens > maxTokens {
			return errors.New("more in it than a board can hold")
		}
	}
	return nil
}

// checkName takes up the name of a member, given with its quotes, among those of its object.
func checkName(quoted []byte, names map[string]bool) error {
	var name string
	if err := json.Unmarshal(quoted, &name); err != nil { // two spellings are one name
		return err
	}
	switch {
	case names[name]:
		return fmt.Errorf("%.40q stands twice in its object", name)
	case name == "__proto__":
		return errors.New("__proto__ is no name of a member")
	}
	names[name] = true
	return nil
}
