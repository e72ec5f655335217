// Package template makes the boards that people begin with. A template is a file as it could be imported, in the
// language of the board; it goes through the same validators as any import.
package template

import (
	"encoding/json"
	"errors"
	"fmt"

	"jana/protocol/board"
	"jana/protocol/board/fixture"
)

// ErrUnknown: there is no template of that name.
var ErrUnknown = errors.New("unknown template")

// Default is the template of a board for which none is named.
const Default = "blank"

// Languages that templates are written in, the first where none is named.
var Languages = []string{"fi", "sv", "en"}

// file is the part of workshop-fixture/1 that templates fill.
type file struct {
	Schema       string  `json:"schema"`
	Board        any     `json:"board"`
	Axis         *axis   `json:"axis"`
	Perspectives []named `json:"perspectives"`
	Headings     []named `json:"headings"`
	Categories   []named `json:"categories"`
	Segments     []named `json:"segments"`
}

type settings struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Language string `json:"language"`
	Phase    string `json:"phase"`
}

type named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type axis struct {
	ID         string `json:"id"`
	Title      string `json:"title"`
	MinLabel   string `json:"minLabel"`
	MaxLabel   string `json:"maxLabel"`
	X0         int    `json:"x0"`
	X1         int    `json:"x1"`
	BandTop    int    `json:"bandTop"`
	BandBottom int    `json:"bandBottom"`
	Zones      int    `json:"zones"`
}

// Make returns a new board from a template, in one of [Languages]. The title may be empty for "demo", which has its own.
// now is in ms since 1970.
func Make(name, title, language string, now int64) (*board.State, error) {
	var raw []byte
	var err error
	switch name {
	case "blank":
		raw, err = json.Marshal(file{Schema: schema, Board: settings{name, title, language, "free"}})
	case "segmentation":
		raw, err = json.Marshal(segmentation(title, language))
	case "demo":
		raw, err = demo(title)
	case "museum":
		raw, err = json.Marshal(museum(title, language))
	case "feedback", "experiments":
		phase := map[string]string{"feedback": "feedback", "experiments": "experiment"}[name]
		raw, err = json.Marshal(file{Schema: schema, Board: settings{name, title, language, phase}})
	default:
		return nil, fmt.Errorf("template %q: %w", name, ErrUnknown)
	}
	if err != nil {
		return nil, fmt.Errorf("template %s: %w", name, err)
	}
	made, problems := board.Import(raw, now)
	if len(problems) > 0 {
		return nil, fmt.Errorf("template %s: %v", name, problems[0])
	}
	return made, nil
}

const schema = "workshop-fixture/1"

// demo is the whole fixture, set back to its beginning.
func demo(title string) ([]byte, error) {
	var whole map[string]json.RawMessage
	if err := json.Unmarshal(fixture.KeskiUusimaa, &whole); err != nil {
		return nil, err
	}
	var b map[string]any
	if err := json.Unmarshal(whole["board"], &b); err != nil {
		return nil, err
	}
	b["phase"] = "describe"
	if title != "" {
		b["title"] = title
	}
	raw, err := json.Marshal(b)
	if err != nil {
		return nil, err
	}
	whole["board"] = raw
	return json.Marshal(whole)
}

// segmentation is the method's own board: customers are described along the axis of guidance, from six perspectives, and
// each segment later under the same four headings.
func segmentation(title, language string) file {
	w := words[language]
	f := file{
		Schema: schema,
		Board:  settings{"segmentation", title, language, "describe"},
		Axis: &axis{
			ID: "axis", Title: w.axis, MinLabel: w.minLabel, MaxLabel: w.maxLabel,
			X0: 200, X1: 10_200, BandTop: 500, BandBottom: 500 + 900*len(w.perspectives), Zones: 5,
		},
	}
	f.Perspectives, f.Headings = list("p", w.perspectives[:]), list("h", w.headings[:])
	return f
}

// museum is the museum's own board: its services are looked at through customer groups that are given, and every group
// is described under the same three headings.
func museum(title, language string) file {
	w := words[language]
	return file{
		Schema: schema, Board: settings{"museum", title, language, "assess"},
		Headings: list("h", w.visits), Categories: list("k", w.categories), Segments: list("cg", w.customers),
	}
}

// list is things by their names, in that order.
func list(prefix string, names []string) []named {
	all := make([]named, len(names))
	for i, name := range names {
		all[i] = named{fmt.Sprintf("%s%d", prefix, i+1), name}
	}
	return all
}
