package document

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/unicode/runenames"
)

// legible is a text in characters that the font has. An accent it lacks is left out; an emoji and any other symbol is named, as in
// "[thumbs up sign]"; letters of other scripts are told as such once for each stretch of them, as in "[arabic]".
func (f *face) legible(text string) string {
	var b strings.Builder
	script := ""
	for _, r := range norm.NFC.String(text) {
		if _, has := f.glyph(r); has || r == '\n' {
			b.WriteRune(r)
			if !unicode.IsSpace(r) {
				script = ""
			}
			continue
		}
		switch {
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case unicode.Is(unicode.Sk, r), unicode.Is(unicode.Cf, r), unicode.IsMark(r):
			// What shapes a neighbour is nothing by itself: skin tones, joiners, variants, directions.
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if plain := f.unmarked(r); plain != "" {
				b.WriteString(plain)
				script = ""
			} else if name := scriptOf(r); name != script {
				b.WriteString("[" + strings.ToLower(name) + "]")
				script = name
			}
		default:
			b.WriteString("[" + strings.ToLower(runenames.Name(r)) + "]")
			script = ""
		}
	}
	return b.String()
}

// unmarked is a letter without its marks, if the font has that one.
func (f *face) unmarked(r rune) string {
	for _, base := range norm.NFKD.String(string(r)) {
		if _, has := f.glyph(base); has && !unicode.IsMark(base) {
			return string(base)
		}
	}
	return ""
}

func scriptOf(r rune) string {
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			return name
		}
	}
	return "?"
}

// span is a piece of text in one weight.
type span struct {
	text string
	bold bool
}

// line is what stands beside each other.
type line []span

// wrapped breaks texts into lines of a width: at spaces, and within words that are wider than a line.
func (p *layout) wrapped(spans []span, size, width float64) []line {
	var all []line
	var now line
	used := 0.0
	end := func() { all, now, used = append(all, now), nil, 0 }
	put := func(text string, bold bool, w float64) {
		if n := len(now); n > 0 && now[n-1].bold == bold {
			now[n-1].text += text
		} else {
			now = append(now, span{text, bold})
		}
		used += w
	}
	for _, s := range spans {
		f := p.face(s.bold)
		space := f.width(" ", size)
		for i, paragraph := range strings.Split(f.legible(s.text), "\n") {
			if i > 0 {
				end()
			}
			for j, word := range strings.Split(paragraph, " ") {
				if j > 0 && used > 0 {
					put(" ", s.bold, space)
				}
				w := f.width(word, size)
				if used > 0 && used+w > width {
					end()
				}
				for w > width && word != "" {
					n, taken := f.fitting(word, size, width)
					put(word[:n], s.bold, taken)
					end()
					word, w = word[n:], w-taken
				}
				put(word, s.bold, w)
			}
		}
	}
	return append(all, now)
}

// fitting is how many bytes of a word a width holds, of one character at least, and what they take of it.
func (f *face) fitting(word string, size, width float64) (n int, taken float64) {
	for i, r := range word {
		g, _ := f.glyph(r)
		w := float64(g.width) * size / 1000
		if taken+w > width && i > 0 {
			return i, taken
		}
		taken += w
	}
	return len(word), taken
}
