package room

import (
	"slices"

	"jana/protocol/board"
)

// items is what a welcome says of the board. The items that everyone sees are
// kept encoded; a change costs nothing here but a mark that they have to be
// joined anew, by the next who comes.
type items struct {
	open  []*board.Item // for everyone, in no order
	at    map[board.ID]int
	named map[board.ID]*board.Item // for some only
	// participants of the board, whether they are here or not.
	participants map[board.ID]struct{}

	array []byte // open as a JSON array
	stale bool
	bytes int // of all open items
}

func newItems(s *board.State) items {
	all := s.Items()
	l := items{
		open: make([]*board.Item, 0, len(all)), at: make(map[board.ID]int, len(all)),
		named: map[board.ID]*board.Item{}, participants: map[board.ID]struct{}{}, stale: true,
	}
	for _, it := range all {
		l.set(it.ID, it)
	}
	return l
}

// set notes what an item is, nil for gone. It reports whether that it is not for
// everyone, or not any more, has changed with it.
func (l *items) set(id board.ID, it *board.Item) (visibility bool) {
	_, wasNamed := l.named[id]
	if it != nil && it.Type == board.TypeParticipant {
		l.participants[id] = struct{}{}
	} else if it == nil {
		delete(l.participants, id)
	}
	if it != nil && len(it.To) > 0 {
		l.drop(id)
		l.named[id] = it
		return !wasNamed
	}
	delete(l.named, id)
	if it == nil {
		l.drop(id)
		return wasNamed
	}
	l.stale = true
	l.bytes += len(it.JSON()) + 1
	if at, ok := l.at[id]; ok {
		l.bytes -= len(l.open[at].JSON()) + 1
		l.open[at] = it
	} else {
		l.at[id] = len(l.open)
		l.open = append(l.open, it)
	}
	return wasNamed
}

func (l *items) drop(id board.ID) {
	at, ok := l.at[id]
	if !ok {
		return
	}
	l.stale = true
	l.bytes -= len(l.open[at].JSON()) + 1
	end := len(l.open) - 1
	l.open[at] = l.open[end]
	l.at[l.open[at].ID] = at
	l.open[end] = nil
	l.open = l.open[:end]
	delete(l.at, id)
}

// visible is the JSON array of what a participant with that role sees, until
// the next change.
func (l *items) visible(id board.ID, role board.Role) []byte {
	if l.stale {
		l.array = slices.Grow(append(l.array[:0], '['), l.bytes+1)
		for i, it := range l.open {
			if i > 0 {
				l.array = append(l.array, ',')
			}
			l.array = append(l.array, it.JSON()...)
		}
		l.array = append(l.array, ']')
		l.stale = false
	}
	b := l.array
	for _, it := range l.named {
		if it.To.Includes(id, role) {
			if len(b) == len(l.array) {
				b = slices.Clone(b)
			}
			b = b[:len(b)-1]
			if len(b) > 1 {
				b = append(b, ',')
			}
			b = append(append(b, it.JSON()...), ']')
		}
	}
	return b
}
