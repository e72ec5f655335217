// How the supply of services meets the need of the segments.
import type { SegmentAnalysis, Status } from '$protocol/method/analysis';
import type { Shown } from '$protocol/board/state';
import { cellID } from '$protocol/board/cell';
import { scoreOf } from './cells';

export type SegmentCoverage = Pick<
  SegmentAnalysis,
  'segmentId' | 'needShare' | 'supplyShare' | 'status'
>;

const slack = 1e-9;

export function coverage(board: Shown): SegmentCoverage[] {
  const limit = (name: string, otherwise: number) =>
    board.settings()?.thresholds?.[name] ?? otherwise;
  const services = board.ofType('service');
  const segments = board.ofType('segment');
  const counted = segments.every(({ customers }) => customers !== undefined);
  const all = segments.map((segment) => {
    let [assessed, covering, supply] = [0, 0, 0];
    for (const { id, weight = 1 } of services) {
      const cell = board.itemOf(cellID(id, segment.id), 'assessment');
      const score = cell && (cell.serves === false ? 0 : scoreOf(cell));
      if (score === undefined) continue;
      assessed++;
      if (cell?.serves === false || score < limit('coverScore', 0.5) - slack) continue;
      covering++;
      supply += weight * score;
    }
    const need = (counted ? (segment.customers ?? 1) : 1) * (segment.needFactor ?? 1);
    return { id: segment.id, need, supply, covering, assessed: assessed / services.length };
  });
  const needs = all.reduce((sum, { need }) => sum + need, 0);
  const supplies = all.reduce((sum, { supply }) => sum + supply, 0);
  return all.map(({ id, need, supply, covering, assessed }) => {
    const needShare = need / needs;
    const supplyShare = supplies === 0 ? 0 : supply / supplies;
    const ratio = supplyShare / needShare;
    const status = ((): Status => {
      if (!(assessed >= limit('minAssessedShare', 0.5) - slack)) return 'unknown';
      if (covering === 0) return 'gap';
      if (covering === 1 || ratio < limit('thinRatio', 0.6667) - slack) return 'thin';
      const piled = ratio > limit('pileRatio', 1.5) + slack;
      return piled && covering >= limit('minPileCount', 2) ? 'pileup' : 'balanced';
    })();
    return { segmentId: id, needShare, supplyShare, status };
  });
}
