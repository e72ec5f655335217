package board

import "slices"

// Type says what an item is.
type Type string

// Item types that boards hold.
const (
	TypeBoard       Type = "board"
	TypeParticipant Type = "participant"
	TypeLink        Type = "link"
	TypeAxis        Type = "axis"
	TypePerspective Type = "perspective"
	TypeNote        Type = "note"
	TypeGroup       Type = "group"
	TypeSegment     Type = "segment"
	TypeHeading     Type = "heading"
	TypeCategory    Type = "category"
	TypeService     Type = "service"
	TypeAssessment  Type = "assessment"
	TypeGoal        Type = "goal"
	TypeFeedback    Type = "feedback"
	TypeExperiment  Type = "experiment"
	TypeVote        Type = "vote"
	TypeBallot      Type = "ballot"
	TypeProposal    Type = "proposal"
)

// Limits of a board. A text is counted in code points.
const (
	MaxNoteText     = 1000
	MaxDescription  = 4000
	MaxFeedback     = 300
	MaxName         = 120
	MaxItems        = 10_000
	MaxParticipants = 500
	MaxOps          = 200
	MaxCoordinate   = 1_000_000
	MaxID           = 40
	maxList         = 1000 // entries of a list or map field
	maxProposal     = 64 << 10
	maxCard         = 500
	maxTags         = 20
)

// Criteria are what a service is rated by, each 0–4.
var Criteria = []string{"availability", "sufficiency", "timeliness", "targeting", "resources"}

// Sides that people may say they come from, where a board asks.
var Sides = []string{"staff", "customer", "partner"}

// Phases in the order of a workshop, after free.
var Phases = []string{"free", "describe", "group", "name", "segment", "place", "assess", "goals", "feedback", "experiment", "closed"}

type kind int

const (
	kindText kind = iota // several lines
	kindLine             // one line
	kindInteger
	kindDecimal
	kindFlag
	kindEnum
	kindRef   // the id of an item
	kindRefs  // ids of items
	kindLines // short texts
	kindMap   // key → value
	kindStamp // an object that Apply writes; only its shape is checked
)

// field says what a field of an item may hold and who may set it.
type field struct {
	name     string
	kind     kind
	limit    int // code points of a text, entries of a list
	min, max float64
	values   []string
	of       []Type   // what a ref may point at, and what keys of a map are ids of
	keys     []string // the keys that a map may have, if it is not keyed by ids
	elem     *field   // what a map holds
	need     bool     // must be present
	own      bool     // set by Apply alone, never by create or edit
	right    Right    // to edit it; absent: that of its type
}

// itemType says what an item of a type consists of.
type itemType struct {
	fields []field
	// right to create and edit it; "" is for facilitators alone.
	right Right
	// made: participants' clients may create it with the op create.
	made bool
	// deletable by the op delete.
	deletable bool
	// with are types whose items cannot be without one of this type; they are
	// deleted along when the ref field named is cleared.
	with []dependent
}

type dependent struct {
	t     Type
	field string
}

func text(name string, limit int) field { return field{name: name, kind: kindText, limit: limit} }
func line(name string) field            { return field{name: name, kind: kindLine, limit: MaxName} }
func coord(name string) field {
	return field{name: name, kind: kindInteger, min: -MaxCoordinate, max: MaxCoordinate, need: true}
}

func integer(name string, low, high float64) field {
	return field{name: name, kind: kindInteger, min: low, max: high}
}

// positive is more than nothing by so much that shares of it are numbers still.
func positive(name string) field {
	return field{name: name, kind: kindDecimal, min: 1e-6, max: 1e9}
}

func enum(name string, values ...string) field {
	return field{name: name, kind: kindEnum, values: values}
}
func toggle(name string) field          { return field{name: name, kind: kindFlag} }
func ref(name string, of ...Type) field { return field{name: name, kind: kindRef, of: of} }
func refs(name string, of ...Type) field {
	return field{name: name, kind: kindRefs, of: of, limit: 500}
}
func stamp(name string) field    { return field{name: name, kind: kindStamp, own: true} }
func (f field) needed() field    { f.need = true; return f }
func (f field) ours() field      { f.own = true; return f }
func (f field) by(r Right) field { f.right = r; return f }

func mapOf(name string, elem field, of ...Type) field {
	return field{name: name, kind: kindMap, of: of, elem: &elem, limit: maxList}
}

func mapByKey(name string, elem field, keys []string) field {
	return field{name: name, kind: kindMap, keys: keys, elem: &elem, limit: maxList}
}

var order = integer("order", -MaxCoordinate, MaxCoordinate)

var thresholds = []string{
	"minNotes", "minPerspectives", "maxIqr", "coverScore", "thinRatio", "pileRatio", "minPileCount",
	"minAssessedShare", "weakRating", "weakProfile", "minPrecision", "minRecall", "discussAgreement", "similarText",
}

// cards are the keys of what a facilitator says, looks for and does then in each
// phase, where that is another text than the page's own: "describe.say".
func cards() []string {
	var keys []string
	for _, phase := range Phases {
		for _, part := range []string{"say", "look", "then"} {
			keys = append(keys, phase+"."+part)
		}
	}
	return keys
}

// schema is the table of all item types.
var schema = map[Type]*itemType{
	TypeBoard: {fields: []field{
		line("title").needed(), enum("language", "fi", "sv", "en"), text("description", MaxDescription),
		line("targetGroup"), line("place"), line("region"), line("organiser"), enum("stage", "draft", "inUse", "closed"),
		{name: "tags", kind: kindLines, limit: maxTags},
		{name: "downloads", kind: kindLines, limit: 30},
		integer("durationMinutes", 1, 100_000), integer("created", 0, maxSafe).ours(), enum("authors", "facilitators", "all"), toggle("sides"),
		mapByKey("cards", field{kind: kindText, limit: maxCard}, cards()), mapByKey("thresholds", field{kind: kindDecimal, max: 1e6}, thresholds),
		enum("phase", Phases...).ours(), stamp("phaseSet"), stamp("rights"), stamp("lock"), stamp("private"), stamp("milestones"),
	}},
	TypeParticipant: {fields: []field{
		line("name").ours(), enum("role", "facilitator", "participant", "viewer", "visitor").ours(),
		ref("link", TypeLink).ours(), enum("kind", "tablet", "remote").ours(), enum("side", Sides...).ours(),
	}},
	TypeLink: {fields: []field{
		enum("role", "facilitator", "participant", "viewer", "visitor").ours(), line("name").ours(), line("as").ours(),
		line("question").ours(), stampTarget.ours(), toggle("owner").ours(), stamp("made"), stamp("revoked"),
	}},
	TypeAxis: {fields: []field{
		line("title"), line("minLabel"), line("maxLabel"), coord("x0").ours(), coord("x1").ours(),
		coord("bandTop").ours(), coord("bandBottom").ours(), integer("zones", 1, 20),
	}},
	TypePerspective: {fields: []field{line("name").needed(), {name: "letters", kind: kindLine, limit: 3}, order}, deletable: true},
	TypeNote: {fields: []field{
		text("text", MaxNoteText), ref("perspectiveId", TypePerspective), ref("groupId", TypeGroup).ours(),
		ref("authorId").ours(), coord("x"), coord("y"), integer("z", 0, maxSafe).ours(), enum("kind", "quote"),
		text("comment", MaxNoteText).by(RightComment), mapOf("placements", field{kind: kindDecimal, max: 100}).ours(),
	}, right: RightEdit, made: true, deletable: true},
	TypeGroup: {fields: []field{line("name"), order.ours()}, right: RightGroup, deletable: true},
	TypeSegment: {
		fields: []field{
			line("name").by(RightGroup), ref("groupId", TypeGroup).ours(), positive("customers").by(RightAssess), positive("needFactor").by(RightAssess),
			refs("needs", TypeCategory).by(RightAssess), mapOf("descriptions", field{kind: kindText, limit: MaxDescription}, TypeHeading).by(RightCard),
			integer("position", 0, 1000).by(RightPlace), toggle("byHand").ours(), stamp("frozen"), order,
		}, right: RightCard, made: true, deletable: true,
		with: []dependent{{TypeAssessment, "segmentId"}},
	},
	TypeHeading:  {fields: []field{line("name").needed(), order}, deletable: true},
	TypeCategory: {fields: []field{line("name").needed(), order}, deletable: true},
	TypeService: {
		fields: []field{
			line("name").needed(), text("description", MaxDescription), ref("categoryId", TypeCategory), positive("weight"),
			refs("intendedSegmentIds", TypeSegment), order,
		}, right: RightAssess, made: true, deletable: true,
		with: []dependent{{TypeAssessment, "serviceId"}},
	},
	TypeAssessment: {fields: []field{
		ref("serviceId", TypeService).ours().needed(), ref("segmentId", TypeSegment).ours().needed(), toggle("serves").ours(),
		mapByKey("ratings", field{kind: kindInteger, max: 4}, Criteria).ours(),
		mapByKey("votes", mapOf("", field{kind: kindInteger, max: 4}), Criteria).ours(), text("comment", MaxDescription),
	}, right: RightAssess, deletable: true},
	TypeGoal: {fields: []field{
		text("text", MaxNoteText), text("indicator", MaxNoteText), refs("serviceIds", TypeService), refs("segmentIds", TypeSegment), order,
	}, right: RightGoals, made: true, deletable: true},
	TypeFeedback: {fields: []field{
		text("text", MaxFeedback), enum("kind", "plus", "minus", "idea", "question").needed(), stampTarget, ref("authorId").ours(),
		toggle("waiting").ours(), order,
	}, right: RightFeedback, made: true, deletable: true},
	TypeExperiment: {fields: []field{
		line("title"), text("hypothesis", MaxNoteText), text("trial", MaxNoteText), text("measure", MaxNoteText), text("successCriterion", MaxNoteText),
		text("learnt", MaxNoteText), refs("serviceIds", TypeService), refs("segmentIds", TypeSegment), refs("goalIds", TypeGoal),
		enum("status", "planned", "running", "done"), enum("decision", "continue", "adapt", "stop"), order,
	}, right: RightExperiment, made: true, deletable: true},
	TypeVote: {
		fields: []field{
			line("question"), integer("dotsPerPerson", 1, 100), integer("maxPerItem", 1, 100), toggle("hiddenUntilClosed"),
			{name: "itemType", kind: kindLine, limit: MaxName},
			refs("itemIds"), order,
		}, deletable: true,
		with: []dependent{{TypeBallot, "voteId"}},
	},
	TypeBallot: {fields: []field{
		ref("voteId", TypeVote).ours().needed(), ref("voterId").ours(), mapOf("dots", field{kind: kindInteger, max: 1000}).ours(), toggle("rejected").ours(),
	}},
	TypeProposal: {fields: []field{
		// op as JSON, of the push (by, client, n), and what it was refused for.
		text("op", maxProposal).ours(), ref("by").ours(), line("client").ours(), integer("n", 0, maxSafe).ours(),
		line("code").ours(), toggle("rescued").ours(), stamp("made"),
	}, deletable: true},
}

// stampTarget is what a feedback note is about, or what a link asks for: {type, id}.
var stampTarget = field{name: "target", kind: kindStamp}

func (t *itemType) field(name string) *field {
	for i := range t.fields {
		if t.fields[i].name == name {
			return &t.fields[i]
		}
	}
	return nil
}

// written says whether a field holds what somebody wrote.
func (f *field) written() bool {
	return f.kind == kindText || f.kind == kindLine || f.kind == kindMap && f.elem.kind == kindText
}

// shared are fields that an item of any type may have.
var shared = []field{stamp("pinned")}

func fieldOf(t Type, name string) *field {
	def := schema[t]
	if def == nil {
		return nil
	}
	if f := def.field(name); f != nil {
		return f
	}
	if i := slices.IndexFunc(shared, func(f field) bool { return f.name == name }); i >= 0 {
		return &shared[i]
	}
	return nil
}
