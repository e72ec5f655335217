// What is known of each service for each segment. Twin of cells.go.
import { criteria, type Criterion, type ID, type ItemOf } from '../board/item';
import { cellID } from '../board/cell';
import type { Cell, CellRef, CellState, Thresholds } from './analysis';
import type { Reading } from './analyse';
import { above, atLeast } from './thresholds';

/** The highest rating. */
export const best = 4;

/** A cell with what it is judged by, in the order of the criteria. */
export interface Assessed {
  readonly cell: Cell;
  /** undefined: nobody has said anything. */
  readonly item: ItemOf<'assessment'> | undefined;
  readonly ratings: readonly (number | null)[];
}

/** Judges one cell; item is its assessment, undefined if there is none. */
export function assess(
  item: ItemOf<'assessment'> | undefined,
  { serviceId, segmentId }: CellRef,
  limits: Thresholds,
): Assessed {
  const ratings = criteria.map((criterion) => ratingOf(item, criterion));
  const known = ratings.filter((r) => r !== null);
  const available = ratings[criteria.indexOf('availability')] !== 0;
  const state: CellState =
    item?.serves === false ? 'not_served' : known.length === 0 ? 'unassessed' : 'served';
  const sum = known.reduce((all, r) => all + r, 0);
  const score = state === 'served' && available ? sum / known.length / best : 0;
  const covers = state === 'served' && atLeast(score, limits.coverScore);
  return {
    cell: { serviceId, segmentId, state, score, covers, rated: known.length },
    item,
    ratings,
  };
}

/** By a criterion: the agreed rating, else the mean of the votes, else null. */
export function ratingOf(
  item: ItemOf<'assessment'> | undefined,
  criterion: Criterion,
): number | null {
  const agreed = item?.ratings?.[criterion];
  if (agreed !== undefined) {
    return agreed;
  }
  const votes = Object.values(item?.votes?.[criterion] ?? {});
  return votes.length === 0 ? null : votes.reduce((all, v) => all + v, 0) / votes.length;
}

/** The services, by rows, and the segments. Without any of one there are none of the other either: there is nothing to say
 * of them yet. */
export interface Matrix {
  readonly on: Reading;
  readonly services: readonly ItemOf<'service'>[];
  readonly segments: readonly ItemOf<'segment'>[];
  readonly cells: readonly (readonly Assessed[])[];
}

export function matrixOf(on: Reading): Matrix {
  const services = on.board.ofType('service');
  const { board, segments, limits } = on;
  if (services.length === 0 || segments.length === 0) {
    return { on, services: [], segments: [], cells: [] };
  }
  const cells = services.map((service) =>
    segments.map((segment) =>
      assess(
        board.itemOf(cellID(service.id, segment.id), 'assessment'),
        { serviceId: service.id, segmentId: segment.id },
        limits,
      ),
    ),
  );
  return { on, services, segments, cells };
}

export function states({ cells }: Matrix): Record<CellState, number> {
  const n = { served: 0, not_served: 0, unassessed: 0 };
  for (const { cell } of cells.flat()) {
    n[cell.state]++;
  }
  return n;
}

/** By criterion, the cells that are served and rated low. */
export function weakCells({ on, cells }: Matrix): Record<Criterion, CellRef[]> {
  const weak = (i: number): CellRef[] =>
    cells.flat().flatMap(({ cell: { serviceId, segmentId, state }, ratings }) => {
      const rating = ratings[i] ?? null;
      return state === 'served' && rating !== null && !above(rating, on.limits.weakRating)
        ? { serviceId, segmentId }
        : [];
    });
  return Object.fromEntries(criteria.map((criterion, i) => [criterion, weak(i)])) as Record<
    Criterion,
    CellRef[]
  >;
}

/** Of a service against the others. */
export function weight(service: ItemOf<'service'>): number {
  return service.weight ?? 1;
}

/** Those of a column. */
export function column({ cells }: Matrix, at: number): Assessed[] {
  return cells.flatMap((row) => row[at] ?? []);
}

/** The ids of the segments of which something holds, in order. */
export function segmentsWhere(
  { segments }: Matrix,
  row: readonly Assessed[],
  holds: (one: Assessed, id: ID) => boolean,
): ID[] {
  return segments.flatMap(({ id }, i) => {
    const one = row[i];
    return one !== undefined && holds(one, id) ? id : [];
  });
}
