package sequence

import (
	"regexp"
	"testing"

	"jana/protocol/board"
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

func TestWhatWasLostEndsAnEpoch(t *testing.T) {
	s := NewLocal()
	epoch := func(epochs board.Epochs) board.Epochs {
		t.Helper()
		joined, err := s.Open(t.Context(), "b1", epochs, 1, 0, &reader{})
		if err != nil {
			t.Fatal(err)
		}
		return joined.Epochs
	}
	first := epoch(nil)
	if err := s.Append(t.Context(), "b1", &board.Entry{}); err != nil {
		t.Fatal(err)
	}
	s.Close("b1", true)
	second := epoch(first)
	if second.Name() == first.Name() || second.Fork(1, first) != 1 || first.Fork(2, second) != 1 {
		t.Errorf("after a loss behind 1: got epochs %v, were %v", second, first)
	}
	s.Close("b1", false)
	if again := epoch(second); again.Name() != second.Name() {
		t.Errorf("opened again after a loss: got epoch %s, want %s", again.Name(), second.Name())
	}
	s.Close("b1", false)
}

func TestAnEpochIsLaterThanThoseBefore(t *testing.T) {
	known := board.Epochs{{Name: "99999999999999.LATER", Base: 0}}
	joined, err := NewLocal().Open(t.Context(), "b1", known, 5, 0, &reader{})
	if err != nil || board.CompareEpochs(joined.Epochs.Name(), known.Name()) <= 0 {
		t.Errorf("got epoch %s and %v, want one after %s", joined.Epochs.Name(), err, known.Name())
	}
}
