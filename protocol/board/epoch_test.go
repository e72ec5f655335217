package board

import (
	"fmt"
	"testing"
)

func TestWhereTwoHistoriesPart(t *testing.T) {
	a := Epochs{{"1.a", 0}, {"2.b", 10}}
	for _, c := range []struct {
		name  string
		mine  Epochs
		at    int64
		other Epochs
		want  int64
	}{
		{"the same", a, 15, a, 15},
		{"the other went on in a new epoch from where mine stands", a, 15, a.Then("3.c", 15), 15},
		{"the other went on from further on", a, 15, a.Then("3.c", 40), 15},
		{"the other went on from before", a, 15, a.Then("3.c", 12), 12},
		{"mine went on where the other did not", a.Then("3.c", 12), 20, a, 12},
		{"both went on by themselves", a.Then("3.c", 30), 40, a.Then("4.d", 20), 20},
		{"mine is two epochs behind", Epochs{{"1.a", 0}}, 25, a.Then("3.c", 20), 10},
		{"mine never was shared", nil, 15, Epochs{{"9.x", 15}}, 15},
		{"mine never was shared, and the other began before its end", nil, 15, Epochs{{"9.x", 4}}, 4},
		{"the other has the counter of mine by chance", a, 15, Epochs{{"1.a", 0}, {"2.x", 10}}, 10},
		{"nothing is common", Epochs{{"5.e", 0}}, 15, a, 0},
	} {
		if got := c.mine.Fork(c.at, c.other); got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, got, c.want)
		}
	}
}

func TestOnlyTheLastEpochsAreRemembered(t *testing.T) {
	var e Epochs
	for i := range 100 {
		e = e.Then(fmt.Sprintf("%d.x", i), int64(i))
	}
	if len(e) != maxEpochs || e.Name() != "99.x" || e[0].Name != "68.x" {
		t.Errorf("got %d from %s to %s", len(e), e[0].Name, e.Name())
	}
}

func TestEpochsAreOrderedByTheirCounters(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "1.a", -1}, {"2.a", "10.a", -1}, {"10.b", "10.a", 1}, {"7.x", "7.x", 0}, {"junk", "1.a", -1},
	} {
		if got := CompareEpochs(c.a, c.b); got != c.want {
			t.Errorf("%q and %q: got %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
