package template

import (
	"encoding/json"
	"fmt"
	"slices"

	"jana/protocol/board"
)

// Keepable are what a copy of a board may take along: the segments with their texts and places, the services with their
// categories, and the goals.
var Keepable = []board.Type{board.TypeSegment, board.TypeService, board.TypeGoal}

// sheet are the settings that a copy has from its board. Who set what, and what has been agreed, is not among them.
var sheet = []string{"language", "description", "targetGroup", "place", "region", "organiser", "tags", "durationMinutes", "authors", "sides", "thresholds", "cards"}

// frame is what every copy takes along.
var frame = []board.Type{board.TypeBoard, board.TypeAxis, board.TypePerspective, board.TypeHeading}

// Copy makes a new board from the export of another one: without its notes and its people, at the beginning of the
// method. keep is some of [Keepable]. now is in ms since 1970.
func Copy(export []byte, title string, keep []board.Type, now int64) (*board.State, error) {
	made, problems := board.Import(export, now)
	if len(problems) > 0 {
		return nil, fmt.Errorf("copy: %v", problems[0])
	}
	kept := append(slices.Clone(frame), keep...)
	if slices.Contains(keep, board.TypeService) || slices.Contains(keep, board.TypeSegment) {
		kept = append(kept, board.TypeCategory)
	}
	if err := strip(made, kept, now); err != nil {
		return nil, fmt.Errorf("copy: %w", err)
	}
	var doc struct {
		Schema string            `json:"schema"`
		Board  map[string]any    `json:"board"`
		Items  []json.RawMessage `json:"items"`
	}
	if err := json.Unmarshal(made.Export(), &doc); err != nil {
		return nil, fmt.Errorf("copy: %w", err)
	}
	settings := map[string]any{"id": board.BoardID, "type": board.TypeBoard, "title": title, "phase": firstPhase(made)}
	for _, name := range sheet {
		if v := doc.Board[name]; v != nil {
			settings[name] = v
		}
	}
	doc.Board = settings
	doc.Items = slices.DeleteFunc(doc.Items, func(raw json.RawMessage) bool {
		var it struct {
			Type board.Type `json:"type"`
		}
		return json.Unmarshal(raw, &it) != nil || it.Type == board.TypeParticipant
	})
	raw, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("copy: %w", err)
	}
	again, problems := board.Import(raw, now)
	if len(problems) > 0 {
		return nil, fmt.Errorf("copy: %v", problems[0])
	}
	return again, nil
}

// strip removes what is not kept, as a facilitator would: what refers to it lets go of it. Segments keep the place that
// their group gave them.
func strip(s *board.State, kept []board.Type, now int64) error {
	var pinned, gone []board.ID
	for _, it := range s.Items() {
		if it.Get("pinned") != nil {
			pinned = append(pinned, it.ID)
		}
		if !slices.Contains(kept, it.Type) && it.Type != board.TypeParticipant && it.Type != board.TypeBallot {
			gone = append(gone, it.ID)
		}
	}
	for _, op := range []board.Op{board.Freeze{}, board.Unfreeze{}, board.Pin{IDs: pinned}, board.Delete{IDs: gone}} {
		e := &board.Entry{Seq: s.Seq() + 1, Time: now, Role: board.Facilitator, N: s.Seq() + 1, Ops: []board.Op{op}}
		s.Apply(e)
		if _, is := op.(board.Delete); is && len(gone) > 0 && len(e.Refusals) > 0 {
			return fmt.Errorf("remove %s: %s", e.Refusals[0].Reason.ID, e.Refusals[0].Code)
		}
	}
	return nil
}

// firstPhase is where the method begins on a board.
func firstPhase(s *board.State) string {
	switch b := s.Item(board.BoardID); {
	case b.Text("phase") == "free":
		return "free"
	case slices.ContainsFunc(s.Items(), func(it *board.Item) bool { return it.Type == board.TypeAxis }):
		return "describe"
	}
	return "assess"
}
