package document

import (
	"slices"
	"strings"
	"unicode/utf8"
)

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

// Letters of text that a column wants to hold in a line, at least and at most, and as many as columns want that are compared.
const (
	narrowest = 7
	alike     = 12
	widest    = 40
	// longestWord is what is not broken if it can be helped.
	longestWord = 24
	// beside is the room left and right of a text, in letters.
	beside = 3
)

// shares are the widths of a table's columns that come to width in all, in which so many letters have room. First every column has
// room for its longest word, then those with longer texts share what is left.
func shares(b Block, width, letters int) []int {
	least, more := make([]int, len(b.Head)), make([]int, len(b.Head))
	sum, wanted := 0, 0
	for i := range b.Head {
		longest := 0
		least[i] = narrowest
		for _, row := range append([][]string{b.Head}, b.Rows...) {
			longest = max(longest, utf8.RuneCountInString(row[i]))
			for _, word := range strings.Fields(row[i]) {
				n := utf8.RuneCountInString(word)
				if i < b.Headings {
					n += n / 8 // they are bold
				}
				least[i] = max(least[i], min(n, longestWord))
			}
		}
		if b.Headings > 1 && i >= b.Headings {
			longest = alike // what is compared across columns gets columns of one width
		}
		least[i] += beside
		more[i] = max(1, min(longest, widest)+beside-least[i])
		sum, wanted = sum+least[i], wanted+more[i]
	}
	if b.Headings > 1 {
		level(least[b.Headings:], &sum)
	}
	left, spare := width, max(0, letters-sum)
	for i := range least {
		// Where not even the words have room, all give up alike.
		least[i] = (least[i]*wanted + more[i]*spare) * width / (wanted * (sum + spare))
		left -= least[i]
	}
	least[len(least)-1] += left
	return least
}

// level makes all as wide as the widest.
func level(widths []int, sum *int) {
	if len(widths) == 0 {
		return
	}
	most := slices.Max(widths)
	for i, w := range widths {
		*sum += most - w
		widths[i] = most
	}
}
