package board

// mergeText merges a stretch of typing, from → to, into a text that somebody
// else may have changed meanwhile. It works in code points and keeps words
// rather than deletes them: where both changed the same stretch, both stay.
func mergeText(from, to, current string) string {
	switch {
	case current == from, current == to:
		return to
	case to == from:
		return current
	}
	b, t, n := []rune(from), []rune(to), []rune(current)
	theirs := difference(b, t)
	ours := difference(b, n)
	var out []rune
	switch {
	case ours.end <= theirs.start:
		out = append(out, b[:ours.start]...)
		out = append(out, ours.inserted...)
		out = append(out, b[ours.end:theirs.start]...)
		out = append(out, theirs.inserted...)
		out = append(out, b[theirs.end:]...)
	case theirs.end <= ours.start:
		out = append(out, b[:theirs.start]...)
		out = append(out, theirs.inserted...)
		out = append(out, b[theirs.end:ours.start]...)
		out = append(out, ours.inserted...)
		out = append(out, b[ours.end:]...)
	default:
		end := max(ours.end, theirs.end)
		out = append(out, b[:ours.start]...)
		out = append(out, ours.inserted...)
		out = append(out, b[ours.end:end]...)
		out = append(out, theirs.inserted...)
		out = append(out, b[end:]...)
	}
	return string(out)
}

// replacement says that inserted stands in place of [start, end) of a text.
type replacement struct {
	start, end int
	inserted   []rune
}

// difference cuts the longest common prefix off two texts, then the longest
// common suffix of what is left.
func difference(before, after []rune) replacement {
	start := 0
	for start < len(before) && start < len(after) && before[start] == after[start] {
		start++
	}
	tail := 0
	for tail < len(before)-start && tail < len(after)-start && before[len(before)-1-tail] == after[len(after)-1-tail] {
		tail++
	}
	return replacement{start, len(before) - tail, after[start : len(after)-tail]}
}
