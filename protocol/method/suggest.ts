// Groups of notes by their values. Twin of suggest.go.
import type { Candidate, Cluster, SuggestedGroups } from './analysis';
import { above, atLeast } from './thresholds';

// From how few to how many groups are tried.
const fewestGroups = 2;
const mostGroups = 7;
/** Of all spread, what two equally good divisions may differ by for the last bits of a sum. */
const tieShare = 1e-14;

/**
 * Proposes groups of notes by their values, given in tenths: for each number of groups the one best division (least squares;
 * equal values are never parted), and of those numbers whose groups all have minNotes the one at which notes lie clearest in
 * their own group. It proposes none of too few notes, or of notes that all lie at one place.
 */
export function suggest(tenths: readonly number[], minNotes: number): SuggestedGroups {
  const values = new Values(tenths);
  if (!atLeast(tenths.length, 2 * minNotes) || values.length < fewestGroups) {
    return { chosenK: null, candidates: [] };
  }
  const candidates = values
    .divide(Math.min(mostGroups, values.length))
    .slice(fewestGroups)
    .map((ends) => values.candidate(ends));
  let chosen: Candidate | undefined;
  for (const candidate of candidates) {
    const passes = candidate.clusters.every(({ size }) => atLeast(size, minNotes));
    if (passes && (chosen === undefined || above(candidate.silhouette, chosen.silhouette))) {
      chosen = candidate;
    }
  }
  return { chosenK: chosen?.k ?? null, candidates };
}

/** Distinct values, sorted, with sums over all that come before each: of their counts, of the values, of their squares. All
 * are integers, so that a sum over any stretch is exact. */
class Values {
  readonly #at: number[] = [];
  readonly #n: Float64Array;
  readonly #sum: Float64Array;
  readonly #square: Float64Array;

  constructor(tenths: readonly number[]) {
    const sorted = [...tenths].sort((a, b) => a - b);
    this.#at = sorted.filter((t, i) => t !== sorted[i - 1]);
    const sums = (): Float64Array => new Float64Array(this.#at.length + 1);
    [this.#n, this.#sum, this.#square] = [sums(), sums(), sums()];
    let end = 0;
    for (const [i, t] of sorted.entries()) {
      if (t !== sorted[i - 1]) {
        end++;
        for (const sum of [this.#n, this.#sum, this.#square]) {
          sum[end] = sum[end - 1] ?? 0;
        }
      }
      add(this.#n, end, 1);
      add(this.#sum, end, t);
      add(this.#square, end, t * t);
    }
  }

  get length(): number {
    return this.#at.length;
  }

  /** The sum of squared distances from the mean, of the values from one index to before another. */
  #spread(from: number, to: number): number {
    const n = over(this.#n, from, to);
    const sum = over(this.#sum, from, to);
    return (n * over(this.#square, from, to) - sum * sum) / n;
  }

  /** For each number of groups up to most, the indexes at which the groups of the best division end. Of divisions that are
   * equally good it is that whose last groups begin first. */
  divide(most: number): number[][] {
    const { length } = this;
    const tie = tieShare * this.#spread(0, length);
    // cost[j] is that of the first j values in as many groups as have been added; begins[k][j] where the last of k groups
    // begins.
    const cost = new Float64Array(length + 1);
    const begins = Array.from({ length: most + 1 }, () => new Int32Array(length + 1));
    for (let j = 1; j <= length; j++) {
      cost[j] = this.#spread(0, j);
    }
    for (const [k, begin] of begins.entries()) {
      // From the end, so that the costs of fewer groups are still there before each.
      for (let j = length; j >= k && k >= 2; j--) {
        let least = (cost[k - 1] ?? 0) + this.#spread(k - 1, j);
        begin[j] = k - 1;
        for (let i = k; i < j; i++) {
          const c = (cost[i] ?? 0) + this.#spread(i, j);
          if (c < least - tie) {
            least = c;
            begin[j] = i;
          }
        }
        cost[j] = least;
      }
    }
    return begins.map((_, k) => {
      const ends: number[] = [];
      for (let g = k, j = length; g > 0; g--) {
        ends.unshift(j);
        j = begins[g]?.[j] ?? 0;
      }
      return ends;
    });
  }

  candidate(ends: readonly number[]): Candidate {
    const clusters: Cluster[] = [];
    let within = 0;
    let from = 0;
    for (const to of ends) {
      clusters.push({
        from: (this.#at[from] ?? 0) / 10,
        to: (this.#at[to - 1] ?? 0) / 10,
        size: over(this.#n, from, to),
      });
      within += this.#spread(from, to);
      from = to;
    }
    return {
      k: ends.length,
      silhouette: this.#silhouette(ends),
      gvf: 1 - within / this.#spread(0, this.length),
      clusters,
    };
  }

  /** In the mean over all notes, how much nearer they are to their own group than to the next: 1 where groups lie far apart,
   * below 0 where notes lie nearer to others. A note alone in its group counts 0. */
  #silhouette(ends: readonly number[]): number {
    let total = 0;
    let from = 0;
    for (const [own, to] of ends.entries()) {
      const size = over(this.#n, from, to);
      for (let i = from; i < to && size > 1; i++) {
        const inside = this.#distance(i, from, to) / (size - 1);
        let outside = Infinity;
        let begin = 0;
        for (const [other, end] of ends.entries()) {
          if (other !== own) {
            const mean = this.#distance(i, begin, end) / over(this.#n, begin, end);
            outside = Math.min(outside, mean);
          }
          begin = end;
        }
        total += over(this.#n, i, i + 1) * ((outside - inside) / Math.max(inside, outside));
      }
      from = to;
    }
    return total / over(this.#n, 0, this.length);
  }

  /** The sum of those from a value to all notes from one index to before another. */
  #distance(of: number, from: number, to: number): number {
    const at = this.#at[of] ?? 0;
    const mid = Math.min(Math.max(of, from), to);
    const below = over(this.#n, from, mid) * at - over(this.#sum, from, mid);
    return below + over(this.#sum, mid, to) - over(this.#n, mid, to) * at;
  }
}

/** What the values from one index to before another come to. */
function over(sums: Float64Array, from: number, to: number): number {
  return (sums[to] ?? 0) - (sums[from] ?? 0);
}

function add(sums: Float64Array, at: number, n: number): void {
  sums[at] = (sums[at] ?? 0) + n;
}
