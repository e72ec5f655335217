// One mark per placed note below the axis, so that notes which cover each other are still counted by eye; and the density curve that
// stands on the line where notes are too small to read.

import type { Theme } from './theme';
import type { NoteColour } from './types';
import type { Ends } from '$protocol/board/value';

const markWidth = 2;
const markHeight = 9;
/** Of the surface, on each side, so that panning only moves the strip. */
const marginPart = 0.5;

/** How far the strip is stretched by a zoom before it is drawn anew. */
const worstStretch = 1.3;

export interface FringeMark {
  readonly x: number;
  readonly colour: NoteColour;
}

export class Fringe {
  private readonly context: CanvasRenderingContext2D | null;
  /** px per unit, and the stretch of the axis in units from its start, that are drawn. */
  private drawn = { scale: 0, from: 0, to: 0 };
  private due = true;

  constructor(private readonly canvas: HTMLCanvasElement) {
    this.context = canvas.getContext('2d');
  }

  /** Marks have changed. */
  redraw(): void {
    this.due = true;
  }

  /** `start`, `scale`: px of x0 on the surface and per unit. `top`: px of the marks. */
  update(
    marks: () => readonly FringeMark[],
    ends: Ends,
    at: {
      readonly start: number;
      readonly scale: number;
      readonly top: number;
      readonly width: number;
    },
    theme: Theme,
    density: number,
  ): void {
    const length = ends.x1 - ends.x0;
    const from = Math.max(0, -at.start / at.scale);
    const to = Math.min(length, (at.width - at.start) / at.scale);
    const stretch = at.scale / this.drawn.scale;
    const fits = stretch < worstStretch && stretch > 1 / worstStretch;
    if (this.due || !fits || from < this.drawn.from || to > this.drawn.to) {
      const margin = (at.width / at.scale) * marginPart;
      this.due = false;
      this.drawn = {
        scale: at.scale,
        from: Math.max(0, from - margin),
        to: Math.min(length, to + margin),
      };
      this.draw(marks(), ends, theme, density);
    }
    const { scale, from: first } = this.drawn;
    const x = at.start + first * at.scale - markWidth;
    this.canvas.style.transform = `translate(${x}px,${at.top}px) scaleX(${at.scale / scale})`;
  }

  private draw(marks: readonly FringeMark[], ends: Ends, theme: Theme, density: number): void {
    const { canvas, context } = this;
    const { scale, from, to } = this.drawn;
    const width = Math.max(1, Math.ceil((to - from) * scale)) + 2 * markWidth;
    canvas.width = Math.round(width * density);
    canvas.height = Math.round(markHeight * density);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${markHeight}px`;
    if (!context) return;
    context.scale(density, density);
    // A later mark on the same px hides an earlier one: one rectangle per px is enough.
    const columns = new Uint8Array(width);
    for (const { x, colour } of marks) {
      const inside = Math.min(Math.max(x, ends.x0), ends.x1) - ends.x0;
      const column = Math.round((inside - from) * scale) + markWidth;
      if (column >= 0 && column < width) columns[column] = colour;
    }
    for (const [column, colour] of columns.entries()) {
      if (colour === 0) continue;
      context.fillStyle = theme.notes[colour - 1]?.edge ?? theme.accent;
      context.fillRect(column - markWidth / 2, 0, markWidth, markHeight);
    }
  }
}

const bins = 120;
const spreadBins = 3;

/** How close the places lie along the axis, as an SVG path over the square from 0 to 1; empty for no places. */
export function densityPath(places: Iterable<{ readonly x: number }>, { x0, x1 }: Ends): string {
  const counts = new Float64Array(bins);
  let n = 0;
  for (const { x } of places) {
    const at = Math.min(bins - 1, Math.max(0, Math.floor(((x - x0) / (x1 - x0)) * bins)));
    counts[at] = (counts[at] ?? 0) + 1;
    n++;
  }
  if (n === 0) return '';
  const smooth = Array.from(counts, (_, i) => {
    let sum = 0;
    let weight = 0;
    for (let d = -2 * spreadBins; d <= 2 * spreadBins; d++) {
      const w = Math.exp(-((d / spreadBins) ** 2));
      // Beyond an end lies what is mirrored, so that the curve does not fall where notes crowd at it.
      const mirrored = i + d < 0 ? -1 - (i + d) : i + d >= bins ? 2 * bins - 1 - (i + d) : i + d;
      sum += w * (counts[mirrored] ?? 0);
      weight += w;
    }
    return sum / weight;
  });
  const most = Math.max(...smooth);
  const points = smooth.map((v, i) => `${((i + 0.5) / bins).toFixed(4)} ${(v / most).toFixed(3)}`);
  const first = ((smooth[0] ?? 0) / most).toFixed(3);
  const last = ((smooth[bins - 1] ?? 0) / most).toFixed(3);
  return `M0 0L0 ${first}L${points.join('L')}L1 ${last}L1 0Z`;
}
