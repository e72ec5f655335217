// Whom services cover, against whom they are meant for. Twin of services.go.
import type { ItemOf } from '../board/item';
import type { OverlappingPair, ServiceAnalysis, TargetStatus, Thresholds } from './analysis';
import { segmentsWhere, type Assessed, type Matrix } from './cells';
import { atLeast } from './thresholds';

export function targeting(m: Matrix): ServiceAnalysis[] {
  return m.services.map((service, i) => target(m, service, m.cells[i] ?? []));
}

function target(
  m: Matrix,
  { id, intendedSegmentIds = [] }: ItemOf<'service'>,
  row: readonly Assessed[],
): ServiceAnalysis {
  const meant = new Set(intendedSegmentIds);
  const coveredSegmentIds = segmentsWhere(m, row, ({ cell }) => cell.covers);
  const both = coveredSegmentIds.filter((segment) => meant.has(segment)).length;
  const precision = share(both, coveredSegmentIds.length);
  const recall = share(both, m.segments.filter((segment) => meant.has(segment.id)).length);
  return {
    serviceId: id,
    coveredSegmentIds,
    missedSegmentIds: segmentsWhere(m, row, ({ cell }, s) => !cell.covers && meant.has(s)),
    spillSegmentIds: segmentsWhere(m, row, ({ cell }, s) => cell.covers && !meant.has(s)),
    precision,
    recall,
    targetStatus: statusOf(precision, recall, m.on.limits),
  };
}

function statusOf(
  precision: number | null,
  recall: number | null,
  { minPrecision, minRecall }: Thresholds,
): TargetStatus {
  if (recall === null) {
    return 'no_target';
  }
  if (precision === null) {
    return 'unreached';
  }
  return atLeast(precision, minPrecision) && atLeast(recall, minRecall)
    ? 'on_target'
    : 'mistargeted';
}

/** null of nothing. */
export function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** How much of what two services cover together both of them cover, when they are said to overlap. */
const minJaccard = 0.5;

/** Services of one category that cover nearly the same segments. */
export function overlappingPairs({ services, cells }: Matrix): OverlappingPair[] {
  return services.flatMap((one, i) =>
    services.slice(i + 1).flatMap((other, j): OverlappingPair | [] => {
      if (one.categoryId === undefined || one.categoryId !== other.categoryId) {
        return [];
      }
      const jaccard = alike(cells[i] ?? [], cells[i + 1 + j] ?? []);
      return jaccard !== null && atLeast(jaccard, minJaccard)
        ? { serviceIds: [one.id, other.id], jaccard }
        : [];
    }),
  );
}

function alike(one: readonly Assessed[], other: readonly Assessed[]): number | null {
  let [both, either] = [0, 0];
  for (const [i, { cell: a }] of one.entries()) {
    const b = other[i]?.cell.covers ?? false;
    both += a.covers && b ? 1 : 0;
    either += a.covers || b ? 1 : 0;
  }
  return share(both, either);
}
