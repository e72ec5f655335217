// Where a note goes that was given a value rather than a place: the next free row of its lane.
import type { Axis, ID, Note } from '$protocol/board/item';
import type { Shown } from '$protocol/board/state';
import { xOf10 } from '$protocol/board/value';
import { freePlaceInStrip, laneStrip } from '../canvas/lanes';

/** What counts as beside each other: about a note's width on a tablet, as a share of the axis. */
const noteShare = 0.12;
/** How far below the band a parked note lies, and how far apart they lie. Board units. */
const parkedBelow = 400;

export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Free rows on the axis, one after the other: what one spot took is not free for the next. */
export class Rows {
  readonly #board: Shown;
  readonly #axis: Axis;
  readonly #taken: Spot[] = [];

  constructor(board: Shown, axis: Axis) {
    this.#board = board;
    this.#axis = axis;
  }

  /** The spot at a value in tenths, in the lane of a perspective. */
  at(tenths: number, perspective: ID | undefined, besides?: ID): Spot {
    return this.atX(xOf10(this.#axis, tenths), perspective, besides);
  }

  /** As at, for a board x. `besides`: a note that is not in the way, since it is the one that is placed. */
  atX(x: number, perspective: ID | undefined, besides?: ID): Spot {
    const lanes = this.#board.ofType('perspective');
    const lane = Math.max(
      0,
      lanes.findIndex(({ id }) => id === perspective),
    );
    const strip = laneStrip(this.#axis, lane, Math.max(1, lanes.length));
    const near: Spot[] = this.#taken.filter(({ y }) => y >= strip.top && y <= strip.bottom);
    for (const note of this.#board.ofType('note')) {
      if (note.id !== besides && note.y >= strip.top && note.y <= strip.bottom) near.push(note);
    }
    const width = (this.#axis.x1 - this.#axis.x0) * noteShare;
    const { x: placed, y } = freePlaceInStrip(x, strip, near, width);
    const spot = { x: placed, y };
    this.#taken.push(spot);
    return spot;
  }

  /** A spot under the band, beside the notes that are parked already. */
  parked(): Spot {
    const { x0, x1, bandBottom } = this.#axis;
    const step = (x1 - x0) * noteShare;
    const perRow = Math.max(1, Math.floor((x1 - x0) / step));
    const before = [...this.#board.ofType('note'), ...this.#taken].filter(
      ({ y }) => y > bandBottom,
    ).length;
    const spot = {
      x: Math.round(x0 + ((before % perRow) + 0.5) * step),
      y: bandBottom + parkedBelow,
    };
    this.#taken.push(spot);
    return spot;
  }
}

/** Where notes go on a board without an axis: in rows under what is there. */
export function freeSpots(notes: readonly Note[], count: number): Spot[] {
  const step = { x: 230, y: 170 };
  const columns = Math.max(1, Math.ceil(Math.sqrt(count)));
  const left = notes.length === 0 ? 0 : Math.min(...notes.map(({ x }) => x));
  const top = notes.length === 0 ? 0 : Math.max(...notes.map(({ y }) => y)) + step.y;
  return Array.from({ length: count }, (_, i) => ({
    x: left + (i % columns) * step.x,
    y: top + Math.floor(i / columns) * step.y,
  }));
}
