// From a finding back to what people said. Twin of trace.go.
import type { ID, ItemOf } from '../board/item';
import type { Shown } from '../board/state';
import { read } from './analyse';
import type { CellRef } from './analysis';
import type { Finding } from './findings';

/** What a finding rests on, from the cells to the notes behind the segments. */
export interface Trace {
  readonly cells: readonly CellRef[];
  readonly segmentIds: readonly ID[];
  readonly groupIds: readonly ID[];
  readonly noteIds: readonly ID[];
}

export function trace(board: Shown, finding: Finding): Trace {
  const about = segmentsOf(board, finding);
  const segments = read(board).segments.filter(({ id }) => about.has(id));
  const segmentIds = segments.map(({ id }) => id);
  const groupIds = segments.flatMap(({ groupId }) => groupId ?? []);
  const services = board.ofType('service').filter((service) => restsOn(finding, service));
  return {
    cells: services.flatMap(({ id }) =>
      segmentIds.map((segmentId) => ({ serviceId: id, segmentId })),
    ),
    segmentIds,
    groupIds,
    noteIds: groupIds.flatMap((group) => board.referring(group, 'note').map(({ id }) => id)),
  };
}

/** Those that a finding is about. */
function segmentsOf(board: Shown, finding: Finding): ReadonlySet<ID> {
  if (finding.segmentId !== undefined) {
    return new Set([finding.segmentId]);
  }
  if (finding.goalId !== undefined) {
    return new Set(board.itemOf(finding.goalId, 'goal')?.segmentIds);
  }
  return new Set([...(finding.intendedSegmentIds ?? []), ...(finding.coveredSegmentIds ?? [])]);
}

/** Whether a finding is drawn from the cells of a service: of those it names, else of those of its category; a gap from all. */
function restsOn(finding: Finding, service: ItemOf<'service'>): boolean {
  if (finding.kind === 'goal') {
    return false;
  }
  if (finding.serviceIds.length > 0) {
    return finding.serviceIds.includes(service.id);
  }
  return finding.categoryId === undefined || service.categoryId === finding.categoryId;
}
