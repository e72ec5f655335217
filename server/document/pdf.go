package document

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
)

// WritePDF writes a document as a tagged PDF: headings, lists and tables are such for who has the file read aloud, its language and
// title are set, and its fonts are in it. It is written here because the libraries to be had leave out the tags.
func WritePDF(w io.Writer, d *Document) error {
	l := newLayout(d)
	f := &pdfFile{}
	f.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	catalog, tree, info := f.reserve(), f.reserve(), f.reserve()
	pages := f.reserve()
	fonts := fmt.Sprintf("<</F0 %d 0 R /F1 %d 0 R>>", f.face(l.faces[0]), f.face(l.faces[1]))
	sheets := make([]int, len(l.pages))
	for i := range l.pages {
		sheets[i] = f.reserve()
	}
	for i, p := range l.pages {
		content := f.stream("", p.content.Bytes())
		f.object(sheets[i], fmt.Sprintf(
			"<</Type /Page /Parent %d 0 R /MediaBox [0 0 %g %g] /Resources <</Font %s>> /Contents %d 0 R /StructParents %d /Tabs /S>>",
			pages, l.width, l.height, fonts, content, i,
		))
	}
	f.object(pages, fmt.Sprintf("<</Type /Pages /Count %d /Kids [%s]>>", len(sheets), references(sheets)))
	f.structure(tree, l, sheets)
	f.object(info, "<</Title "+pdfText(l.faces[0].legible(d.Title))+" /Creator (Jana) /Producer (Jana)>>")
	f.object(catalog, fmt.Sprintf(
		"<</Type /Catalog /Pages %d 0 R /Lang (%s) /MarkInfo <</Marked true>> /StructTreeRoot %d 0 R /ViewerPreferences <</DisplayDocTitle true>>>>",
		pages, locale(d.Language), tree,
	))
	f.trailer(catalog, info)
	if _, err := w.Write(f.Bytes()); err != nil {
		return fmt.Errorf("write a PDF: %w", err)
	}
	return nil
}

// pdfFile is a PDF while it is written: objects by number.
type pdfFile struct {
	bytes.Buffer
	// offsets of the objects; the first is number 1.
	offsets []int
}

// reserve gives a number to an object that is written later.
func (f *pdfFile) reserve() int {
	f.offsets = append(f.offsets, 0)
	return len(f.offsets)
}

func (f *pdfFile) object(number int, body string) {
	f.offsets[number-1] = f.Len()
	fmt.Fprintf(f, "%d 0 obj\n%s\nendobj\n", number, body)
}

// stream writes bytes as an object, packed.
func (f *pdfFile) stream(more string, raw []byte) int {
	return f.packed(more, deflated(raw))
}

func (f *pdfFile) packed(more string, packed []byte) int {
	number := f.reserve()
	f.offsets[number-1] = f.Len()
	fmt.Fprintf(f, "%d 0 obj\n<<%s /Filter /FlateDecode /Length %d>>\nstream\n", number, more, len(packed))
	f.Write(packed)
	f.WriteString("\nendstream\nendobj\n")
	return number
}

// face writes a font with the widths of the glyphs that are used, and what they mean as text.
func (f *pdfFile) face(t *face) int {
	file := f.packed(fmt.Sprintf("/Length1 %d", t.length), t.packed)
	descriptor := f.reserve()
	f.object(descriptor, fmt.Sprintf(
		"<</Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [-740 -280 2360 1090] /ItalicAngle 0 /Ascent 969 /Descent -242 /CapHeight 727 /StemV 90 /FontFile2 %d 0 R>>",
		t.name, file,
	))
	var widths, meanings strings.Builder
	used := t.used()
	for from := 0; from < len(used); from += 100 {
		some := used[from:min(from+100, len(used))]
		fmt.Fprintf(&meanings, "%d beginbfchar\n", len(some))
		for _, r := range some {
			g := t.glyphs[r]
			fmt.Fprintf(&widths, "%d [%d] ", g.index, g.width)
			fmt.Fprintf(&meanings, "<%04X> <%04X>\n", g.index, r)
		}
		meanings.WriteString("endbfchar\n")
	}
	toUnicode := f.stream("", []byte("/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"+
		"/CMapName /Jana def /CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange\n"+
		meanings.String()+"endcmap CMapName currentdict /CMap defineresource pop end end"))
	descendant := f.reserve()
	f.object(descendant, fmt.Sprintf(
		"<</Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /FontDescriptor %d 0 R /CIDToGIDMap /Identity /W [%s]>>",
		t.name, descriptor, widths.String(),
	))
	number := f.reserve()
	f.object(number, fmt.Sprintf(
		"<</Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R>>", t.name, descendant, toUnicode,
	))
	return number
}

// structure writes the tree of what things are, and which pieces of pages belong to it.
func (f *pdfFile) structure(tree int, l *layout, sheets []int) {
	f.number(l.root)
	f.element(l.root, tree, sheets)
	var parents strings.Builder
	for i, p := range l.pages {
		numbers := make([]int, len(p.marked))
		for j, e := range p.marked {
			numbers[j] = e.number
		}
		fmt.Fprintf(&parents, "%d [%s] ", i, references(numbers))
	}
	f.object(tree, fmt.Sprintf(
		"<</Type /StructTreeRoot /K [%d 0 R] /ParentTree <</Nums [%s]>> /ParentTreeNextKey %d>>", l.root.number, parents.String(), len(l.pages),
	))
}

func (f *pdfFile) number(e *element) {
	e.number = f.reserve()
	for _, k := range e.kids {
		if k.element != nil {
			f.number(k.element)
		}
	}
}

func (f *pdfFile) element(e *element, parent int, sheets []int) {
	var kids strings.Builder
	for _, k := range e.kids {
		if k.element != nil {
			f.element(k.element, e.number, sheets)
			fmt.Fprintf(&kids, "%d 0 R ", k.element.number)
		} else {
			fmt.Fprintf(&kids, "<</Type /MCR /Pg %d 0 R /MCID %d>> ", sheets[k.page], k.mark)
		}
	}
	attributes := ""
	if e.attributes != "" {
		attributes = " /A " + e.attributes
	}
	if e.alternative != "" {
		attributes += " /Alt " + pdfText(e.alternative)
	}
	f.object(e.number, fmt.Sprintf("<</Type /StructElem /S /%s /P %d 0 R /K [%s]%s>>", e.role, parent, kids.String(), attributes))
}

func (f *pdfFile) trailer(catalog, info int) {
	start := f.Len()
	fmt.Fprintf(f, "xref\n0 %d\n0000000000 65535 f \n", len(f.offsets)+1)
	for _, offset := range f.offsets {
		fmt.Fprintf(f, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(f, "trailer\n<</Size %d /Root %d 0 R /Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(f.offsets)+1, catalog, info, start)
}

func references(numbers []int) string {
	var b strings.Builder
	for _, n := range numbers {
		b.WriteString(strconv.Itoa(n) + " 0 R ")
	}
	return b.String()
}

// pdfText is a text as PDF has it outside of pages.
func pdfText(text string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, unit := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&b, "%04X", unit)
	}
	return b.String() + ">"
}
