// What an analysis gives to talk about. Twin of findings.go.
import type { ID } from '../board/item';
import type { Analysis, Severity, Status, TargetStatus } from './analysis';

/** In the order in which findings are told; goal is one without means. */
export type Kind =
  'gap' | 'need' | 'thin' | 'unreached' | 'mistargeted' | 'pileup' | 'overlap' | 'goal';

export interface Finding {
  /** The same in the next analysis, if it is still found there. */
  readonly id: string;
  readonly kind: Kind;
  /** Of a need gap. */
  readonly severity?: Severity;
  readonly segmentId?: ID;
  readonly categoryId?: ID;
  /** Those that cover the segment, that overlap, that are weak or unknown in a need, or the one that misses whom it is meant
   * for. */
  readonly serviceIds: readonly ID[];
  /** These two of a service. */
  readonly intendedSegmentIds?: readonly ID[];
  readonly coveredSegmentIds?: readonly ID[];
  readonly goalId?: ID;
  readonly figures: Readonly<Record<string, number>>;
}

/** The parts of an analysis that findings are drawn from. */
export type Grounds = Pick<
  Analysis,
  'cells' | 'segments' | 'needGaps' | 'services' | 'overlaps' | 'impactGoals'
>;

/** What an analysis gives to talk about, what hurts most first. There is nothing without segments and services. */
export function findings(a: Grounds): Finding[] {
  if (a.cells.length === 0) {
    return [];
  }
  return [
    ...ofStatus(a, 'gap'),
    ...needs(a, 'missing'),
    ...needs(a, 'weak'),
    ...needs(a, 'unknown'),
    ...ofStatus(a, 'thin'),
    ...ofTarget(a, 'unreached'),
    ...ofTarget(a, 'mistargeted'),
    ...ofStatus(a, 'pileup'),
    ...overlapping(a),
    ...goalsWithoutMeans(a),
  ];
}

function ofStatus(a: Grounds, status: Status & Kind): Finding[] {
  return a.segments
    .filter((s) => s.status === status)
    .map(({ segmentId, coveringServiceIds, coverCount, supplyShare, needShare, balanceRatio }) => ({
      id: `${status}.${segmentId}`,
      kind: status,
      segmentId,
      serviceIds: coveringServiceIds,
      figures: { coverCount, supplyShare, needShare, balanceRatio },
    }));
}

function needs(a: Grounds, severity: Severity): Finding[] {
  return a.needGaps
    .filter((gap) => gap.severity === severity)
    .map(({ segmentId, categoryId, serviceIds }) => ({
      id: `need.${segmentId}.${categoryId}`,
      kind: 'need',
      severity,
      segmentId,
      categoryId,
      serviceIds,
      figures: {},
    }));
}

function ofTarget(a: Grounds, status: TargetStatus & Kind): Finding[] {
  return a.services
    .filter(({ targetStatus }) => targetStatus === status)
    .map((s) => {
      const missed = new Set(s.missedSegmentIds);
      const hit = new Set(s.coveredSegmentIds);
      for (const id of s.spillSegmentIds) {
        hit.delete(id);
      }
      return {
        id: `${status}.${s.serviceId}`,
        kind: status,
        serviceIds: [s.serviceId],
        intendedSegmentIds: a.segments
          .map(({ segmentId }) => segmentId)
          .filter((id) => hit.has(id) || missed.has(id)),
        ...(s.coveredSegmentIds.length > 0 ? { coveredSegmentIds: s.coveredSegmentIds } : {}),
        figures: {
          recall: s.recall ?? 0,
          ...(s.precision === null ? {} : { precision: s.precision }),
        },
      };
    });
}

function overlapping(a: Grounds): Finding[] {
  return a.overlaps.map(({ segmentId, categoryId, serviceIds, excess }) => ({
    id: `overlap.${segmentId}.${categoryId}`,
    kind: 'overlap',
    segmentId,
    categoryId,
    serviceIds,
    figures: { excess },
  }));
}

function goalsWithoutMeans(a: Grounds): Finding[] {
  return a.impactGoals
    .filter(({ withoutMeans }) => withoutMeans)
    .map(({ goalId }) => ({
      id: `goal.${goalId}`,
      kind: 'goal',
      serviceIds: [],
      goalId,
      figures: {},
    }));
}
