// Where services of a category meet, and where one is needed and there is none. Twin of needs.go.
import type { ID } from '../board/item';
import type { NeedGap, Overlap } from './analysis';
import { column, type Assessed, type Matrix } from './cells';

/** The categories of which several services cover one segment. A question to ask, not an error. */
export function overlaps(m: Matrix): Overlap[] {
  const categories = m.on.board.ofType('category');
  return m.segments.flatMap(({ id }, at) =>
    categories.flatMap((category): Overlap | [] => {
      const serviceIds = idsOf(of(m, category.id, at).filter(({ cell }) => cell.covers));
      return serviceIds.length < 2
        ? []
        : { segmentId: id, categoryId: category.id, serviceIds, excess: serviceIds.length - 1 };
    }),
  );
}

/** What the segments need and no service covers. */
export function needGaps(m: Matrix): NeedGap[] {
  const categories = m.on.board.ofType('category');
  return m.segments.flatMap(({ id, needs = [] }, at) =>
    categories
      .filter((category) => needs.includes(category.id))
      .flatMap((category) => needGap(id, category.id, of(m, category.id, at)) ?? []),
  );
}

/** null where one of the cells covers the segment. */
function needGap(segmentId: ID, categoryId: ID, cells: readonly Assessed[]): NeedGap | null {
  if (cells.some(({ cell }) => cell.covers)) {
    return null;
  }
  const weak = idsOf(cells.filter(({ cell }) => cell.state === 'served'));
  if (weak.length > 0) {
    return { segmentId, categoryId, severity: 'weak', serviceIds: weak };
  }
  const unknown = idsOf(cells.filter(({ cell }) => cell.state === 'unassessed'));
  const severity = unknown.length > 0 ? 'unknown' : 'missing';
  return { segmentId, categoryId, severity, serviceIds: unknown };
}

/** The cells of a column whose services are of a category. */
function of(m: Matrix, category: ID, at: number): Assessed[] {
  return column(m, at).filter((_, i) => m.services[i]?.categoryId === category);
}

function idsOf(cells: readonly Assessed[]): ID[] {
  return cells.map(({ cell }) => cell.serviceId);
}
