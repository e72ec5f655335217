package board

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"
	"sort"
	"strings"
)

// ID names an item, unique on its board over all types and for ever:
// 1–40 characters of A–Z a–z 0–9 _ -. Derived ids contain a dot besides, which
// no id that somebody makes may contain.
type ID = string

// BoardID is the id of the one item of type board.
const BoardID ID = "board"

// Value is what a field holds: string, int64, float64, bool, []string,
// or map[string]Value. nil stands for an absent field.
type Value = any

// Field is one named value of an item. In a change the name may be a path into
// a map field, such as "descriptions/h1".
type Field struct {
	Name  string
	Value Value
}

// Facilitators is the audience that every facilitator belongs to.
const Facilitators = "facilitators"

// Audience lists who may see an item: participant ids, or [Facilitators].
// An empty audience is everyone.
type Audience []string

// Includes reports whether the participant with that role sees what is
// addressed to the audience.
func (a Audience) Includes(participant ID, role Role) bool {
	if len(a) == 0 {
		return true
	}
	for _, name := range a {
		if name == participant || name == Facilitators && role == Facilitator {
			return true
		}
	}
	return false
}

// Item is anything on a board. Items are immutable: a change makes a new one,
// so that they can be encoded, sent and saved without a lock.
type Item struct {
	Type Type
	ID   ID
	// To is never sent to anybody.
	To Audience
	// Owner keeps the right "own" for the author of a note that was revealed
	// without its author's id. It is sent to nobody but the owner, in welcome.
	Owner ID

	fields []Field // sorted by name, no nil values
	json   []byte  // canonical, without To and Owner
	sum    [32]byte
}

// NewItem makes an item of fields that have been checked against the schema.
func NewItem(t Type, id ID, fields []Field) *Item {
	kept := make([]Field, 0, len(fields))
	for _, f := range fields {
		if f.Value != nil {
			kept = append(kept, f)
		}
	}
	sort.Slice(kept, func(i, j int) bool { return kept[i].Name < kept[j].Name })
	return (&Item{Type: t, ID: id, fields: kept}).seal()
}

// seal computes what is derived from the fields.
func (it *Item) seal() *Item {
	it.json = it.appendJSON(make([]byte, 0, 96+24*len(it.fields)))
	h := sha256.New()
	h.Write(it.json)
	if len(it.To) > 0 || it.Owner != "" {
		fmt.Fprintf(h, "\x00%s\x00%s", strings.Join(it.To, ","), it.Owner)
	}
	h.Sum(it.sum[:0])
	return it
}

// appendJSON appends the item in the form of RFC 8785 (JCS).
func (it *Item) appendJSON(b []byte) []byte {
	b = append(b, '{')
	head := 0 // "id" and "type" take their places among the sorted names
	emit := func(name, value string) {
		if len(b) > 1 && b[len(b)-1] != '{' {
			b = append(b, ',')
		}
		b = appendString(b, name)
		b = append(b, ':')
		b = appendString(b, value)
		head++
	}
	for _, f := range it.fields {
		if head == 0 && f.Name > "id" {
			emit("id", it.ID)
		}
		if head == 1 && f.Name > "type" {
			emit("type", string(it.Type))
		}
		if b[len(b)-1] != '{' {
			b = append(b, ',')
		}
		b = appendString(b, f.Name)
		b = append(b, ':')
		b = appendValue(b, f.Value)
	}
	if head == 0 {
		emit("id", it.ID)
	}
	if head == 1 {
		emit("type", string(it.Type))
	}
	return append(b, '}')
}

// JSON returns the item as it is sent and hashed: canonical JSON (RFC 8785),
// one flat object. The caller must not change it.
func (it *Item) JSON() []byte { return it.json }

// MarshalJSON implements json.Marshaler.
func (it *Item) MarshalJSON() ([]byte, error) { return it.json, nil }

// Fields returns the fields in the order of their names. The caller must not
// change them.
func (it *Item) Fields() []Field { return it.fields }

// Get returns the value of a field, or of a path into a map field; nil when it
// is absent, or when there is no item.
func (it *Item) Get(path string) Value {
	if it == nil {
		return nil
	}
	name, rest, deep := strings.Cut(path, "/")
	for i := range it.fields {
		if it.fields[i].Name == name {
			if !deep {
				return it.fields[i].Value
			}
			return getPath(it.fields[i].Value, rest)
		}
	}
	return nil
}

func getPath(v Value, path string) Value {
	for path != "" {
		m, ok := v.(map[string]Value)
		if !ok {
			return nil
		}
		var key string
		key, path, _ = strings.Cut(path, "/")
		v = m[key]
	}
	return v
}

// Text returns a string field, "" when it is absent.
func (it *Item) Text(path string) string {
	s, _ := it.Get(path).(string)
	return s
}

// Int returns an integer field, 0 when it is absent.
func (it *Item) Int(path string) int64 {
	n, _ := it.Get(path).(int64)
	return n
}

// Flag returns a boolean field, false when it is absent.
func (it *Item) Flag(path string) bool {
	on, _ := it.Get(path).(bool)
	return on
}

// Number returns a numeric field as a decimal, and whether it is present.
func (it *Item) Number(path string) (float64, bool) {
	switch n := it.Get(path).(type) {
	case int64:
		return float64(n), true
	case float64:
		return n, true
	}
	return 0, false
}

// List returns a list field, nil when it is absent. The caller must not change it.
func (it *Item) List(path string) []string {
	l, _ := it.Get(path).([]string)
	return l
}

// Map returns a map field, nil when it is absent. The caller must not change it.
func (it *Item) Map(path string) map[string]Value {
	m, _ := it.Get(path).(map[string]Value)
	return m
}

// With returns the item with some fields set; a nil value removes its field,
// and so does the last entry of a map that goes.
func (it *Item) With(fields []Field) *Item {
	next := &Item{Type: it.Type, ID: it.ID, To: it.To, Owner: it.Owner}
	next.fields = make([]Field, len(it.fields), len(it.fields)+len(fields))
	copy(next.fields, it.fields)
	for _, f := range fields {
		name, rest, deep := strings.Cut(f.Name, "/")
		v := f.Value
		at, found := slices.BinarySearchFunc(next.fields, name, func(f Field, name string) int { return strings.Compare(f.Name, name) })
		if deep {
			var old Value
			if found {
				old = next.fields[at].Value
			}
			v = withPath(old, rest, f.Value)
		}
		switch {
		case found && v == nil:
			next.fields = slices.Delete(next.fields, at, at+1)
		case found:
			next.fields[at].Value = v
		case v != nil:
			next.fields = slices.Insert(next.fields, at, Field{name, v})
		}
	}
	return next.seal()
}

func withPath(old Value, path string, v Value) Value {
	m, _ := old.(map[string]Value)
	key, rest, deep := strings.Cut(path, "/")
	if deep {
		v = withPath(m[key], rest, v)
	}
	next := make(map[string]Value, len(m)+1)
	for k, e := range m {
		next[k] = e
	}
	if v == nil {
		delete(next, key)
	} else {
		next[key] = v
	}
	if len(next) == 0 {
		return nil
	}
	return next
}

// readdressed returns the item for another audience and owner.
func (it *Item) readdressed(to Audience, owner ID) *Item {
	next := *it
	next.To, next.Owner = to, owner
	return next.seal()
}

// Equal reports whether two items are the same in every record.
func (it *Item) Equal(other *Item) bool {
	return it == other || it != nil && other != nil && it.sum == other.sum && bytes.Equal(it.json, other.json)
}

func equalValue(a, b Value) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return bytes.Equal(appendValue(nil, a), appendValue(nil, b))
}
