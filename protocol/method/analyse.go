package method

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"jana/protocol/board"
)

// maxCells is up to which size a matrix is worth looking at. The items of a board would do for millions of cells.
const maxCells = 20_000

// TooLarge says whether the items of a board have more services times segments than are analysed.
func TooLarge(items []*board.Item) bool {
	services, segments := 0, 0
	for _, it := range items {
		switch it.Type {
		case board.TypeService:
			services++
		case board.TypeSegment:
			segments++
		}
	}
	return services*segments > maxCells
}

// Analyse tells what a board says of its notes, segments and services. A board that is [TooLarge] is better not asked.
func Analyse(s *board.State) *Analysis {
	on := read(s)
	m := on.matrix()
	a := m.serving()
	a.Thresholds = on.limits
	a.NoteCounts = s.NoteCounts()
	a.ZoneGrid = s.ZoneGrid()
	a.Groups = on.groups()
	a.SuggestedGroups = Suggest(on.placed(), on.limits.MinNotes)
	a.SimilarNotes = Similar(on.of(board.TypeNote), on.limits.SimilarText)
	a.PlacementConsensus = on.placementConsensus()
	a.SegmentPositions = on.segmentPositions()
	a.DescriptionCompleteness = on.descriptionCompleteness()
	a.CellStates = m.states()
	a.OverlappingPairs = m.overlappingPairs()
	a.WeakCells = m.weak()
	a.ServicesWithoutGoal = on.servicesWithoutGoal()
	a.RatingConsensus = m.ratingConsensus()
	a.Feedback = on.feedback()
	a.VoteRounds = on.voteRounds()
	return a
}

// serving is the part of an analysis that findings are made of: how the services serve the segments.
func (m *matrix) serving() *Analysis {
	a := &Analysis{Cells: m.all(), Overlaps: m.overlaps(), NeedGaps: m.needGaps(), Services: m.targeting(), ImpactGoals: m.goals()}
	a.Segments, a.TotalSupply, a.Imbalance = m.balance()
	return a
}

// reading is a board sorted for the analysis: what everybody sees, by type.
type reading struct {
	state  *board.State
	limits Thresholds
	axis   *board.Item
	byType map[board.Type][]*board.Item
	// stats are those of the groups, in their order.
	stats []board.Statistics
	// places are those of the segments on the axis, in tenths.
	places map[board.ID]int64
}

func read(s *board.State) *reading {
	on := &reading{
		state: s, limits: thresholdsOf(s.Item(board.BoardID)),
		byType: map[board.Type][]*board.Item{}, places: map[board.ID]int64{},
	}
	for _, it := range s.Items() {
		if len(it.To) == 0 {
			on.byType[it.Type] = append(on.byType[it.Type], it)
		}
	}
	for _, items := range on.byType {
		slices.SortStableFunc(items, func(a, b *board.Item) int { return cmp.Compare(a.Int("order"), b.Int("order")) })
	}
	if axes := on.of(board.TypeAxis); len(axes) > 0 {
		on.axis = axes[0]
	}
	medians := map[board.ID]int64{}
	on.stats = s.AllStatistics()
	for i, group := range on.of(board.TypeGroup) {
		if on.stats[i].N > 0 {
			medians[group.ID] = on.stats[i].Position()
		}
	}
	for _, segment := range on.of(board.TypeSegment) {
		if place, is := segment.Get("position").(int64); is {
			on.places[segment.ID] = place
		} else if median, is := medians[segment.Text("groupId")]; is {
			on.places[segment.ID] = median
		}
	}
	on.sortSegments()
	return on
}

// of are the items of a type in their order, then by id.
func (on *reading) of(t board.Type) []*board.Item { return on.byType[t] }

// sortSegments puts those with a place in the order of the axis, before the others in theirs.
func (on *reading) sortSegments() {
	place := func(segment *board.Item) int64 {
		if p, is := on.places[segment.ID]; is {
			return p
		}
		return math.MaxInt64
	}
	slices.SortStableFunc(on.of(board.TypeSegment), func(a, b *board.Item) int {
		if c := cmp.Compare(place(a), place(b)); c != 0 || place(a) == math.MaxInt64 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
}

// placed are the values of all notes on the axis, in tenths.
func (on *reading) placed() []int64 {
	var values []int64
	for _, note := range on.of(board.TypeNote) {
		if tenths, placed := board.Value10(on.axis, note.Int("x"), note.Int("y")); placed {
			values = append(values, tenths)
		}
	}
	return values
}

func ids(items []*board.Item) []board.ID {
	all := make([]board.ID, len(items))
	for i, it := range items {
		all[i] = it.ID
	}
	return all
}

func pointer(v float64) *Figure {
	f := Figure(v)
	return &f
}
