package export

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jana/protocol/board"
	"jana/protocol/board/fixture"
	"jana/protocol/method"
	"jana/server/pdftest"

	"github.com/xuri/excelize/v2"
	"jana/server/document"
)

// bytesOf is what is written.
func bytesOf(t testing.TB, write func(io.Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// docxParagraphs reads the paragraphs of a Word document, of which every part must be well-formed.
func docxParagraphs(t testing.TB, file []byte) []string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, part := range z.File {
		f, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		d := xml.NewDecoder(f)
		text := ""
		for {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", part.Name, err)
			}
			switch token := token.(type) {
			case xml.CharData:
				text += string(token)
			case xml.EndElement:
				if token.Name.Local == "p" && part.Name == "word/document.xml" {
					all, text = append(all, text), ""
				}
			}
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// inOrder fails unless the wanted texts come in that order among those that are there.
func inOrder(t *testing.T, format string, got, want []string) {
	t.Helper()
	at := 0
	for _, w := range want {
		from := at
		for at < len(got) && got[at] != w {
			at++
		}
		if at == len(got) {
			t.Errorf("%s: %q does not come after %q", format, w, got[max(0, from-1):min(len(got), from+3)])
			return
		}
		at++
	}
}

func TestEveryFormatHasTheFiguresOfTheAnalysis(t *testing.T) {
	for name, file := range map[string][]byte{"keski-uusimaa": fixture.KeskiUusimaa, "museum": fixture.Museum} {
		t.Run(name, func(t *testing.T) {
			items := workshop(t, file)
			a := method.Analyse(board.Gather(items))
			// What the analysis says of every cell and segment, as readers of Finnish see it.
			var cells, sums []string
			for _, service := range newMatrix(items, "fi").services {
				for _, s := range a.Segments {
					for _, c := range a.Cells {
						if c.ServiceID != service.ID || c.SegmentID != s.SegmentID {
							continue
						}
						text := ""
						switch {
						case c.Covers:
							text = strconv.Itoa(percent(c.Score)) + " ●"
						case c.State == method.Served:
							text = strconv.Itoa(percent(c.Score)) + " ○"
						case c.State == method.NotServed:
							text = "–"
						}
						if comment := board.Gather(items).Item(board.CellID(c.ServiceID, c.SegmentID)).Text("comment"); comment != "" {
							text += " " + comment
						}
						cells = append(cells, text)
					}
				}
			}
			for _, s := range a.Segments {
				sums = append(sums, strconv.Itoa(s.CoverCount))
			}
			for _, s := range a.Segments {
				sums = append(sums, decimal(float64(s.SupplyShare)*100, "fi"))
			}
			for _, s := range a.Segments {
				sums = append(sums, decimal(float64(s.NeedShare)*100, "fi"))
			}
			want := append(append([]string{}, cells...), sums...)

			var table []string
			for _, row := range newMatrix(items, "fi").rows() {
				table = append(table, row[2:]...)
			}
			inOrder(t, "CSV", table, want)
			for kind, d := range map[string]*document.Document{"report": Report(items, "fi", atNoon), "matrix": MatrixDocument(items, "fi", atNoon)} {
				inOrder(t, kind+" DOCX", docxParagraphs(t, bytesOf(t, func(w io.Writer) error { return document.WriteDOCX(w, d) })), want)
				var md []string
				for _, l := range strings.Split(markdownOf(t, d), "\n") {
					for _, cell := range strings.Split(l, "|") {
						md = append(md, strings.ReplaceAll(strings.TrimSpace(cell), `\`, ""))
					}
				}
				inOrder(t, kind+" Markdown", md, want)
				// What was said of a cell is broken into lines there, and an empty cell is nothing.
				short := slices.DeleteFunc(slices.Clone(want), func(w string) bool { return w == "" || len(strings.Fields(w)) > 2 })
				inOrder(t, kind+" PDF", pdftest.Texts(t, bytesOf(t, func(w io.Writer) error { return document.WritePDF(w, d) })), short)
				for _, f := range a.Findings() {
					sentence := f.Sentence(board.Gather(items), "fi")
					if kind == "report" && !strings.Contains(strings.Join(docxParagraphs(t, bytesOf(t, func(w io.Writer) error { return document.WriteDOCX(w, d) })), "\n"), sentence) {
						t.Errorf("DOCX: %q is not in it", sentence)
					}
				}
			}

			book, err := excelize.OpenReader(bytes.NewReader(bytesOf(t, func(w io.Writer) error { return Workbook(w, items, "fi", false) })))
			if err != nil {
				t.Fatal(err)
			}
			rows, err := book.GetRows("Matriisi", excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			for i, s := range a.Segments {
				for y, want := range []float64{float64(s.CoverCount), float64(s.SupplyShare), float64(s.NeedShare)} {
					got, err := strconv.ParseFloat(rows[len(rows)-4+y][i+2], 64)
					if err != nil || got-want > 1e-9 || want-got > 1e-9 {
						t.Errorf("XLSX: %s: got %v, want %v", s.SegmentID, got, want)
					}
				}
			}
			if err := book.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}
