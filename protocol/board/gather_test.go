package board

import (
	"fmt"
	"slices"
	"testing"
)

func TestAGatheredBoardReadsAsTheOneItWasTakenFrom(t *testing.T) {
	s := importFixture(t, "keski-uusimaa.json")
	items := s.Items()
	slices.Reverse(items)
	gathered := Gather(items)
	if got, want := gathered.Content(), s.Content(); got != want {
		t.Errorf("content: got %s, want %s", got, want)
	}
	if got, want := fmt.Sprint(gathered.AllStatistics()), fmt.Sprint(s.AllStatistics()); got != want {
		t.Errorf("statistics: got %s, want %s", got, want)
	}
}

func TestItemsOfAStateThatWasKeptAreWithoutWhatWasErasedSince(t *testing.T) {
	then := importFixture(t, "keski-uusimaa.json")
	items := then.ItemsWithout(map[ID]int64{"seg1": 8, "seg2": 7, "n001": 9}, 7)
	of := func(id ID) *Item {
		return items[slices.IndexFunc(items, func(it *Item) bool { return it.ID == id })]
	}
	if len(items) != len(then.Items()) || of("seg1").Get("name") != nil || of("n001").Get("text") != nil {
		t.Errorf("got %s and %s, want them without their texts", of("seg1").JSON(), of("n001").JSON())
	}
	for _, id := range []ID{"seg2", "seg3"} {
		if !of(id).Equal(then.Item(id)) {
			t.Errorf("%s was not erased since: got %s", id, of(id).JSON())
		}
	}
}
