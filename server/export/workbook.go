package export

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/xuri/excelize/v2"

	"jana/protocol/board"
	"jana/protocol/method"
)

// Formats of numbers in a workbook. A symbol is part of the format, so that the number stays one.
const (
	formatCovers = `0" ` + covers + `"`
	formatWeak   = `0" ` + weak + `"`
	formatShare  = `0.0%`
	formatFigure = `0.00`
	formatScore  = `0`
)

// Workbook writes the matrix, the cells, segments and services with all their figures, the findings, and the notes, each on a
// sheet of its own; who wrote which note, if authors is set. Texts are written as texts: none of them is taken for a formula.
func Workbook(w io.Writer, items []*board.Item, language string, authors bool) (err error) {
	m := newMatrix(items, language)
	file := excelize.NewFile()
	defer func() {
		if closed := file.Close(); err == nil && closed != nil {
			err = fmt.Errorf("close a workbook: %w", closed)
		}
	}()
	b := &workbook{file: file, matrix: m, styles: map[string]int{}}
	b.write("sheet.matrix", b.matrixRows())
	b.comments()
	b.write("sheet.cells", b.cellRows())
	b.write("sheet.segments", b.segmentRows())
	b.write("sheet.services", b.serviceRows())
	b.write("sheet.findings", b.findingRows())
	b.write("sheet.notes", b.noteRows(items, authors))
	b.keep(file.DeleteSheet("Sheet1"))
	b.keep(file.SetDocProps(&excelize.DocProperties{Title: m.Item(board.BoardID).Text("title"), Language: m.language, Creator: "Jana"}))
	if b.err == nil {
		b.err = file.Write(w)
	}
	if b.err != nil {
		return fmt.Errorf("write a workbook: %w", b.err)
	}
	return nil
}

// workbook is one that is being written. The first error is kept, and the rest left out.
type workbook struct {
	*matrix
	file   *excelize.File
	styles map[string]int
	err    error
}

// formatted is a number with the way it is shown.
type formatted struct {
	value  float64
	format string
}

func shareOf(v method.Figure) formatted  { return formatted{float64(v), formatShare} }
func figureOf(v method.Figure) formatted { return formatted{float64(v), formatFigure} }

// scoreOf is a score as 0–100. It is shown whole, and is what the analysis says of it: a sum over it is right.
func scoreOf(v method.Figure, format string) formatted {
	return formatted{math.Floor(float64(v)*1e6+0.5) / 1e4, format}
}

// known is a share, or an empty cell if there is none.
func known(v *method.Figure) any {
	if v == nil {
		return nil
	}
	return shareOf(*v)
}

func (b *workbook) keep(err error) {
	if b.err == nil {
		b.err = err
	}
}

// write puts rows on a sheet, the first of them its head.
func (b *workbook) write(sheet string, rows [][]any) {
	name := b.words[sheet]
	_, err := b.file.NewSheet(name)
	b.keep(err)
	for y, row := range rows {
		for x, v := range row {
			b.set(name, x+1, y+1, v)
		}
	}
	last, err := excelize.CoordinatesToCellName(max(1, len(rows[0])), 1)
	b.keep(err)
	b.keep(b.file.SetCellStyle(name, "A1", last, b.style("head")))
	b.keep(b.file.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
	column, err := excelize.ColumnNumberToName(max(1, len(rows[0])))
	b.keep(err)
	b.keep(b.file.SetColWidth(name, "A", column, 22))
}

func (b *workbook) set(sheet string, x, y int, v any) {
	cell, err := excelize.CoordinatesToCellName(x, y)
	b.keep(err)
	switch v := v.(type) {
	case nil:
	case string:
		if v != "" {
			b.keep(b.file.SetCellStr(sheet, cell, v))
		}
	case formatted:
		b.keep(b.file.SetCellFloat(sheet, cell, v.value, -1, 64))
		b.keep(b.file.SetCellStyle(sheet, cell, cell, b.style(v.format)))
	default:
		b.keep(b.file.SetCellValue(sheet, cell, v))
	}
}

// style is the number of a look: that of a number's format, or of the head.
func (b *workbook) style(of string) int {
	if style, is := b.styles[of]; is {
		return style
	}
	look := &excelize.Style{CustomNumFmt: &of}
	if of == "head" {
		look = &excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}}
	}
	style, err := b.file.NewStyle(look)
	b.keep(err)
	b.styles[of] = style
	return style
}

// comments are what was said of the cells of the matrix.
func (b *workbook) comments() {
	for y, service := range b.services {
		for x, segment := range b.Segments {
			text := b.Item(board.CellID(service.ID, segment.SegmentID)).Text("comment")
			if text == "" {
				continue
			}
			cell, err := excelize.CoordinatesToCellName(x+3, y+2)
			b.keep(err)
			b.keep(b.file.AddComment(b.words["sheet.matrix"], excelize.Comment{Cell: cell, Author: "Jana", Paragraph: []excelize.RichTextRun{{Text: text}}}))
		}
	}
}

func (b *workbook) names(ids []board.ID) string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = b.name(id)
	}
	return strings.Join(all, ", ")
}
