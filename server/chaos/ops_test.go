package chaos

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// object is a JSON object: a message, an item, an op.
type object map[string]any

func (o object) text(name string) string   { s, _ := o[name].(string); return s }
func (o object) number(name string) int64  { f, _ := o[name].(float64); return int64(f) }
func (o object) list(name string) []any    { l, _ := o[name].([]any); return l }
func (o object) object(name string) object { m, _ := o[name].(map[string]any); return m }

func asObject(v any) object { m, _ := v.(map[string]any); return m }

// op is an op with its members, names and values in turn.
func op(do string, members ...any) object {
	o := object{"do": do}
	for i := 0; i+1 < len(members); i += 2 {
		o[members[i].(string)] = members[i+1]
	}
	return o
}

// bound are the ops that a closed board lock stops, whatever they touch.
var bound = map[string]bool{
	"create": true, "edit": true, "text": true, "move": true, "group": true, "ungroup": true, "delete": true, "restore": true, "assess": true,
}

// leftOut are ops that the storm does not draw, with the reason.
var leftOut = map[string]string{
	"lock":    "the locker locks, and the check counts on nobody else doing so",
	"join":    "the server's",
	"private": "what is hidden is left out of the history that the check reads",
	"reveal":  "it belongs to private",
}

// example is a push of the vectors: what to make others like it of.
type example struct {
	role  string
	whole bool
	// plain: its ops are bound by the lock, and nothing else refused them.
	plain bool
	ops   []object
	// types of the ids in it.
	types map[string]string
}

// readExamples reads the vectors of the protocol. An op that is new there is drawn as well, by whoever may send it there.
func readExamples() ([]example, error) {
	files, err := filepath.Glob("../../protocol/board/vectors/*.json")
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no vectors: %w", err)
	}
	var all []example
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var v struct {
			Before  struct{ Items []object }
			After   struct{ Items []object }
			Entries []struct {
				Role    string
				Whole   bool
				Ops     []any
				Refused []any
			}
		}
		if err := json.Unmarshal(raw, &v); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		types := map[string]string{"pA": "participant", "pB": "participant", "pF": "participant"}
		for _, it := range append(v.Before.Items, v.After.Items...) {
			types[it.text("id")] = it.text("type")
			for id := range it.object("milestones") {
				types[id] = "milestone"
			}
		}
		for _, e := range v.Entries {
			x := example{role: e.Role, whole: e.Whole, types: types, plain: len(e.Refused) == 0}
			drawn := e.Role != "viewer"
			for _, v := range e.Ops {
				o := asObject(v)
				x.ops = append(x.ops, o)
				x.plain = x.plain && bound[o.text("do")]
				_, out := leftOut[o.text("do")]
				drawn = drawn && !out && o != nil
			}
			if drawn {
				all = append(all, x)
			}
		}
	}
	return all, nil
}

// deck is what one client draws its pushes from.
type deck struct {
	dice  *rand.Rand
	plain []example
	any   []example
	// arranges: its pushes are a facilitator's.
	arranges bool
	// name makes its ids its own.
	name string
	made int
	// links that it made, which may be closed without closing anybody out.
	links []string
}

func newDeck(all []example, role, name string, dice *rand.Rand) *deck {
	d := &deck{dice: dice, name: name, arranges: role == "facilitator"}
	for _, x := range all {
		if x.role == role {
			d.any = append(d.any, x)
		}
		if x.plain && x.role == "participant" {
			d.plain = append(d.plain, x)
		}
	}
	return d
}

// draw makes a push that mostly makes sense on a board.
func (d *deck) draw(items map[string]object) (ops []object, whole bool) {
	from := d.plain
	if d.arranges || d.dice.IntN(3) == 0 {
		from = d.any
	}
	x := from[d.dice.IntN(len(from))]
	// Notes first: with none there is nothing to do to any.
	if !d.arranges && (d.dice.IntN(8) == 0 || len(items) < 30) {
		d.made++
		return []object{op("create", "item", object{
			"type": "note", "id": fmt.Sprintf("%s-%d", d.name, d.made), "x": d.dice.IntN(10_000), "y": d.dice.IntN(6_000), "text": fmt.Sprintf("lappu %d", d.made),
		})}, false
	}
	now := map[string]string{}
	for _, o := range x.ops {
		ops = append(ops, d.renamed(o, x.types, now, items))
	}
	return ops, x.whole
}

// renamed is an op with the ids of the vectors replaced by some of this board.
func (d *deck) renamed(o object, types, now map[string]string, items map[string]object) object {
	fresh := ""
	switch o.text("do") {
	case "create":
		fresh = o.object("item").text("id")
	case "group":
		if d.dice.IntN(2) == 0 {
			fresh = o.text("group")
		}
	case "link":
		if fresh = o.text("id"); o["revoke"] == true {
			fresh = ""
			now[o.text("id")] = "no-link"
			if len(d.links) > 0 {
				now[o.text("id")] = d.links[d.dice.IntN(len(d.links))]
			}
		}
	}
	if fresh != "" && now[fresh] == "" && !strings.ContainsAny(fresh, ". ") && len(fresh) <= 40 {
		d.made++
		now[fresh] = fmt.Sprintf("%s-%d", d.name, d.made)
		if o.text("do") == "link" {
			d.links = append(d.links, now[fresh])
		}
	}
	out := object(d.value("", map[string]any(o), types, now, items).(map[string]any))
	if out.text("do") == "text" && out["from"] != nil {
		// What its author saw, mostly.
		if shown, is := items[out.text("id")]["text"].(string); is && out.text("field") == "text" {
			out["from"] = shown
			if len(shown) > 200 {
				shown = ""
			}
			out["to"] = shown + " " + out.text("to")
		}
	}
	return out
}

func (d *deck) value(name string, v any, types, now map[string]string, items map[string]object) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			out[d.id(key, types, now, items)] = d.value(key, v[key], types, now, items)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = d.value(name, v[i], types, now, items)
		}
		return out
	case string:
		if name == "do" || name == "type" {
			return v
		}
		return d.id(v, types, now, items)
	case float64:
		if (name == "x" || name == "y" || name == "moves") && v > -100_000 && v < 100_000 && v == float64(int64(v)) {
			return d.dice.IntN(10_000)
		}
	}
	return v
}

// id is what stands for a text of the vectors: if it is an id there, one here of the same type.
func (d *deck) id(text string, types, now map[string]string, items map[string]object) string {
	if field, of, is := strings.Cut(text, "/"); is {
		return field + "/" + d.id(of, types, now, items)
	}
	if to, known := now[text]; known {
		return to
	}
	t, known := types[text]
	if !known || t == "board" {
		return text
	}
	var all []string
	if t == "milestone" {
		all = slices.Collect(maps.Keys(items["board"].object("milestones")))
	}
	for id, it := range items {
		if it.text("type") == t {
			all = append(all, id)
		}
	}
	if len(all) > 0 {
		slices.Sort(all)
		text = all[d.dice.IntN(len(all))]
	}
	now[text] = text
	return text
}
