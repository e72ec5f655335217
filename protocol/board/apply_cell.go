package board

import (
	"slices"
	"strings"
)

// The cells of the service matrix.

// CellID is the id of the assessment of a service for a segment.
func CellID(service, segment ID) ID { return "a." + service + "." + segment }

// cellOf takes the id of a cell apart.
func cellOf(id ID) (service, segment ID, ok bool) {
	rest, is := strings.CutPrefix(id, "a.")
	service, segment, found := strings.Cut(rest, ".")
	return service, segment, is && found
}

// Joined takes an id apart that is derived from two others, and not on a board
// before something is written there: a cell, or what is said of a segment under
// a heading, "d.<segment>.<heading>".
func Joined(id ID) (one, other ID, ok bool) {
	if rest, is := strings.CutPrefix(id, "d."); is {
		at := strings.LastIndexByte(rest, '.')
		if at < 0 {
			return "", "", false
		}
		return rest[:at], rest[at+1:], true
	}
	return cellOf(id)
}

// cell finds the cell of a service and a segment, and makes it if it is missing.
func (t *tx) cell(service, segment ID) (*Item, *Refusal) {
	if _, no := t.item(service, TypeService); no != nil {
		return nil, no
	}
	if _, no := t.item(segment, TypeSegment); no != nil {
		return nil, no
	}
	if no := t.require(RightAssess, nil); no != nil {
		return nil, no
	}
	id := CellID(service, segment)
	if t.s.items[id] == nil {
		if no := t.room(1); no != nil {
			return nil, no
		}
		t.put(NewItem(TypeAssessment, id, []Field{{"serviceId", service}, {"segmentId", segment}}))
	}
	return t.s.items[id], nil
}

func (t *tx) assess(op Assess) *Refusal {
	scored := op.Vote.Given || op.Rating.Given
	if scored != (op.Criterion != "") || scored && !slices.Contains(Criteria, op.Criterion) {
		return refuse(Invalid).field("criterion")
	}
	if op.Serves == nil && !scored {
		return refuse(Invalid).field("serves")
	}
	for _, score := range []Score{op.Vote, op.Rating} {
		if score.Value < 0 || score.Value > 4 {
			return refuse(Invalid).field(op.Criterion)
		}
	}
	cell, no := t.cell(op.Service, op.Segment)
	if no != nil {
		return no
	}
	var fields []Field
	if op.Serves != nil {
		fields = append(fields, Field{"serves", *op.Serves})
	} else if cell.Get("serves") == nil {
		fields = append(fields, Field{"serves", true})
	}
	if op.Vote.Given {
		fields = append(fields, Field{"votes/" + op.Criterion + "/" + t.e.By, op.Vote.value()})
	}
	if op.Rating.Given {
		fields = append(fields, Field{"ratings/" + op.Criterion, op.Rating.value()})
	}
	kept := fields[:0]
	for _, f := range fields {
		if no := t.changedSince(cell, op.Was, f.Name); no != nil {
			t.tell(no)
			continue
		}
		kept = append(kept, f)
	}
	t.setFields(cell.ID, kept...)
	return nil
}

func (s Score) value() Value {
	if s.Null {
		return nil
	}
	return s.Value
}
