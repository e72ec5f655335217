// What a note's place means: a value 0–100 with one decimal, counted in tenths and in integers only, so that every machine
// gets the same figure from the same x. Twin of value.go.

/** The ends of an axis, board units; x0 is value 0. */
export interface Ends {
  readonly x0: number;
  readonly x1: number;
}

/** The band in which notes have a value. */
export interface Band extends Ends {
  readonly bandTop: number;
  readonly bandBottom: number;
}

/** A note's value on an axis in tenths, 0–1000; null where its centre lies outside the band. */
export function value10(axis: Band | undefined, x: number, y: number): number | null {
  if (axis === undefined || y < axis.bandTop || y > axis.bandBottom || axis.x1 <= axis.x0) {
    return null;
  }
  return valueAt10(axis, x);
}

/**
 * The value at x in tenths; beyond the ends it is that of the end.
 *
 * value = floor((2000·(x−x0) + (x1−x0)) / (2·(x1−x0))) after clamping x: 100 times the share of the axis, rounded half up
 * to one decimal.
 */
export function valueAt10({ x0, x1 }: Ends, x: number): number {
  const width = x1 - x0;
  const from = Math.min(Math.max(x, x0), x1) - x0;
  return Math.floor((2000 * from + width) / (2 * width));
}

/** The board x of a value in tenths: valueAt10 gives the same tenths back on an axis of at least 1,000 units. */
export function xOf10(axis: Ends, tenths: number): number {
  return axis.x0 + Math.floor((2 * tenths * (axis.x1 - axis.x0) + 1000) / 2000);
}

/** The whole number that people read for a value in tenths, rounded half up. */
export function whole10(tenths: number): number {
  return Math.floor((tenths + 5) / 10);
}

/** The zone of a value in tenths, 0 to zones − 1. */
export function zoneOf(tenths: number, zones: number): number {
  return Math.min(zones - 1, Math.floor((tenths * zones) / 1000));
}
