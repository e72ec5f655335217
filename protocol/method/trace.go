package method

import (
	"slices"

	"jana/protocol/board"
)

// Trace is what a finding rests on, from the cells to the notes behind the segments.
type Trace struct {
	Cells      []CellRef  `json:"cells"`
	SegmentIDs []board.ID `json:"segmentIds"`
	GroupIDs   []board.ID `json:"groupIds"`
	NoteIDs    []board.ID `json:"noteIds"`
}

// Trace follows a finding back to what people said.
func (f Finding) Trace(s *board.State) Trace {
	on := read(s)
	t := Trace{[]CellRef{}, []board.ID{}, []board.ID{}, []board.ID{}}
	about := f.segments(s)
	for _, segment := range on.of(board.TypeSegment) {
		if !slices.Contains(about, segment.ID) {
			continue
		}
		t.SegmentIDs = append(t.SegmentIDs, segment.ID)
		if group := segment.Text("groupId"); group != "" {
			t.GroupIDs = append(t.GroupIDs, group)
		}
	}
	for _, service := range on.of(board.TypeService) {
		if f.restsOn(service) {
			for _, segment := range t.SegmentIDs {
				t.Cells = append(t.Cells, CellRef{service.ID, segment})
			}
		}
	}
	for _, group := range t.GroupIDs {
		for _, note := range on.of(board.TypeNote) {
			if note.Text("groupId") == group {
				t.NoteIDs = append(t.NoteIDs, note.ID)
			}
		}
	}
	return t
}

// segments are those that a finding is about.
func (f Finding) segments(s *board.State) []board.ID {
	switch {
	case f.SegmentID != "":
		return []board.ID{f.SegmentID}
	case f.GoalID != "":
		return s.Item(f.GoalID).List("segmentIds")
	}
	return slices.Concat(f.IntendedSegmentIDs, f.CoveredSegmentIDs)
}

// restsOn says whether a finding is drawn from the cells of a service: of those it names, else of those of its category; a
// gap from all.
func (f Finding) restsOn(service *board.Item) bool {
	switch {
	case f.Kind == FoundGoal:
		return false
	case len(f.ServiceIDs) > 0:
		return slices.Contains(f.ServiceIDs, service.ID)
	case f.CategoryID != "":
		return service.Text("categoryId") == f.CategoryID
	}
	return true
}
