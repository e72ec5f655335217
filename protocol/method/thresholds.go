package method

import "jana/protocol/board"

// slack lets a comparison that includes its limit hold for what is equal but for the last bits of a decimal.
const slack = 1e-9

func atLeast(a, b float64) bool { return a >= b-slack }
func above(a, b float64) bool   { return a > b+slack }

// Thresholds are the limits that the analysis works with. A board may have its own.
type Thresholds struct {
	MinNotes         float64 `json:"minNotes"`
	MinPerspectives  float64 `json:"minPerspectives"`
	MaxIQR           float64 `json:"maxIqr"`
	CoverScore       float64 `json:"coverScore"`
	ThinRatio        float64 `json:"thinRatio"`
	PileRatio        float64 `json:"pileRatio"`
	MinPileCount     float64 `json:"minPileCount"`
	MinAssessedShare float64 `json:"minAssessedShare"`
	WeakRating       float64 `json:"weakRating"`
	WeakProfile      float64 `json:"weakProfile"`
	MinPrecision     float64 `json:"minPrecision"`
	MinRecall        float64 `json:"minRecall"`
	DiscussAgreement float64 `json:"discussAgreement"`
	SimilarText      float64 `json:"similarText"`
}

// thresholdsOf are a board's own limits, and where it has none those that a workshop begins with.
func thresholdsOf(settings *board.Item) Thresholds {
	own := func(name string, otherwise float64) float64 {
		if v, is := settings.Number("thresholds/" + name); is {
			return v
		}
		return otherwise
	}
	return Thresholds{
		MinNotes:         own("minNotes", 3),
		MinPerspectives:  own("minPerspectives", 3),
		MaxIQR:           own("maxIqr", 20),
		CoverScore:       own("coverScore", 0.5),
		ThinRatio:        own("thinRatio", 0.6667),
		PileRatio:        own("pileRatio", 1.5),
		MinPileCount:     own("minPileCount", 2),
		MinAssessedShare: own("minAssessedShare", 0.5),
		WeakRating:       own("weakRating", 1),
		WeakProfile:      own("weakProfile", 2),
		MinPrecision:     own("minPrecision", 0.5),
		MinRecall:        own("minRecall", 0.5),
		DiscussAgreement: own("discussAgreement", 0.6),
		SimilarText:      own("similarText", 0.5),
	}
}
