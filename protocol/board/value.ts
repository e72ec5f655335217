// What a note's place means. Twin of value.go.
import type { Axis } from './item';

/**
 * A note's value on an axis in tenths, 0–1000; null where its centre lies outside the band.
 *
 * value = floor((2000·(x−x0) + (x1−x0)) / (2·(x1−x0))) after clamping x: 100 times the share of the axis, rounded half up
 * to one decimal.
 */
export function value10(axis: Axis | undefined, x: number, y: number): number | null {
  if (axis === undefined || y < axis.bandTop || y > axis.bandBottom || axis.x1 <= axis.x0) {
    return null;
  }
  const width = axis.x1 - axis.x0;
  const from = Math.min(Math.max(x, axis.x0), axis.x1) - axis.x0;
  return Math.floor((2000 * from + width) / (2 * width));
}

/** The board x of a value in tenths. */
export function xOf10(axis: Axis, tenths: number): number {
  return axis.x0 + Math.floor((2 * tenths * (axis.x1 - axis.x0) + 1000) / 2000);
}

/** The zone of a value in tenths, 0 to zones − 1. */
export function zoneOf(tenths: number, zones: number): number {
  return Math.min(zones - 1, Math.floor((tenths * zones) / 1000));
}
