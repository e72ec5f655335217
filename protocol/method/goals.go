package method

import (
	"slices"

	"jana/protocol/board"
)

// goals are how far the services of each goal reach its segments.
func (m *matrix) goals() []Goal {
	all := []Goal{}
	for _, item := range m.of(board.TypeGoal) {
		means, segments := set(item.List("serviceIds")), set(item.List("segmentIds"))
		rows := [][]assessed{}
		for i, service := range m.services {
			if means[service.ID] {
				rows = append(rows, m.cells[i])
			}
		}
		g := Goal{GoalID: item.ID, ReachedSegmentIDs: []board.ID{}, WithoutMeans: len(means) == 0}
		for column, segment := range m.segments {
			if segments[segment.ID] && slices.ContainsFunc(rows, func(row []assessed) bool { return row[column].Covers }) {
				g.ReachedSegmentIDs = append(g.ReachedSegmentIDs, segment.ID)
			}
		}
		g.Reach = share(len(g.ReachedSegmentIDs), len(segments))
		all = append(all, g)
	}
	return all
}

// servicesWithoutGoal are those that no goal names.
func (on *reading) servicesWithoutGoal() []board.ID {
	named := map[board.ID]bool{}
	for _, goal := range on.of(board.TypeGoal) {
		for _, id := range goal.List("serviceIds") {
			named[id] = true
		}
	}
	return slices.DeleteFunc(ids(on.of(board.TypeService)), func(id board.ID) bool { return named[id] })
}
