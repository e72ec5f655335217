package document

import (
	"bytes"
	"compress/zlib"
	_ "embed"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

var (
	//go:embed fonts/Inter-Regular.ttf
	regularFile []byte
	//go:embed fonts/Inter-Bold.ttf
	boldFile []byte
)

// typeface is a font that everybody shares, with its file as a PDF holds it.
type typeface struct {
	name   string
	font   *sfnt.Font
	units  int
	length int
	packed []byte
}

// typefaces are regular and bold.
var typefaces = sync.OnceValue(func() [2]*typeface {
	return [2]*typeface{newTypeface("Inter-Regular", regularFile), newTypeface("Inter-Bold", boldFile)}
})

func newTypeface(name string, file []byte) *typeface {
	parsed, err := sfnt.Parse(file)
	if err != nil {
		panic(fmt.Sprintf("font %s: %v", name, err))
	}
	return &typeface{name, parsed, int(parsed.UnitsPerEm()), len(file), deflated(file)}
}

func deflated(raw []byte) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = io.Copy(z, bytes.NewReader(raw)) // a buffer takes everything
	_ = z.Close()
	return b.Bytes()
}

// face is a typeface within one file: it knows which of its glyphs the file uses.
type face struct {
	*typeface
	buffer sfnt.Buffer
	glyphs map[rune]glyph
}

type glyph struct {
	index sfnt.GlyphIndex
	// width in thousandths of the size.
	width int
}

func newFace(t *typeface) *face { return &face{typeface: t, glyphs: map[rune]glyph{}} }

// glyph of a character; has is false if the font has none.
func (f *face) glyph(r rune) (g glyph, has bool) {
	if g, known := f.glyphs[r]; known {
		return g, true
	}
	index, err := f.font.GlyphIndex(&f.buffer, r)
	if err != nil || index == 0 {
		return glyph{}, false
	}
	advance, err := f.font.GlyphAdvance(&f.buffer, index, fixed.I(f.units), font.HintingNone)
	if err != nil {
		return glyph{}, false
	}
	g = glyph{index, advance.Round() * 1000 / f.units}
	f.glyphs[r] = g
	return g, true
}

// width of a text, in points at a size.
func (f *face) width(text string, size float64) float64 {
	sum := 0
	for _, r := range text {
		g, _ := f.glyph(r)
		sum += g.width
	}
	return float64(sum) * size / 1000
}

// encoded is a text as a string of glyphs.
func (f *face) encoded(text string) string {
	var b strings.Builder
	b.WriteByte('<')
	for _, r := range text {
		g, _ := f.glyph(r)
		fmt.Fprintf(&b, "%04X", g.index)
	}
	b.WriteByte('>')
	return b.String()
}

// used are the characters of the file by their glyph, in the order of glyphs.
func (f *face) used() []rune {
	return slices.SortedFunc(maps.Keys(f.glyphs), func(a, b rune) int { return int(f.glyphs[a].index) - int(f.glyphs[b].index) })
}
