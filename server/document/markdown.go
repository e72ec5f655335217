package document

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// WriteMarkdown writes a document as CommonMark with tables. What people wrote is text in it, and never markup.
func WriteMarkdown(w io.Writer, d *Document) error {
	m := &markdown{bufio.NewWriter(w)}
	m.line("# ", inline(d.Title))
	m.line(inline(d.Kind), " · ", inline(d.Date))
	if d.Lead != "" {
		m.line(lines(d.Lead, "\\\n"))
	}
	for i, figure := range d.Figures {
		if i > 0 {
			m.put(" · ")
		}
		m.put("**", inline(figure[0]), "** ", inline(figure[1]))
	}
	if len(d.Figures) > 0 {
		m.line()
	}
	for _, s := range d.Sections {
		m.line("## ", inline(s.Title))
		for _, b := range s.Blocks {
			m.block(b)
		}
	}
	if err := m.Flush(); err != nil {
		return fmt.Errorf("write markdown: %w", err)
	}
	return nil
}

// markdown keeps the first error until it is flushed.
type markdown struct{ *bufio.Writer }

// line writes a line that a blank one follows.
func (m *markdown) line(parts ...string) { m.put(append(parts, "\n\n")...) }

func (m *markdown) put(parts ...string) {
	for _, part := range parts {
		_, _ = m.WriteString(part)
	}
}

func (m *markdown) block(b Block) {
	switch b.Type {
	case Heading:
		m.line("### ", inline(b.Text))
	case Paragraph:
		m.line(lines(b.Text, "\\\n"))
	case List, Picture:
		for _, item := range b.Items {
			m.put("- ", lines(item, "\\\n  "), "\n")
		}
		m.put("\n")
	case Facts:
		for _, row := range b.Rows {
			m.put("- **", inline(row[0]), ":** ", lines(row[1], "\\\n  "), "\n")
		}
		m.put("\n")
	case Table:
		m.row(b.Head)
		m.put("|", strings.Repeat(" --- |", len(b.Head)), "\n")
		for _, row := range b.Rows {
			m.row(row)
		}
		m.put("\n")
	}
}

func (m *markdown) row(cells []string) {
	m.put("|")
	for _, cell := range cells {
		m.put(" ", lines(cell, "<br>"), " |")
	}
	m.put("\n")
}

// marks are what could be taken for markup.
var marks = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "#", `\#`, "|", `\|`, "~", `\~`, "&", `\&`, "!", `\!`, "$", `\$`,
)

// inline is a text on one line.
func inline(text string) string { return marks.Replace(strings.Join(strings.Fields(text), " ")) }

// lines is a text with its line breaks in another form. What would begin a list or a heading does not.
func lines(text, br string) string {
	all := strings.Split(text, "\n")
	for i, line := range all {
		line = marks.Replace(strings.TrimSpace(line))
		digits := len(line) - len(strings.TrimLeft(line, "0123456789"))
		switch {
		case line == "":
		case strings.ContainsRune("-+=", rune(line[0])):
			line = `\` + line
		case digits > 0 && (strings.HasPrefix(line[digits:]+" ", ". ") || strings.HasPrefix(line[digits:]+" ", ") ")):
			line = line[:digits] + `\` + line[digits:]
		}
		all[i] = line
	}
	return strings.Join(all, br)
}
