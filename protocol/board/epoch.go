package board

import (
	"cmp"
	"strconv"
	"strings"
)

// maxEpochs of a board's history are remembered.
const maxEpochs = 32

// Epoch is a stretch of a board's order. Its name is <counter>.<random>.
type Epoch struct {
	Name string `json:"name"`
	// Base is the seq behind which it began: what the epoch before had beyond
	// that is no part of the history.
	Base int64 `json:"base"`
}

// Epochs are those of a board's history, from the oldest that is remembered to
// the one at work. A board that never had more than one order has none.
type Epochs []Epoch

// Name of the epoch at work, "" if there is none.
func (e Epochs) Name() string {
	if len(e) == 0 {
		return ""
	}
	return e[len(e)-1].Name
}

// Then is the history that goes on from a seq in a new epoch. It shares nothing
// with e.
func (e Epochs) Then(name string, base int64) Epochs {
	from := max(0, len(e)+1-maxEpochs)
	next := make(Epochs, 0, len(e)+1-from)
	return append(append(next, e[from:]...), Epoch{name, base})
}

// Fork is the last seq that the history has in common with another, which at
// has reached the seq: up to there it holds what e has. It is at itself if all
// of it is part of the other.
func (e Epochs) Fork(at int64, other Epochs) int64 {
	for i := len(e) - 1; i >= 0; i-- {
		for j := len(other) - 1; j >= 0; j-- {
			if other[j].Name != e[i].Name {
				continue
			}
			if i+1 < len(e) {
				at = min(at, e[i+1].Base)
			}
			if j+1 < len(other) {
				at = min(at, other[j+1].Base)
			}
			return at
		}
	}
	if len(e) == 0 && len(other) > 0 {
		return min(at, other[0].Base) // it was ordered by nobody else until then
	}
	return 0
}

// CompareEpochs orders epochs by their counters, then by their names; "" comes
// before all.
func CompareEpochs(a, b string) int {
	if c := cmp.Compare(EpochCounter(a), EpochCounter(b)); c != 0 {
		return c
	}
	return strings.Compare(a, b)
}

// EpochCounter is the number with which the name of an epoch begins, 0 for what
// is no such name.
func EpochCounter(name string) int64 {
	digits, _, _ := strings.Cut(name, ".")
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// Renewal brings a copy of a board to where the instances that share it have it.
type Renewal struct {
	// Epochs of its history from now on.
	Epochs Epochs
	// Fork is the last seq of the copy that is part of that history.
	Fork int64
	// State is the board in the last of Epochs; nil if the copy goes on from
	// where it is, all of which is part of the history.
	State *State
	// Astray: the copy has all of that history, and has come to something else.
	// What follows State is delivered again.
	Astray bool
}
