// The outline of a group: per lane the span of its notes, joined into one stepped column, so that neighbours never cross.
// All in px of the layer that it is drawn in.

import type { Box } from './point';

export interface Row {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

const padding = 7;
const radius = 13;
/** Rows that don't meet are joined by so much; a lane without notes is bridged by twice that. */
const neck = 20;

/** Rows of a group on an axis board: `lanes` from the top, one box per note in `notes` with the lane that its centre is in. */
export function laneRows(
  notes: Iterable<{ readonly lane: number; readonly box: Box }>,
  lanes: readonly { readonly top: number; readonly bottom: number }[],
): Row[] {
  const spans: (Box | undefined)[] = lanes.map(() => undefined);
  for (const { lane, box } of notes) spans[lane] = union(spans[lane], box);
  const first = spans.findIndex((s) => s !== undefined);
  const last = spans.findLastIndex((s) => s !== undefined);
  const rows: Row[] = [];
  for (let i = first; i >= 0 && i <= last; i++) {
    const span = spans[i];
    const lane = lanes[i];
    if (!lane) continue;
    const sides =
      span ??
      bridge(
        rows.at(-1),
        spans.slice(i + 1).find((s) => s !== undefined),
      );
    const edge = span ? padding : 0;
    rows.push({
      left: sides.left - edge,
      right: sides.right + edge,
      top: i === first && span ? span.top - padding : lane.top,
      bottom: i === last && span ? span.bottom + padding : lane.bottom,
    });
  }
  return joined(rows);
}

/** Rows of a group on a free board: notes beside each other make a row. */
export function looseRows(notes: Iterable<Box>): Row[] {
  const rows: Box[] = [];
  for (const box of [...notes].sort((a, b) => a.top - b.top)) {
    const row = rows.at(-1);
    if (row && box.top < (row.top + row.bottom) / 2) rows[rows.length - 1] = union(row, box);
    else rows.push(box);
  }
  const padded = rows.map((r) => ({
    left: r.left - padding,
    right: r.right + padding,
    top: r.top - padding,
    bottom: r.bottom + padding,
  }));
  return joined(
    padded.map((r, i) => ({
      ...r,
      top: i === 0 ? r.top : (r.top + (padded[i - 1]?.bottom ?? r.top)) / 2,
      bottom:
        i === padded.length - 1 ? r.bottom : (r.bottom + (padded[i + 1]?.top ?? r.bottom)) / 2,
    })),
  );
}

export function rowsHold(rows: readonly Row[], x: number, y: number): boolean {
  return rows.some((r) => y >= r.top && y <= r.bottom && x >= r.left && x <= r.right);
}

/** The path of an SVG around the rows, with round corners; empty for none. */
export function outlinePath(rows: readonly Row[]): string {
  const corners = rightAngles([
    ...rows.flatMap((r) => [corner(r.right, r.top), corner(r.right, r.bottom)]),
    ...[...rows].reverse().flatMap((r) => [corner(r.left, r.bottom), corner(r.left, r.top)]),
  ]);
  if (corners.length < 4) return '';
  const parts = corners.map((at, i) => {
    const before = corners.at(i - 1) ?? at;
    const after = corners[(i + 1) % corners.length] ?? at;
    const r = Math.min(radius, away(before, at) / 2, away(at, after) / 2);
    const from = towards(at, before, r);
    const to = towards(at, after, r);
    return `${i === 0 ? 'M' : 'L'}${from.x} ${from.y}Q${at.x} ${at.y} ${to.x} ${to.y}`;
  });
  return parts.join('') + 'Z';
}

interface Corner {
  readonly x: number;
  readonly y: number;
}

function corner(x: number, y: number): Corner {
  return { x: Math.round(x), y: Math.round(y) };
}

/** Leaves out corners at which nothing turns. */
function rightAngles(corners: readonly Corner[]): Corner[] {
  const kept: Corner[] = [];
  const turns = (a: Corner, b: Corner, c: Corner) =>
    !((a.x === b.x && b.x === c.x) || (a.y === b.y && b.y === c.y));
  for (const at of corners) {
    const last = kept.at(-1);
    if (last?.x === at.x && last.y === at.y) continue;
    const before = kept.at(-2);
    if (last && before && !turns(before, last, at)) kept.pop();
    kept.push(at);
  }
  const closed = kept.filter((at, i) =>
    turns(kept.at(i - 1) ?? at, at, kept[(i + 1) % kept.length] ?? at),
  );
  return closed;
}

function away(a: Corner, b: Corner): number {
  return Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
}

function towards(from: Corner, to: Corner, by: number): Corner {
  return { x: from.x + Math.sign(to.x - from.x) * by, y: from.y + Math.sign(to.y - from.y) * by };
}

function union(a: Box | undefined, b: Box): Box {
  if (!a) return b;
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

/** The sides of a lane without notes: narrow, where the lanes above and below both are. */
function bridge(above: Row | undefined, below: Box | undefined): { left: number; right: number } {
  const a = above ?? below;
  const b = below ?? above;
  if (!a || !b) return { left: 0, right: 0 };
  const left = Math.max(a.left, b.left);
  const right = Math.min(a.right, b.right);
  const middle = (left + right) / 2;
  const half = left < right ? Math.min(neck, (right - left) / 2) : neck;
  return { left: middle - half, right: middle + half };
}

/** Neighbouring rows overlap by a neck at least. */
function joined(rows: readonly Row[]): Row[] {
  const result = rows.map((r) => ({ ...r }));
  for (const [i, b] of result.entries()) {
    const a = result[i - 1];
    if (!a || Math.min(a.right, b.right) - Math.max(a.left, b.left) >= neck) continue;
    const left = a.right < b.right ? a : b;
    const right = left === a ? b : a;
    const middle = (left.right + right.left) / 2;
    left.right = Math.max(left.right, middle + neck / 2);
    right.left = Math.min(right.left, middle - neck / 2);
  }
  return result;
}
