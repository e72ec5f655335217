package export

import (
	"slices"
	"strconv"
	"strings"

	"jana/protocol/board"
	"jana/protocol/method"
	"jana/server/document"
)

// Report is all that a workshop has come to, as every format of the report says it. What is not for everyone, and feedback that
// waits for a facilitator, is not in it; nor are names of participants.
func Report(items []*board.Item, language string, at Times) *document.Document {
	r := newReport(items, language, at)
	d := r.document("report.title")
	d.Lead = r.Item(board.BoardID).Text("description")
	d.Figures = r.figures()
	d.Foot = r.words["judgement"]
	if axis, drawn := r.axisSection(); drawn {
		d.Sections = append(d.Sections, axis)
	}
	d.Sections = append(
		d.Sections, r.factsSection(), r.findingsSection(), r.votesSection(), r.segmentsSection(), r.matrixSection(), r.weightsSection(), r.goalsSection(),
		r.agreementSection(), r.feedbackSection(), r.experimentsSection(), r.missingSection(), r.methodSection(),
	)
	return d.Clean()
}

// MatrixDocument is the matrix alone, on wide pages.
func MatrixDocument(items []*board.Item, language string, at Times) *document.Document {
	r := newReport(items, language, at)
	d := r.document("report.matrix")
	d.Landscape = true
	d.Sections = []document.Section{r.matrixSection()}
	return d.Clean()
}

// report is a board that is told together with its analysis.
type report struct {
	*telling
	*method.Analysis
	matrix *matrix
	at     Times
	groups map[board.ID]method.Group
}

func newReport(items []*board.Item, language string, at Times) *report {
	told := newListing(items, language)
	m := newMatrix(told.items, language)
	r := &report{telling: told, Analysis: m.Analysis, matrix: m, at: at, groups: map[board.ID]method.Group{}}
	for _, g := range r.Groups {
		r.groups[g.GroupID] = g
	}
	return r
}

func (r *report) document(kind string) *document.Document {
	return &document.Document{Title: r.Item(board.BoardID).Text("title"), Kind: r.words[kind], Date: day(r.at.Made, r.language), Language: r.language}
}

func (r *report) section(id string) document.Section {
	return document.Section{ID: id, Title: r.words["section."+id]}
}

func (r *report) factsSection() document.Section {
	s := r.section("facts")
	about := r.Item(board.BoardID)
	rows := [][]string{}
	for _, field := range []string{"place", "region", "targetGroup", "organiser"} {
		rows = append(rows, []string{r.words[field], r.written(about.Text(field))})
	}
	rows = append(rows, []string{r.words["tags"], r.written(strings.Join(about.List("tags"), ", "))})
	if stage := about.Text("stage"); stage != "" {
		rows = append(rows, []string{r.words["stage"], r.words["stage."+stage]})
	}
	if created := about.Int("created"); created > 0 {
		rows = append(rows, []string{r.words["created"], r.moment(created)})
	}
	rows = append(rows, []string{r.words["used"], r.moment(r.at.Used.UnixMilli())}, []string{r.words["printed"], day(r.at.Made, r.language)})
	if minutes := about.Int("durationMinutes"); minutes > 0 {
		rows = append(rows, []string{r.words["duration"], r.say("minutes", "n", strconv.FormatInt(minutes, 10))})
	}
	rows = append(rows, []string{r.words["present"], r.people()})
	if about.Flag("sides") {
		rows = append(rows, []string{r.words["sides"], r.sides()})
	}
	for _, axis := range r.of(board.TypeAxis) {
		rows = append(rows, []string{r.words["axis"], strings.Trim(axis.Text("title")+": "+axis.Text("minLabel")+" – "+axis.Text("maxLabel"), " :–")})
	}
	rows = append(
		rows, []string{r.words["noteCount"], r.say("onAxis", "n", strconv.Itoa(r.Analysis.NoteCounts.Total), "m", strconv.Itoa(r.Analysis.NoteCounts.OnAxis))},
		[]string{r.words["perspectives"], r.counted(board.TypePerspective)}, []string{r.words["segments"], r.counted(board.TypeSegment)},
		[]string{r.words["services"], r.counted(board.TypeService)},
	)
	if r.Imbalance != nil {
		rows = append(rows, []string{r.words["imbalance"], r.say("imbalanceOf", "n", r.share(*r.Imbalance))})
	}
	s.Facts(append(rows, []string{r.words["frozenAt"], r.frozen()}))
	return s
}

func (r *report) counted(t board.Type) string { return strconv.Itoa(len(r.of(t))) }

// people are how many took part, by role and without names.
func (r *report) people() string {
	facilitators, others := 0, 0
	for _, it := range r.of(board.TypeParticipant) {
		switch it.Text("role") {
		case "facilitator":
			facilitators++
		case "viewer":
		default:
			others++
		}
	}
	text := r.say("participants", "n", strconv.Itoa(others))
	if facilitators > 0 {
		text += ", " + r.say("facilitators", "n", strconv.Itoa(facilitators))
	}
	return text
}

// sides are how many of those who took part said that they are of each side. Facilitators are not asked.
func (r *report) sides() string {
	said := map[string]int{}
	for _, it := range r.of(board.TypeParticipant) {
		if role := it.Text("role"); role != string(board.Facilitator) && role != string(board.Viewer) {
			said[it.Text("side")]++
		}
	}
	var all []string
	for _, side := range append(slices.Clone(board.Sides), "") {
		all = append(all, r.words["side."+side]+" "+strconv.Itoa(said[side]))
	}
	return strings.Join(all, ", ")
}

// frozen is when the last of the segments was frozen.
func (r *report) frozen() string {
	var last int64
	for _, segment := range r.of(board.TypeSegment) {
		last = max(last, segment.Int("frozen/time"))
	}
	if last == 0 {
		return r.words["notFrozen"]
	}
	return r.moment(last)
}

func (r *report) methodSection() document.Section {
	s := r.section("method")
	s.Text(r.words["judgement"])
	if len(r.of(board.TypeAxis)) > 0 {
		s.Text(r.words["axisIsPlace"])
	}
	s.Text(r.words["scale"])
	rows := [][]string{{r.words["limit"], r.words["value"]}}
	t := r.Thresholds
	for _, limit := range []struct {
		name  string
		value float64
	}{
		{"minNotes", t.MinNotes},
		{"minPerspectives", t.MinPerspectives},
		{"maxIqr", t.MaxIQR},
		{"coverScore", t.CoverScore},
		{"thinRatio", t.ThinRatio},
		{"pileRatio", t.PileRatio},
		{"minPileCount", t.MinPileCount},
		{"minAssessedShare", t.MinAssessedShare},
		{"weakRating", t.WeakRating},
		{"weakProfile", t.WeakProfile},
		{"minPrecision", t.MinPrecision},
		{"minRecall", t.MinRecall},
		{"discussAgreement", t.DiscussAgreement},
		{"similarText", t.SimilarText},
	} {
		rows = append(rows, []string{r.words["threshold."+limit.name], figure(limit.value, r.language)})
	}
	s.Table(rows)
	return s
}

func (r *report) matrixSection() document.Section {
	s := r.section("matrix")
	if len(r.Cells) == 0 {
		s.Text(r.words["noMatrix"])
		return s
	}
	s.Text(r.words["legend"])
	rows := r.matrix.rows()
	rows[0][0], rows[0][1] = document.Capital(rows[0][0]), document.Capital(rows[0][1])
	s.Add(document.Block{Type: document.Table, Head: rows[0], Rows: rows[1:], Headings: 2, Marks: r.matrix.marks()})
	return s
}

// findingsSection tells the findings of each kind together: they come in the order of their kinds.
func (r *report) findingsSection() document.Section {
	s := r.section("findings")
	findings := r.Findings()
	if len(findings) == 0 {
		s.Text(r.words["noFindings"])
		return s
	}
	for len(findings) > 0 {
		kind := findings[0].Kind
		var sentences []string
		for len(findings) > 0 && findings[0].Kind == kind {
			sentences = append(sentences, findings[0].Sentence(r.State, r.language))
			findings = findings[1:]
		}
		s.Add(document.Block{Type: document.Heading, Text: r.words["kind."+string(kind)], Mark: &document.Mark{Kind: string(kind)}})
		s.List(sentences)
	}
	return s
}

// weightsSection says what the weights of services and the need factors of segments do to the result.
func (r *report) weightsSection() document.Section {
	s := r.section("weights")
	if len(r.Cells) == 0 {
		s.Text(r.words["noMatrix"])
		return s
	}
	equal := method.Analyse(board.Gather(method.Unweighted(r.items)))
	rows := [][]string{{
		r.words["segment"], r.words["supplyWeighted"], r.words["supplyEqual"], r.words["needWeighted"], r.words["needEqual"], r.words["statusWeighted"], r.words["statusEqual"],
	}}
	var changed []board.ID
	for _, own := range r.Segments {
		i := slices.IndexFunc(equal.Segments, func(s method.Segment) bool { return s.SegmentID == own.SegmentID })
		other := equal.Segments[i]
		if own.Status != other.Status {
			changed = append(changed, own.SegmentID)
		}
		rows = append(rows, []string{
			r.called(own.SegmentID), r.share(own.SupplyShare), r.share(other.SupplyShare), r.share(own.NeedShare), r.share(other.NeedShare),
			r.words["status."+string(own.Status)], r.words["status."+string(other.Status)],
		})
	}
	if len(changed) == 0 {
		s.Text(r.words["weightsSame"])
	} else {
		s.Text(r.say("weightsChange", "names", r.list(changed)))
	}
	s.Table(rows)
	return s
}
