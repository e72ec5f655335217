package board

import (
	"math"
	"sort"
	"strings"
)

// Statistics are those of one group: over its notes that have a value.
type Statistics struct {
	N                        int
	Min, Q1, Median, Q3, Max float64
	IQR, Mean                float64
	Outliers                 []ID
	PerPerspective           map[ID]int
	// MissingFrom are the perspectives that the group has no note of.
	MissingFrom []ID
	// FailedChecks are the reasons why it is not ready to be a segment:
	// unnamed, duplicate_name, too_few_notes, too_few_perspectives, too_wide.
	FailedChecks []string
}

// Position is the median as a segment's place, in tenths.
func (g Statistics) Position() int64 { return int64(math.Floor(g.Median*10 + 0.5 + slack)) }

const slack = 1e-9

// Statistics computes those of a group. Source: DOMAIN §3.5; quantiles are R's
// type 7 (Excel's PERCENTILE.INC).
func (s *State) Statistics(group ID) Statistics {
	return s.groupGround().statistics(group)
}

// AllStatistics are those of all groups, in their order.
func (s *State) AllStatistics() []Statistics {
	on := s.groupGround()
	groups := s.ofType(TypeGroup)
	all := make([]Statistics, len(groups))
	for i, group := range groups {
		all[i] = on.statistics(group.ID)
	}
	return all
}

// groupGround is what the groups of a board have in common: their statistics
// cost what the groups hold, and not what the board does.
type groupGround struct {
	s            *State
	axis         *Item
	perspectives []*Item
	// named is how many groups have a name.
	named map[string]int
}

func (s *State) groupGround() *groupGround {
	on := &groupGround{s: s, axis: s.axis(), perspectives: s.ofType(TypePerspective), named: map[string]int{}}
	for _, it := range s.items {
		if it.Type == TypeGroup {
			on.named[comparedName(it)]++
		}
	}
	return on
}

// comparedName is a group's name as names are compared: trimmed, whatever its case.
func comparedName(group *Item) string {
	return strings.ToLower(strings.TrimSpace(group.Text("name")))
}

func (on *groupGround) statistics(group ID) Statistics {
	g := Statistics{PerPerspective: map[ID]int{}}
	var values []float64
	type valued struct {
		id    ID
		value float64
	}
	var notes []valued
	for _, note := range on.s.referring(group, TypeNote) {
		tenths, ok := Value10(on.axis, note.Int("x"), note.Int("y"))
		if !ok || len(note.To) > 0 {
			continue
		}
		v := float64(tenths) / 10
		values = append(values, v)
		notes = append(notes, valued{note.ID, v})
		if p := note.Text("perspectiveId"); p != "" {
			g.PerPerspective[p]++
		}
	}
	sort.Float64s(values)
	if g.N = len(values); g.N > 0 {
		g.Min, g.Max = values[0], values[g.N-1]
		g.Q1, g.Median, g.Q3 = quantile(values, 0.25), quantile(values, 0.5), quantile(values, 0.75)
		g.IQR = g.Q3 - g.Q1
		for _, v := range values {
			g.Mean += v / float64(g.N)
		}
		for _, note := range notes {
			if note.value < g.Q1-1.5*g.IQR-slack || note.value > g.Q3+1.5*g.IQR+slack {
				g.Outliers = append(g.Outliers, note.id)
			}
		}
	}
	for _, p := range on.perspectives {
		if g.PerPerspective[p.ID] == 0 {
			g.MissingFrom = append(g.MissingFrom, p.ID)
		}
	}
	g.FailedChecks = on.failedChecks(group, g)
	return g
}

// closeTo is how near two medians have to be for their groups to look alike.
const closeTo = 5

// CloseTo lists the groups, in their order, whose median is so near to that of a
// group that they may be one: a question to ask, which stops nothing.
func (s *State) CloseTo(group ID) []ID {
	on := s.groupGround()
	own := on.statistics(group)
	if own.N == 0 {
		return nil
	}
	var near []ID
	for _, other := range s.ofType(TypeGroup) {
		if other.ID == group {
			continue
		}
		if g := on.statistics(other.ID); g.N > 0 && math.Abs(g.Median-own.Median) < closeTo-slack {
			near = append(near, other.ID)
		}
	}
	return near
}

// failedChecks are the reasons why a group is not ready to be a segment.
func (on *groupGround) failedChecks(group ID, g Statistics) []string {
	var failed []string
	name := comparedName(on.s.items[group])
	if textLength(name) < 2 {
		failed = append(failed, "unnamed")
	}
	if name != "" && on.named[name] > 1 {
		failed = append(failed, "duplicate_name")
	}
	if float64(g.N) < on.s.threshold("minNotes", 3)-slack {
		failed = append(failed, "too_few_notes")
	}
	if g.N == 0 {
		return failed
	}
	if float64(len(g.PerPerspective)) < min(on.s.threshold("minPerspectives", 3), float64(len(on.perspectives)))-slack {
		failed = append(failed, "too_few_perspectives")
	}
	if g.IQR > on.s.threshold("maxIqr", 20)+slack {
		failed = append(failed, "too_wide")
	}
	return failed
}

// NoteCounts are what there is of notes that everybody sees.
type NoteCounts struct {
	Total  int `json:"total"`
	OnAxis int `json:"onAxis"`
	// Parked lie outside the band: without a value.
	Parked        int        `json:"parked"`
	Ungrouped     int        `json:"ungrouped"`
	ByPerspective map[ID]int `json:"byPerspective"`
}

// NoteCounts counts the notes.
func (s *State) NoteCounts() NoteCounts {
	axis := s.axis()
	n := NoteCounts{ByPerspective: map[ID]int{}}
	for _, it := range s.items {
		switch {
		case it.Type == TypePerspective:
			n.ByPerspective[it.ID] += 0
		case it.Type == TypeNote && len(it.To) == 0:
			n.Total++
			if _, placed := Value10(axis, it.Int("x"), it.Int("y")); placed {
				n.OnAxis++
			}
			if it.Get("groupId") == nil {
				n.Ungrouped++
			}
			if p := it.Text("perspectiveId"); p != "" {
				n.ByPerspective[p]++
			}
		}
	}
	n.Parked = n.Total - n.OnAxis
	return n
}

// zonesOfAxis is how many zones an axis has that does not say.
const zonesOfAxis = 5

// ZoneGrid is how many notes of each perspective lie in each zone of the axis.
// Empty without an axis.
func (s *State) ZoneGrid() map[ID][]int {
	grid := map[ID][]int{}
	axis := s.axis()
	if axis == nil {
		return grid
	}
	zones := axis.Int("zones")
	if zones == 0 {
		zones = zonesOfAxis
	}
	for _, p := range s.ofType(TypePerspective) {
		grid[p.ID] = make([]int, zones)
	}
	for _, it := range s.items {
		if it.Type != TypeNote || len(it.To) > 0 {
			continue
		}
		tenths, placed := Value10(axis, it.Int("x"), it.Int("y"))
		if row := grid[it.Text("perspectiveId")]; placed && row != nil {
			row[min(zones-1, tenths*zones/1000)]++
		}
	}
	return grid
}

func (s *State) threshold(name string, otherwise float64) float64 {
	if b := s.items[BoardID]; b != nil {
		if v, ok := b.Number("thresholds/" + name); ok {
			return v
		}
	}
	return otherwise
}

// quantile of sorted values: linear interpolation at (n−1)·p.
func quantile(sorted []float64, p float64) float64 {
	h := float64(len(sorted)-1) * p
	low := int(math.Floor(h))
	high := min(low+1, len(sorted)-1)
	return sorted[low] + (h-float64(low))*(sorted[high]-sorted[low])
}
