package board

// Feedback of visitors, which waits for a facilitator before anybody else sees it.

// maxWaiting notes of visitors may wait at a time: nobody needs an account to
// write one.
const maxWaiting = 500

// wall refuses what a visitor writes while too much waits.
func (t *tx) wall() *Refusal {
	waiting := 0
	for id := range t.s.named {
		if t.s.items[id].Type == TypeFeedback {
			waiting++
		}
	}
	if waiting >= maxWaiting {
		return refuse(Full).over(maxWaiting)
	}
	return nil
}

// asked is what a visitor wrote: about what their link asks for, by nobody, and
// for facilitators alone until one of them approves of it.
func (t *tx) asked(it *Item) *Item {
	var target Value
	if link := t.s.items[t.e.Link]; link != nil {
		target = link.Get("target")
	}
	return it.With([]Field{{"target", target}, {"waiting", true}}).readdressed(Audience{Facilitators}, "")
}

func (t *tx) approve(op Approve) *Refusal {
	if len(op.IDs) == 0 {
		return refuse(Invalid).field("ids")
	}
	for _, id := range op.IDs {
		if _, no := t.item(id, TypeFeedback); no != nil {
			return no
		}
	}
	for _, id := range op.IDs {
		if it := t.s.items[id]; it.Flag("waiting") {
			t.put(it.With([]Field{{"waiting", nil}}).readdressed(nil, ""))
		}
	}
	return nil
}
