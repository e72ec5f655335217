package export

import (
	"maps"
	"slices"
	"testing"
)

func TestEveryLanguageHasEveryWord(t *testing.T) {
	want := slices.Sorted(maps.Keys(words()["fi"]))
	for _, language := range []string{"sv", "en"} {
		if got := slices.Sorted(maps.Keys(words()[language])); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", language, got, want)
		}
	}
}
