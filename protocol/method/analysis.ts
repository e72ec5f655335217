// What a board says of the services and the segments. Twin of analysis.go; the names are those of GET …/analysis and of
// fixtures/*.expected.json. Shares, scores and ratios are not rounded here; over HTTP they are, to 4 decimals.
import type { Criterion, ID } from '../board/item';
import type { NoteCounts, Statistics } from '../board/statistics';

/** Of one service for one segment. unassessed: nobody has said anything, or that it serves without any rating. */
export interface Cell {
  readonly serviceId: ID;
  readonly segmentId: ID;
  readonly state: 'unassessed' | 'not_served' | 'served';
  /** 0–1: the mean of the known ratings / 4; 0 without availability. null while unassessed, 0 where it does not serve. */
  readonly score: number | null;
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

export interface ServiceAnalysis {
  readonly serviceId: ID;
  readonly coveredSegmentIds: readonly ID[];
  readonly missedSegmentIds: readonly ID[];
  readonly spillSegmentIds: readonly ID[];
  readonly precision: number | null;
  readonly recall: number | null;
  readonly targetStatus: 'no_target' | 'unreached' | 'mistargeted' | 'on_target';
}

export interface Overlap {
  readonly segmentId: ID;
  readonly categoryId: ID;
  readonly serviceIds: readonly ID[];
  readonly excess: number;
}

export interface NeedGap {
  readonly segmentId: ID;
  readonly categoryId: ID;
  readonly severity: 'missing' | 'weak' | 'unknown';
  readonly serviceIds: readonly ID[];
}

export interface CellRef {
  readonly serviceId: ID;
  readonly segmentId: ID;
}

export interface GoalAnalysis {
  readonly goalId: ID;
  readonly reachedSegmentIds: readonly ID[];
  readonly reach: number | null;
  readonly withoutMeans: boolean;
}

export interface PlacementConsensus {
  readonly noteId: ID;
  readonly median: number;
  readonly agreement: number;
  readonly discuss: boolean;
}

export interface RatingConsensus extends CellRef {
  readonly criterion: Criterion;
  readonly median: number;
  readonly agreement: number;
  readonly discuss: boolean;
}

export interface Candidate {
  readonly k: number;
  readonly silhouette: number;
  readonly gvf: number;
  readonly clusters: readonly {
    readonly from: number;
    readonly to: number;
    readonly size: number;
  }[];
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

export type FeedbackCounts = Readonly<Record<'plus' | 'minus' | 'idea' | 'question', number>>;

export interface VoteResult {
  readonly voteRoundId: ID;
  readonly totals: readonly {
    readonly itemId: ID;
    readonly dots: number;
    readonly voters: number;
  }[];
  readonly rejectedVoterIds: readonly ID[];
}

export interface Analysis {
  readonly thresholds: Readonly<Record<string, number>>;
  readonly noteCounts: NoteCounts;
  readonly zoneGrid: Readonly<Record<ID, readonly number[]>>;
  readonly groups: readonly Statistics[];
  readonly suggestedGroups: SuggestedGroups;
  readonly similarNotes: readonly SimilarNotes[];
  readonly placementConsensus: readonly PlacementConsensus[];
  readonly segmentPositions: readonly {
    readonly segmentId: ID;
    readonly position: number | null;
  }[];
  readonly descriptionCompleteness: {
    readonly filled: number;
    readonly total: number;
    readonly missing: readonly { readonly segmentId: ID; readonly headingId: ID }[];
  };
  readonly cells: readonly Cell[];
  readonly cellStates: Readonly<Record<Cell['state'], number>>;
  readonly segments: readonly SegmentAnalysis[];
  readonly totalSupply: number;
  /** The share of supply that would have to move; null while there is no supply. */
  readonly imbalance: number | null;
  readonly overlaps: readonly Overlap[];
  readonly needGaps: readonly NeedGap[];
  readonly services: readonly ServiceAnalysis[];
  readonly overlappingPairs: readonly {
    readonly serviceIds: readonly [ID, ID];
    readonly jaccard: number;
  }[];
  readonly weakCells: Readonly<Record<Criterion, readonly CellRef[]>>;
  readonly impactGoals: readonly GoalAnalysis[];
  readonly servicesWithoutGoal: readonly ID[];
  readonly ratingConsensus: readonly RatingConsensus[];
  readonly feedback: {
    readonly byKind: FeedbackCounts;
    /** By "board", "service:<id>" or "segment:<id>". */
    readonly byTarget: Readonly<Record<string, FeedbackCounts>>;
  };
  readonly voteRounds: readonly VoteResult[];
}
