package board

import (
	"cmp"
	"encoding/json"
	"slices"
)

// Role is what a link's key entitles to.
type Role string

// Roles.
const (
	Facilitator Role = "facilitator"
	Participant Role = "participant"
	Viewer      Role = "viewer"
	Visitor     Role = "visitor"
)

// Code says why an op was refused.
type Code string

// Refusal codes.
const (
	BoardLocked  Code = "board_locked"  // the board lock stops it
	PhaseForbids Code = "phase"         // the rights of the phase do not have it
	Frozen       Code = "frozen"        // it touches a frozen segment
	Pinned       Code = "pinned"        // the item is pinned
	NotYours     Code = "not_yours"     // only its author may
	Forbidden    Code = "forbidden"     // the role may never
	Revoked      Code = "revoked"       // the link has been closed
	Gone         Code = "gone"          // the item is not there, or not any more
	Exists       Code = "exists"        // the id is taken
	Invalid      Code = "invalid"       // a value or a shape that is not allowed
	TooLong      Code = "too_long"      // a text over its limit
	Full         Code = "full"          // the board holds as much as it may
	TooFast      Code = "too_fast"      // more pushes than the limit, for long
	ChangedSince Code = "changed_since" // somebody else changed it meanwhile
	ClosedCode   Code = "closed"        // the round or wall is not open
)

// Reason points at what a refusal is about. Every part may be absent.
type Reason struct {
	ID    ID     `json:"id,omitempty"`
	Field string `json:"field,omitempty"`
	Limit int    `json:"limit,omitempty"`
}

// Refusal is the fate of one op that did not happen.
type Refusal struct {
	// Op is the index of the op in its push.
	Op     int    `json:"op"`
	Code   Code   `json:"code"`
	Reason Reason `json:"reason,omitzero"`
	// By is the participant who set the rule, Set when, in ms since 1970.
	By  ID    `json:"by,omitempty"`
	Set int64 `json:"set,omitempty"`
}

// Entry is a push with its place in the board's order and, once applied, what
// became of it. Its id is (By, Client, N).
type Entry struct {
	Seq int64 `json:"seq"`
	// Time in ms since 1970, never less than that of the entry before.
	Time   int64  `json:"time"`
	By     ID     `json:"by"`
	Role   Role   `json:"role"`
	Link   ID     `json:"link"`
	Client string `json:"client"`
	N      int64  `json:"n"`
	Ops    []Op   `json:"ops"`
	// Whole: the first refusal refuses all ops.
	Whole bool `json:"whole,omitempty"`
	// Rescued: it had lost its place in the order, after it had been called saved
	// perhaps. What of it cannot happen any more becomes proposals.
	Rescued bool `json:"rescued,omitempty"`

	// Changes and Refusals, and what follows them, are set by Apply.
	Changes  []Change  `json:"changes,omitempty"`
	Refusals []Refusal `json:"refusals,omitempty"`
	// Blanked are the items whose texts it erased for good, set by Apply: what is
	// kept of them elsewhere has to go as well.
	Blanked []ID `json:"blanked,omitempty"`
	// Scrubbed: its ops are without what they carried of texts that were erased,
	// so it can be landed, but not applied again.
	Scrubbed bool `json:"scrubbed,omitempty"`
	// Duplicate: a push with this id was applied before, and nothing happened
	// now. Its ops are not kept.
	Duplicate bool `json:"duplicate,omitempty"`
}

// UnmarshalJSON implements json.Unmarshaler.
func (e *Entry) UnmarshalJSON(raw []byte) error {
	type plain Entry
	in := struct {
		*plain
		Ops []json.RawMessage `json:"ops"`
	}{plain: (*plain)(e)}
	if err := json.Unmarshal(raw, &in); err != nil {
		return err
	}
	e.Ops = make([]Op, len(in.Ops))
	for i, op := range in.Ops {
		e.Ops[i] = DecodeOp(op)
	}
	return nil
}

// Fate is what became of a push.
type Fate struct {
	N int64 `json:"n"`
	// Seq is 0 for a push so old that only its having been ordered is known.
	Seq     int64     `json:"seq"`
	Refused []Refusal `json:"refused,omitempty"`
}

func sortFields(fields []Field) {
	slices.SortFunc(fields, func(a, b Field) int { return cmp.Compare(a.Name, b.Name) })
}
