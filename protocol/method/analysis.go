package method

import (
	"math"
	"strconv"

	"jana/protocol/board"
)

// Figure is a share, score or ratio. It is rounded where it is written, half up to 4 decimals, and nowhere before.
type Figure float64

// MarshalJSON implements json.Marshaler.
func (f Figure) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, math.Floor(float64(f)*1e4+0.5+slack)/1e4, 'f', -1, 64), nil
}

// CellState says what is known of a service for a segment.
type CellState string

// Unassessed: nobody has said anything, or that it serves without any rating.
const (
	Unassessed CellState = "unassessed"
	NotServed  CellState = "not_served"
	Served     CellState = "served"
)

// Cell is one service for one segment.
type Cell struct {
	ServiceID board.ID  `json:"serviceId"`
	SegmentID board.ID  `json:"segmentId"`
	State     CellState `json:"state"`
	// Score is 0–1: the mean of the known ratings / 4; 0 without availability, and where it does not serve or is not assessed.
	Score  Figure `json:"score"`
	Covers bool   `json:"covers"`
	// Rated is how many of the five criteria have a rating or votes.
	Rated int `json:"rated"`
}

// Status of a segment: the first that fits, in this order.
type Status string

// Statuses of segments.
const (
	Unknown  Status = "unknown"
	Gap      Status = "gap"
	Thin     Status = "thin"
	PileUp   Status = "pileup"
	Balanced Status = "balanced"
)

// Segment is how the services serve one segment.
type Segment struct {
	SegmentID          board.ID   `json:"segmentId"`
	NeedWeight         Figure     `json:"needWeight"`
	NeedShare          Figure     `json:"needShare"`
	Supply             Figure     `json:"supply"`
	WeakSupply         Figure     `json:"weakSupply"`
	SupplyShare        Figure     `json:"supplyShare"`
	BalanceRatio       Figure     `json:"balanceRatio"`
	CoveringServiceIDs []board.ID `json:"coveringServiceIds"`
	CoverCount         int        `json:"coverCount"`
	AssessedShare      Figure     `json:"assessedShare"`
	// CriterionProfile is, by criterion, the weighted mean rating of the cells that are served; nil where none is known.
	CriterionProfile map[string]*Figure `json:"criterionProfile"`
	WeakCriteria     []string           `json:"weakCriteria"`
	Status           Status             `json:"status"`
}

// TargetStatus says whether a service reaches whom it is meant for.
type TargetStatus string

// Target statuses of services.
const (
	NoTarget    TargetStatus = "no_target"
	Unreached   TargetStatus = "unreached"
	Mistargeted TargetStatus = "mistargeted"
	OnTarget    TargetStatus = "on_target"
)

// Service is whom one service covers, against whom it is meant for.
type Service struct {
	ServiceID         board.ID     `json:"serviceId"`
	CoveredSegmentIDs []board.ID   `json:"coveredSegmentIds"`
	MissedSegmentIDs  []board.ID   `json:"missedSegmentIds"`
	SpillSegmentIDs   []board.ID   `json:"spillSegmentIds"`
	Precision         *Figure      `json:"precision"`
	Recall            *Figure      `json:"recall"`
	TargetStatus      TargetStatus `json:"targetStatus"`
}

// Overlap is several services of a category that cover one segment.
type Overlap struct {
	SegmentID  board.ID   `json:"segmentId"`
	CategoryID board.ID   `json:"categoryId"`
	ServiceIDs []board.ID `json:"serviceIds"`
	Excess     int        `json:"excess"`
}

// Severity of a need gap.
type Severity string

// Severities of need gaps: there is no service, there are some that do not work, or it has not been looked into.
const (
	NeedMissing Severity = "missing"
	NeedWeak    Severity = "weak"
	NeedUnknown Severity = "unknown"
)

// NeedGap is a category that a segment needs and no service of it covers.
type NeedGap struct {
	SegmentID  board.ID `json:"segmentId"`
	CategoryID board.ID `json:"categoryId"`
	Severity   Severity `json:"severity"`
	// ServiceIDs are those that are weak there, or, while it is unknown, those that are not assessed.
	ServiceIDs []board.ID `json:"serviceIds"`
}

// CellRef names a cell.
type CellRef struct {
	ServiceID board.ID `json:"serviceId"`
	SegmentID board.ID `json:"segmentId"`
}

// OverlappingPair is two services of one category that cover nearly the same segments.
type OverlappingPair struct {
	ServiceIDs [2]board.ID `json:"serviceIds"`
	Jaccard    Figure      `json:"jaccard"`
}

// Goal is how far a goal's services reach its segments.
type Goal struct {
	GoalID            board.ID   `json:"goalId"`
	ReachedSegmentIDs []board.ID `json:"reachedSegmentIds"`
	Reach             *Figure    `json:"reach"`
	WithoutMeans      bool       `json:"withoutMeans"`
}

// Consensus is how far several answers to one question agree.
type Consensus struct {
	Median    Figure `json:"median"`
	Agreement Figure `json:"agreement"`
	Discuss   bool   `json:"discuss"`
}

// PlacementConsensus is that of where a note belongs.
type PlacementConsensus struct {
	NoteID board.ID `json:"noteId"`
	Consensus
}

// RatingConsensus is that of a cell's votes by one criterion.
type RatingConsensus struct {
	CellRef
	Criterion string `json:"criterion"`
	Consensus
}

// Group is the statistics of one group: over its notes that have a value. Values are 0–100, nil while there are none.
type Group struct {
	GroupID board.ID `json:"groupId"`
	// Notes is how many have a value.
	Notes               int              `json:"notes"`
	Min                 *Figure          `json:"min"`
	Q1                  *Figure          `json:"q1"`
	Median              *Figure          `json:"median"`
	Q3                  *Figure          `json:"q3"`
	Max                 *Figure          `json:"max"`
	IQR                 *Figure          `json:"iqr"`
	Mean                *Figure          `json:"mean"`
	PerspectiveCounts   map[board.ID]int `json:"perspectiveCounts"`
	Perspectives        int              `json:"perspectives"`
	MissingPerspectives []board.ID       `json:"missingPerspectives"`
	OutlierNoteIDs      []board.ID       `json:"outlierNoteIds"`
	Ready               bool             `json:"ready"`
	FailedChecks        []string         `json:"failedChecks"`
}

// Cluster is the notes of a suggested group, by their values.
type Cluster struct {
	From Figure `json:"from"`
	To   Figure `json:"to"`
	Size int    `json:"size"`
}

// Candidate is the best way to make k groups.
type Candidate struct {
	K          int    `json:"k"`
	Silhouette Figure `json:"silhouette"`
	// GVF is which share of the differences between notes the groups explain.
	GVF      Figure    `json:"gvf"`
	Clusters []Cluster `json:"clusters"`
}

// SuggestedGroups are the candidates by k. ChosenK is nil when no number of groups is worth suggesting.
type SuggestedGroups struct {
	ChosenK    *int        `json:"chosenK"`
	Candidates []Candidate `json:"candidates"`
}

// SimilarNotes are two notes that may say the same.
type SimilarNotes struct {
	NoteIDs    [2]board.ID `json:"noteIds"`
	Similarity Figure      `json:"similarity"`
}

// SegmentPosition is a segment's place on the axis; nil without one.
type SegmentPosition struct {
	SegmentID board.ID `json:"segmentId"`
	Position  *Figure  `json:"position"`
}

// MissingDescription is a heading under which nothing is written of a segment.
type MissingDescription struct {
	SegmentID board.ID `json:"segmentId"`
	HeadingID board.ID `json:"headingId"`
}

// DescriptionCompleteness is how much of the segment cards is written.
type DescriptionCompleteness struct {
	Filled  int                  `json:"filled"`
	Total   int                  `json:"total"`
	Missing []MissingDescription `json:"missing"`
}

// FeedbackCounts are notes of feedback by kind.
type FeedbackCounts struct {
	Plus     int `json:"plus"`
	Minus    int `json:"minus"`
	Idea     int `json:"idea"`
	Question int `json:"question"`
}

// Feedback is what came in.
type Feedback struct {
	ByKind FeedbackCounts `json:"byKind"`
	// ByTarget is by "board", "service:<id>" or "segment:<id>".
	ByTarget map[string]*FeedbackCounts `json:"byTarget"`
}

// VoteTotal is what one item got.
type VoteTotal struct {
	ItemID board.ID `json:"itemId"`
	Dots   int64    `json:"dots"`
	Voters int      `json:"voters"`
}

// VoteResult is the outcome of one vote, what got most first.
type VoteResult struct {
	VoteRoundID      board.ID    `json:"voteRoundId"`
	Totals           []VoteTotal `json:"totals"`
	RejectedVoterIDs []board.ID  `json:"rejectedVoterIds"`
}

// Analysis is all that a board says. Segments come in the order of the axis, all else in the order of the board.
type Analysis struct {
	Thresholds              Thresholds              `json:"thresholds"`
	NoteCounts              board.NoteCounts        `json:"noteCounts"`
	ZoneGrid                map[board.ID][]int      `json:"zoneGrid"`
	Groups                  []Group                 `json:"groups"`
	SuggestedGroups         SuggestedGroups         `json:"suggestedGroups"`
	SimilarNotes            []SimilarNotes          `json:"similarNotes"`
	PlacementConsensus      []PlacementConsensus    `json:"placementConsensus"`
	SegmentPositions        []SegmentPosition       `json:"segmentPositions"`
	DescriptionCompleteness DescriptionCompleteness `json:"descriptionCompleteness"`
	Cells                   []Cell                  `json:"cells"`
	CellStates              map[CellState]int       `json:"cellStates"`
	Segments                []Segment               `json:"segments"`
	TotalSupply             Figure                  `json:"totalSupply"`
	// Imbalance is the share of supply that would have to move; nil while there is no supply.
	Imbalance           *Figure              `json:"imbalance"`
	Overlaps            []Overlap            `json:"overlaps"`
	NeedGaps            []NeedGap            `json:"needGaps"`
	Services            []Service            `json:"services"`
	OverlappingPairs    []OverlappingPair    `json:"overlappingPairs"`
	WeakCells           map[string][]CellRef `json:"weakCells"`
	ImpactGoals         []Goal               `json:"impactGoals"`
	ServicesWithoutGoal []board.ID           `json:"servicesWithoutGoal"`
	RatingConsensus     []RatingConsensus    `json:"ratingConsensus"`
	Feedback            Feedback             `json:"feedback"`
	VoteRounds          []VoteResult         `json:"voteRounds"`
}
