// Which notes lie where. A uniform grid: moving a note costs as little as looking for one.

import type { Box } from './point';

export interface Placed {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

const cellUnits = 512;

/** Things by their place in board units. Whoever changes a place says so by move(). */
export class Grid<T extends Placed> {
  private readonly cells = new Map<number, T[]>();
  private readonly keys = new Map<T, number>();

  get size(): number {
    return this.keys.size;
  }

  add(thing: T): void {
    const key = keyAt(thing.x, thing.y);
    this.keys.set(thing, key);
    const cell = this.cells.get(key);
    if (cell) cell.push(thing);
    else this.cells.set(key, [thing]);
  }

  remove(thing: T): void {
    const key = this.keys.get(thing);
    if (key === undefined) return;
    this.keys.delete(thing);
    const cell = this.cells.get(key) ?? [];
    const last = cell.pop();
    if (last === undefined) return;
    if (last !== thing) cell[cell.indexOf(thing)] = last;
    if (cell.length === 0) this.cells.delete(key);
  }

  /** To be called after its place has changed. */
  move(thing: T): void {
    if (this.keys.get(thing) === keyAt(thing.x, thing.y)) return;
    this.remove(thing);
    this.add(thing);
  }

  clear(): void {
    this.cells.clear();
    this.keys.clear();
  }

  /** Everything whose place lies in the box, in no order. */
  within(box: Box): T[] {
    const found: T[] = [];
    const collect = (cell: readonly T[]) => {
      for (const t of cell) {
        if (t.x >= box.left && t.x <= box.right && t.y >= box.top && t.y <= box.bottom)
          found.push(t);
      }
    };
    const left = cellAt(box.left);
    const right = cellAt(box.right);
    const top = cellAt(box.top);
    const bottom = cellAt(box.bottom);
    if ((right - left + 1) * (bottom - top + 1) > this.cells.size) {
      for (const cell of this.cells.values()) collect(cell);
      return found;
    }
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        const cell = this.cells.get(key(column, row));
        if (cell) collect(cell);
      }
    }
    return found;
  }
}

/** Half a note's size in board units. */
export interface Half {
  readonly width: number;
  readonly height: number;
}

/**
 * The notes at a place, the one that is meant first. A note that lies under the finger is meant before one that is only near,
 * of several the topmost; of those that are near, the nearest. `half` is a note as drawn, `reach` its padded hit area.
 */
export function notesAt<T extends Placed>(
  near: Iterable<T>,
  at: { readonly x: number; readonly y: number },
  half: (note: T) => Half,
  reach: (note: T) => Half,
): T[] {
  const found: { note: T; away: number }[] = [];
  for (const note of near) {
    const dx = Math.abs(note.x - at.x);
    const dy = Math.abs(note.y - at.y);
    const outer = reach(note);
    if (dx > outer.width || dy > outer.height) continue;
    const inner = half(note);
    // In parts of the padding, so that units of different scale compare.
    const away = Math.max(
      0,
      (dx - inner.width) / Math.max(outer.width, 1),
      (dy - inner.height) / Math.max(outer.height, 1),
    );
    found.push({ note, away });
  }
  return found.sort((a, b) => a.away - b.away || above(a.note, b.note)).map((f) => f.note);
}

/** Sorts the topmost first; of equal z the later id, so that every browser says the same. */
export function above(a: Placed, b: Placed): number {
  return b.z - a.z || (a.id < b.id ? 1 : -1);
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/**
 * The note that an arrow key goes to: the nearest that lies more in this direction than aside, else the nearest that lies in
 * it at all. `scaleX`, `scaleY` turn units into px, since near is what looks near.
 */
export function nearestInDirection<T extends Placed>(
  notes: Iterable<T>,
  from: T,
  direction: Direction,
  scaleX: number,
  scaleY: number,
): T | null {
  let best: T | null = null;
  let bestCost = Infinity;
  for (const note of notes) {
    if (note === from) continue;
    const dx = (note.x - from.x) * scaleX;
    const dy = (note.y - from.y) * scaleY;
    const along = { left: -dx, right: dx, up: -dy, down: dy }[direction];
    const aside = Math.abs(direction === 'left' || direction === 'right' ? dy : dx);
    // Notes of one place have an order by id, so that none of them can't be reached.
    if (along < 0 || (along === 0 && (aside > 0 || !follows(note, from, direction)))) continue;
    const cost = along + 2.5 * aside + (aside > along ? 1e6 : 0);
    if (cost < bestCost || (cost === bestCost && best !== null && note.id < best.id)) {
      best = note;
      bestCost = cost;
    }
  }
  return best;
}

function follows(note: Placed, from: Placed, direction: Direction): boolean {
  return direction === 'right' || direction === 'down' ? note.id > from.id : note.id < from.id;
}

/** Reading order: by place on the axis, then from the top. */
export function readingOrder(a: Placed, b: Placed): number {
  return a.x - b.x || a.y - b.y || (a.id < b.id ? -1 : 1);
}

function cellAt(v: number): number {
  return Math.floor(v / cellUnits);
}

function keyAt(x: number, y: number): number {
  return key(cellAt(x), cellAt(y));
}

function key(column: number, row: number): number {
  return column * 65_536 + row;
}
