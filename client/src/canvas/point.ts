// Two spaces that must never be mixed: the screen (CSS px from the surface's top left corner) and the board (integer units).
// Only the camera turns one into the other.

/** A place on the surface in CSS px, from its top left corner. */
export type ScreenPoint = { readonly x: number; readonly y: number } & { readonly space: 'screen' };

/** A place on the board in whole units. */
export type BoardPoint = { readonly x: number; readonly y: number } & { readonly space: 'board' };

/** A rectangle; which space it is in is said where it is used. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The furthest that anything lies from the board's origin, in units. */
export const farthest = 1_000_000;

export function onScreen(x: number, y: number): ScreenPoint {
  return { space: 'screen', x, y };
}

/** Rounds to whole units and keeps within the board. */
export function onBoard(x: number, y: number): BoardPoint {
  return { space: 'board', x: whole(x), y: whole(y) };
}

export function distance(a: ScreenPoint, b: ScreenPoint): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

export function holds(box: Box, x: number, y: number): boolean {
  return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
}

export function grown(box: Box, dx: number, dy: number = dx): Box {
  return { left: box.left - dx, top: box.top - dy, right: box.right + dx, bottom: box.bottom + dy };
}

export function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

export function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), Math.max(least, most));
}

function whole(v: number): number {
  const rounded = Math.round(clamp(v, -farthest, farthest));
  return rounded === 0 ? 0 : rounded; // no −0: it is not the 0 of the wire
}
