package method

import (
	"strings"

	"jana/protocol/board"
)

// groups are the statistics of all groups.
func (on *reading) groups() []Group {
	all := []Group{}
	perspectives := on.of(board.TypePerspective)
	for i, item := range on.of(board.TypeGroup) {
		st := on.stats[i]
		value := func(v float64) *Figure {
			if st.N == 0 {
				return nil
			}
			return pointer(v)
		}
		counts := map[board.ID]int{}
		for _, p := range perspectives {
			counts[p.ID] = st.PerPerspective[p.ID]
		}
		all = append(all, Group{
			GroupID: item.ID, Notes: st.N,
			Min: value(st.Min), Q1: value(st.Q1), Median: value(st.Median), Q3: value(st.Q3), Max: value(st.Max),
			IQR: value(st.IQR), Mean: value(st.Mean),
			PerspectiveCounts: counts, Perspectives: len(perspectives) - len(st.MissingFrom),
			MissingPerspectives: append([]board.ID{}, st.MissingFrom...), OutlierNoteIDs: append([]board.ID{}, st.Outliers...),
			Ready: len(st.FailedChecks) == 0, FailedChecks: append([]string{}, st.FailedChecks...),
		})
	}
	return all
}

// segmentPositions are the segments' places on the axis: where somebody has put them, else the median of their group.
func (on *reading) segmentPositions() []SegmentPosition {
	all := []SegmentPosition{}
	for _, segment := range on.of(board.TypeSegment) {
		at := SegmentPosition{SegmentID: segment.ID}
		if tenths, is := on.places[segment.ID]; is {
			at.Position = pointer(float64(tenths) / 10)
		}
		all = append(all, at)
	}
	return all
}

// descriptionCompleteness is how much is written of the segments under the headings.
func (on *reading) descriptionCompleteness() DescriptionCompleteness {
	d := DescriptionCompleteness{Missing: []MissingDescription{}}
	for _, segment := range on.of(board.TypeSegment) {
		for _, heading := range on.of(board.TypeHeading) {
			d.Total++
			if strings.TrimSpace(segment.Text("descriptions/"+heading.ID)) != "" {
				d.Filled++
			} else {
				d.Missing = append(d.Missing, MissingDescription{segment.ID, heading.ID})
			}
		}
	}
	return d
}
