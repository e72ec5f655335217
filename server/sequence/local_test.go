package sequence

import (
	"regexp"
	"testing"
)

func TestLocal(t *testing.T) {
	testContract(t, func(*testing.T) sequencer { return NewLocal() })
}

func TestEveryStartIsAnEpoch(t *testing.T) {
	epochs := map[string]bool{}
	for range 100 {
		joined, err := NewLocal().Open(t.Context(), "b1", nil, 0, 0, &reader{})
		if err != nil {
			t.Fatal(err)
		}
		epoch := joined.Epochs.Name()
		if !regexp.MustCompile(`^[0-9]+\.[A-Z2-7]{10}$`).MatchString(epoch) {
			t.Errorf("got epoch %q, want <counter>.<random>", epoch)
		}
		if epochs[epoch] {
			t.Errorf("epoch %s comes twice", epoch)
		}
		epochs[epoch] = true
	}
}
