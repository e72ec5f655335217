package board

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// appendValue appends a value in the canonical form of RFC 8785 (JCS): no
// white space, keys sorted, shortest numbers.
func appendValue(b []byte, v Value) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case string:
		return appendString(b, v)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case float64:
		return appendNumber(b, v)
	case bool:
		return strconv.AppendBool(b, v)
	case []string:
		b = append(b, '[')
		for i, s := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendString(b, s)
		}
		return append(b, ']')
	case map[string]Value:
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		sort.Strings(keys) // keys are ASCII, where bytes sort as UTF-16 units do
		b = append(b, '{')
		for i, k := range keys {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendString(b, k)
			b = append(b, ':')
			b = appendValue(b, v[k])
		}
		return append(b, '}')
	default:
		panic(fmt.Sprintf("board: a field cannot hold a %T", v))
	}
}

// appendNumber appends a number as ECMAScript writes it.
func appendNumber(b []byte, f float64) []byte {
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return strconv.AppendInt(b, int64(f), 10)
	}
	out, err := json.Marshal(f)
	if err != nil {
		panic(fmt.Sprintf("board: %v is not a number of JSON", f))
	}
	return append(b, out...)
}

const hexDigits = "0123456789abcdef"

func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[start:i]...)
		start = i + 1
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\b':
			b = append(b, '\\', 'b')
		case '\t':
			b = append(b, '\\', 't')
		case '\n':
			b = append(b, '\\', 'n')
		case '\f':
			b = append(b, '\\', 'f')
		case '\r':
			b = append(b, '\\', 'r')
		default:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}

var errShape = errors.New("not a value that a field can hold")

// toValue takes up what encoding/json has read. Whole numbers become int64, other
// numbers float64, arrays []string.
func toValue(v any) (Value, error) {
	switch v := v.(type) {
	case nil, bool:
		return v, nil
	case string:
		return cleanText(v), nil
	case json.Number:
		if n, err := strconv.ParseInt(string(v), 10, 64); err == nil {
			if n > maxSafe || n < -maxSafe {
				return nil, errShape
			}
			return n, nil
		}
		f, err := strconv.ParseFloat(string(v), 64)
		if err != nil || math.IsInf(f, 0) {
			return nil, errShape
		}
		return f, nil
	case float64:
		if v != math.Trunc(v) {
			return v, nil
		}
		if math.Abs(v) > maxSafe {
			return nil, errShape
		}
		return int64(v), nil
	case []any:
		list := make([]string, len(v))
		for i, e := range v {
			s, ok := e.(string)
			if !ok {
				return nil, errShape
			}
			list[i] = cleanText(s)
		}
		return list, nil
	case map[string]any:
		m := make(map[string]Value, len(v))
		for k, e := range v {
			value, err := toValue(e)
			if err != nil {
				return nil, err
			}
			if value != nil {
				m[k] = value
			}
		}
		return m, nil
	}
	return nil, errShape
}

// maxSafe is the largest integer that JavaScript holds exactly.
const maxSafe = 1<<53 - 1

// maxCombining is how many combining marks may follow one another.
const maxCombining = 20

// cleanText removes control characters but the line feed, and combining marks
// beyond [maxCombining] in a row.
func cleanText(s string) string {
	marks := 0
	clean := true
	for _, r := range s {
		if dropRune(r, &marks) {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	var out strings.Builder
	out.Grow(len(s))
	marks = 0
	for _, r := range s {
		if !dropRune(r, &marks) {
			out.WriteRune(r)
		}
	}
	return out.String()
}

func dropRune(r rune, marks *int) bool {
	if r < 0x20 && r != '\n' || r >= 0x7f && r < 0xa0 {
		return true
	}
	if r >= 0x300 && unicode.Is(unicode.Mn, r) {
		*marks++
		return *marks > maxCombining
	}
	*marks = 0
	return false
}

// cleanLine is cleanText for names: one line, without bidirectional overrides.
func cleanLine(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return ' '
		case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, cleanText(s)))
}

// textLength is the length of a text in code points.
func textLength(s string) int { return utf8.RuneCountInString(s) }
