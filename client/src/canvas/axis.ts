// The axis: a line from a filled start to an open end, its poles with their flags, ticks and figures. It hangs above the board and
// never scrolls away; panned, it is one transform.

import { attribute, drawn, made, place } from './dom';
import { drawSpreads, type SpreadPlace } from './spreads';
import type { Measure } from './text';
import type { GroupView, Icons } from './types';
import { valueAt10, whole10 } from '$protocol/board/value';
import type { BoardView } from './view';

/** Places in the axis' strip, px at a root font of 16 px; all but the pole are the same with and without groups. */
const lineAboveFloor = 28;
const poleTopAlone = 26;
const poleTopWithGroups = 12;
const flagFontPx = 18;
/** Figures stand no closer. */
const leastFigureGap = 140;
const figureSteps = [20, 10, 5, 2, 1];

interface Parts {
  readonly density: SVGPathElement;
  readonly poles: SVGPathElement;
  readonly ticks: SVGPathElement;
  readonly line: SVGPathElement;
  readonly spreads: SVGGElement;
  readonly start: SVGCircleElement;
  readonly end: SVGCircleElement;
  readonly figures: SVGGElement;
  readonly flags: readonly [SVGTextElement, SVGTextElement];
}

/** From the lowest to the topmost. */
function makeParts(ruler: SVGSVGElement): Parts {
  return {
    density: drawn(ruler, 'path', { class: 'axis-density' }),
    poles: drawn(ruler, 'path', { class: 'axis-pole' }),
    ticks: drawn(ruler, 'path', { class: 'axis-ticks' }),
    line: drawn(ruler, 'path', { class: 'axis-line' }),
    spreads: drawn(ruler, 'g'),
    start: drawn(ruler, 'circle', { class: 'axis-start' }),
    end: drawn(ruler, 'circle', { class: 'axis-end' }),
    figures: drawn(ruler, 'g'),
    flags: [
      drawn(ruler, 'text', { class: 'axis-flag' }),
      drawn(ruler, 'text', { class: 'axis-flag', 'text-anchor': 'end' }),
    ],
  };
}

export class Axis {
  readonly strip: HTMLElement;
  private readonly ruler: SVGSVGElement;
  private readonly parts: Parts;
  private readonly figures: SVGTextElement[] = [];
  private readonly ends: readonly [HTMLElement, HTMLElement];
  private groups: readonly GroupView[] = [];
  private spreads: readonly SpreadPlace[] = [];
  private density = '';
  private target: string | null = null;
  private drawnFor = '';

  constructor(
    parent: Element,
    private readonly measure: Measure,
    private readonly icons: Icons,
  ) {
    this.strip = made(parent, 'div', 'board-axis');
    this.ruler = drawn(this.strip, 'svg', { class: 'axis-ruler', 'aria-hidden': 'true' });
    this.parts = makeParts(this.ruler);
    this.ends = [
      made(this.strip, 'span', 'axis-edge is-left'),
      made(this.strip, 'span', 'axis-edge is-right'),
    ];
  }

  setGroups(groups: readonly GroupView[]): void {
    this.groups = groups;
    this.drawnFor = '';
  }

  setTarget(group: string | null): void {
    if (group === this.target) return;
    this.target = group;
    this.drawnFor = '';
  }

  /** The path of the density curve over a line of length 1 and height 1, empty for none. */
  setDensity(path: string): void {
    if (path === this.density) return;
    this.density = path;
    this.drawnFor = '';
  }

  /** Fonts have loaded: names are measured anew. */
  redraw(): void {
    this.drawnFor = '';
  }

  /** y of the line on the surface, px. */
  lineY(view: BoardView): number {
    return view.page.insets.top + view.axisHeight - lineAboveFloor * view.page.textScale;
  }

  /** The group whose name or bar lies at a place of the surface. */
  groupAt(view: BoardView, x: number, y: number): string | null {
    if (!view.axis) return null;
    const dx = x - view.toScreen({ x: view.axis.x0, y: 0 }).x;
    const dy = y - view.page.insets.top;
    const hit = this.spreads.find(
      ({ box }) => dx >= box.left && dx <= box.right && dy >= box.top && dy <= box.bottom,
    );
    return hit?.group ?? null;
  }

  update(view: BoardView): void {
    const { axis, page } = view;
    this.strip.hidden = axis === null;
    if (!axis) return;
    const start = view.toScreen({ x: axis.x0, y: axis.bandTop }).x;
    const length = (axis.x1 - axis.x0) * view.camera.scaleX;
    const key = [
      length,
      view.axisHeight,
      page.width,
      page.insets.top,
      axis.minLabel,
      axis.maxLabel,
    ].join('|');
    if (key !== this.drawnFor) {
      this.drawnFor = key;
      this.strip.style.height = `${view.axisHeight}px`;
      place(this.strip, 0, page.insets.top);
      this.draw(view, length);
    }
    place(this.ruler, start, 0);
    this.showEnds(view, start, length);
  }

  private draw(view: BoardView, length: number): void {
    const { axis, page, axisHeight } = view;
    if (!axis) return;
    const s = page.textScale;
    const y = axisHeight - lineAboveFloor * s;
    const top = (page.groups ? poleTopWithGroups : poleTopAlone) * s;
    const { parts } = this;
    attribute(parts.density, {
      // With groups their names and bars stand there.
      d: page.groups ? '' : this.density,
      transform: `translate(0 ${y}) scale(${length} ${(top - y) * 0.9})`,
    });
    attribute(parts.poles, { d: `M0 ${y}V${top}M${length} ${y}V${top}` });
    attribute(parts.ticks, { d: ticks(length, y, 10, 3.5 * s) + ticks(length, y, 20, 7 * s) });
    attribute(parts.line, { d: `M0 ${y}H${length}` });
    attribute(parts.start, { cx: 0, cy: y, r: 8 });
    attribute(parts.end, { cx: length, cy: y, r: 6.6 });
    const flags = this.drawFlags(axis.minLabel, axis.maxLabel, length, top, s);
    parts.spreads.replaceChildren();
    this.spreads = page.groups
      ? drawSpreads(parts.spreads, this.groups, {
          length,
          lineY: y,
          scale: s,
          named: page.width >= 900 * s,
          flags,
          target: this.target,
          measure: this.measure,
          icons: this.icons,
        })
      : [];
    this.drawFigures(length, y + 24 * s, s);
  }

  private drawFigures(length: number, y: number, scale: number): void {
    const step = figureSteps.findLast((n) => (n / 100) * length >= leastFigureGap * scale) ?? 20;
    const count = 100 / step + 1;
    for (const extra of this.figures.splice(count)) extra.remove();
    for (let i = 0; i < count; i++) {
      let figure = this.figures[i];
      if (!figure) {
        figure = drawn(this.parts.figures, 'text', {
          class: 'axis-figure',
          'text-anchor': 'middle',
        });
        this.figures.push(figure);
      }
      const words = String(i * step);
      if (figure.textContent !== words) figure.textContent = words;
      attribute(figure, { x: ((i * step) / 100) * length, y });
    }
  }

  /** The ends' names hang on their poles, inward. Returns how far they reach. */
  private drawFlags(
    left: string,
    right: string,
    length: number,
    top: number,
    scale: number,
  ): readonly { readonly left: number; readonly right: number }[] {
    const width = (words: string) => this.measure(words, flagFontPx * scale) * 1.05;
    // On a narrow page they share the line, each in smaller type, then cut.
    const room = length - 48;
    const both = width(left) + width(right);
    const shrink = Math.max(0.67, Math.min(1, room / both));
    const most = both * shrink > room ? room / 2 / shrink : Infinity;
    const y = top + 14 * scale;
    const flag = (text: SVGTextElement, words: string, x: number) => {
      const shown = width(words) > most ? this.shortened(words, most, scale) : words;
      if (text.textContent !== shown) text.textContent = shown;
      text.style.fontSize = `${flagFontPx * scale * shrink}px`;
      attribute(text, { x, y });
    };
    flag(this.parts.flags[0], left, 10);
    flag(this.parts.flags[1], right, length - 10);
    return [
      { left: 0, right: 10 + Math.min(most, width(left)) * shrink },
      { left: length - 10 - Math.min(most, width(right)) * shrink, right: length },
    ];
  }

  private shortened(words: string, most: number, scale: number): string {
    let cut = words;
    while (cut !== '' && this.measure(cut + '…', flagFontPx * scale) * 1.05 > most)
      cut = cut.slice(0, -1);
    return cut.trimEnd() + '…';
  }

  /** Where the axis is cut by the edge of the surface stands the value of the edge. */
  private showEnds(view: BoardView, start: number, length: number): void {
    const { axis, page, column } = view;
    if (!axis) return;
    const [left, right] = this.ends;
    const leftEdge = column.width;
    const rightEdge = page.width - page.insets.right;
    const valueAt = (x: number) =>
      whole10(valueAt10(axis, axis.x0 + (x - start) / view.camera.scaleX));
    const y = axisLineInStrip(view);
    show(left, start < leftEdge - 12, leftEdge + 4, y, () => `‹ ${valueAt(leftEdge)}`);
    show(right, start + length > rightEdge + 12, rightEdge - 4, y, () => `${valueAt(rightEdge)} ›`);
  }
}

function axisLineInStrip(view: BoardView): number {
  return view.axisHeight - lineAboveFloor * view.page.textScale;
}

function show(end: HTMLElement, on: boolean, x: number, y: number, words: () => string): void {
  end.hidden = !on;
  if (!on) return;
  const shown = words();
  if (end.textContent !== shown) end.textContent = shown;
  place(end, x, y);
}

function ticks(length: number, y: number, step: number, height: number): string {
  let path = '';
  for (let n = step; n < 100; n += step) path += `M${(n / 100) * length} ${y}v${-height - 1.5}`;
  return path;
}
