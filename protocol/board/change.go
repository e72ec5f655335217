package board

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Change is a fact about one item: it was put, some of its fields were set, or
// it was removed. Exactly one of Put, Set (with its fields) and Remove holds.
//
// In JSON: {"put":{…}}, {"set":{"id":…,…}} where null removes a field and a
// key may be a path into a map field, or {"remove":"id"}. As it is stored it
// also has "to" and "owner", which the edge leaves out.
type Change struct {
	Put    *Item
	Set    ID
	Fields []Field
	Remove ID
	// To is the audience of the item that it touches.
	To Audience
}

// ID is the item that the change is about.
func (c Change) ID() ID {
	switch {
	case c.Put != nil:
		return c.Put.ID
	case c.Set != "":
		return c.Set
	}
	return c.Remove
}

// AppendJSON appends the change as it is sent: without its audience.
func (c Change) AppendJSON(b []byte) []byte {
	return append(c.appendOpen(b), '}')
}

// AppendStored appends the change as it is kept in the log.
func (c Change) AppendStored(b []byte) []byte {
	b = c.appendOpen(b)
	if len(c.To) > 0 {
		b = append(b, `,"to":`...)
		b = appendValue(b, []string(c.To))
	}
	if c.Put != nil && c.Put.Owner != "" {
		b = append(b, `,"owner":`...)
		b = appendString(b, c.Put.Owner)
	}
	return append(b, '}')
}

func (c Change) appendOpen(b []byte) []byte {
	switch {
	case c.Put != nil:
		b = append(b, `{"put":`...)
		return append(b, c.Put.json...)
	case c.Set != "":
		b = append(b, `{"set":{"id":`...)
		b = appendString(b, c.Set)
		for _, f := range c.Fields {
			b = append(b, ',')
			b = appendString(b, f.Name)
			b = append(b, ':')
			b = appendValue(b, f.Value)
		}
		return append(b, '}')
	default:
		b = append(b, `{"remove":`...)
		return appendString(b, c.Remove)
	}
}

// MarshalJSON gives the stored form.
func (c Change) MarshalJSON() ([]byte, error) { return c.AppendStored(nil), nil }

// UnmarshalJSON reads the stored form. It checks shapes only; fields are not
// held against the schema.
func (c *Change) UnmarshalJSON(raw []byte) error {
	var in struct {
		Put    json.RawMessage `json:"put"`
		Set    json.RawMessage `json:"set"`
		Remove ID              `json:"remove"`
		To     Audience        `json:"to"`
		Owner  ID              `json:"owner"`
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return err
	}
	*c = Change{To: in.To}
	switch {
	case in.Put != nil:
		it, err := ParseItem(in.Put)
		if err != nil {
			return err
		}
		it.To, it.Owner = in.To, in.Owner
		c.Put = it.seal()
	case in.Set != nil:
		fields, err := parseFields(in.Set)
		if err != nil {
			return err
		}
		for _, f := range fields {
			if f.Name == "id" {
				c.Set, _ = f.Value.(string)
			} else {
				c.Fields = append(c.Fields, f)
			}
		}
		if c.Set == "" {
			return fmt.Errorf("a set without an id")
		}
	case in.Remove != "":
		c.Remove = in.Remove
	default:
		return fmt.Errorf("a change of no kind")
	}
	return nil
}

// ParseItem reads an item in its JSON form. It checks shapes only; see
// [CheckItem] for the schema.
func ParseItem(raw []byte) (*Item, error) {
	fields, err := parseFields(raw)
	if err != nil {
		return nil, err
	}
	return itemOf(fields)
}

// itemOf makes an item of its members, its type and its id among them. It keeps
// the slice.
func itemOf(fields []Field) (*Item, error) {
	var t Type
	var id ID
	kept := fields[:0]
	for _, f := range fields {
		switch {
		case f.Name == "id":
			id, _ = f.Value.(string)
		case f.Name == "type":
			s, _ := f.Value.(string)
			t = Type(s)
		case f.Value != nil:
			kept = append(kept, f)
		}
	}
	if id == "" || t == "" {
		return nil, fmt.Errorf("an item needs a type and an id")
	}
	return (&Item{Type: t, ID: id, fields: slices.Clip(kept)}).seal(), nil
}

// parseFields reads the members of a JSON object in the order of their names.
func parseFields(raw []byte) ([]Field, error) {
	r := reader{b: raw}
	if fields, ok := r.fields(); ok && r.at == len(raw) {
		return fields, nil
	}
	return decodeFields(raw)
}

// decodeFields reads them however they are written.
func decodeFields(raw []byte) ([]Field, error) {
	var m map[string]any
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, err
	}
	fields := make([]Field, 0, len(m))
	for name, v := range m {
		value, err := toValue(v)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		fields = append(fields, Field{name, value})
	}
	sortFields(fields)
	return fields, nil
}
