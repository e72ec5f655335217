package board

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"unicode/utf8"
)

// reader reads JSON as this package writes it: without white space, the members
// of an object sorted. A board is mostly loaded, and encoding/json takes several
// times as long since it knows nothing of its shape. What it does not read need
// not be wrong; what it reads, encoding/json reads alike.
type reader struct {
	b  []byte
	at int
}

var errUnread = errors.New("not as this program writes it")

// skip goes over what has to come next.
func (r *reader) skip(s string) bool {
	if len(r.b)-r.at < len(s) || string(r.b[r.at:r.at+len(s)]) != s {
		return false
	}
	r.at += len(s)
	return true
}

func (r *reader) next() byte {
	if r.at == len(r.b) {
		return 0
	}
	return r.b[r.at]
}

// members calls each with the name of every member of an object; it has to read
// the value.
func (r *reader) members(each func(name []byte) bool) bool {
	if !r.skip("{") {
		return false
	}
	if r.skip("}") {
		return true
	}
	for {
		from := r.at
		name, plain := r.quoted()
		if name != nil && !plain {
			text, ok := unescaped(r.b[from:r.at])
			if !ok {
				return false
			}
			name = []byte(text)
		}
		if name == nil || !r.skip(":") || !each(name) {
			return false
		}
		if r.skip("}") {
			return true
		}
		if !r.skip(",") {
			return false
		}
	}
}

// quoted reads a string. Unless it is plain, its bytes are not those between the
// quotes; it is nil if there is none.
func (r *reader) quoted() (s []byte, plain bool) {
	if r.next() != '"' {
		return nil, false
	}
	from := r.at + 1
	plain, ascii := true, true
	for i := from; i < len(r.b); i++ {
		switch c := r.b[i]; {
		case c == '"':
			r.at = i + 1
			s = r.b[from:i]
			return s, plain && (ascii || utf8.Valid(s))
		case c == '\\':
			plain = false
			i++
		case c < 0x20:
			return nil, false
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	return nil, false
}

func (r *reader) text() (string, bool) {
	from := r.at
	s, plain := r.quoted()
	switch {
	case s == nil:
		return "", false
	case plain:
		return string(s), true
	}
	return unescaped(r.b[from:r.at])
}

func unescaped(quoted []byte) (string, bool) {
	var text string
	err := json.Unmarshal(quoted, &text)
	return text, err == nil
}

// number reads a number as [toValue] takes it up.
func (r *reader) number() (Value, bool) {
	from, whole := r.at, true
digits:
	for ; r.at < len(r.b); r.at++ {
		switch c := r.b[r.at]; {
		case c >= '0' && c <= '9', c == '-' && r.at == from:
		case c == '.', c == 'e', c == 'E', c == '+', c == '-':
			whole = false
		default:
			break digits
		}
	}
	raw := r.b[from:r.at]
	digits := raw
	if len(digits) > 0 && digits[0] == '-' {
		digits = digits[1:]
	}
	if whole && len(digits) > 0 && len(digits) <= 15 && (digits[0] != '0' || len(digits) == 1) {
		n, err := strconv.ParseInt(string(raw), 10, 64)
		return n, err == nil
	}
	var f float64
	if json.Unmarshal(raw, &f) != nil {
		return nil, false
	}
	v, err := toValue(f)
	return v, err == nil
}

func (r *reader) value(depth int) (Value, bool) {
	switch c := r.next(); {
	case c == '"':
		s, ok := r.text()
		return cleanText(s), ok
	case c == '-', c >= '0' && c <= '9':
		return r.number()
	case c == '[':
		return r.list()
	case c == '{' && depth > 0:
		m := map[string]Value{}
		ok := r.members(func(name []byte) bool {
			v, ok := r.value(depth - 1)
			if v != nil {
				m[string(name)] = v
			} else {
				delete(m, string(name))
			}
			return ok
		})
		return m, ok
	}
	switch {
	case r.skip("true"):
		return true, true
	case r.skip("false"):
		return false, true
	}
	return nil, r.skip("null")
}

func (r *reader) list() (Value, bool) {
	list := []string{}
	if !r.skip("[") {
		return nil, false
	}
	if r.skip("]") {
		return list, true
	}
	for {
		s, ok := r.text()
		if !ok {
			return nil, false
		}
		list = append(list, cleanText(s))
		if r.skip("]") {
			return list, true
		}
		if !r.skip(",") {
			return nil, false
		}
	}
}

// maxNesting of objects, which is that of encoding/json.
const maxNesting = 10_000

// fields reads the members of an object, in the order of their names.
func (r *reader) fields() ([]Field, bool) {
	fields := make([]Field, 0, 10)
	sorted := true
	ok := r.members(func(name []byte) bool {
		v, ok := r.value(maxNesting)
		f := Field{nameOf(name), v}
		sorted = sorted && (len(fields) == 0 || fields[len(fields)-1].Name < f.Name)
		fields = append(fields, f)
		return ok
	})
	if sorted || !ok {
		return fields, ok
	}
	sortFields(fields)
	for i := range fields[1:] {
		if fields[i].Name == fields[i+1].Name {
			return nil, false // of two the last counts, and which that was is not known any more
		}
	}
	return fields, true
}

// nameOf is the name of a field, without a copy of its own where it is known.
func nameOf(name []byte) string {
	if known, ok := fieldNames[string(name)]; ok {
		return known
	}
	return string(name)
}

var fieldNames = func() map[string]string {
	names := map[string]string{"id": "id", "type": "type"}
	for _, def := range schema {
		for _, f := range slices.Concat(def.fields, shared) {
			names[f.name] = f.name
		}
	}
	return names
}()

// integer reads a whole number.
func (r *reader) integer() (int64, bool) {
	v, ok := r.number()
	n, whole := v.(int64)
	return n, ok && whole
}

// record reads an item as a snapshot has it, which may be a removed one.
func (r *reader) record(t *tombstone) bool {
	var to Audience
	var owner ID
	*t = tombstone{}
	ok := r.members(func(name []byte) (ok bool) {
		switch string(name) {
		case "item":
			var fields []Field
			if fields, ok = r.fields(); ok {
				var err error
				t.item, err = itemOf(fields)
				ok = err == nil
			}
		case "to":
			to, ok = r.names()
		case "owner":
			owner, ok = r.text()
		case "by":
			t.by, ok = r.text()
		case "seq":
			t.seq, ok = r.integer()
		case "segments":
			t.segments, ok = r.names()
		}
		return ok
	})
	if ok = ok && t.item != nil; ok && (len(to) > 0 || owner != "") {
		t.item = t.item.readdressed(to, owner)
	}
	return ok
}

func (r *reader) names() ([]string, bool) {
	v, ok := r.list()
	names, _ := v.([]string)
	return names, ok
}

// records calls each after the elements of an array of them, with one that is
// its own only until it returns.
func (r *reader) records(each func(*tombstone)) bool {
	if !r.skip("[") {
		return false
	}
	if r.skip("]") {
		return true
	}
	var t tombstone
	for {
		if !r.record(&t) {
			return false
		}
		each(&t)
		if r.skip("]") {
			return true
		}
		if !r.skip(",\n") {
			return false
		}
	}
}
