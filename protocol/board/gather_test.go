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
