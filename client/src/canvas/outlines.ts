// The groups' outlines under the notes, and their number discs above them, in px of the layer.

import { attribute, drawn } from './dom';
import { laneRows, looseRows, outlinePath, rowsHold, type Row } from './hull';
import { laneAt, laneStrip } from './lanes';
import type { LevelSize } from './level';
import { holds, type Box } from './point';
import type { Scene, SceneNote } from './scene';
import type { Measure } from './text';
import type { GroupView } from './types';
import type { BoardView } from './view';

interface Outline {
  group: GroupView;
  readonly path: SVGPathElement;
  readonly mark: SVGGElement;
  rows: readonly Row[];
  /** Of disc and name. */
  label: Box | null;
}

const discRadius = 11.5;
const nameFontPx = 14;

export class Outlines {
  private readonly outlines = new Map<string, Outline>();
  private readonly dirty = new Set<string>();
  private target: string | null = null;
  private order: readonly string[] = [];

  constructor(
    private readonly hulls: SVGSVGElement,
    private readonly marks: SVGSVGElement,
    private readonly measure: Measure,
  ) {}

  setGroups(groups: readonly GroupView[]): void {
    const ids = new Set(groups.map((g) => g.id));
    for (const [id, outline] of this.outlines) {
      if (ids.has(id)) continue;
      outline.path.remove();
      outline.mark.remove();
      this.outlines.delete(id);
    }
    this.order = groups.map((g) => g.id);
    for (const group of groups) {
      const known = this.outlines.get(group.id);
      if (known?.group === group) continue;
      if (known) known.group = group;
      else {
        this.outlines.set(group.id, {
          group,
          path: drawn(this.hulls, 'path'),
          mark: drawn(this.marks, 'g'),
          rows: [],
          label: null,
        });
      }
      this.dirty.add(group.id);
    }
  }

  /** A note of the group has come, gone or moved. */
  touch(id: string | undefined): void {
    if (id !== undefined && this.outlines.has(id)) this.dirty.add(id);
  }

  touchAll(): void {
    for (const id of this.outlines.keys()) this.dirty.add(id);
  }

  setTarget(id: string | null): void {
    if (id === this.target) return;
    this.touch(this.target ?? undefined);
    this.touch(id ?? undefined);
    this.target = id;
  }

  /** The group whose outline holds a place of the layer; of several the one of the smallest outline. */
  at(x: number, y: number): string | null {
    let best: string | null = null;
    let least = Infinity;
    for (const id of this.order) {
      const outline = this.outlines.get(id);
      if (!outline || !rowsHold(outline.rows, x, y)) continue;
      const area = outline.rows.reduce(
        (sum, r) => sum + (r.right - r.left) * (r.bottom - r.top),
        0,
      );
      if (area >= least) continue;
      best = id;
      least = area;
    }
    return best;
  }

  /** The group whose disc or name lies at a place of the layer; `reach`: px added around it. */
  labelAt(x: number, y: number, reach: number): string | null {
    for (const [id, { label }] of this.outlines) {
      if (
        label &&
        holds(
          {
            left: label.left - reach,
            right: label.right + reach,
            top: label.top - reach,
            bottom: label.bottom + reach,
          },
          x,
          y,
        )
      ) {
        return id;
      }
    }
    return null;
  }

  /** One frame's work. */
  update(scene: Scene, view: BoardView, lanes: number, size: LevelSize): void {
    if (this.dirty.size === 0) return;
    const members = new Map<string, SceneNote[]>();
    for (const id of this.dirty) members.set(id, []);
    for (const note of scene.all()) {
      // An outlier stands outside: its tag asks whether it belongs.
      if (note.view.groupId !== undefined && note.view.outlier === undefined) {
        members.get(note.view.groupId)?.push(note);
      }
    }
    for (const id of this.dirty) {
      const outline = this.outlines.get(id);
      if (!outline) continue;
      outline.rows = rowsOf(members.get(id) ?? [], view, lanes, size);
      this.draw(outline, view.axis === null, view.linePx);
    }
    this.dirty.clear();
  }

  private draw(outline: Outline, named: boolean, px: number): void {
    const { group, path, mark, rows } = outline;
    const names = ['hull'];
    if (group.draft) names.push('is-draft');
    if (group.frozen !== undefined) names.push('is-frozen');
    if (group.id === this.target) names.push('is-target');
    attribute(path, { class: names.join(' '), 'data-group': group.colour, d: outlinePath(rows) });
    mark.replaceChildren();
    outline.label = null;
    const top = rows[0];
    if (!top) return;
    const x = top.left + 2;
    const y = top.top + 2;
    attribute(mark, {
      class: 'hull-mark',
      'data-group': group.colour,
      transform: `translate(${x} ${y}) scale(${px})`,
    });
    drawn(mark, 'circle', { r: discRadius });
    drawn(mark, 'text', { y: 4.5, 'text-anchor': 'middle' }).textContent = String(group.number);
    let right = discRadius;
    if (named && group.name !== '') {
      drawn(mark, 'text', { class: 'hull-name', x: right + 6, y: -4 }).textContent = group.name;
      right += 6 + this.measure(group.name, nameFontPx) * 1.06;
    }
    outline.label = {
      left: x - discRadius * px,
      right: x + right * px,
      top: y - discRadius * px,
      bottom: y + discRadius * px,
    };
  }
}

function rowsOf(
  notes: readonly SceneNote[],
  view: BoardView,
  lanes: number,
  size: LevelSize,
): Row[] {
  const { axis, layout } = view;
  const boxed = notes.map(({ view: { x, y } }): Box => {
    const cx = x * layout.baseX;
    const cy = y * layout.baseY;
    return {
      left: cx - size.width / 2,
      right: cx + size.width / 2,
      top: cy - size.height / 2,
      bottom: cy + size.height / 2,
    };
  });
  if (!axis || lanes === 0) return looseRows(boxed);
  const strips = Array.from({ length: lanes }, (_, i) => {
    const strip = laneStrip(axis, i, lanes);
    return { top: strip.top * layout.baseY, bottom: strip.bottom * layout.baseY };
  });
  return laneRows(
    boxed.flatMap((box, i) => {
      const y = notes[i]?.view.y ?? 0;
      return [{ lane: laneAt(y, axis, lanes), box }];
    }),
    strips,
  );
}
