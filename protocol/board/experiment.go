package board

import "strings"

// The order of an experiment: what counts as success is said before it starts,
// what was learnt before it is done, and that before anything is decided.

// untold is the text or decision that an experiment of this status and
// decision still lacks, "" if none. Texts that are emptied later are not held
// against it: words come and go while people write.
func untold(experiment *Item) string {
	said := func(field string) bool { return strings.TrimSpace(experiment.Text(field)) != "" }
	status, decided := experiment.Text("status"), said("decision")
	switch {
	case (status == "running" || status == "done") && !said("successCriterion"):
		return "successCriterion"
	case (status == "done" || decided) && !said("learnt"):
		return "learnt"
	case status == "done" && !decided:
		return "decision"
	}
	return ""
}

// inOrder refuses to give an experiment a status or a decision that it is not
// ready for. next is what it would be.
func inOrder(next *Item, fields []Field) *Refusal {
	if next.Type != TypeExperiment {
		return nil
	}
	for _, f := range fields {
		if f.Name != "status" && f.Name != "decision" {
			continue
		}
		if missing := untold(next); missing != "" {
			return refuse(Invalid).about(next.ID).field(missing)
		}
	}
	return nil
}
