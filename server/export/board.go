package export

import (
	"fmt"

	"jana/protocol/board"
)

// WithoutAuthors takes a file in the form of board.State.Export and gives it back without who wrote which note.
func WithoutAuthors(file []byte) ([]byte, error) {
	state, problems := board.Import(file, 0)
	if len(problems) > 0 {
		return nil, fmt.Errorf("read an export again: %v", problems[0])
	}
	e := &board.Entry{Seq: state.Seq() + 1}
	for _, it := range state.Items() {
		if it.Get("authorId") != nil {
			e.Changes = append(e.Changes, board.Change{Set: it.ID, Fields: []board.Field{{Name: "authorId"}}})
		}
	}
	if err := state.Land(e); err != nil {
		return nil, fmt.Errorf("take the authors out of an export: %w", err)
	}
	return state.Export(), nil
}
