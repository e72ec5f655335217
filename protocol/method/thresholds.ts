// The limits of the analysis. Twin of thresholds.go.
import type { Shown } from '../board/state';
import type { Thresholds } from './analysis';

/** Lets a comparison that includes its limit hold for what is equal but for the last bits of a decimal. */
const slack = 1e-9;

export function atLeast(a: number, b: number): boolean {
  return a >= b - slack;
}

export function above(a: number, b: number): boolean {
  return a > b + slack;
}

/** Those that a workshop begins with. */
const defaults: Thresholds = {
  minNotes: 3,
  minPerspectives: 3,
  maxIqr: 20,
  coverScore: 0.5,
  thinRatio: 0.6667,
  pileRatio: 1.5,
  minPileCount: 2,
  minAssessedShare: 0.5,
  weakRating: 1,
  weakProfile: 2,
  minPrecision: 0.5,
  minRecall: 0.5,
  discussAgreement: 0.6,
  similarText: 0.5,
};

/** A board's own limits, and where it has none the defaults. */
export function thresholdsOf(board: Shown): Thresholds {
  return { ...defaults, ...board.settings()?.thresholds };
}
