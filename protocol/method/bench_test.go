package method_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"jana/protocol/board"
	"jana/protocol/method"
)

// large is a board beyond what a workshop makes: 60 services, 12 segments, 500 notes.
func large() *board.State {
	r := rand.New(rand.NewPCG(1, 1))
	var items []*board.Item
	add := func(t board.Type, id string, fields ...board.Field) {
		items = append(items, board.NewItem(t, id, fields))
	}
	add(board.TypeBoard, board.BoardID)
	add(board.TypeAxis, "axis", board.Field{Name: "x0", Value: int64(0)}, board.Field{Name: "x1", Value: int64(10_000)}, board.Field{Name: "bandTop", Value: int64(0)}, board.Field{Name: "bandBottom", Value: int64(1000)})
	for i := range 6 {
		add(board.TypePerspective, fmt.Sprintf("p%d", i))
	}
	for i := range 12 {
		add(board.TypeGroup, fmt.Sprintf("g%d", i), board.Field{Name: "name", Value: fmt.Sprintf("Ryhmä %d", i)})
		add(board.TypeSegment, fmt.Sprintf("s%d", i), board.Field{Name: "groupId", Value: fmt.Sprintf("g%d", i)}, board.Field{Name: "needs", Value: []string{"c0", "c3", "c7"}})
	}
	for i := range 10 {
		add(board.TypeCategory, fmt.Sprintf("c%d", i))
	}
	for i := range 500 {
		text := ""
		for range 8 {
			text += fmt.Sprintf("sana%d ", r.IntN(400))
		}
		add(board.TypeNote, fmt.Sprintf("n%d", i), board.Field{Name: "x", Value: r.Int64N(10_000)}, board.Field{Name: "y", Value: int64(500)}, board.Field{Name: "text", Value: text},
			board.Field{Name: "groupId", Value: fmt.Sprintf("g%d", i%12)}, board.Field{Name: "perspectiveId", Value: fmt.Sprintf("p%d", i%6)})
	}
	for i := range 60 {
		service := fmt.Sprintf("v%d", i)
		add(board.TypeService, service, board.Field{Name: "categoryId", Value: fmt.Sprintf("c%d", i%10)}, board.Field{Name: "intendedSegmentIds", Value: []string{"s1", "s4", "s9"}})
		for j := range 12 {
			segment := fmt.Sprintf("s%d", j)
			ratings, votes := map[string]board.Value{}, map[string]board.Value{}
			for _, criterion := range board.Criteria {
				ratings[criterion] = r.Int64N(5)
				votes[criterion] = map[string]board.Value{"x1": r.Int64N(5), "x2": r.Int64N(5), "x3": r.Int64N(5), "x4": r.Int64N(5)}
			}
			add(board.TypeAssessment, board.CellID(service, segment), board.Field{Name: "serviceId", Value: service}, board.Field{Name: "segmentId", Value: segment},
				board.Field{Name: "ratings", Value: ratings}, board.Field{Name: "votes", Value: votes})
		}
	}
	return board.Gather(items)
}

// BenchmarkAnalyseManyGroups has a board full of groups, each with a name and a note.
func BenchmarkAnalyseManyGroups(b *testing.B) {
	var items []*board.Item
	for i := range board.MaxItems / 2 {
		group := fmt.Sprintf("g%d", i)
		items = append(items,
			board.NewItem(board.TypeGroup, group, []board.Field{{Name: "name", Value: group}}),
			board.NewItem(board.TypeNote, fmt.Sprintf("n%d", i), []board.Field{{Name: "groupId", Value: group}}))
	}
	s := board.Gather(items)
	for b.Loop() {
		method.Analyse(s)
	}
}

func BenchmarkAnalyse(b *testing.B) {
	s := large()
	for b.Loop() {
		method.Analyse(s).Findings()
	}
}

// BenchmarkAnalyseAlikeNotes is the dearest board that people could write: as many notes as it holds, as long as they may be,
// every one with the words of many others.
func BenchmarkAnalyseAlikeNotes(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	var items []*board.Item
	for i := range board.MaxItems {
		text := ""
		for range 100 {
			text += fmt.Sprintf("%c%c%c%c ", 'a'+r.IntN(6), 'a'+r.IntN(6), 'a'+r.IntN(6), 'a'+r.IntN(3))
		}
		items = append(items, board.NewItem(board.TypeNote, fmt.Sprintf("n%d", i), []board.Field{{Name: "text", Value: text}}))
	}
	s := board.Gather(items)
	for b.Loop() {
		method.Analyse(s)
	}
}
