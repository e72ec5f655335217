package board

import (
	"slices"
	"strconv"
)

// People and the links they come by.

// unnamed is what somebody without a name is called, by role and the board's language.
var unnamed = map[Role]map[string]string{
	Facilitator: {"fi": "Fasilitaattori", "sv": "Facilitator", "en": "Facilitator"},
	Participant: {"fi": "Osallistuja", "sv": "Deltagare", "en": "Participant"},
}

func (t *tx) join(op Join) *Refusal {
	if t.e.Role != Facilitator && t.e.Role != Participant {
		return refuse(Forbidden)
	}
	if textLength(op.Name) > MaxName {
		return refuse(TooLong).field("name").over(MaxName)
	}
	var link Value
	if t.e.Link != "" {
		link = t.e.Link
	}
	role := string(t.e.Role)
	if it := t.s.items[t.e.By]; it != nil {
		if it.Type != TypeParticipant {
			return refuse(Exists).about(t.e.By)
		}
		t.setFields(it.ID, Field{"role", role}, Field{"link", link})
		return nil
	}
	if t.s.count[TypeParticipant] >= MaxParticipants {
		return refuse(Full).over(MaxParticipants)
	}
	name := op.Name
	if name == "" {
		name = t.nextName()
	}
	fields := []Field{{"name", name}, {"role", role}, {"link", link}}
	if op.Kind == "tablet" || op.Kind == "remote" {
		fields = append(fields, Field{"kind", op.Kind})
	}
	t.put(NewItem(TypeParticipant, t.e.By, fields))
	return nil
}

// nextName is the name of the next one of a role: "Osallistuja 3"; a lone
// facilitator needs no number.
func (t *tx) nextName() string {
	language := t.board.Text("language")
	if unnamed[t.e.Role][language] == "" {
		language = "fi"
	}
	n := 1
	for _, it := range t.s.items {
		if it.Type == TypeParticipant && it.Text("role") == string(t.e.Role) {
			n++
		}
	}
	name := unnamed[t.e.Role][language]
	if t.e.Role == Facilitator && n == 1 {
		return name
	}
	return name + " " + strconv.Itoa(n)
}

func (t *tx) rename(op Rename) *Refusal {
	id := op.Participant
	if id == "" {
		id = t.e.By
	}
	it, no := t.item(id, TypeParticipant)
	if no != nil {
		return no
	}
	if op.Name == "" {
		return refuse(Invalid).about(id).field("name")
	}
	if textLength(op.Name) > MaxName {
		return refuse(TooLong).about(id).field("name").over(MaxName)
	}
	fields := []Field{{"name", op.Name}}
	if op.Side != "" {
		if !t.board.Flag("sides") || !slices.Contains(Sides, op.Side) {
			return refuse(Invalid).about(id).field("side")
		}
		fields = append(fields, Field{"side", op.Side})
	}
	t.setFields(it.ID, fields...)
	return nil
}

func (t *tx) link(op Link) *Refusal {
	link := t.s.items[op.ID]
	if link != nil && link.Type != TypeLink {
		return refuse(Exists).about(op.ID)
	}
	if textLength(op.Name) > MaxName || textLength(op.As) > MaxName {
		return refuse(TooLong).field("name").over(MaxName)
	}
	if textLength(op.Question) > MaxName {
		return refuse(TooLong).field("question").over(MaxName)
	}
	switch {
	case op.Revoke && link == nil:
		return refuse(Gone).about(op.ID)
	case op.Revoke && link.Flag("owner"):
		return refuse(Forbidden).about(op.ID)
	case op.Revoke:
		if link.Get("revoked") == nil {
			t.setFields(op.ID, Field{"revoked", t.stamp()})
		}
		return nil
	case link != nil:
		fields := []Field{{"name", orNil(op.Name)}}
		if op.Question != "" && link.Text("role") == string(Visitor) {
			fields = append(fields, Field{"question", op.Question})
		}
		t.setFields(op.ID, fields...)
		return nil
	}
	if no := t.newID(op.ID); no != nil {
		return no
	}
	switch op.Role {
	case Facilitator, Participant, Viewer:
		if op.Question != "" || op.Target != nil {
			return refuse(Invalid).field("question")
		}
	case Visitor:
		if op.Question == "" {
			return refuse(Invalid).field("question")
		}
	default:
		return refuse(Invalid).field("role")
	}
	if t.s.count[TypeLink] >= maxLinks {
		return refuse(Full).over(maxLinks)
	}
	made := NewLink(op.ID, op.Role, op.Name, op.As, t.stamp(), false)
	if op.Role == Visitor {
		asks, no := t.asks(op)
		if no != nil {
			return no
		}
		made = made.With(asks)
	}
	t.put(made)
	return nil
}

// asks is what a link asks visitors for.
func (t *tx) asks(op Link) ([]Field, *Refusal) {
	about := Target{TypeBoard, BoardID}
	if op.Target != nil {
		about = *op.Target
	}
	target, no := stampTarget.validTarget(map[string]Value{"type": string(about.Type), "id": about.ID}, t.typeOf)
	return []Field{{"question", op.Question}, {"target", target}}, no
}

const maxLinks = 500

// NewLink makes the record of a link, which only facilitators see.
func NewLink(id ID, role Role, name, as string, made map[string]Value, owner bool) *Item {
	fields := []Field{{"role", string(role)}, {"name", orNil(name)}, {"as", orNil(as)}, {"made", made}}
	if owner {
		fields = append(fields, Field{"owner", true})
	}
	return NewItem(TypeLink, id, fields).readdressed(Audience{Facilitators}, "")
}

func orNil(s string) Value {
	if s == "" {
		return nil
	}
	return s
}
