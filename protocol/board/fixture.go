package board

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// FixtureSchema names the format of the workshops written for tests and demos:
// lists of notes, groups, segments, services and so on, in everyday fields.
const FixtureSchema = "workshop-fixture/1"

// sections are the lists of a fixture that become items as they stand.
var sections = []struct {
	name    string
	t       Type
	ordered bool
	adapt   func(in *importer, path string, id ID, m map[string]any)
}{
	{"perspectives", TypePerspective, true, nil},
	{"participants", TypeParticipant, false, adaptParticipant},
	{"headings", TypeHeading, true, nil},
	{"categories", TypeCategory, true, nil},
	{"groups", TypeGroup, true, nil},
	{"notes", TypeNote, false, adaptNote},
	{"segments", TypeSegment, true, adaptSegment},
	{"services", TypeService, true, nil},
	{"assessments", TypeAssessment, false, adaptAssessment},
	{"impactGoals", TypeGoal, true, nil},
	{"feedback", TypeFeedback, true, nil},
	{"experiments", TypeExperiment, true, nil},
	{"voteRounds", TypeVote, true, adaptVote},
}

func (in *importer) readFixture(doc map[string]any) {
	b, ok := doc["board"].(map[string]any)
	if !ok {
		in.problem("board", Invalid, "not an object")
		return
	}
	if locked, _ := b["locked"].(bool); locked {
		b["lock"] = map[string]any{"by": "", "time": json.Number(strconv.FormatInt(in.now, 10)), "level": "closed"}
	}
	delete(b, "locked")
	delete(b, "id")
	if doc["thresholds"] != nil {
		b["thresholds"] = doc["thresholds"]
	}
	in.add("board", TypeBoard, BoardID, b)
	var axis *Item
	if doc["axis"] != nil {
		m, ok := doc["axis"].(map[string]any)
		if !ok {
			in.problem("axis", Invalid, "not an object")
			return
		}
		in.add("axis", TypeAxis, takeID(m), m)
		if at := len(in.found) - 1; at >= 0 && in.found[at].item.Type == TypeAxis {
			axis = in.found[at].item
		}
	}
	for _, section := range sections {
		if doc[section.name] == nil {
			continue
		}
		list, ok := doc[section.name].([]any)
		if !ok {
			in.problem(section.name, Invalid, "not a list")
			continue
		}
		for i, v := range list {
			path := section.name + "[" + strconv.Itoa(i) + "]"
			m, ok := v.(map[string]any)
			if !ok {
				in.problem(path, Invalid, "not an object")
				continue
			}
			if section.ordered && m["order"] == nil {
				m["order"] = json.Number(strconv.Itoa(i + 1))
			}
			id := takeID(m)
			if section.adapt != nil {
				section.adapt(in, path, id, m)
			}
			if section.t == TypeAssessment {
				id = CellID(textOf(m, "serviceId"), textOf(m, "segmentId"))
			}
			value, hasValue := m["value"]
			wrong := len(in.problems)
			in.add(path, section.t, id, m)
			if section.t == TypeNote && hasValue && len(in.problems) == wrong {
				in.checkValue(path, axis, in.found[len(in.found)-1].item, value)
			}
		}
	}
}

func takeID(m map[string]any) ID {
	id := textOf(m, "id")
	delete(m, "id")
	return id
}

func textOf(m map[string]any, name string) string {
	s, _ := m[name].(string)
	return s
}

// checkValue refuses a note whose stored value disagrees with its place.
func (in *importer) checkValue(path string, axis, note *Item, stored any) {
	_, x := note.Get("x").(int64)
	_, y := note.Get("y").(int64)
	if !x || !y || axis != nil && axis.Int("x1")-axis.Int("x0") < minAxisWidth {
		return // said where it is wrong
	}
	tenths, placed := Value10(axis, note.Int("x"), note.Int("y"))
	if stored == nil {
		if placed && axis != nil {
			in.problem(path+".value", Invalid, "the note lies in the band and has no value")
		}
		return
	}
	n, ok := stored.(json.Number)
	v, err := n.Float64()
	if !ok || err != nil || !placed || math.Abs(v-float64(tenths)/10) > 0.05+slack {
		in.problem(path+".value", Invalid, fmt.Sprintf("%v, but its place says %v", stored, float64(tenths)/10))
	}
}

func adaptParticipant(_ *importer, _ string, id ID, m map[string]any) {
	if m["name"] == nil {
		m["name"] = id
	}
}

func adaptNote(in *importer, path string, _ ID, m map[string]any) {
	if m["placements"] != nil {
		m["placements"] = in.voters(path+".placements", m["placements"])
	}
}

func adaptSegment(in *importer, path string, _ ID, m map[string]any) {
	list, ok := m["descriptions"].([]any)
	if !ok {
		return
	}
	byHeading := map[string]any{}
	for i, v := range list {
		d, _ := v.(map[string]any)
		id := textOf(d, "headingId")
		if _, twice := byHeading[id]; twice || id == "" {
			in.problem(fmt.Sprintf("%s.descriptions[%d].headingId", path, i), Invalid, "missing, or there already")
			continue
		}
		byHeading[id] = d["text"]
	}
	m["descriptions"] = byHeading
}

func adaptAssessment(in *importer, path string, _ ID, m map[string]any) {
	votes, ok := m["votes"].(map[string]any)
	if !ok {
		return
	}
	for criterion, list := range votes {
		votes[criterion] = in.voters(path+".votes."+criterion, list)
	}
}

// voters turns a list of what people gave into a map by voters x1, x2, ….
func (in *importer) voters(path string, v any) any {
	list, ok := v.([]any)
	if !ok {
		in.problem(path, Invalid, "not a list")
		return nil
	}
	byVoter := make(map[string]any, len(list))
	for i, value := range list {
		byVoter["x"+strconv.Itoa(i+1)] = value
	}
	return byVoter
}

// adaptVote takes the ballots out of a vote; one over the limits is kept as rejected.
func adaptVote(in *importer, path string, vote ID, m map[string]any) {
	ballots, _ := m["ballots"].([]any)
	delete(m, "ballots")
	most, _ := number(m["maxPerItem"])
	total, _ := number(m["dotsPerPerson"])
	for i, v := range ballots {
		b, _ := v.(map[string]any)
		at := fmt.Sprintf("%s.ballots[%d]", path, i)
		voter := textOf(b, "voterId")
		dots, ok := b["dots"].(map[string]any)
		if !ok {
			in.problem(at+".dots", Invalid, "not an object")
			continue
		}
		var sum float64
		rejected := false
		for _, d := range dots {
			n, ok := number(d)
			sum += n
			rejected = rejected || !ok || most > 0 && n > most
		}
		fields := map[string]any{"voteId": vote, "voterId": voter, "dots": dots}
		if rejected || total > 0 && sum > total {
			fields["rejected"] = true
		}
		in.add(at, TypeBallot, BallotID(vote, voter), fields)
	}
}

func number(v any) (float64, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	f, err := n.Float64()
	return f, err == nil
}
