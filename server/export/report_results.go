package export

import (
	"slices"
	"strconv"
	"strings"

	"jana/protocol/board"
	"jana/protocol/method"
	"jana/server/document"
)

func (r *report) goalsSection() document.Section {
	s := r.section("goals")
	rows := [][]string{{r.words["goal"], r.words["indicator"], r.words["means"], r.words["reached"], r.words["unreachedGroups"], r.words["reach"]}}
	for _, g := range r.ImpactGoals {
		item := r.Item(g.GoalID)
		means := r.list(item.List("serviceIds"))
		if g.WithoutMeans {
			means = r.words["withoutMeans"]
		}
		var unreached []board.ID
		for _, id := range item.List("segmentIds") {
			if !slices.Contains(g.ReachedSegmentIDs, id) {
				unreached = append(unreached, id)
			}
		}
		reach := r.words["complete"]
		if g.Reach != nil {
			reach = r.share(*g.Reach)
		}
		rows = append(rows, []string{r.called(g.GoalID), r.written(item.Text("indicator")), means, r.list(g.ReachedSegmentIDs), r.list(unreached), reach})
	}
	if len(rows) == 1 {
		s.Text(r.words["noGoals"])
	} else {
		s.Table(rows)
	}
	if len(r.ServicesWithoutGoal) > 0 {
		s.Facts([][]string{{r.words["withoutGoal"], r.list(r.ServicesWithoutGoal)}})
	}
	return s
}

func (r *report) votesSection() document.Section {
	s := r.section("votes")
	if len(r.VoteRounds) == 0 {
		s.Text(r.words["noVotes"])
		return s
	}
	s.Text(r.words["priority"])
	for _, vote := range r.VoteRounds {
		s.Heading(r.called(vote.VoteRoundID))
		rows := [][]string{{r.words["item"], r.words["dots"], r.words["voters"]}}
		for _, total := range vote.Totals {
			rows = append(rows, []string{r.called(total.ItemID), strconv.FormatInt(total.Dots, 10), strconv.Itoa(total.Voters)})
		}
		s.Table(rows)
		if n := len(vote.RejectedVoterIDs); n > 0 {
			s.Text(r.say("rejected", "n", strconv.Itoa(n)))
		}
	}
	return s
}

// agreementSection says how far answers to one question agree.
func (r *report) agreementSection() document.Section {
	s := r.section("agreement")
	rows := [][]string{{r.words["subject"], r.words["median"], r.words["agreement"], r.words["status"]}}
	row := func(subject string, c method.Consensus) {
		verdict := r.words["agreed"]
		if c.Discuss {
			verdict = r.words["discuss"]
		}
		rows = append(rows, []string{subject, r.number(c.Median), r.share(c.Agreement), verdict})
	}
	for _, p := range r.PlacementConsensus {
		row(r.called(p.NoteID), p.Consensus)
	}
	for _, c := range r.RatingConsensus {
		row(r.called(c.ServiceID)+" – "+r.called(c.SegmentID)+": "+r.words["criterion."+c.Criterion], c.Consensus)
	}
	if len(rows) == 1 {
		s.Text(r.words["noAgreement"])
		return s
	}
	s.Table(rows)
	return s
}

// feedbackKinds in the order in which they are told.
var feedbackKinds = []string{"plus", "minus", "idea", "question"}

func (r *report) feedbackSection() document.Section {
	s := r.section("feedback")
	notes := r.of(board.TypeFeedback)
	if len(notes) == 0 {
		s.Text(r.words["noFeedback"])
		return s
	}
	f := r.Feedback.ByKind
	counts := [][]string{{r.words["kind"], r.words["count"]}}
	for i, n := range []int{f.Plus, f.Minus, f.Idea, f.Question} {
		counts = append(counts, []string{r.words["feedback."+feedbackKinds[i]], strconv.Itoa(n)})
	}
	rows := [][]string{{r.words["kind"], r.words["about"], r.words["text"]}}
	for _, note := range notes {
		rows = append(rows, []string{r.words["feedback."+note.Text("kind")], r.about(note), note.Text("text")})
	}
	s.Table(counts)
	s.Table(rows)
	return s
}

func (r *report) experimentsSection() document.Section {
	s := r.section("experiments")
	experiments := r.of(board.TypeExperiment)
	if len(experiments) == 0 {
		s.Text(r.words["noExperiments"])
		return s
	}
	for _, e := range experiments {
		s.Heading(r.called(e.ID))
		facts := [][]string{{r.words["experiment.status"], r.stage(e)}}
		for _, field := range []string{"hypothesis", "trial", "measure", "successCriterion", "learnt"} {
			facts = append(facts, []string{r.words[field], r.written(e.Text(field))})
		}
		s.Facts(append(
			facts, []string{r.words["decision"], r.decision(e)}, []string{r.words["services"], r.list(e.List("serviceIds"))},
			[]string{r.words["segments"], r.list(e.List("segmentIds"))}, []string{r.words["goals"], r.list(e.List("goalIds"))},
			[]string{r.words["lacks"], r.lacks(e)},
		))
	}
	return s
}

// missingSection is all that a board still waits for.
func (r *report) missingSection() document.Section {
	s := r.section("missing")
	var all []string
	for _, d := range r.DescriptionCompleteness.Missing {
		all = append(all, r.say("missing.description", "segment", r.called(d.SegmentID), "heading", r.called(d.HeadingID)))
	}
	if n := r.CellStates[method.Unassessed]; n > 0 {
		all = append(all, r.say("missing.cells", "n", strconv.Itoa(n)))
	}
	if n := r.Analysis.NoteCounts.Ungrouped; n > 0 {
		all = append(all, r.say("missing.ungrouped", "n", strconv.Itoa(n)))
	}
	for _, g := range r.Groups {
		if g.Ready {
			continue
		}
		why := make([]string, len(g.FailedChecks))
		for i, check := range g.FailedChecks {
			why[i] = r.words["check."+check]
		}
		all = append(all, r.say("missing.group", "name", r.called(g.GroupID), "why", strings.Join(why, ", ")))
	}
	for _, e := range r.of(board.TypeExperiment) {
		if lacks := r.lacks(e); lacks != r.words["none"] {
			all = append(all, r.called(e.ID)+": "+lacks)
		}
	}
	if len(all) == 0 {
		s.Text(r.words["nothingMissing"])
		return s
	}
	s.List(all)
	return s
}
