// Where services of a category meet, and where one is needed and there is none. Twin of needs.go.
import type { ID } from '../board/item';
import type { NeedGap, Overlap } from './analysis';
import type { Assessed, Matrix } from './cells';

/** The categories of which several services cover one segment. A question to ask, not an error. */
export function overlaps(m: Matrix): Overlap[] {
  const categories = m.on.board.ofType('category');
  const rows = rowsByCategory(m);
  return m.segments.flatMap(({ id }, at) =>
    categories.flatMap((category): Overlap | [] => {
      const serviceIds = servicesWhere(rows.get(category.id), at, ({ cell }) => cell.covers);
      return serviceIds.length < 2
        ? []
        : { segmentId: id, categoryId: category.id, serviceIds, excess: serviceIds.length - 1 };
    }),
  );
}

/** What the segments need and no service covers. */
export function needGaps(m: Matrix): NeedGap[] {
  const categories = m.on.board.ofType('category');
  const rows = rowsByCategory(m);
  return m.segments.flatMap(({ id, needs }, at) => {
    const needed = new Set(needs);
    return categories
      .filter((category) => needed.has(category.id))
      .flatMap((category) => {
        const gap = needGap(at, rows.get(category.id));
        return gap === null ? [] : { segmentId: id, categoryId: category.id, ...gap };
      });
  });
}

function rowsByCategory({ services, cells }: Matrix): Map<ID, (readonly Assessed[])[]> {
  const rows = new Map<ID, (readonly Assessed[])[]>();
  for (const [i, { categoryId = '' }] of services.entries()) {
    const of = rows.get(categoryId) ?? [];
    rows.set(categoryId, of);
    of.push(cells[i] ?? []);
  }
  return rows;
}

/** null where one of the rows covers the segment. */
function needGap(
  at: number,
  rows: readonly (readonly Assessed[])[] | undefined,
): Pick<NeedGap, 'severity' | 'serviceIds'> | null {
  if (servicesWhere(rows, at, ({ cell }) => cell.covers).length > 0) {
    return null;
  }
  const weak = servicesWhere(rows, at, ({ cell }) => cell.state === 'served');
  if (weak.length > 0) {
    return { severity: 'weak', serviceIds: weak };
  }
  const unknown = servicesWhere(rows, at, ({ cell }) => cell.state === 'unassessed');
  return { severity: unknown.length > 0 ? 'unknown' : 'missing', serviceIds: unknown };
}

/** The services of the rows of whose cells in a column something holds. */
function servicesWhere(
  rows: readonly (readonly Assessed[])[] = [],
  at: number,
  holds: (one: Assessed) => boolean,
): ID[] {
  return rows.flatMap((row) => {
    const one = row[at];
    return one !== undefined && holds(one) ? one.cell.serviceId : [];
  });
}
