// Lanes are the perspectives' strips of the band: they arrange notes and mean nothing. Board units.

import type { BoardPoint } from './point';
import { onBoard } from './point';
import type { Band } from '$protocol/board/value';

const rowUnits = 150;

export interface Strip {
  readonly top: number;
  readonly bottom: number;
}

/** Lane i of k: the i-th k-th of the band. */
export function laneStrip(band: Band, i: number, k: number): Strip {
  const height = band.bandBottom - band.bandTop;
  return {
    top: band.bandTop + (height * i) / k,
    bottom: band.bandTop + (height * (i + 1)) / k,
  };
}

/** The lane that y lies in; above and below the band the nearest one. */
export function laneAt(y: number, band: Band, k: number): number {
  const i = Math.floor(((y - band.bandTop) * k) / Math.max(1, band.bandBottom - band.bandTop));
  return Math.min(Math.max(i, 0), k - 1);
}

/** Centres of a strip's rows from the middle outwards: the first notes lie where the lane's name is. */
export function rowCentres(strip: Strip): number[] {
  const rows = Math.max(1, Math.floor((strip.bottom - strip.top) / rowUnits));
  const middle = (strip.top + strip.bottom) / 2;
  const first = middle - ((rows - 1) / 2) * rowUnits;
  return Array.from({ length: rows }, (_, i) => Math.round(first + i * rowUnits)).sort(
    (a, b) => Math.abs(a - middle) - Math.abs(b - middle) || a - b,
  );
}

/**
 * Where a note made at x goes: the first row in which no other note is nearer than a note's width, else the row whose
 * nearest note is furthest away. `near` are the notes of the strip, `width` a note as drawn, in units.
 */
export function freePlaceInStrip(
  x: number,
  strip: Strip,
  near: Iterable<{ readonly x: number; readonly y: number }>,
  width: number,
): BoardPoint {
  const rows = rowCentres(strip);
  const gaps = rows.map(() => Infinity);
  for (const note of near) {
    for (const [i, y] of rows.entries()) {
      if (Math.abs(note.y - y) < rowUnits) gaps[i] = Math.min(gaps[i] ?? 0, Math.abs(note.x - x));
    }
  }
  const free = gaps.findIndex((gap) => gap >= width);
  const row = free >= 0 ? free : gaps.indexOf(Math.max(...gaps));
  return onBoard(x, rows[row] ?? (strip.top + strip.bottom) / 2);
}
