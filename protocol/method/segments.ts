// What the services give each segment against what it needs. Twin of segments.go.
import { criteria, type Criterion } from '../board/item';
import type { Analysis, SegmentAnalysis, Status, Thresholds } from './analysis';
import { column, weight, type Assessed, type Matrix } from './cells';
import { above, atLeast } from './thresholds';

/** What a segment is given, without what depends on the others. */
type Supply = Omit<
  SegmentAnalysis,
  'needWeight' | 'needShare' | 'supplyShare' | 'balanceRatio' | 'status'
>;

export function balance(m: Matrix): Pick<Analysis, 'segments' | 'totalSupply' | 'imbalance'> {
  const supplies = m.segments.map(({ id }, i) => supplyOf(m, id, i));
  const needs = needWeights(m);
  const need = needs.reduce((all, n) => all + n, 0);
  const supply = supplies.reduce((all, s) => all + s.supply, 0);
  const segments = supplies.map((s, i): SegmentAnalysis => {
    const needWeight = needs[i] ?? 1;
    const needShare = needWeight / need;
    const supplyShare = supply > 0 ? s.supply / supply : 0;
    const balanceRatio = supply > 0 ? supplyShare / needShare : 0;
    return {
      ...s,
      needWeight,
      needShare,
      supplyShare,
      balanceRatio,
      status: statusOf(s, balanceRatio, m.on.limits),
    };
  });
  const moved = segments.reduce((all, s) => all + Math.abs(s.supplyShare - s.needShare), 0);
  return { segments, totalSupply: supply, imbalance: supply > 0 ? moved / 2 : null };
}

/** Of the segments: customers times need factor. Customers count only if they are known of every segment. */
function needWeights({ segments }: Matrix): number[] {
  const counted = segments.every(({ customers }) => customers !== undefined);
  return segments.map(
    ({ customers = 1, needFactor = 1 }) => (counted ? customers : 1) * needFactor,
  );
}

function supplyOf(m: Matrix, segmentId: string, at: number): Supply {
  const cells = column(m, at);
  const weights = m.services.map(weight);
  const coveringServiceIds: string[] = [];
  let [supply, weakSupply, known] = [0, 0, 0];
  for (const [i, { cell }] of cells.entries()) {
    const given = (weights[i] ?? 1) * cell.score;
    known += cell.state === 'unassessed' ? 0 : 1;
    if (cell.covers) {
      supply += given;
      coveringServiceIds.push(cell.serviceId);
    } else {
      weakSupply += given;
    }
  }
  const criterionProfile = Object.fromEntries(
    criteria.map((criterion, c) => [criterion, profileOf(m, cells, c)]),
  ) as Record<Criterion, number | null>;
  return {
    segmentId,
    supply,
    weakSupply,
    coveringServiceIds,
    coverCount: coveringServiceIds.length,
    assessedShare: known / cells.length,
    criterionProfile,
    weakCriteria: criteria.filter((criterion) => {
      const profile = criterionProfile[criterion];
      return profile !== null && !atLeast(profile, m.on.limits.weakProfile);
    }),
  };
}

/** Of a segment by one criterion: the weighted mean rating of the cells that are served; null where none is known. */
function profileOf(m: Matrix, cells: readonly Assessed[], criterion: number): number | null {
  let [sum, weights] = [0, 0];
  for (const [i, { cell, ratings }] of cells.entries()) {
    const rating = ratings[criterion] ?? null;
    const service = m.services[i];
    if (cell.state === 'served' && rating !== null && service !== undefined) {
      sum += weight(service) * rating;
      weights += weight(service);
    }
  }
  return weights === 0 ? null : sum / weights;
}

function statusOf(
  { assessedShare, coverCount }: Supply,
  balanceRatio: number,
  limits: Thresholds,
): Status {
  if (!atLeast(assessedShare, limits.minAssessedShare)) {
    return 'unknown';
  }
  if (coverCount === 0) {
    return 'gap';
  }
  if (coverCount === 1 || !atLeast(balanceRatio, limits.thinRatio)) {
    return 'thin';
  }
  return above(balanceRatio, limits.pileRatio) && atLeast(coverCount, limits.minPileCount)
    ? 'pileup'
    : 'balanced';
}
