package export

import (
	"fmt"
	"io"
	"strings"

	"jana/protocol/board"
)

// Feedback writes what came in as a table: what kind it is, what it is about, and what it says. What waits for a facilitator is
// not in it.
func Feedback(w io.Writer, items []*board.Item, language string) error {
	l := newListing(items, language)
	rows := [][]string{{"id", l.words["kind"], l.words["about"], l.words["text"]}}
	for _, note := range l.of(board.TypeFeedback) {
		rows = append(rows, []string{note.ID, l.words["feedback."+note.Text("kind")], l.about(note), note.Text("text")})
	}
	return writeRows(w, rows)
}

// Experiments writes the experiment cards as a table, with what they are linked to and what they still need.
func Experiments(w io.Writer, items []*board.Item, language string) error {
	l := newListing(items, language)
	head := []string{"id", l.words["experiment"], l.words["experiment.status"]}
	texts := []string{"hypothesis", "trial", "measure", "successCriterion", "learnt"}
	links := []string{"serviceIds", "segmentIds", "goalIds"}
	for _, field := range texts {
		head = append(head, l.words[field])
	}
	rows := [][]string{append(head, l.words["decision"], l.words["services"], l.words["segments"], l.words["goals"], l.words["lacks"])}
	for _, e := range l.of(board.TypeExperiment) {
		row := []string{e.ID, l.called(e.ID), l.stage(e)}
		for _, field := range texts {
			row = append(row, e.Text(field))
		}
		row = append(row, l.words["decision."+e.Text("decision")])
		for _, field := range links {
			row = append(row, l.linked(e.List(field)))
		}
		rows = append(rows, append(row, l.lacks(e)))
	}
	return writeRows(w, rows)
}

// linked names items; nothing is said where there are none.
func (l *telling) linked(ids []board.ID) string {
	if len(ids) == 0 {
		return ""
	}
	return l.list(ids)
}

func (l *telling) stage(e *board.Item) string {
	if status := e.Text("status"); status != "" {
		return l.words["experiment."+status]
	}
	return l.words["experiment.planned"]
}

func (l *telling) decision(e *board.Item) string {
	if decision := e.Text("decision"); decision != "" {
		return l.words["decision."+decision]
	}
	return l.words["complete"]
}

// lacks is what an experiment still needs at its stage: a criterion before it runs; when it is done, what was learnt and a
// decision; and what was learnt before any decision.
func (l *telling) lacks(e *board.Item) string {
	need := []string{"hypothesis", "trial", "measure"}
	status := e.Text("status")
	if status == "running" || status == "done" {
		need = append(need, "successCriterion")
	}
	if status == "done" || e.Text("decision") != "" {
		need = append(need, "learnt")
	}
	if status == "done" {
		need = append(need, "decision")
	}
	var all []string
	for _, field := range need {
		if strings.TrimSpace(e.Text(field)) == "" {
			all = append(all, l.words["lacks."+field])
		}
	}
	if len(all) == 0 {
		return l.words["none"]
	}
	return strings.Join(all, "; ")
}

// writeRows writes a table of which no cell is a formula.
func writeRows(w io.Writer, rows [][]string) error {
	table, err := newTable(w)
	if err != nil {
		return err
	}
	for _, row := range rows {
		for i := range row {
			row[i] = harmless(strings.TrimRight(row[i], "\n"))
		}
		if err := table.Write(row); err != nil {
			return err
		}
	}
	table.Flush()
	if err := table.Error(); err != nil {
		return fmt.Errorf("write a table: %w", err)
	}
	return nil
}
