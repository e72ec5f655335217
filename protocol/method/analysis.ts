// What a board says of the services and the segments. Twin of analysis.go; the names are those of GET …/analysis and of
// fixtures/*.expected.json. Shares, scores and ratios are not rounded here; over HTTP they are, to 4 decimals.
import type { Criterion, ID } from '../board/item';
import type { NoteCounts, Statistics } from '../board/statistics';

export type CellState = 'unassessed' | 'not_served' | 'served';

/** Of one service for one segment. unassessed: nobody has said anything, or that it serves without any rating. */
export interface Cell {
  readonly serviceId: ID;
  readonly segmentId: ID;
  readonly state: CellState;
  /** 0–1: the mean of the known ratings / 4; 0 without availability, and where it does not serve or is not assessed. */
  readonly score: number;
  readonly covers: boolean;
  /** How many of the five criteria have a rating or votes. */
  readonly rated: number;
}

/** The first that fits, in this order. */
export type Status = 'unknown' | 'gap' | 'thin' | 'pileup' | 'balanced';

export interface SegmentAnalysis {
  readonly segmentId: ID;
  readonly needWeight: number;
  readonly needShare: number;
  readonly supply: number;
  readonly weakSupply: number;
  readonly supplyShare: number;
  readonly balanceRatio: number;
  readonly coveringServiceIds: readonly ID[];
  readonly coverCount: number;
  readonly assessedShare: number;
  /** By criterion, weighted mean rating of the cells that are served; null where none is known. */
  readonly criterionProfile: Readonly<Record<Criterion, number | null>>;
  readonly weakCriteria: readonly Criterion[];
  readonly status: Status;
}

/** Whether a service reaches whom it is meant for. */
export type TargetStatus = 'no_target' | 'unreached' | 'mistargeted' | 'on_target';

export interface ServiceAnalysis {
  readonly serviceId: ID;
  readonly coveredSegmentIds: readonly ID[];
  readonly missedSegmentIds: readonly ID[];
  readonly spillSegmentIds: readonly ID[];
  readonly precision: number | null;
  readonly recall: number | null;
  readonly targetStatus: TargetStatus;
}

export interface Overlap {
  readonly segmentId: ID;
  readonly categoryId: ID;
  readonly serviceIds: readonly ID[];
  readonly excess: number;
}

/** Of a need gap: there is no service, there are some that do not work, or it has not been looked into. */
export type Severity = 'missing' | 'weak' | 'unknown';

export interface NeedGap {
  readonly segmentId: ID;
  readonly categoryId: ID;
  readonly severity: Severity;
  /** Those that are weak there, or, while it is unknown, those that are not assessed. */
  readonly serviceIds: readonly ID[];
}

export interface CellRef {
  readonly serviceId: ID;
  readonly segmentId: ID;
}

/** Two services of one category that cover nearly the same segments. */
export interface OverlappingPair {
  readonly serviceIds: readonly [ID, ID];
  readonly jaccard: number;
}

export interface GoalAnalysis {
  readonly goalId: ID;
  readonly reachedSegmentIds: readonly ID[];
  readonly reach: number | null;
  readonly withoutMeans: boolean;
}

/** How far several answers to one question agree. */
export interface Consensus {
  readonly median: number;
  readonly agreement: number;
  readonly discuss: boolean;
}

export interface PlacementConsensus extends Consensus {
  readonly noteId: ID;
}

export interface RatingConsensus extends CellRef, Consensus {
  readonly criterion: Criterion;
}

/** The notes of a suggested group, by their values. */
export interface Cluster {
  readonly from: number;
  readonly to: number;
  readonly size: number;
}

export interface Candidate {
  readonly k: number;
  readonly silhouette: number;
  /** Which share of the differences between notes the groups explain. */
  readonly gvf: number;
  readonly clusters: readonly Cluster[];
}

/** chosenK is null when no number of groups is worth suggesting. */
export interface SuggestedGroups {
  readonly chosenK: number | null;
  readonly candidates: readonly Candidate[];
}

export interface SimilarNotes {
  readonly noteIds: readonly [ID, ID];
  readonly similarity: number;
}

/** A segment's place on the axis, 0–100; null without one. */
export interface SegmentPosition {
  readonly segmentId: ID;
  readonly position: number | null;
}

/** How much of the segment cards is written. */
export interface DescriptionCompleteness {
  readonly filled: number;
  readonly total: number;
  readonly missing: readonly { readonly segmentId: ID; readonly headingId: ID }[];
}

export type FeedbackCounts = Readonly<Record<'plus' | 'minus' | 'idea' | 'question', number>>;

export interface FeedbackResult {
  readonly byKind: FeedbackCounts;
  /** By "board", "service:<id>" or "segment:<id>". */
  readonly byTarget: Readonly<Record<string, FeedbackCounts>>;
}

export interface VoteTotal {
  readonly itemId: ID;
  readonly dots: number;
  readonly voters: number;
}

export interface VoteResult {
  readonly voteRoundId: ID;
  /** What got most first. */
  readonly totals: readonly VoteTotal[];
  readonly rejectedVoterIds: readonly ID[];
}

/** The limits that the analysis works with. */
export interface Thresholds {
  readonly minNotes: number;
  readonly minPerspectives: number;
  readonly maxIqr: number;
  readonly coverScore: number;
  readonly thinRatio: number;
  readonly pileRatio: number;
  readonly minPileCount: number;
  readonly minAssessedShare: number;
  readonly weakRating: number;
  readonly weakProfile: number;
  readonly minPrecision: number;
  readonly minRecall: number;
  readonly discussAgreement: number;
  readonly similarText: number;
}

/** All that a board says. Segments come in the order of the axis, all else in the order of the board. */
export interface Analysis {
  readonly thresholds: Thresholds;
  readonly noteCounts: NoteCounts;
  readonly zoneGrid: Readonly<Record<ID, readonly number[]>>;
  readonly groups: readonly Statistics[];
  readonly suggestedGroups: SuggestedGroups;
  readonly similarNotes: readonly SimilarNotes[];
  readonly placementConsensus: readonly PlacementConsensus[];
  readonly segmentPositions: readonly SegmentPosition[];
  readonly descriptionCompleteness: DescriptionCompleteness;
  readonly cells: readonly Cell[];
  readonly cellStates: Readonly<Record<CellState, number>>;
  readonly segments: readonly SegmentAnalysis[];
  readonly totalSupply: number;
  /** The share of supply that would have to move; null while there is no supply. */
  readonly imbalance: number | null;
  readonly overlaps: readonly Overlap[];
  readonly needGaps: readonly NeedGap[];
  readonly services: readonly ServiceAnalysis[];
  readonly overlappingPairs: readonly OverlappingPair[];
  readonly weakCells: Readonly<Record<Criterion, readonly CellRef[]>>;
  readonly impactGoals: readonly GoalAnalysis[];
  readonly servicesWithoutGoal: readonly ID[];
  readonly ratingConsensus: readonly RatingConsensus[];
  readonly feedback: FeedbackResult;
  readonly voteRounds: readonly VoteResult[];
}
