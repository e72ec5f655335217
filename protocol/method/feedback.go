package method

import "jana/protocol/board"

// feedback counts what came in, by kind and by what it is about.
func (on *reading) feedback() Feedback {
	f := Feedback{ByTarget: map[string]*FeedbackCounts{}}
	for _, note := range on.of(board.TypeFeedback) {
		if note.Flag("waiting") {
			continue
		}
		about := "board"
		if t := note.Text("target/type"); t != "" && t != about {
			about = t + ":" + note.Text("target/id")
		}
		if f.ByTarget[about] == nil {
			f.ByTarget[about] = &FeedbackCounts{}
		}
		f.ByKind.add(note.Text("kind"))
		f.ByTarget[about].add(note.Text("kind"))
	}
	return f
}

func (c *FeedbackCounts) add(kind string) {
	switch kind {
	case "plus":
		c.Plus++
	case "minus":
		c.Minus++
	case "idea":
		c.Idea++
	case "question":
		c.Question++
	}
}
