package export

import (
	"cmp"
	"io"
	"slices"
	"strconv"
	"strings"

	"jana/protocol/board"
	"jana/protocol/method"
	"jana/server/document"
)

// Symbols of what a service does for a segment. A cell that is not assessed is empty, which is not the same as no.
const (
	covers    = "●"
	weak      = "○"
	notServed = "–"
)

// Matrix writes the services by segments as a table: services by category, segments in the order of the axis. A cell has how
// well the service works there, 0–100, with a symbol, and what was said of it; below stand what each segment gets and needs.
func Matrix(w io.Writer, items []*board.Item, language string) error {
	return writeRows(w, newMatrix(items, language).rows())
}

// matrix is a board as it is written out.
type matrix struct {
	*board.State
	*method.Analysis
	language string
	words    map[string]string
	// services come by category.
	services []*board.Item
	cells    map[method.CellRef]method.Cell
}

func newMatrix(items []*board.Item, wanted string) *matrix {
	state := board.Gather(items)
	language := method.Language(state, wanted)
	m := &matrix{
		State: state, Analysis: method.Analyse(state), language: language, words: words()[language], cells: map[method.CellRef]method.Cell{},
	}
	for _, c := range m.Cells {
		m.cells[method.CellRef{ServiceID: c.ServiceID, SegmentID: c.SegmentID}] = c
	}
	for _, s := range m.Services {
		m.services = append(m.services, state.Item(s.ServiceID))
	}
	categories := ordered(items, board.TypeCategory)
	// Those without a category come last, as they do on the page.
	place := func(service *board.Item) int {
		at := slices.IndexFunc(categories, func(c *board.Item) bool { return c.ID == service.Text("categoryId") })
		if at < 0 {
			return len(categories)
		}
		return at
	}
	slices.SortStableFunc(m.services, func(a, b *board.Item) int { return cmp.Compare(place(a), place(b)) })
	return m
}

// ordered are the items of a type in their order, then by id.
func ordered(items []*board.Item, t board.Type) []*board.Item {
	var all []*board.Item
	for _, it := range items {
		if it.Type == t {
			all = append(all, it)
		}
	}
	slices.SortFunc(all, func(a, b *board.Item) int {
		return cmp.Or(cmp.Compare(a.Int("order"), b.Int("order")), strings.Compare(a.ID, b.ID))
	})
	return all
}

func (m *matrix) name(id board.ID) string {
	if n := m.Item(id).Text("name"); n != "" {
		return n
	}
	return id
}

func (m *matrix) rows() [][]string {
	head := []string{m.words["category"], m.words["service"]}
	covering, supply, need, status := []string{"", m.words["covering"]}, []string{"", m.words["supply"] + ", %"}, []string{"", m.words["need"] + ", %"}, []string{"", m.words["status"]}
	for _, s := range m.Segments {
		head = append(head, m.name(s.SegmentID))
		covering = append(covering, strconv.Itoa(s.CoverCount))
		supply = append(supply, decimal(float64(s.SupplyShare)*100, m.language))
		need = append(need, decimal(float64(s.NeedShare)*100, m.language))
		status = append(status, m.words["status."+string(s.Status)])
	}
	rows := [][]string{head}
	for _, service := range m.services {
		row := []string{m.name(service.Text("categoryId")), m.name(service.ID)}
		for _, s := range m.Segments {
			row = append(row, m.cell(service.ID, s.SegmentID))
		}
		rows = append(rows, row)
	}
	return append(rows, covering, supply, need, status)
}

// marks are the cells of the rows as shapes.
func (m *matrix) marks() [][]document.Mark {
	var rows [][]document.Mark
	for _, service := range m.services {
		row := make([]document.Mark, 2, 2+len(m.Segments))
		for _, s := range m.Segments {
			row = append(row, m.mark(service.ID, s.SegmentID))
		}
		rows = append(rows, row)
	}
	status := make([]document.Mark, 2, 2+len(m.Segments))
	for _, s := range m.Segments {
		status = append(status, document.Mark{Kind: string(s.Status)})
	}
	return append(rows, nil, nil, nil, status)
}

func (m *matrix) mark(service, segment board.ID) document.Mark {
	c := m.cells[method.CellRef{ServiceID: service, SegmentID: segment}]
	mark := document.Mark{Kind: string(c.State), Note: m.Item(board.CellID(service, segment)).Text("comment")}
	switch {
	case c.Covers:
		mark.Kind = "covers"
	case c.State == method.Served:
		mark.Kind = "weak"
	}
	if c.State == method.Served {
		mark.Figure = strconv.Itoa(percent(c.Score))
	}
	return mark
}

// cell is how well a service works for a segment, its symbol, and what was said of it.
func (m *matrix) cell(service, segment board.ID) string {
	c := m.cells[method.CellRef{ServiceID: service, SegmentID: segment}]
	parts := []string{symbol(c)}
	if c.State == method.Served {
		parts = []string{strconv.Itoa(percent(c.Score)), symbol(c)}
	}
	if comment := m.Item(board.CellID(service, segment)).Text("comment"); comment != "" {
		parts = append(parts, comment)
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

func symbol(c method.Cell) string {
	switch {
	case c.Covers:
		return covers
	case c.State == method.Served:
		return weak
	case c.State == method.NotServed:
		return notServed
	}
	return ""
}

// percent is a share or score as a whole number, rounded half up.
func percent(v method.Figure) int { return int(float64(v)*100 + 0.5 + 1e-9) }
