package board

import (
	"math"
	"slices"
	"strings"
)

// valid checks a value against a field of the schema and returns it as it is
// kept: names cleaned, decimals that are whole as integers. lookup tells which
// type an item of an id has, "" if there is none.
func (f *field) valid(v Value, lookup func(ID) Type) (Value, *Refusal) {
	bad := func() (Value, *Refusal) { return nil, refuse(Invalid).field(f.name) }
	switch f.kind {
	case kindText, kindLine:
		s, ok := v.(string)
		if !ok {
			return bad()
		}
		if f.kind == kindLine {
			s = cleanLine(s)
		}
		if textLength(s) > f.limit {
			return nil, refuse(TooLong).field(f.name).over(f.limit)
		}
		if s == "" {
			if f.need {
				return bad()
			}
			return nil, nil
		}
		return s, nil
	case kindInteger:
		n, ok := v.(int64)
		if !ok || float64(n) < f.min || float64(n) > f.max {
			return bad()
		}
		return n, nil
	case kindDecimal:
		var n float64
		switch v := v.(type) {
		case int64:
			n = float64(v)
		case float64:
			n = v
		default:
			return bad()
		}
		if math.IsNaN(n) || n < f.min || n > f.max {
			return bad()
		}
		if n == math.Trunc(n) {
			return int64(n), nil
		}
		return n, nil
	case kindFlag:
		on, ok := v.(bool)
		if !ok {
			return bad()
		}
		return on, nil // false is said as well: a service that does not serve is not one unassessed
	case kindEnum:
		s, ok := v.(string)
		if !ok || !slices.Contains(f.values, s) {
			return bad()
		}
		return s, nil
	case kindRef:
		id, ok := v.(string)
		if !ok || id == "" {
			return bad()
		}
		if no := f.points(id, lookup); no != nil {
			return nil, no
		}
		return id, nil
	case kindRefs, kindLines:
		return f.validList(v, lookup)
	case kindMap:
		return f.validMap(v, lookup)
	case kindStamp:
		m, ok := v.(map[string]Value)
		switch {
		case !ok || len(m) > maxList:
			return bad()
		case !f.own:
			return f.validTarget(m, lookup)
		}
		return m, nil
	}
	return bad()
}

// validTarget checks what a feedback note is about, and keeps nothing besides.
func (f *field) validTarget(m map[string]Value, lookup func(ID) Type) (Value, *Refusal) {
	id, _ := m["id"].(string)
	about, _ := m["type"].(string)
	if Type(about) == TypeBoard {
		id = BoardID // whatever it was called where it comes from
	} else if id == "" || about == "" {
		return nil, refuse(Invalid).field(f.name)
	} else if t := lookup(id); t == "" {
		return nil, refuse(Gone).about(id).field(f.name)
	} else if t != Type(about) {
		return nil, refuse(Invalid).about(id).field(f.name)
	}
	return map[string]Value{"id": id, "type": about}, nil
}

// points refuses an id that is missing or of a type the field does not take.
func (f *field) points(id ID, lookup func(ID) Type) *Refusal {
	if len(f.of) == 0 {
		return nil
	}
	t := lookup(id)
	if t == "" {
		return refuse(Gone).about(id).field(f.name)
	}
	if !slices.Contains(f.of, t) {
		return refuse(Invalid).about(id).field(f.name)
	}
	return nil
}

func (f *field) validList(v Value, lookup func(ID) Type) (Value, *Refusal) {
	list, ok := v.([]string)
	if !ok {
		return nil, refuse(Invalid).field(f.name)
	}
	if len(list) > f.limit {
		return nil, refuse(Full).field(f.name).over(f.limit)
	}
	kept := make([]string, 0, len(list))
	for _, s := range list {
		if f.kind == kindRefs {
			if no := f.points(s, lookup); no != nil {
				return nil, no
			}
		} else if s = cleanLine(s); textLength(s) > MaxName {
			return nil, refuse(TooLong).field(f.name).over(MaxName)
		}
		if s == "" || slices.Contains(kept, s) {
			return nil, refuse(Invalid).field(f.name)
		}
		kept = append(kept, s)
	}
	if len(kept) == 0 {
		return nil, nil
	}
	return kept, nil
}

func (f *field) validMap(v Value, lookup func(ID) Type) (Value, *Refusal) {
	m, ok := v.(map[string]Value)
	if !ok {
		return nil, refuse(Invalid).field(f.name)
	}
	if len(m) > f.limit {
		return nil, refuse(Full).field(f.name).over(f.limit)
	}
	kept := make(map[string]Value, len(m))
	for _, key := range sortedKeys(m) {
		value, no := f.validEntry(key, m[key], lookup)
		if no != nil {
			return nil, no
		}
		if value != nil {
			kept[key] = value
		}
	}
	if len(kept) == 0 {
		return nil, nil
	}
	return kept, nil
}

// validEntry checks one key of a map field and what it holds.
func (f *field) validEntry(key string, v Value, lookup func(ID) Type) (Value, *Refusal) {
	path := f.name + "/" + key
	if len(f.keys) > 0 && !slices.Contains(f.keys, key) || key == "" || len(key) > 2*MaxID || reserved(key) || strings.ContainsAny(key, "/\n") {
		return nil, refuse(Invalid).field(path)
	}
	if no := f.points(key, lookup); no != nil {
		return nil, no.field(path)
	}
	if v == nil {
		return nil, nil
	}
	elem := *f.elem
	elem.name = path
	return elem.valid(v, lookup)
}

// validAt checks the value of a path, such as "descriptions/h1". nil removes
// what is there.
func validAt(t Type, path string, v Value, lookup func(ID) Type) (Value, *Refusal) {
	name, key, deep := strings.Cut(path, "/")
	f := fieldOf(t, name)
	if f == nil || deep && f.kind != kindMap {
		return nil, refuse(Invalid).field(path)
	}
	switch {
	case deep:
		return f.validEntry(key, v, lookup)
	case v == nil && f.need:
		return nil, refuse(Invalid).field(path)
	case v == nil:
		return nil, nil
	}
	return f.valid(v, lookup)
}

// CheckItem holds a whole item against the schema, as an import does, and
// returns it as it is kept. Unknown fields are dropped.
func CheckItem(it *Item, lookup func(ID) Type) (*Item, *Refusal) {
	def := schema[it.Type]
	if def == nil {
		return nil, refuse(Invalid).field("type")
	}
	fields := make([]Field, 0, len(it.fields))
	for _, f := range it.fields {
		if fieldOf(it.Type, f.Name) == nil {
			continue
		}
		v, no := validAt(it.Type, f.Name, f.Value, lookup)
		if no != nil {
			return nil, no
		}
		fields = append(fields, Field{f.Name, v})
	}
	next := NewItem(it.Type, it.ID, fields)
	for i := range def.fields {
		if f := &def.fields[i]; f.need && next.Get(f.name) == nil {
			return nil, refuse(Invalid).field(f.name)
		}
	}
	return next.readdressed(it.To, it.Owner), nil
}
