package method_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"jana/protocol/method"
)

func TestSuggestedGroupsAreTheBestOfAllDivisions(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	for range 200 {
		tenths := make([]int64, 2+r.IntN(9))
		for i := range tenths {
			tenths[i] = r.Int64N(30) * 10
		}
		got := method.Suggest(tenths, 1)
		slices.Sort(tenths)
		distinct := slices.Compact(slices.Clone(tenths))
		if want := max(0, min(7, len(distinct))-1); len(got.Candidates) != want {
			t.Fatalf("%v: got %d candidates, want %d", tenths, len(got.Candidates), want)
		}
		for _, c := range got.Candidates {
			least, ends := exhaustive(tenths, distinct, c.K)
			total, _ := exhaustive(tenths, distinct, 1)
			if want := 1 - least/total; math.Abs(float64(c.GVF)-want) > 1e-9 {
				t.Errorf("%v in %d: got gvf %v, want %v", tenths, c.K, c.GVF, want)
			}
			var gotEnds []int64
			for _, cl := range c.Clusters {
				gotEnds = append(gotEnds, int64(math.Round(float64(cl.To)*10)))
			}
			if !slices.Equal(gotEnds, ends) {
				t.Errorf("%v in %d: got ends %v, want %v", tenths, c.K, gotEnds, ends)
			}
			if want := silhouette(tenths, gotEnds); math.Abs(float64(c.Silhouette)-want) > 1e-9 {
				t.Errorf("%v in %d: got silhouette %v, want %v", tenths, c.K, c.Silhouette, want)
			}
		}
	}
}

// exhaustive tries every division of the values into k groups, and gives the least sum of squares with the highest values of
// the groups; of equal ones that whose last group begins first, then the one before it.
func exhaustive(tenths, distinct []int64, k int) (least float64, ends []int64) {
	if k == 1 {
		return squares(tenths), []int64{distinct[len(distinct)-1]}
	}
	least = math.Inf(1)
	for i := k - 1; i < len(distinct); i++ {
		begin := slices.Index(tenths, distinct[i])
		before, beforeEnds := exhaustive(tenths[:begin], distinct[:i], k-1)
		if cost := before + squares(tenths[begin:]); cost < least-1e-6 {
			least, ends = cost, append(slices.Clone(beforeEnds), distinct[len(distinct)-1])
		}
	}
	return least, ends
}

func squares(tenths []int64) float64 {
	mean := 0.0
	for _, t := range tenths {
		mean += float64(t) / float64(len(tenths))
	}
	sum := 0.0
	for _, t := range tenths {
		sum += (float64(t) - mean) * (float64(t) - mean)
	}
	return sum
}

// silhouette by its definition, note by note.
func silhouette(tenths, ends []int64) float64 {
	group := func(t int64) int { return slices.IndexFunc(ends, func(end int64) bool { return t <= end }) }
	total := 0.0
	for i, own := range tenths {
		sums, counts := make([]float64, len(ends)), make([]float64, len(ends))
		for j, other := range tenths {
			if i != j {
				sums[group(other)] += math.Abs(float64(own - other))
				counts[group(other)]++
			}
		}
		inside, outside := 0.0, math.Inf(1)
		for g := range ends {
			switch mean := sums[g] / counts[g]; {
			case g == group(own):
				inside = mean
			default:
				outside = min(outside, mean)
			}
		}
		if counts[group(own)] > 0 {
			total += (outside - inside) / max(inside, outside)
		}
	}
	return total / float64(len(tenths))
}
