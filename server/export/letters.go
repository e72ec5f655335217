package export

import (
	"slices"
	"strconv"
	"strings"

	"jana/protocol/board"
)

// mostLetters call a perspective.
const mostLetters = 3

// letters by which perspectives are called in the room, as the page does: their own, or the shortest beginning of the name that
// no other begins with; those that begin alike get the number of their place.
func letters(perspectives []*board.Item) []string {
	names := make([][]rune, len(perspectives))
	for i, p := range perspectives {
		names[i] = []rune(strings.TrimSpace(p.Text("name")))
	}
	begins := func(name []rune, n int) string { return strings.ToUpper(string(name[:min(n, len(name))])) }
	all := make([]string, len(perspectives))
	for i, p := range perspectives {
		all[i] = p.Text("letters")
		for n := 1; all[i] == "" && n <= min(mostLetters, len(names[i])); n++ {
			if !slices.ContainsFunc(slices.Delete(slices.Clone(names), i, i+1), func(other []rune) bool {
				return begins(other, n) == begins(names[i], n)
			}) {
				all[i] = begins(names[i], 1) + strings.ToLower(string(names[i][1:n]))
			}
		}
		if all[i] == "" {
			all[i] = begins(names[i], 1) + strconv.Itoa(i+1)
		}
	}
	return all
}
