package board

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Problem says what is wrong with an imported file, and where.
type Problem struct {
	// Path such as notes[3].x.
	Path string `json:"path"`
	Code Code   `json:"code"`
	// Detail is for the reader of a log; the page words the code.
	Detail string `json:"detail,omitempty"`
}

const maxProblems = 100

// Import makes a board of a file in the form of [State.Export] or of a
// workshop-fixture/1. Ids are kept. now is in ms since 1970. With problems
// there is no board.
func Import(raw []byte, now int64) (*State, []Problem) {
	var doc map[string]any
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	dec.UseNumber()
	if err := dec.Decode(&doc); err != nil {
		return nil, []Problem{{Path: "", Code: Invalid, Detail: "not a JSON object: " + err.Error()}}
	}
	in := &importer{now: now, types: map[ID]Type{}}
	switch schema, _ := doc["schema"].(string); schema {
	case ExportSchema:
		in.readExport(doc)
	case FixtureSchema:
		in.readFixture(doc)
	default:
		in.problem("schema", Invalid, fmt.Sprintf("%q is not a format that can be imported", schema))
	}
	if len(in.problems) == 0 {
		in.checkAll()
	}
	if len(in.problems) > 0 {
		return nil, in.problems
	}
	return in.board(), nil
}

type importer struct {
	now      int64
	found    []imported
	types    map[ID]Type
	problems []Problem
}

// imported is an item with the place in the file where it stands.
type imported struct {
	path string
	item *Item
}

func (in *importer) problem(path string, code Code, detail string) {
	if len(in.problems) < maxProblems {
		in.problems = append(in.problems, Problem{path, code, detail})
	}
}

// add takes up an item. fields are JSON values as the decoder gives them.
func (in *importer) add(path string, t Type, id ID, fields map[string]any) {
	kept := make([]Field, 0, len(fields))
	for name, v := range fields {
		value, err := toValue(v)
		if err != nil {
			in.problem(path+"."+name, Invalid, err.Error())
			continue
		}
		kept = append(kept, Field{name, value})
	}
	if _, taken := in.types[id]; taken {
		in.problem(path+".id", Exists, fmt.Sprintf("%q stands in the file twice", id))
		return
	}
	if !in.mayBe(t, id, fields) {
		in.problem(path+".id", Invalid, fmt.Sprintf("%q is not an id for type %s", id, t))
		return
	}
	in.types[id] = t
	in.found = append(in.found, imported{path, NewItem(t, id, kept)})
}

// mayBe says whether an item of a type may have an id: made, or derived from others.
func (in *importer) mayBe(t Type, id ID, fields map[string]any) bool {
	text := func(name string) string { s, _ := fields[name].(string); return s }
	switch {
	case t == TypeBoard:
		return id == BoardID
	case t == TypeAssessment:
		return id == CellID(text("serviceId"), text("segmentId"))
	case t == TypeBallot:
		return id == BallotID(text("voteId"), text("voterId"))
	case t == TypeSegment && strings.HasPrefix(id, "s."):
		return validID(id[2:])
	}
	return validID(id) && id != BoardID
}

// BallotID is the id of a participant's ballot in a vote.
func BallotID(vote, participant ID) ID { return "b." + vote + "." + participant }

func (in *importer) readExport(doc map[string]any) {
	b, ok := doc["board"].(map[string]any)
	if !ok {
		in.problem("board", Invalid, "not an object")
		return
	}
	in.addExported("board", b)
	items, ok := doc["items"].([]any)
	if !ok {
		in.problem("items", Invalid, "not a list")
		return
	}
	for i, v := range items {
		path := "items[" + strconv.Itoa(i) + "]"
		item, ok := v.(map[string]any)
		if !ok {
			in.problem(path, Invalid, "not an object")
			continue
		}
		in.addExported(path, item)
	}
}

func (in *importer) addExported(path string, item map[string]any) {
	id, _ := item["id"].(string)
	t, _ := item["type"].(string)
	def := schema[Type(t)]
	if def == nil || Type(t) == TypeLink || (Type(t) == TypeBoard) != (path == "board") {
		in.problem(path+".type", Invalid, fmt.Sprintf("%q is not a type of item that can stand here", t))
		return
	}
	delete(item, "id")
	delete(item, "type")
	switch Type(t) {
	case TypeParticipant:
		delete(item, "role")
		delete(item, "link")
	case TypeBoard:
		delete(item, "milestones")
	}
	in.add(path, Type(t), id, item)
}

func (in *importer) checkAll() {
	if len(in.found) > MaxItems+MaxParticipants {
		in.problem("items", Full, fmt.Sprintf("a board holds %d items", MaxItems))
		return
	}
	axes := 0
	for i := range in.found {
		at := &in.found[i]
		it, no := CheckItem(at.item, func(id ID) Type { return in.types[id] })
		if no != nil {
			path := at.path
			if no.Reason.Field != "" {
				path += "." + no.Reason.Field
			}
			in.problem(path, no.Code, describe(no))
			continue
		}
		if field, ok := checkStamps(it, in.types); !ok {
			in.problem(at.path+"."+field, Invalid, "not in the form that it has")
		}
		if it.Type == TypeAxis {
			if axes++; axes > 1 {
				in.problem(at.path, Full, "a board has one axis")
			}
			if it.Int("x1")-it.Int("x0") < minAxisWidth {
				in.problem(at.path+".x1", Invalid, fmt.Sprintf("an axis is at least %d units wide", minAxisWidth))
			}
			if it.Int("bandBottom") <= it.Int("bandTop") {
				in.problem(at.path+".bandBottom", Invalid, "the band ends before it begins")
			}
		}
		at.item = it
	}
	if in.types[BoardID] == "" {
		in.problem("board", Invalid, "missing")
	}
}

const minAxisWidth = 1000

func describe(no *Refusal) string {
	switch {
	case no.Reason.Limit > 0:
		return fmt.Sprintf("the limit is %d", no.Reason.Limit)
	case no.Code == Gone:
		return fmt.Sprintf("%q is not in the file", no.Reason.ID)
	}
	return "not a value that it may have"
}

// checkStamps looks into the objects that only Apply writes.
func checkStamps(it *Item, types map[ID]Type) (field string, ok bool) {
	isStamp := func(m map[string]Value) bool {
		_, by := m["by"].(string)
		_, time := m["time"].(int64)
		return by && time
	}
	for _, f := range it.fields {
		known := fieldOf(it.Type, f.Name)
		m, isMap := f.Value.(map[string]Value)
		if known.kind != kindStamp {
			continue
		}
		good := isMap
		switch f.Name {
		case "rights":
			for name, v := range m {
				reach, is := v.(string)
				_, preset := presets["free"][Right(name)]
				good = good && is && preset && validReach(Right(name), Reach(reach))
			}
		case "lock":
			good = good && isStamp(m) && (m["level"] == "text" || m["level"] == "closed")
		case "frozen":
			_, texts := m["texts"].(bool)
			_, hash := m["hash"].(string)
			good = good && isStamp(m) && texts && hash
		case "target":
			id, _ := m["id"].(string)
			t, _ := m["type"].(string)
			good = good && (t == string(TypeBoard) || types[id] == Type(t) && t != "")
		default:
			good = good && isStamp(m)
		}
		if !good {
			return f.Name, false
		}
	}
	return "", true
}

// board is the state of the checked items, at seq 0.
func (in *importer) board() *State {
	s := New()
	s.time = in.now
	t := &tx{s: s, e: &Entry{}}
	var z int64
	for _, at := range in.found {
		it := at.item
		var more []Field
		if it.Type == TypeNote && it.Get("z") == nil {
			z++
			more = append(more, Field{"z", z})
		}
		if it.Type == TypeBoard && it.Get("phase") == nil {
			more = append(more, Field{"phase", "free"})
		}
		if it.Type == TypeBoard && it.Get("created") == nil {
			more = append(more, Field{"created", in.now})
		}
		if fieldOf(it.Type, "order") != nil && it.Get("order") == nil {
			more = append(more, Field{"order", s.counters[string(it.Type)] + 1})
		}
		if more != nil {
			it = it.With(more)
		}
		z = max(z, it.Int("z"))
		t.put(it)
	}
	return s
}
