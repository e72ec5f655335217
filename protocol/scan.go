package protocol

import "bytes"

// scanner walks over JSON text without building anything. What it calls well
// formed is so by RFC 8259 and nested no deeper than maxDepth.
//
// Some well formed text has no meaning that two readers would agree upon: half
// a surrogate pair, a member that stands twice in its object. Such flaws are
// noted, and whoever takes the value decides.
type scanner struct {
	b     []byte
	at    int
	flaws []int // where they are, ascending, in the message at hand
}

// flawed says whether a part of the scanned text has a flaw in it.
func (s *scanner) flawed(part []byte) bool {
	// part shares the array of s.b, so their capacities tell where it lies.
	from := cap(s.b) - cap(part)
	for _, at := range s.flaws {
		if at >= from && at < from+len(part) {
			return true
		}
	}
	return false
}

func (s *scanner) flaw(at int) {
	// One is as good as many for each part; they only have to stay few.
	if n := len(s.flaws); n == 0 || at >= s.flaws[n-1]+1 {
		s.flaws = append(s.flaws, at)
	}
}

func (s *scanner) space() {
	for s.at < len(s.b) {
		switch s.b[s.at] {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return
		}
	}
}

// peek skips white space and returns the next byte, 0 at the end.
func (s *scanner) peek() byte {
	s.space()
	if s.at == len(s.b) {
		return 0
	}
	return s.b[s.at]
}

// take consumes the byte if it comes next.
func (s *scanner) take(c byte) bool {
	if s.peek() != c {
		return false
	}
	s.at++
	return true
}

// elements walks over an array; each has to consume one value.
func (s *scanner) elements(depth int, each func() bool) bool {
	if depth > maxDepth || !s.take('[') {
		return false
	}
	if s.take(']') {
		return true
	}
	for {
		s.space()
		if !each() {
			return false
		}
		if s.take(']') {
			return true
		}
		if !s.take(',') {
			return false
		}
	}
}

// members walks over an object; each has to consume the value of the name.
func (s *scanner) members(depth int, each func(name []byte) bool) bool {
	if depth > maxDepth || !s.take('{') {
		return false
	}
	if s.take('}') {
		return true
	}
	var few [16][]byte
	names := few[:0]
	var many map[string]struct{}
	for {
		s.space()
		from := s.at
		if !s.str() {
			return false
		}
		name := s.b[from+1 : s.at-1]
		if twice(names, many, name) {
			s.flaw(from)
		} else if len(names) < cap(few[:]) {
			names = append(names, name)
		} else {
			if many == nil {
				many = map[string]struct{}{}
			}
			many[string(name)] = struct{}{}
		}
		if !s.take(':') {
			return false
		}
		s.space()
		if !each(name) {
			return false
		}
		if s.take('}') {
			return true
		}
		if !s.take(',') {
			return false
		}
	}
}

func twice(names [][]byte, many map[string]struct{}, name []byte) bool {
	for _, n := range names {
		if bytes.Equal(n, name) {
			return true
		}
	}
	_, is := many[string(name)]
	return is
}

// message walks over an object and keeps the members that messages have.
func (s *scanner) message(m *message) bool {
	s.flaws = s.flaws[:0]
	return s.members(2, func(name []byte) bool {
		from := s.at
		if !s.value(3) {
			return false
		}
		if member := m.member(name); member != nil {
			*member = s.b[from:s.at]
		}
		return true
	})
}

// value walks over one value.
func (s *scanner) value(depth int) bool {
	switch c := s.peek(); c {
	case '{':
		return s.members(depth, func([]byte) bool { return s.value(depth + 1) })
	case '[':
		return s.elements(depth, func() bool { return s.value(depth + 1) })
	case '"':
		return s.str()
	case 't':
		return s.word("true")
	case 'f':
		return s.word("false")
	case 'n':
		return s.word("null")
	}
	return s.number()
}

func (s *scanner) word(w string) bool {
	if !bytes.HasPrefix(s.b[s.at:], []byte(w)) {
		return false
	}
	s.at += len(w)
	return true
}

func (s *scanner) number() bool {
	s.one('-')
	if !s.one('0') && !s.digits() {
		return false
	}
	if s.one('.') && !s.digits() {
		return false
	}
	if s.one('e') || s.one('E') {
		if !s.one('+') {
			s.one('-')
		}
		return s.digits()
	}
	return true
}

func (s *scanner) one(c byte) bool {
	if s.at < len(s.b) && s.b[s.at] == c {
		s.at++
		return true
	}
	return false
}

func (s *scanner) digits() bool {
	from := s.at
	for s.at < len(s.b) && '0' <= s.b[s.at] && s.b[s.at] <= '9' {
		s.at++
	}
	return s.at > from
}

func (s *scanner) str() bool {
	if !s.one('"') {
		return false
	}
	for s.at < len(s.b) {
		switch c := s.b[s.at]; {
		case c == '"':
			s.at++
			return true
		case c < ' ':
			return false
		case c == '\\':
			if !s.escape() {
				return false
			}
		default:
			s.at++
		}
	}
	return false
}

func (s *scanner) escape() bool {
	from := s.at
	if s.at+1 >= len(s.b) {
		return false
	}
	switch s.b[s.at+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		s.at += 2
		return true
	case 'u':
	default:
		return false
	}
	unit, ok := s.unit()
	switch {
	case !ok:
		return false
	case unit < 0xd800 || unit > 0xdfff:
		return true
	case unit < 0xdc00:
		mark := s.at
		if low, ok := s.unit(); ok && low >= 0xdc00 && low <= 0xdfff {
			return true
		}
		s.at = mark
	}
	s.flaw(from)
	return true
}

// unit reads \uXXXX.
func (s *scanner) unit() (unit int, ok bool) {
	if s.at+6 > len(s.b) || s.b[s.at] != '\\' || s.b[s.at+1] != 'u' {
		return 0, false
	}
	for _, c := range s.b[s.at+2 : s.at+6] {
		switch {
		case '0' <= c && c <= '9':
			unit = unit<<4 | int(c-'0')
		case 'a' <= c && c <= 'f':
			unit = unit<<4 | int(c-'a'+10)
		case 'A' <= c && c <= 'F':
			unit = unit<<4 | int(c-'A'+10)
		default:
			return 0, false
		}
	}
	s.at += 6
	return unit, true
}
