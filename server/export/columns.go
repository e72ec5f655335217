package export

import "unicode/utf8"

// Columns that a page shows legibly.
const (
	columnsUpright   = 8
	columnsLandscape = 12
)

// inColumns divides a table of too many columns for a page into several, each with the columns that say what rows are about.
func inColumns(b Block, landscape bool) []Block {
	most := columnsUpright
	if landscape {
		most = columnsLandscape
	}
	var parts []Block
	for from := b.Headings; len(b.Head) > most && from < len(b.Head); from += most - b.Headings {
		part := func(row []string) []string {
			return append(append([]string(nil), row[:b.Headings]...), row[from:min(len(row), from+most-b.Headings)]...)
		}
		p := Block{Type: b.Type, Head: part(b.Head), Headings: b.Headings}
		for _, row := range b.Rows {
			p.Rows = append(p.Rows, part(row))
		}
		parts = append(parts, p)
	}
	if parts == nil {
		return []Block{b}
	}
	return parts
}

// Characters that a column is as wide as, at least and at most: a long text is broken rather than taking the others' place.
const (
	narrowest = 7
	alike     = 18
	widest    = 40
)

// shares are the widths of a table's columns, by their longest text, that come to width in all.
func shares(b Block, width int) []int {
	longest := make([]int, len(b.Head))
	sum := 0
	for i := range b.Head {
		n := max(narrowest, utf8.RuneCountInString(b.Head[i])/2)
		for _, row := range b.Rows {
			n = max(n, utf8.RuneCountInString(row[i]))
		}
		if b.Headings > 1 && i >= b.Headings {
			n = alike // what is compared across columns gets columns of one width
		}
		longest[i] = min(n, widest)
		sum += longest[i]
	}
	left := width
	for i := range longest {
		longest[i] = longest[i] * width / sum
		left -= longest[i]
	}
	longest[len(longest)-1] += left
	return longest
}
