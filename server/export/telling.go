package export

import (
	"slices"
	"strings"

	"jana/protocol/board"
	"jana/protocol/method"
)

// telling is what everyone sees of a board, in the words of a language.
type telling struct {
	*board.State
	items    []*board.Item
	language string
	words    map[string]string
}

// newListing leaves out what is not for everyone, and feedback that waits for a facilitator.
func newListing(items []*board.Item, language string) *telling {
	shown := slices.DeleteFunc(slices.Clone(items), func(it *board.Item) bool { return len(it.To) > 0 || it.Flag("waiting") })
	state := board.Gather(shown)
	language = method.Language(state, language)
	return &telling{state, shown, language, words()[language]}
}

func (l *telling) of(t board.Type) []*board.Item { return ordered(l.items, t) }

// say fills a sentence in: names and what stands for them, in turn.
func (l *telling) say(word string, with ...string) string {
	for i := 0; i+1 < len(with); i += 2 {
		with[i] = "{" + with[i] + "}"
	}
	return strings.NewReplacer(with...).Replace(l.words[word])
}

// called is what an item is called by: its name, else what it says.
func (l *telling) called(id board.ID) string {
	it := l.Item(id)
	for _, field := range []string{"name", "title", "text", "question"} {
		if text := strings.TrimSpace(it.Text(field)); text != "" {
			return text
		}
	}
	return l.words["unnamed"]
}

// list names items, or says that there are none.
func (l *telling) list(ids []board.ID) string {
	if len(ids) == 0 {
		return l.words["none"]
	}
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = l.called(id)
	}
	return strings.Join(all, ", ")
}

// written is a text, or that it is still to come.
func (l *telling) written(text string) string {
	if strings.TrimSpace(text) == "" {
		return l.words["complete"]
	}
	return text
}

// number has at most one decimal.
func (l *telling) number(v method.Figure) string { return decimal(float64(v), l.language) }

// share is a share in percent, with one decimal, as the language writes it.
func (l *telling) share(v method.Figure) string { return l.inPercent(l.number(v * 100)) }

func (l *telling) inPercent(figure string) string {
	if l.language == "en" {
		return figure + "%"
	}
	return figure + "\u00a0%"
}

// about is what a note of feedback is about.
func (l *telling) about(note *board.Item) string {
	if t := note.Text("target/type"); t == "" || t == string(board.TypeBoard) {
		return l.words["board"]
	}
	return l.called(note.Text("target/id"))
}

// groupNumber is what a group is called by; 0: there is none.
func (l *telling) groupNumber(id board.ID) int {
	groups := l.of(board.TypeGroup)
	i := slices.IndexFunc(groups, func(g *board.Item) bool { return g.ID == id })
	if i < 0 {
		return 0
	}
	if order := groups[i].Get("order"); order != nil {
		return int(groups[i].Int("order"))
	}
	return i + 1
}
