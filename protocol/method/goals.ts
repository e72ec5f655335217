// How far goals are reached. Twin of goals.go.
import type { ID } from '../board/item';
import type { Shown } from '../board/state';
import type { GoalAnalysis } from './analysis';
import type { Matrix } from './cells';
import { share } from './services';

/** How far the services of each goal reach its segments. */
export function goals(m: Matrix): GoalAnalysis[] {
  return m.on.board.ofType('goal').map(({ id, serviceIds = [], segmentIds = [] }) => {
    const means = m.cells.filter((_, i) => serviceIds.includes(m.services[i]?.id ?? ''));
    const reachedSegmentIds = m.segments
      .filter(
        (segment, at) =>
          segmentIds.includes(segment.id) && means.some((row) => row[at]?.cell.covers),
      )
      .map((segment) => segment.id);
    return {
      goalId: id,
      reachedSegmentIds,
      reach: share(reachedSegmentIds.length, segmentIds.length),
      withoutMeans: serviceIds.length === 0,
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
