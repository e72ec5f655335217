package method

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"jana/protocol/board"
)

const (
	minWordLetters  = 4
	stemLetters     = 6
	minSharedStems  = 2
	maxSimilarPairs = 1000
	// maxMeetings is how often two notes may be found to share a stem. Nobody reads on where so much is alike, and the notes
	// of a whole board could otherwise be compared for minutes.
	maxMeetings = 4_000_000
)

// stopWords say nothing of what a note is about.
var stopWords = strings.Fields("että jotta koska kuin kun mutta myös niin joka jotka mikä mitä hän hänen vain vielä aina ovat olla eikä")

// Similar finds the notes that may say the same: of whose words at least the share limit is common, the most alike first.
func Similar(notes []*board.Item, limit float64) []SimilarNotes {
	all := []SimilarNotes{}
	notes = slices.SortedFunc(slices.Values(notes), func(a, b *board.Item) int { return strings.Compare(a.ID, b.ID) })
	sizes := make([]int, len(notes))
	having := map[string][]int{} // stem → the notes before that have it
	shared := make([]int, len(notes))
	meetings := 0
	for i, note := range notes {
		stems := stemsOf(note.Text("text"))
		sizes[i] = len(stems)
		var met []int
		for stem := range stems {
			for _, j := range having[stem] {
				if shared[j]++; shared[j] == 1 {
					met = append(met, j)
				}
				meetings++
			}
			having[stem] = append(having[stem], i)
		}
		slices.Sort(met)
		for _, j := range met {
			alike := float64(shared[j]) / float64(sizes[i]+sizes[j]-shared[j])
			if shared[j] >= minSharedStems && atLeast(alike, limit) && len(all) < maxSimilarPairs {
				all = append(all, SimilarNotes{[2]board.ID{notes[j].ID, note.ID}, Figure(alike)})
			}
			shared[j] = 0
		}
		if meetings > maxMeetings || len(all) == maxSimilarPairs {
			break
		}
	}
	slices.SortFunc(all, func(a, b SimilarNotes) int {
		return cmp.Or(cmp.Compare(b.Similarity, a.Similarity), strings.Compare(a.NoteIDs[0], b.NoteIDs[0]), strings.Compare(a.NoteIDs[1], b.NoteIDs[1]))
	})
	return all
}

// stemsOf are the beginnings of the words that say what a text is about: a poor man's stems, for languages that inflect.
func stemsOf(text string) map[string]bool {
	stems := map[string]bool{}
	for _, word := range strings.FieldsFunc(composed(strings.ToLower(text)), func(r rune) bool { return !unicode.IsLetter(r) }) {
		letters := []rune(word)
		if len(letters) >= minWordLetters && !slices.Contains(stopWords, word) {
			stems[string(letters[:min(len(letters), stemLetters)])] = true
		}
	}
	return stems
}

// marks that some systems write after a letter, and what the two are as one: base letters, then composed ones.
var marks = map[rune][2]string{
	'\u0300': {"aeiou", "àèìòù"},
	'\u0301': {"aeiouycnsz", "áéíóúýćńśź"},
	'\u0302': {"aeiou", "âêîôû"},
	'\u0303': {"aon", "ãõñ"},
	'\u0308': {"aeiouy", "äëïöüÿ"},
	'\u030a': {"au", "åů"},
	'\u030c': {"cszdnrte", "čšžďňřťě"},
	'\u0327': {"c", "ç"},
}

// composed is a text in lower case with each letter as one, in the languages that boards are written in.
func composed(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return marks[r][0] != "" }) {
		return text
	}
	var out []rune
	for _, r := range text {
		pair, mark := marks[r]
		if at := len(out) - 1; mark && at >= 0 {
			if i := slices.Index([]rune(pair[0]), out[at]); i >= 0 {
				out[at] = []rune(pair[1])[i]
				continue
			}
		}
		out = append(out, r)
	}
	return string(out)
}
