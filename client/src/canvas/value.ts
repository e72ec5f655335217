// A place on the axis is a value 0–100 with one decimal. In the code it is counted in tenths (0–1000) and in integers only,
// so that every machine gets the same figure from the same x.

/** The ends of the axis, in board units; x0 is value 0. */
export interface Ends {
  readonly x0: number;
  readonly x1: number;
}

/** The band in which notes have a value. */
export interface Band extends Ends {
  readonly bandTop: number;
  readonly bandBottom: number;
}

/** The value at x in tenths; beyond the ends it is that of the end. */
export function tenthsAt(x: number, { x0, x1 }: Ends): number {
  const width = x1 - x0;
  const inside = Math.min(Math.max(x, x0), x1) - x0;
  return Math.floor((2000 * inside + width) / (2 * width));
}

/** The value of a note in tenths; null when its centre lies outside the band. */
export function tenthsOf(
  note: { readonly x: number; readonly y: number },
  band: Band,
): number | null {
  if (note.y < band.bandTop || note.y > band.bandBottom) return null;
  return tenthsAt(note.x, band);
}

/** The x that a typed value means: tenthsAt gives the same tenths back on an axis of at least 1,000 units. */
export function xOfTenths(tenths: number, { x0, x1 }: Ends): number {
  return x0 + Math.floor((2 * tenths * (x1 - x0) + 1000) / 2000);
}

/** The whole number that bubble and captions show, rounded half up. */
export function wholeOfTenths(tenths: number): number {
  return Math.floor((tenths + 5) / 10);
}
