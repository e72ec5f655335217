package board

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Op is what somebody wants. Its JSON object names it by "do".
type Op interface {
	// Do is the name of the op.
	Do() string
}

// Was holds, per item, the fields as the author of an undo last saw them. What
// differs from them is left alone and told as [ChangedSince].
type Was map[ID]map[string]Value

// Place is a note's centre in board units.
type Place struct {
	ID   ID
	X, Y int64
}

// The ops, in the order of DESIGN §5. A field that may be absent says so.
type (
	// Create makes an item of given fields.
	Create struct {
		Type   Type
		ID     ID
		Fields []Field
	}
	// Edit sets fields of an item; a nil value removes one.
	Edit struct {
		ID     ID
		Fields []Field
		Was    Was
	}
	// Text merges a stretch of typing into a text field: From is the text as
	// its author saw it when it began, To when it ended. Field may be a path,
	// such as "descriptions/h1"; of an assessment "comment", which makes the
	// cell if it is missing.
	Text struct {
		ID    ID     `json:"id"`
		Field string `json:"field"`
		From  string `json:"from"`
		To    string `json:"to"`
	}
	// Move places notes, and lays them on top in the order given.
	Move struct {
		Moves []Place `json:"moves"`
		Was   Was     `json:"was,omitempty"`
	}
	// Group puts notes into a group, which is made if its id is new.
	Group struct {
		Notes []ID `json:"notes"`
		Group ID   `json:"group"`
		Was   Was  `json:"was,omitempty"`
	}
	// Ungroup takes notes out of their groups.
	Ungroup struct {
		Notes []ID `json:"notes"`
		Was   Was  `json:"was,omitempty"`
	}
	// Delete removes items and what cannot be without them.
	Delete struct {
		IDs []ID `json:"ids"`
		Was Was  `json:"was,omitempty"`
	}
	// Restore brings back items that its author deleted.
	Restore struct {
		IDs []ID `json:"ids"`
	}
	// Assess fills a cell of the service matrix field by field. Vote and Rating
	// are 0–4 or null, or absent; they need a Criterion.
	Assess struct {
		Service   ID     `json:"service"`
		Segment   ID     `json:"segment"`
		Serves    *bool  `json:"serves,omitempty"`
		Criterion string `json:"criterion,omitempty"`
		Vote      Score  `json:"vote,omitzero"`
		Rating    Score  `json:"rating,omitzero"`
		Was       Was    `json:"was,omitempty"`
	}
	// Lock sets the board lock: "open", "text" or "closed".
	Lock struct {
		Level string `json:"level"`
	}
	// Pin fixes items in their place, or lets them go.
	Pin struct {
		IDs []ID `json:"ids"`
		On  bool `json:"on"`
	}
	// Freeze freezes segments; none named means all.
	Freeze struct {
		Segments []ID `json:"segments"`
		Texts    bool `json:"texts"`
	}
	// Unfreeze lets segments change again; none named means all.
	Unfreeze struct {
		Segments []ID `json:"segments"`
	}
	// Phase goes to another phase.
	Phase struct {
		To string `json:"to"`
	}
	// SetRights overrides rights of the present phase; a nil value takes the
	// phase's own again.
	SetRights struct {
		Rights map[string]Value `json:"rights"`
	}
	// Settings edits the board item.
	Settings struct {
		Fields []Field
		Was    Was
	}
	// Private begins or ends private writing.
	Private struct {
		On bool `json:"on"`
	}
	// Approve shows everybody feedback that waits for a facilitator.
	Approve struct {
		IDs []ID `json:"ids"`
	}
	// Decide does what was proposed, or not. The proposal is gone then.
	Decide struct {
		Proposal ID   `json:"proposal"`
		Accept   bool `json:"accept"`
	}
	// Reveal shows everybody what was written privately, and ends private writing.
	Reveal struct{}
	// Milestone keeps a named snapshot.
	Milestone struct {
		Name string `json:"name"`
	}
	// Rewind brings the items of a milestone back. The room that gets it fills
	// in Changes, from now to then, before it is ordered, and At: up to which seq
	// the milestone is without what was erased.
	Rewind struct {
		Milestone ID       `json:"milestone"`
		At        int64    `json:"at,omitempty"`
		Changes   []Change `json:"changes,omitempty"`
	}
	// Blank erases an item's texts for good.
	Blank struct {
		ID ID `json:"id"`
	}
	// Join puts the participant item of who sends it. Only the server makes it.
	Join struct {
		Name string `json:"name"`
		Kind string `json:"kind,omitempty"`
	}
	// Rename gives a participant another name, and a side where the board asks
	// for sides; absent Participant is oneself.
	Rename struct {
		Participant ID     `json:"participant,omitempty"`
		Name        string `json:"name"`
		Side        string `json:"side,omitempty"`
	}
	// Link makes a link, renames it, or closes one with Revoke. Who comes by one
	// for visitors is asked Question, about Target.
	Link struct {
		ID   ID     `json:"id"`
		Role Role   `json:"role,omitempty"`
		Name string `json:"name,omitempty"`
		// As: whoever comes by the link is that participant.
		As       string  `json:"as,omitempty"`
		Question string  `json:"question,omitempty"`
		Target   *Target `json:"target,omitempty"`
		Revoke   bool    `json:"revoke,omitempty"`
	}
	// Undecoded stands in a push for an op that has no valid form, so that the
	// others keep their index.
	Undecoded struct {
		Field string `json:"field,omitempty"`
	}
)

// Target is what feedback is about: a service, a segment, or the board.
type Target struct {
	Type Type `json:"type"`
	ID   ID   `json:"id"`
}

// Score is 0–4, or null to take it back. The zero Score is absent.
type Score struct {
	Given bool
	Null  bool
	Value int64
}

// Do implements Op.
func (Create) Do() string    { return "create" }
func (Edit) Do() string      { return "edit" }
func (Text) Do() string      { return "text" }
func (Move) Do() string      { return "move" }
func (Group) Do() string     { return "group" }
func (Ungroup) Do() string   { return "ungroup" }
func (Delete) Do() string    { return "delete" }
func (Restore) Do() string   { return "restore" }
func (Assess) Do() string    { return "assess" }
func (Lock) Do() string      { return "lock" }
func (Pin) Do() string       { return "pin" }
func (Freeze) Do() string    { return "freeze" }
func (Unfreeze) Do() string  { return "unfreeze" }
func (Phase) Do() string     { return "phase" }
func (SetRights) Do() string { return "rights" }
func (Settings) Do() string  { return "board" }
func (Private) Do() string   { return "private" }
func (Reveal) Do() string    { return "reveal" }
func (Milestone) Do() string { return "milestone" }
func (Rewind) Do() string    { return "rewind" }
func (Blank) Do() string     { return "blank" }
func (Approve) Do() string   { return "approve" }
func (Decide) Do() string    { return "decide" }
func (Join) Do() string      { return "join" }
func (Rename) Do() string    { return "rename" }
func (Link) Do() string      { return "link" }
func (Undecoded) Do() string { return "invalid" }

// DecodeOp reads one op. What has no valid form becomes [Undecoded]; unknown
// members are dropped.
func DecodeOp(raw []byte) Op {
	op, err := decodeOp(raw)
	if err != nil {
		var at *json.UnmarshalTypeError
		if errors.As(err, &at) {
			return Undecoded{Field: at.Field}
		}
		return Undecoded{}
	}
	return op
}

func decodeOp(raw []byte) (Op, error) {
	var head struct {
		Do string `json:"do"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return nil, err
	}
	switch head.Do {
	case "create":
		return decodeCreate(raw)
	case "edit":
		return decodeEdit(raw)
	case "text":
		op, err := decodeAs[Text](raw)
		op.From, op.To = cleanText(op.From), cleanText(op.To)
		return op, err
	case "move":
		return decodeAs[Move](raw)
	case "group":
		return decodeAs[Group](raw)
	case "ungroup":
		return decodeAs[Ungroup](raw)
	case "delete":
		return decodeAs[Delete](raw)
	case "restore":
		return decodeAs[Restore](raw)
	case "assess":
		return decodeAs[Assess](raw)
	case "lock":
		return decodeAs[Lock](raw)
	case "pin":
		return decodeAs[Pin](raw)
	case "freeze":
		return decodeAs[Freeze](raw)
	case "unfreeze":
		return decodeAs[Unfreeze](raw)
	case "phase":
		return decodeAs[Phase](raw)
	case "rights":
		var in struct {
			Rights map[string]any `json:"rights"`
		}
		if err := json.Unmarshal(raw, &in); err != nil {
			return nil, err
		}
		return SetRights{Rights: in.Rights}, nil
	case "board":
		edit, err := decodeEdit(raw)
		return Settings{Fields: edit.Fields, Was: edit.Was}, err
	case "private":
		return decodeAs[Private](raw)
	case "reveal":
		return Reveal{}, nil
	case "milestone":
		op, err := decodeAs[Milestone](raw)
		op.Name = cleanLine(op.Name)
		return op, err
	case "rewind":
		return decodeAs[Rewind](raw)
	case "blank":
		return decodeAs[Blank](raw)
	case "approve":
		return decodeAs[Approve](raw)
	case "decide":
		return decodeAs[Decide](raw)
	case "join":
		op, err := decodeAs[Join](raw)
		op.Name = cleanLine(op.Name)
		return op, err
	case "rename":
		op, err := decodeAs[Rename](raw)
		op.Name = cleanLine(op.Name)
		return op, err
	case "link":
		op, err := decodeAs[Link](raw)
		op.Name, op.As, op.Question = cleanLine(op.Name), cleanLine(op.As), cleanLine(op.Question)
		return op, err
	case "invalid":
		return decodeAs[Undecoded](raw)
	}
	return nil, fmt.Errorf("there is no op %q", head.Do)
}

func decodeAs[T any](raw []byte) (T, error) {
	var op T
	err := json.Unmarshal(raw, &op)
	return op, err
}

func decodeCreate(raw []byte) (Op, error) {
	var in struct {
		Item json.RawMessage `json:"item"`
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return nil, err
	}
	it, err := ParseItem(in.Item)
	if err != nil {
		return nil, err
	}
	return Create{Type: it.Type, ID: it.ID, Fields: it.fields}, nil
}

func decodeEdit(raw []byte) (Edit, error) {
	var in struct {
		ID     ID              `json:"id"`
		Fields json.RawMessage `json:"fields"`
		Was    Was             `json:"was"`
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return Edit{}, err
	}
	fields, err := parseFields(in.Fields)
	return Edit{ID: in.ID, Fields: fields, Was: in.Was}, err
}

// MarshalOp writes an op as it travels and is kept.
func MarshalOp(op Op) ([]byte, error) {
	var in any = op
	switch op := op.(type) {
	case Create:
		in = struct {
			Item *Item `json:"item"`
		}{NewItem(op.Type, op.ID, op.Fields)}
	case Edit:
		in = editJSON{op.ID, fieldsJSON(op.Fields), op.Was}
	case Settings:
		in = editJSON{"", fieldsJSON(op.Fields), op.Was}
	case Reveal:
		return []byte(`{"do":"reveal"}`), nil
	}
	body, err := json.Marshal(in)
	if err != nil {
		return nil, fmt.Errorf("write op %s: %w", op.Do(), err)
	}
	b := append([]byte(`{"do":`), appendString(nil, op.Do())...)
	if len(body) > 2 {
		b = append(b, ',')
	}
	return append(b, body[1:]...), nil
}

type editJSON struct {
	ID     ID         `json:"id,omitempty"`
	Fields fieldsJSON `json:"fields"`
	Was    Was        `json:"was,omitempty"`
}

type fieldsJSON []Field

func (f fieldsJSON) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, field := range f {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, field.Name)
		b = append(b, ':')
		b = appendValue(b, field.Value)
	}
	return append(b, '}'), nil
}

// MarshalJSON writes the entry as it is kept in the log.
func (e *Entry) MarshalJSON() ([]byte, error) {
	type plain Entry
	ops := make([]json.RawMessage, len(e.Ops))
	for i, op := range e.Ops {
		raw, err := MarshalOp(op)
		if err != nil {
			return nil, err
		}
		ops[i] = raw
	}
	return json.Marshal(struct {
		*plain
		Ops []json.RawMessage `json:"ops"`
	}{(*plain)(e), ops})
}

// MarshalJSON implements json.Marshaler: [id, x, y].
func (p Place) MarshalJSON() ([]byte, error) { return json.Marshal([]any{p.ID, p.X, p.Y}) }

// UnmarshalJSON implements json.Unmarshaler.
func (p *Place) UnmarshalJSON(raw []byte) error {
	parts := [3]json.RawMessage{}
	var all []json.RawMessage
	if err := json.Unmarshal(raw, &all); err != nil {
		return err
	}
	if len(all) != 3 {
		return errors.New("a move is [id, x, y]")
	}
	copy(parts[:], all)
	return errors.Join(json.Unmarshal(parts[0], &p.ID), json.Unmarshal(parts[1], &p.X), json.Unmarshal(parts[2], &p.Y))
}

// MarshalJSON implements json.Marshaler.
func (s Score) MarshalJSON() ([]byte, error) {
	if s.Null {
		return []byte("null"), nil
	}
	return json.Marshal(s.Value)
}

// UnmarshalJSON implements json.Unmarshaler.
func (s *Score) UnmarshalJSON(raw []byte) error {
	s.Given = true
	if s.Null = string(raw) == "null"; s.Null {
		return nil
	}
	return json.Unmarshal(raw, &s.Value)
}

// UnmarshalJSON implements json.Unmarshaler.
func (w *Was) UnmarshalJSON(raw []byte) error {
	var items map[ID]json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil {
		return err
	}
	*w = make(Was, len(items))
	for id, item := range items {
		fields, err := parseFields(item)
		if err != nil {
			return err
		}
		saw := make(map[string]Value, len(fields))
		for _, f := range fields {
			saw[f.Name] = f.Value
		}
		(*w)[id] = saw
	}
	return nil
}
