package board

import (
	"fmt"
	"testing"
)

func boardOf(notes int) *State {
	s := New()
	t := &tx{s: s, e: &Entry{}}
	t.put(NewItem(TypeBoard, BoardID, []Field{{"title", "Koe"}, {"phase", "free"}}))
	t.put(NewItem(TypePerspective, "p1", []Field{{"name", "Itsenäisyys"}, {"order", int64(1)}}))
	for i := range notes {
		t.put(NewItem(TypeNote, fmt.Sprintf("n%d", i), []Field{
			{"text", "Tarvitsee jonkun viereen lomaketta täyttäessä"},
			{"perspectiveId", "p1"},
			{"authorId", "pA"},
			{"x", int64(i % 10000)},
			{"y", int64(i / 10)},
			{"z", int64(i + 1)},
		}))
	}
	return s
}

// The cost of an op does not grow with the board.
func BenchmarkApplyMove(b *testing.B) {
	for _, notes := range []int{100, 1000, 10_000} {
		b.Run(fmt.Sprintf("notes=%d", notes), func(b *testing.B) {
			s := boardOf(notes)
			ids := make([]ID, notes)
			for i := range ids {
				ids[i] = fmt.Sprintf("n%d", i)
			}
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				s.Apply(&Entry{
					Seq: int64(i + 1), Time: int64(i), By: "pA", Role: Participant, Client: "tab", N: int64(i + 1),
					Ops: []Op{Move{Moves: []Place{{ids[i%notes], int64(i % 10_000), int64(i % 6000)}}}},
				})
			}
		})
	}
}

func BenchmarkSnapshot(b *testing.B) {
	s := boardOf(10_000)
	b.Run("take", func(b *testing.B) {
		for range b.N {
			s.Snapshot()
		}
	})
	b.Run("encode", func(b *testing.B) {
		for range b.N {
			s.Snapshot().Encode()
		}
	})
	raw := s.Snapshot().Encode()
	b.Run("load", func(b *testing.B) {
		for range b.N {
			if _, err := Load(raw); err != nil {
				b.Fatal(err)
			}
		}
	})
}
