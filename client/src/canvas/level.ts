// How large notes are drawn on an axis board. The camera scales places only; a note's size is one of five levels.

import type { Box } from './point';
import type { Level } from './types';

/** px of one level, at a root font of 16 px. */
export interface LevelSize {
  readonly width: number;
  readonly height: number;
  /** Of the text, before it is made to fit; 0 where there is none. */
  readonly font: number;
  /** Between the outer edge and the text. */
  readonly inset: number;
  readonly leading: number;
}

const sizes: Readonly<Record<Level, LevelSize>> = {
  large: { width: 160, height: 108, font: 16, inset: 8, leading: 1.28 },
  medium: { width: 122, height: 88, font: 14, inset: 8, leading: 1.26 },
  small: { width: 104, height: 80, font: 12.5, inset: 8, leading: 1.26 },
  compact: { width: 84, height: 48, font: 11.5, inset: 2, leading: 1.26 },
  far: { width: 38, height: 30, font: 0, inset: 0, leading: 0 },
};

/** A note on a free board: units, which the camera scales. */
export const freeSize: LevelSize = { width: 200, height: 140, font: 20, inset: 11, leading: 1.28 };

/** Below this zoom a free board's text is under 7 px, and its notes are drawn without it. */
export const leastReadableZoom = 0.35;

const fromLargest: readonly Level[] = ['large', 'medium', 'small', 'compact', 'far'];

/** `textScale`: root font / 16 px. */
export function sizeOf(level: Level, textScale: number): LevelSize {
  const size = sizes[level];
  if (textScale === 1) return size;
  return {
    width: size.width * textScale,
    height: size.height * textScale,
    font: size.font * textScale,
    inset: size.inset * textScale,
    leading: size.leading,
  };
}

/** Of the notes in view, px on screen, from the lowest to the topmost. */
export interface Places {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** The share of notes that may be covered. Compact is the last that is read at all, and asks for less room. */
const tolerance: Readonly<Record<Level, number>> = {
  large: 1 / 3,
  medium: 1 / 3,
  small: 1 / 3,
  compact: 0.45,
  far: 1,
};
/**
 * Covered is what lies under others by more than this part. The large level asks for more room than the others: it is there for
 * comfort, and the next one is read as well where notes would hide each other.
 */
const coveredBy: Readonly<Record<Level, number>> = {
  large: 1 / 4,
  medium: 1 / 2,
  small: 1 / 2,
  compact: 1 / 2,
  far: 1,
};
const hysteresis = 0.2;
/** So few are always meant to be read. */
const few = 30;
/** So many notes tell for all. */
const samples = 400;

/**
 * The largest level at which at most that share of the notes in view is covered. The present level is left
 * a little later, and a larger one taken a little later, than the bare share says: a small change of zoom changes nothing.
 * Among a few notes, one that the smallest size would leave covered as well is no reason for it: it lies in a pile.
 */
export function chooseLevel(places: Places, textScale: number, present: Level | null): Level {
  const at = present === null ? -1 : fromLargest.indexOf(present);
  const { width: least, height: lowest } = sizeOf('far', textScale);
  const piled =
    places.x.length > few ? undefined : covering(places, least, lowest, coveredBy.compact);
  for (const [i, level] of fromLargest.entries()) {
    if (level === 'far') break;
    let limit = tolerance[level];
    if (i === at) limit *= 1 + hysteresis;
    else if (i < at) limit *= 1 - hysteresis;
    const { width, height } = sizeOf(level, textScale);
    if (leastCovered(places, width, height, coveredBy[level]) > limit && !piled) continue;
    if (coveredShare(places, width, height, coveredBy[level], limit, piled) <= limit) return level;
  }
  return 'far';
}

/**
 * What the share of covered notes cannot be less than: each of the others shows a part of itself that is nobody else's, and all
 * of these parts lie within the notes' bounds.
 */
function leastCovered(places: Places, width: number, height: number, part: number): number {
  const { left, top, right, bottom } = boundsOf(places);
  const room = (right - left + width) * (bottom - top + height);
  return 1 - room / ((1 - part) * width * height * places.x.length);
}

/** Tells of a note whether more than a part of it lies under later ones, when all are this large. */
function covering(
  places: Places,
  width: number,
  height: number,
  part: number,
): (note: number) => boolean {
  const cells = bucket(places, width, height);
  return (note) => isCovered(note, places, cells, width, height, part * 64);
}

/**
 * The share of notes, 0–1, of which more than a part lies under later ones, when all are this large. The part is judged by a
 * raster of 64 places in each note, the share by an even sample. Counting stops once the limit is passed. Notes that are
 * `piled` do not count as covered.
 */
export function coveredShare(
  places: Places,
  width: number,
  height: number,
  part: number,
  limit = 1,
  piled: (note: number) => boolean = () => false,
): number {
  const n = places.x.length;
  if (n === 0) return 0;
  const isUnder = covering(places, width, height, part);
  const step = Math.max(1, n / samples);
  const count = Math.floor((n - 1) / step) + 1;
  let covered = 0;
  for (let s = 0; s < count; s++) {
    const note = Math.floor(s * step);
    if (!isUnder(note) || piled(note)) continue;
    covered++;
    if (covered > limit * count) break;
  }
  return covered / count;
}

interface Cells {
  readonly left: number;
  readonly top: number;
  readonly columns: number;
  readonly rows: number;
  /** First note of each cell, then the next of the same cell; −1 ends it. The topmost come first. */
  readonly first: Int32Array;
  readonly next: Int32Array;
}

function boundsOf({ x, y }: Places): Box {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (let i = 0; i < x.length; i++) {
    box.left = Math.min(box.left, x[i] ?? box.left);
    box.right = Math.max(box.right, x[i] ?? box.right);
    box.top = Math.min(box.top, y[i] ?? box.top);
    box.bottom = Math.max(box.bottom, y[i] ?? box.bottom);
  }
  return box;
}

const noCells = new Int32Array();

/** Cells of a note's size: whoever covers a note lies in its cell or a neighbouring one. */
function bucket({ x, y }: Places, width: number, height: number): Cells {
  if (x.length === 0)
    return { left: 0, top: 0, columns: 0, rows: 0, first: noCells, next: noCells };
  const { left, top, right, bottom } = boundsOf({ x, y });
  const columns = Math.floor((right - left) / width) + 1;
  const rows = Math.floor((bottom - top) / height) + 1;
  const first = new Int32Array(columns * rows).fill(-1);
  const next = new Int32Array(x.length);
  for (let i = 0; i < x.length; i++) {
    const cell =
      Math.floor(((y[i] ?? 0) - top) / height) * columns + Math.floor(((x[i] ?? 0) - left) / width);
    next[i] = first[cell] ?? -1;
    first[cell] = i;
  }
  return { left, top, columns, rows, first, next };
}

/** Places in a note, from its centre in parts of its width or height. Coarser, and notes in even steps are all misjudged alike. */
const raster = [-7 / 16, -5 / 16, -3 / 16, -1 / 16, 1 / 16, 3 / 16, 5 / 16, 7 / 16] as const;

function isCovered(
  note: number,
  places: Places,
  cells: Cells,
  width: number,
  height: number,
  most: number,
): boolean {
  const x = places.x[note] ?? 0;
  const y = places.y[note] ?? 0;
  const column = Math.floor((x - cells.left) / width);
  const row = Math.floor((y - cells.top) / height);
  // Rows of the raster from the top, 8 bits each.
  let upper = 0;
  let lower = 0;
  for (let r = Math.max(0, row - 1); r <= Math.min(cells.rows - 1, row + 1); r++) {
    for (let c = Math.max(0, column - 1); c <= Math.min(cells.columns - 1, column + 1); c++) {
      for (let i = cells.first[r * cells.columns + c] ?? -1; i > note; i = cells.next[i] ?? -1) {
        const columns = hidden((places.x[i] ?? 0) - x, width);
        const rows = columns === 0 ? 0 : hidden((places.y[i] ?? 0) - y, height);
        if (rows === 0) continue;
        upper |= spread(columns, rows & 15);
        lower |= spread(columns, rows >> 4);
        if (bits(upper) + bits(lower) > most) return true;
      }
    }
  }
  return false;
}

/** The raster places along one side that another note of this length hides, so far away: a bit each. */
function hidden(away: number, length: number): number {
  let mask = 0;
  for (let i = 0; i < raster.length; i++) {
    if (Math.abs(away - (raster[i] ?? 0) * length) < length / 2) mask |= 1 << i;
  }
  return mask;
}

/** Four rows of eight: the columns in each row that is hidden. */
function spread(columns: number, rows: number): number {
  return (
    ((rows & 1) * columns) |
    ((((rows >> 1) & 1) * columns) << 8) |
    ((((rows >> 2) & 1) * columns) << 16) |
    ((((rows >> 3) & 1) * columns) << 24)
  );
}

function bits(mask: number): number {
  let m = mask - ((mask >>> 1) & 0x55555555);
  m = (m & 0x33333333) + ((m >>> 2) & 0x33333333);
  return (((m + (m >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
