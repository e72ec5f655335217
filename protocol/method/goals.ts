// How far goals are reached. Twin of goals.go.
import type { ID } from '../board/item';
import type { Shown } from '../board/state';
import type { GoalAnalysis } from './analysis';
import type { Matrix } from './cells';
import { share } from './services';

/** How far the services of each goal reach its segments. */
export function goals(m: Matrix): GoalAnalysis[] {
  return m.on.board.ofType('goal').map(({ id, serviceIds, segmentIds }) => {
    const [means, meant] = [new Set(serviceIds), new Set(segmentIds)];
    const rows = m.cells.filter((_, i) => means.has(m.services[i]?.id ?? ''));
    const reachedSegmentIds = m.segments.flatMap((segment, at) =>
      meant.has(segment.id) && rows.some((row) => row[at]?.cell.covers) ? segment.id : [],
    );
    return {
      goalId: id,
      reachedSegmentIds,
      reach: share(reachedSegmentIds.length, meant.size),
      withoutMeans: means.size === 0,
    };
  });
}

/** Those that no goal names. */
export function servicesWithoutGoal(board: Shown): ID[] {
  const named = new Set(board.ofType('goal').flatMap(({ serviceIds = [] }) => serviceIds));
  return board
    .ofType('service')
    .map(({ id }) => id)
    .filter((id) => !named.has(id));
}
