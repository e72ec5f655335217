package export

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"jana/protocol/board"
	"jana/protocol/method"
	"jana/server/document"
)

// maxExamples is how many notes of a kind stand for a segment on its card.
const maxExamples = 5

// SegmentCards is a page for each segment: where it lies, what is written of it, notes that are typical of it, and what serves it.
func SegmentCards(items []*board.Item, language string, at Times) *document.Document {
	r := newReport(items, language, at)
	d := r.document("report.cards")
	for _, segment := range r.segments() {
		item := r.Item(segment.SegmentID)
		s := document.Section{ID: segment.SegmentID, Title: r.called(segment.SegmentID), Paged: true}
		if drawn := r.drawnAlone(segment.SegmentID); drawn != nil {
			s.Add(*drawn)
		}
		s.Facts(r.segmentFacts(item, segment))
		s.Add(r.descriptions(item)...)
		s.Heading(r.words["examples"])
		s.List(r.examples(item))
		if quotes := r.quotes(item); len(quotes) > 0 {
			s.Heading(r.words["quotes"])
			s.List(quotes)
		}
		d.Sections = append(d.Sections, s)
	}
	if len(d.Sections) == 0 {
		s := r.section("segments")
		s.Text(r.words["noSegments"])
		d.Sections = []document.Section{s}
	}
	return d.Clean()
}

// segments are all of them in the order of the axis. Without services nothing more is said of them.
func (r *report) segments() []method.Segment {
	if len(r.Segments) > 0 {
		return r.Segments
	}
	var all []method.Segment
	for _, at := range r.SegmentPositions {
		all = append(all, method.Segment{SegmentID: at.SegmentID})
	}
	return all
}

func (r *report) segmentsSection() document.Section {
	s := r.section("segments")
	all := r.segments()
	for _, segment := range all {
		item := r.Item(segment.SegmentID)
		s.Add(document.Block{Type: document.Heading, Text: r.called(segment.SegmentID), Mark: r.disc(item)})
		s.Facts(append(r.segmentFacts(item, segment), r.described(item)...))
	}
	if len(all) == 0 {
		s.Text(r.words["noSegments"])
	}
	return s
}

// disc is the number of a segment's group in its colour; nil without a group.
func (r *report) disc(segment *board.Item) *document.Mark {
	number := r.groupNumber(segment.Text("groupId"))
	if number == 0 {
		return nil
	}
	return &document.Mark{Kind: "group", Figure: strconv.Itoa(number), Colour: document.GroupColour(number)}
}

// segmentFacts are what is known of a segment in figures and names.
func (r *report) segmentFacts(item *board.Item, s method.Segment) [][]string {
	facts := [][]string{{r.words["position"], r.position(item)}}
	if customers := item.Get("customers"); customers != nil {
		n, _ := item.Number("customers")
		facts = append(facts, []string{r.words["customers"], figure(n, r.language)})
	}
	if g, is := r.groups[item.Text("groupId")]; is && g.Notes > 0 {
		facts = append(
			facts, []string{r.words["notes"], strconv.Itoa(g.Notes)}, []string{r.words["median"], r.number(*g.Median)},
			[]string{r.words["spread"], r.number(*g.Q1) + "–" + r.number(*g.Q3)},
			[]string{r.words["presentPerspectives"], r.present(g)}, []string{r.words["missingPerspectives"], r.list(g.MissingPerspectives)},
		)
	}
	if len(r.Cells) > 0 {
		facts = append(
			facts, []string{r.words["coveringNames"], r.list(s.CoveringServiceIDs)}, []string{r.words["status"], r.words["status."+string(s.Status)]},
			[]string{r.words["gaps"], r.gaps(s.SegmentID)},
		)
	}
	if frozen := item.Map("frozen"); frozen != nil {
		facts = append(facts, []string{r.words["frozen"], r.moment(item.Int("frozen/time"))}, []string{r.words["hash"], item.Text("frozen/hash")})
	}
	return facts
}

// position is a segment's place on the axis.
func (r *report) position(item *board.Item) string {
	for _, at := range r.SegmentPositions {
		if at.SegmentID == item.ID && at.Position != nil {
			text := r.number(*at.Position)
			if item.Flag("byHand") {
				text += " (" + r.words["byHand"] + ")"
			}
			return text
		}
	}
	return r.words["complete"]
}

func (r *report) present(g method.Group) string {
	var all []string
	for _, p := range r.of(board.TypePerspective) {
		if n := g.PerspectiveCounts[p.ID]; n > 0 {
			all = append(all, r.called(p.ID)+" "+strconv.Itoa(n))
		}
	}
	return cmp.Or(strings.Join(all, ", "), r.words["none"])
}

func (r *report) gaps(segment board.ID) string {
	var all []string
	for _, gap := range r.NeedGaps {
		if gap.SegmentID == segment {
			all = append(all, r.say("gap."+string(gap.Severity), "name", r.called(gap.CategoryID)))
		}
	}
	return cmp.Or(strings.Join(all, "; "), r.words["none"])
}

// described are the texts of a segment by heading.
func (r *report) described(item *board.Item) [][]string {
	var all [][]string
	for _, heading := range r.of(board.TypeHeading) {
		all = append(all, []string{heading.Text("name"), r.written(item.Text("descriptions/" + heading.ID))})
	}
	return all
}

func (r *report) descriptions(item *board.Item) []document.Block {
	var all []document.Block
	for _, text := range r.described(item) {
		all = append(all, document.Block{Type: document.Heading, Text: text[0]}, document.Block{Type: document.Paragraph, Text: text[1]})
	}
	return all
}

// nearest are the notes of a segment that say something, those nearest to the median first.
func (r *report) nearest(item *board.Item) []*board.Item {
	g, is := r.groups[item.Text("groupId")]
	if !is || g.Notes == 0 {
		return nil
	}
	type near struct {
		note     *board.Item
		distance float64
	}
	var axis *board.Item
	for _, it := range r.of(board.TypeAxis) {
		axis = it
	}
	var all []near
	for _, note := range r.of(board.TypeNote) {
		tenths, placed := board.Value10(axis, note.Int("x"), note.Int("y"))
		if note.Text("groupId") == g.GroupID && placed && strings.TrimSpace(note.Text("text")) != "" {
			all = append(all, near{note, math.Abs(float64(tenths)/10 - float64(*g.Median))})
		}
	}
	slices.SortStableFunc(all, func(a, b near) int { return cmp.Compare(a.distance, b.distance) })
	notes := make([]*board.Item, len(all))
	for i, n := range all {
		notes[i] = n.note
	}
	return notes
}

// examples are descriptions of a segment: of each perspective the one nearest to the median.
func (r *report) examples(item *board.Item) []string {
	seen := map[board.ID]bool{}
	var texts []string
	for _, note := range r.nearest(item) {
		p := note.Text("perspectiveId")
		if seen[p] || len(texts) == maxExamples || note.Text("kind") == "quote" {
			continue
		}
		seen[p] = true
		text := strings.TrimSpace(note.Text("text"))
		if p != "" {
			text = r.called(p) + ": " + text
		}
		texts = append(texts, text)
	}
	if len(texts) == 0 {
		return []string{r.words["none"]}
	}
	return texts
}

// quotes are what customers of a segment have said: their own words stand apart from what others say of them.
func (r *report) quotes(item *board.Item) []string {
	var texts []string
	for _, note := range r.nearest(item) {
		if note.Text("kind") == "quote" && len(texts) < maxExamples {
			texts = append(texts, "”"+strings.TrimSpace(note.Text("text"))+"”")
		}
	}
	return texts
}
