package method

import (
	"slices"

	"jana/protocol/board"
)

// Kind of a finding.
type Kind string

// Kinds, in the order in which findings are told.
const (
	FoundGap         Kind = "gap"
	FoundNeed        Kind = "need"
	FoundThin        Kind = "thin"
	FoundUnreached   Kind = "unreached"
	FoundMistargeted Kind = "mistargeted"
	FoundPileUp      Kind = "pileup"
	FoundOverlap     Kind = "overlap"
	FoundGoal        Kind = "goal" // without means
)

// Finding is something in an analysis to talk about.
type Finding struct {
	// ID is the same in the next analysis, if it is still found there.
	ID   string `json:"id"`
	Kind Kind   `json:"kind"`
	// Severity is that of a need gap.
	Severity   Severity `json:"severity,omitempty"`
	SegmentID  board.ID `json:"segmentId,omitempty"`
	CategoryID board.ID `json:"categoryId,omitempty"`
	// ServiceIDs are those that cover the segment, that overlap, that are weak or unknown in a need, or the one that misses
	// whom it is meant for.
	ServiceIDs []board.ID `json:"serviceIds"`
	// IntendedSegmentIDs and CoveredSegmentIDs are those of a service.
	IntendedSegmentIDs []board.ID        `json:"intendedSegmentIds,omitempty"`
	CoveredSegmentIDs  []board.ID        `json:"coveredSegmentIds,omitempty"`
	GoalID             board.ID          `json:"goalId,omitempty"`
	Figures            map[string]Figure `json:"figures"`
}

// Findings are what an analysis gives to talk about, what hurts most first. There are none without segments and services.
func (a *Analysis) Findings() []Finding {
	if len(a.Cells) == 0 {
		return []Finding{}
	}
	return slices.Concat(
		a.statusFindings(Gap, FoundGap),
		a.needFindings(NeedMissing), a.needFindings(NeedWeak), a.needFindings(NeedUnknown),
		a.statusFindings(Thin, FoundThin),
		a.targetFindings(Unreached, FoundUnreached), a.targetFindings(Mistargeted, FoundMistargeted),
		a.statusFindings(PileUp, FoundPileUp),
		a.overlapFindings(),
		a.goalFindings(),
	)
}

// statusFindings are the segments of a status.
func (a *Analysis) statusFindings(status Status, kind Kind) []Finding {
	all := []Finding{}
	for _, s := range a.Segments {
		if s.Status == status {
			all = append(all, Finding{
				ID: string(kind) + "." + s.SegmentID, Kind: kind, SegmentID: s.SegmentID, ServiceIDs: s.CoveringServiceIDs,
				Figures: map[string]Figure{
					"coverCount": Figure(s.CoverCount), "supplyShare": s.SupplyShare, "needShare": s.NeedShare, "balanceRatio": s.BalanceRatio,
				},
			})
		}
	}
	return all
}

func (a *Analysis) needFindings(severity Severity) []Finding {
	all := []Finding{}
	for _, gap := range a.NeedGaps {
		if gap.Severity == severity {
			all = append(all, Finding{
				ID: "need." + gap.SegmentID + "." + gap.CategoryID, Kind: FoundNeed, Severity: severity,
				SegmentID: gap.SegmentID, CategoryID: gap.CategoryID, ServiceIDs: gap.ServiceIDs, Figures: map[string]Figure{},
			})
		}
	}
	return all
}

// targetFindings are the services of a target status.
func (a *Analysis) targetFindings(status TargetStatus, kind Kind) []Finding {
	all := []Finding{}
	for _, s := range a.Services {
		if s.TargetStatus != status {
			continue
		}
		f := Finding{
			ID: string(kind) + "." + s.ServiceID, Kind: kind, ServiceIDs: []board.ID{s.ServiceID},
			CoveredSegmentIDs: s.CoveredSegmentIDs, Figures: map[string]Figure{"recall": *s.Recall},
		}
		if s.Precision != nil {
			f.Figures["precision"] = *s.Precision
		}
		for _, segment := range a.Segments {
			id := segment.SegmentID
			hit := slices.Contains(s.CoveredSegmentIDs, id) && !slices.Contains(s.SpillSegmentIDs, id)
			if hit || slices.Contains(s.MissedSegmentIDs, id) {
				f.IntendedSegmentIDs = append(f.IntendedSegmentIDs, id)
			}
		}
		all = append(all, f)
	}
	return all
}

func (a *Analysis) overlapFindings() []Finding {
	all := []Finding{}
	for _, o := range a.Overlaps {
		all = append(all, Finding{
			ID: "overlap." + o.SegmentID + "." + o.CategoryID, Kind: FoundOverlap,
			SegmentID: o.SegmentID, CategoryID: o.CategoryID, ServiceIDs: o.ServiceIDs, Figures: map[string]Figure{"excess": Figure(o.Excess)},
		})
	}
	return all
}

func (a *Analysis) goalFindings() []Finding {
	all := []Finding{}
	for _, g := range a.ImpactGoals {
		if g.WithoutMeans {
			all = append(all, Finding{ID: "goal." + g.GoalID, Kind: FoundGoal, GoalID: g.GoalID, ServiceIDs: []board.ID{}, Figures: map[string]Figure{}})
		}
	}
	return all
}
