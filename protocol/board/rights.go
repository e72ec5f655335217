package board

// Right names what the phase allows participants to do.
type Right string

// Rights: the columns of the table of phases.
const (
	RightAdd        Right = "add"    // make notes
	RightEdit       Right = "edit"   // edit notes: "all", "own", "none"
	RightDelete     Right = "delete" // delete notes: "all", "own", "none"
	RightMove       Right = "move"   // move notes: "all", "own", "none"
	RightGroup      Right = "group"  // group, ungroup, name
	RightCard       Right = "card"   // write a segment's descriptions
	RightPlace      Right = "place"  // place a segment on the axis
	RightAssess     Right = "assess"
	RightGoals      Right = "goals"
	RightExperiment Right = "experiment"
	RightFeedback   Right = "feedback"
	RightComment    Right = "comment" // comment on notes
)

// Reach is how far a right goes.
type Reach string

// Reaches. A right that knows no owner has all or none.
const (
	All  Reach = "all"
	Own  Reach = "own"
	None Reach = "none"
)

// Rights in their order on screen.
var Rights = []Right{
	RightAdd, RightEdit, RightDelete, RightMove, RightGroup, RightCard, RightPlace, RightAssess,
	RightGoals, RightExperiment, RightFeedback, RightComment,
}

// presets says what each phase allows; what is missing is none.
var presets = map[string]map[Right]Reach{
	"free": {
		RightAdd: All, RightEdit: All, RightDelete: All, RightMove: All, RightGroup: All, RightCard: All, RightPlace: All,
		RightAssess: All, RightGoals: All, RightExperiment: All, RightFeedback: All, RightComment: All,
	},
	"describe":   {RightAdd: All, RightEdit: Own, RightDelete: Own, RightMove: All, RightComment: All},
	"group":      {RightEdit: Own, RightGroup: All, RightComment: All},
	"name":       {RightEdit: Own, RightGroup: All, RightComment: All},
	"segment":    {RightCard: All, RightPlace: All, RightComment: All},
	"place":      {RightCard: All, RightPlace: All, RightComment: All},
	"assess":     {RightAssess: All, RightGoals: All, RightComment: All},
	"goals":      {RightAssess: All, RightGoals: All, RightComment: All},
	"feedback":   {RightGoals: All, RightExperiment: All, RightFeedback: All, RightComment: All},
	"experiment": {RightGoals: All, RightExperiment: All, RightFeedback: All, RightComment: All},
	"closed":     {},
}

// reachOf says how far a right goes for participants on this board now.
func reachOf(b *Item, r Right) Reach {
	if over, ok := b.Get("rights/" + string(r)).(string); ok {
		return Reach(over)
	}
	if reach, ok := presets[b.Text("phase")][r]; ok {
		return reach
	}
	return None
}

// validReach reports whether a right may be set to reach.
func validReach(r Right, reach Reach) bool {
	switch reach {
	case All, None:
		return true
	case Own:
		return r == RightEdit || r == RightDelete || r == RightMove
	}
	return false
}
