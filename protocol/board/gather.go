package board

// Gather makes a board of items that were taken out of another, to be read away
// from the goroutine that owns that one. It has no log: nothing can be applied
// to it as to the first.
func Gather(items []*Item) *State {
	s := New()
	for _, it := range items {
		s.set(it.ID, it)
	}
	return s
}
