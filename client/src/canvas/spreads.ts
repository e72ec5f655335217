// The groups on the axis: from least to most a whisker, from q1 to q3 a bar, the median as a cut in it, the name above.

import { placeLabels, type LabelPlace } from './axisLabels';
import { drawn, icon } from './dom';
import type { Box } from './point';
import type { Measure } from './text';
import type { GroupView, Icons, Spread } from './types';

/** Where a group can be tapped, px from the start of the axis and the top of its strip. */
export interface SpreadPlace {
  readonly group: string;
  readonly box: Box;
}

export interface SpreadsFrame {
  readonly length: number;
  readonly lineY: number;
  /** Root font / 16 px. */
  readonly scale: number;
  /** There is room for names. */
  readonly named: boolean;
  /** How far the names of the ends reach. */
  readonly flags: readonly { readonly left: number; readonly right: number }[];
  readonly target: string | null;
  readonly measure: Measure;
  readonly icons: Icons;
}

/** px above the line. */
const barAbove = 24;
const captionAbove = 40;
const nameAbove = 59;
const secondRowAbove = 34;
const barHeight = 14;
const nameFontPx = 14;
const captionFontPx = 13;

export function drawSpreads(
  ruler: SVGElement,
  groups: readonly GroupView[],
  frame: SpreadsFrame,
): SpreadPlace[] {
  const shown = groups
    .flatMap((group) => (group.spread ? [{ group, spread: group.spread }] : []))
    .sort((a, b) => a.spread.median - b.spread.median);
  const { length, scale, measure, named } = frame;
  const labels = shown.map(({ group, spread }) => {
    const name = nameOf(group);
    const caption = group.frozen === undefined ? group.caption : `     ${group.frozen}  `;
    return {
      centre: (spread.median / 100) * length,
      minor: group.name === '',
      width: Math.max(
        measure(name, nameFontPx * scale) * 1.07,
        measure(caption, captionFontPx * scale),
      ),
    };
  });
  const places = named ? placeLabels(labels, length, frame.flags) : labels.map(() => null);
  return shown.map(({ group, spread }, i) => {
    const g = drawn(ruler, 'g', { class: 'spread', 'data-group': group.colour });
    if (group.id === frame.target) g.classList.add('is-target');
    if (group.draft) g.classList.add('is-draft');
    drawBar(g, spread, frame);
    const at = places[i] ?? null;
    if (at) drawName(g, group, at, frame);
    else if (!named) drawNumber(g, group, spread, frame);
    return { group: group.id, box: hitBox(spread, at, labels[i]?.width ?? 0, frame) };
  });
}

function nameOf(group: GroupView): string {
  return group.name === '' ? String(group.number) : group.name;
}

function drawBar(g: SVGElement, spread: Spread, { length, lineY, scale }: SpreadsFrame): void {
  const x = (value: number) => (value / 100) * length;
  const y = lineY - barAbove * scale;
  const half = (barHeight * scale) / 2;
  const cap = 4 * scale;
  drawn(g, 'path', {
    class: 'spread-whisker',
    d: `M${x(spread.least)} ${y - cap}v${2 * cap}M${x(spread.most)} ${y - cap}v${2 * cap}M${x(spread.least)} ${y}H${x(spread.most)}`,
  });
  const width = Math.max(2 * half, x(spread.q3) - x(spread.q1));
  const left = (x(spread.q1) + x(spread.q3)) / 2 - width / 2;
  drawn(g, 'rect', {
    class: 'spread-bar',
    x: left,
    y: y - half,
    width,
    height: 2 * half,
    rx: half,
  });
  drawn(g, 'path', { class: 'spread-cut', d: `M${x(spread.median)} ${y - half}v${2 * half}` });
  drawn(g, 'path', { class: 'spread-stem', d: `M${x(spread.median)} ${y + half}V${lineY}` });
  drawn(g, 'circle', { class: 'spread-dot', cx: x(spread.median), cy: lineY, r: 4.5 * scale });
  for (const outlier of spread.outliers) {
    drawn(g, 'circle', { class: 'spread-outlier', cx: x(outlier), cy: y, r: 4.5 * scale });
  }
}

function drawName(g: SVGElement, group: GroupView, at: LabelPlace, frame: SpreadsFrame): void {
  const { lineY, scale, measure, icons } = frame;
  const lift = at.row * secondRowAbove;
  drawn(g, 'text', {
    class: 'spread-name',
    x: at.centre,
    y: lineY - (nameAbove + lift) * scale,
    'text-anchor': 'middle',
  }).textContent = nameOf(group);
  const y = lineY - (captionAbove + lift) * scale;
  if (group.frozen === undefined) {
    drawn(g, 'text', {
      class: 'spread-caption',
      x: at.centre,
      y,
      'text-anchor': 'middle',
    }).textContent = group.caption;
    return;
  }
  const words = measure(group.frozen, captionFontPx * scale) * 1.07;
  const width = words + 34 * scale;
  const left = at.centre - width / 2;
  const height = 20 * scale;
  drawn(g, 'rect', {
    class: 'spread-chip',
    x: left,
    y: y - height * 0.74,
    width,
    height,
    rx: height / 2,
  });
  const flake = icon(g, icons.snowflake);
  const size = 13 * scale;
  for (const [name, value] of Object.entries({
    class: 'spread-flake',
    x: left + 8 * scale,
    y: y - size * 0.86,
    width: size,
    height: size,
  })) {
    flake.setAttribute(name, String(value));
  }
  drawn(g, 'text', { class: 'spread-frozen', x: left + 25 * scale, y }).textContent = group.frozen;
}

function drawNumber(g: SVGElement, group: GroupView, spread: Spread, frame: SpreadsFrame): void {
  drawn(g, 'text', {
    class: 'spread-name',
    x: (spread.median / 100) * frame.length,
    y: frame.lineY - captionAbove * frame.scale + 2,
    'text-anchor': 'middle',
  }).textContent = String(group.number);
}

function hitBox(spread: Spread, at: LabelPlace | null, width: number, frame: SpreadsFrame): Box {
  const { length, lineY, scale } = frame;
  const centre = at?.centre ?? (spread.median / 100) * length;
  const half = Math.max(22, width / 2);
  const top = at ? lineY - (nameAbove + at.row * secondRowAbove + 14) * scale : lineY - 58 * scale;
  return {
    left: centre - half,
    right: centre + half,
    top,
    // A tap on the line itself makes a note.
    bottom: at?.row === 1 ? top + 44 * scale : lineY - (barAbove - barHeight / 2) * scale + 2,
  };
}
