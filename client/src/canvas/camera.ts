// Where on the surface a place of the board is seen. An axis board scales x and y apart, a free board alike; all else is shared.

import { clamp, onBoard, onScreen, type BoardPoint, type Box, type ScreenPoint } from './point';
import type { Band } from '$protocol/board/value';

/** What is seen: the board place at the surface's top left corner, and px per unit. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly scaleX: number;
  readonly scaleY: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** How far a camera may go. */
export interface Framing {
  /** Everything in sight. */
  readonly whole: Camera;
  /** The scaleX that is called 100 %. */
  readonly unit: number;
  /** Least and greatest zoom, 1 being 100 %. */
  readonly least: number;
  readonly most: number;
  /** What panning may reach, board units: its edges never come inside `inner`. */
  readonly bounds: Box;
  /** Part of the surface, px. */
  readonly inner: Box;
}

/** px between the edges of the surface and the ends of the axis, the top and the bottom of the band. */
export type Margins = Box;

const greatestAxisZoom = 16;
const greatestFreeZoom = 4;
const leastFreeZoom = 0.1;

/**
 * Fits x0–x1 between the left and right margins and the band between the others, with what is parked under it. `content` is
 * where notes lie.
 */
export function axisFraming(
  axis: Band,
  size: Size,
  margins: Margins,
  content: Box | null,
): Framing {
  const inner = {
    left: margins.left,
    top: margins.top,
    right: Math.max(margins.left + 1, size.width - margins.right),
    bottom: Math.max(margins.top + 1, size.height - margins.bottom),
  };
  const scaleX = (inner.right - inner.left) / (axis.x1 - axis.x0);
  const bottom = Math.max(axis.bandBottom, content?.bottom ?? axis.bandBottom);
  const scaleY = (inner.bottom - inner.top) / Math.max(1, bottom - axis.bandTop);
  return {
    whole: {
      x: axis.x0 - inner.left / scaleX,
      y: axis.bandTop - inner.top / scaleY,
      scaleX,
      scaleY,
    },
    unit: scaleX,
    least: 1,
    most: greatestAxisZoom,
    bounds: {
      left: Math.min(axis.x0, content?.left ?? axis.x0),
      right: Math.max(axis.x1, content?.right ?? axis.x1),
      top: Math.min(axis.bandTop, content?.top ?? axis.bandTop),
      bottom,
    },
    inner,
  };
}

/** Fits all notes, at most at natural size. The middle of the surface never leaves them. */
export function freeFraming(size: Size, margins: Margins, content: Box | null): Framing {
  const bounds = content ?? { left: 0, top: 0, right: 0, bottom: 0 };
  const seen = {
    width: Math.max(1, size.width - margins.left - margins.right),
    height: Math.max(1, size.height - margins.top - margins.bottom),
  };
  const fit = Math.min(
    seen.width / Math.max(1, bounds.right - bounds.left),
    seen.height / Math.max(1, bounds.bottom - bounds.top),
  );
  const scale = clamp(fit, leastFreeZoom, 1);
  const middle = { x: margins.left + seen.width / 2, y: margins.top + seen.height / 2 };
  return {
    whole: {
      x: (bounds.left + bounds.right) / 2 - middle.x / scale,
      y: (bounds.top + bounds.bottom) / 2 - middle.y / scale,
      scaleX: scale,
      scaleY: scale,
    },
    unit: 1,
    least: leastFreeZoom,
    most: greatestFreeZoom,
    bounds,
    inner: { left: middle.x, right: middle.x, top: middle.y, bottom: middle.y },
  };
}

export function toScreen(
  camera: Camera,
  at: { readonly x: number; readonly y: number },
): ScreenPoint {
  return onScreen((at.x - camera.x) * camera.scaleX, (at.y - camera.y) * camera.scaleY);
}

export function toBoard(camera: Camera, at: ScreenPoint): BoardPoint {
  return onBoard(camera.x + at.x / camera.scaleX, camera.y + at.y / camera.scaleY);
}

/** The part of the board that a box of the surface shows. */
export function boxOnBoard(camera: Camera, box: Box): Box {
  return {
    left: camera.x + box.left / camera.scaleX,
    right: camera.x + box.right / camera.scaleX,
    top: camera.y + box.top / camera.scaleY,
    bottom: camera.y + box.bottom / camera.scaleY,
  };
}

/** Percent, whole. */
export function percent(camera: Camera, framing: Framing): number {
  return Math.round((camera.scaleX / framing.unit) * 100);
}

export function isWhole(camera: Camera, framing: Framing): boolean {
  const { whole } = framing;
  return (
    Math.abs(camera.scaleX / whole.scaleX - 1) < 1e-3 &&
    Math.abs(camera.x - whole.x) * camera.scaleX < 1 &&
    Math.abs(camera.y - whole.y) * camera.scaleY < 1
  );
}

/** The nearest camera that the framing allows. */
export function clamped(camera: Camera, framing: Framing): Camera {
  const { bounds, inner } = framing;
  const { scaleX, scaleY } = camera;
  return {
    scaleX,
    scaleY,
    x: clamp(camera.x, bounds.left - inner.left / scaleX, bounds.right - inner.right / scaleX),
    y: clamp(camera.y, bounds.top - inner.top / scaleY, bounds.bottom - inner.bottom / scaleY),
  };
}

/** What was under the pointer follows it by dx, dy px. */
export function panned(camera: Camera, framing: Framing, dx: number, dy: number): Camera {
  return clamped(
    { ...camera, x: camera.x - dx / camera.scaleX, y: camera.y - dy / camera.scaleY },
    framing,
  );
}

/** What was seen at `from` is seen at `to`, larger by the factor. */
export function zoomed(
  camera: Camera,
  framing: Framing,
  factor: number,
  from: ScreenPoint,
  to: ScreenPoint = from,
): Camera {
  const before = camera.scaleX / framing.unit;
  const by = clamp(before * factor, framing.least, framing.most) / before;
  const scaleX = camera.scaleX * by;
  const scaleY = camera.scaleY * by;
  return clamped(
    {
      x: camera.x + from.x / camera.scaleX - to.x / scaleX,
      y: camera.y + from.y / camera.scaleY - to.y / scaleY,
      scaleX,
      scaleY,
    },
    framing,
  );
}

/** The same part of the board under a new framing: after the page or the axis changed its size. */
export function reframed(camera: Camera, before: Framing, after: Framing): Camera {
  if (isWhole(camera, before)) return after.whole;
  const middle = (f: Framing) => ({
    x: (f.inner.left + f.inner.right) / 2,
    y: (f.inner.top + f.inner.bottom) / 2,
  });
  const zoom = clamp(camera.scaleX / before.unit, after.least, after.most);
  const scaleX = after.unit * zoom;
  const scaleY = after.whole.scaleY * (scaleX / after.whole.scaleX);
  const was = middle(before);
  const is = middle(after);
  return clamped(
    {
      x: camera.x + was.x / camera.scaleX - is.x / scaleX,
      y: camera.y + was.y / camera.scaleY - is.y / scaleY,
      scaleX,
      scaleY,
    },
    after,
  );
}

/** A step from one camera to another, t from 0 to 1: the part that is seen changes evenly. */
export function between(a: Camera, b: Camera, t: number): Camera {
  const mix = (from: number, to: number) => from + (to - from) * t;
  return {
    x: mix(a.x, b.x),
    y: mix(a.y, b.y),
    scaleX: 1 / mix(1 / a.scaleX, 1 / b.scaleX),
    scaleY: 1 / mix(1 / a.scaleY, 1 / b.scaleY),
  };
}

/** The camera that has a place within a box of the surface, moved no further than needed. */
export function showing(
  camera: Camera,
  framing: Framing,
  at: { readonly x: number; readonly y: number },
  seen: Box,
): Camera {
  const p = toScreen(camera, at);
  const dx = clamp(p.x, seen.left, seen.right) - p.x;
  const dy = clamp(p.y, seen.top, seen.bottom) - p.y;
  return dx === 0 && dy === 0 ? camera : panned(camera, framing, dx, dy);
}
