package method

import "slices"

const (
	// From how few to how many groups are tried.
	fewestGroups = 2
	mostGroups   = 7
	// tieShare of all spread is what two equally good divisions may differ by for the last bits of a sum.
	tieShare = 1e-14
)

// Suggest proposes groups of notes by their values, given in tenths: for each number of groups the one best division (least
// squares; equal values are never parted), and of those numbers whose groups all have minNotes the one at which notes lie
// clearest in their own group. It proposes none of too few notes, or of notes that all lie at one place.
func Suggest(tenths []int64, minNotes float64) SuggestedGroups {
	out := SuggestedGroups{Candidates: []Candidate{}}
	v := gather(tenths)
	if !atLeast(float64(len(tenths)), 2*minNotes) || v.len() < fewestGroups {
		return out
	}
	clearest := 0.0
	for k, ends := range v.divide(min(mostGroups, v.len())) {
		if k < fewestGroups {
			continue
		}
		c := v.candidate(ends)
		out.Candidates = append(out.Candidates, c)
		small := slices.ContainsFunc(c.Clusters, func(cl Cluster) bool { return !atLeast(float64(cl.Size), minNotes) })
		if !small && (out.ChosenK == nil || above(float64(c.Silhouette), clearest)) {
			out.ChosenK, clearest = &c.K, float64(c.Silhouette)
		}
	}
	return out
}

// values are distinct ones, sorted, with sums over all that come before each: of their counts, of the values, of their
// squares. All are integers, so that a sum over any stretch is exact.
type values struct {
	at             []int64
	n, sum, square []int64
}

func gather(tenths []int64) *values {
	v := &values{n: []int64{0}, sum: []int64{0}, square: []int64{0}}
	for _, t := range slices.Sorted(slices.Values(tenths)) {
		if last := v.len(); last == 0 || v.at[last-1] != t {
			v.at = append(v.at, t)
			v.n, v.sum, v.square = append(v.n, v.n[last]), append(v.sum, v.sum[last]), append(v.square, v.square[last])
		}
		end := v.len()
		v.n[end]++
		v.sum[end] += t
		v.square[end] += t * t
	}
	return v
}

func (v *values) len() int { return len(v.at) }

// spread is the sum of squared distances from the mean, of the values from one index to before another.
func (v *values) spread(from, to int) float64 {
	n, sum, square := v.n[to]-v.n[from], v.sum[to]-v.sum[from], v.square[to]-v.square[from]
	return float64(n*square-sum*sum) / float64(n)
}

// divide gives, for each number of groups up to most, the indexes at which the groups of the best division end. Of divisions
// that are equally good it is that whose last groups begin first.
func (v *values) divide(most int) [][]int {
	tie := tieShare * v.spread(0, v.len())
	// cost[j] is that of the first j values in as many groups as have been added; begins[k][j] where the last of k groups begins.
	cost := make([]float64, v.len()+1)
	begins := make([][]int, most+1)
	begins[1] = make([]int, v.len()+1)
	for j := 1; j <= v.len(); j++ {
		cost[j] = v.spread(0, j)
	}
	for k := 2; k <= most; k++ {
		begins[k] = make([]int, v.len()+1)
		// From the end, so that the costs of fewer groups are still there before each.
		for j := v.len(); j >= k; j-- {
			least := cost[k-1] + v.spread(k-1, j)
			begins[k][j] = k - 1
			for i := k; i < j; i++ {
				if c := cost[i] + v.spread(i, j); c < least-tie {
					least, begins[k][j] = c, i
				}
			}
			cost[j] = least
		}
	}
	all := make([][]int, most+1)
	for k := 1; k <= most; k++ {
		ends := make([]int, k)
		for g, j := k, v.len(); g > 0; g-- {
			ends[g-1] = j
			j = begins[g][j]
		}
		all[k] = ends
	}
	return all
}

func (v *values) candidate(ends []int) Candidate {
	c := Candidate{K: len(ends), Clusters: []Cluster{}}
	within := 0.0
	from := 0
	for _, to := range ends {
		c.Clusters = append(c.Clusters, Cluster{Figure(v.at[from]) / 10, Figure(v.at[to-1]) / 10, int(v.n[to] - v.n[from])})
		within += v.spread(from, to)
		from = to
	}
	c.GVF = Figure(1 - within/v.spread(0, v.len()))
	c.Silhouette = Figure(v.silhouette(ends))
	return c
}

// silhouette is, in the mean over all notes, how much nearer they are to their own group than to the next: 1 where groups lie
// far apart, below 0 where notes lie nearer to others. A note alone in its group counts 0.
func (v *values) silhouette(ends []int) float64 {
	total := 0.0
	from := 0
	for own, to := range ends {
		size := v.n[to] - v.n[from]
		for i := from; i < to && size > 1; i++ {
			inside := float64(v.distance(i, from, to)) / float64(size-1)
			outside := -1.0
			begin := 0
			for other, end := range ends {
				if other != own {
					if d := float64(v.distance(i, begin, end)) / float64(v.n[end]-v.n[begin]); outside < 0 || d < outside {
						outside = d
					}
				}
				begin = end
			}
			total += float64(float64(v.n[i+1]-v.n[i]) * ((outside - inside) / max(inside, outside)))
		}
		from = to
	}
	return total / float64(v.n[v.len()])
}

// distance is the sum of those from a value to all notes from one index to before another.
func (v *values) distance(of, from, to int) int64 {
	mid := min(max(of, from), to)
	below := (v.n[mid]-v.n[from])*v.at[of] - (v.sum[mid] - v.sum[from])
	return below + (v.sum[to] - v.sum[mid]) - (v.n[to]-v.n[mid])*v.at[of]
}
