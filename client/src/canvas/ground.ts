// What lies under a place of the surface, for the gestures: fan, bubble, axis, names, notes, outlines.

import type { Axis } from './axis';
import type { Desk } from './desk';
import { notesAt, type Half } from './grid';
import type { NoteLayer } from './notes';
import type { Outlines } from './outlines';
import { clamp, type ScreenPoint } from './point';
import type { Ground, Under } from './pointer';
import type { SceneNote } from './scene';
import type { DropTarget, Level, Place } from './types';

/** Half the least target, px. */
const reachPx = 22;
/** Notes no further from the finger than that are not told apart, px; none on the other levels. */
const crowdPx: Partial<Record<Level, number>> = { far: 22, compact: 6 };

export interface GroundParts {
  readonly desk: Desk;
  readonly notes: NoteLayer;
  readonly outlines: Outlines;
  readonly axis: Axis;
  /** The note of an open fan at that place. */
  fan(at: ScreenPoint): string | null;
  /** The note whose bubble is there. */
  bubble(at: ScreenPoint): string | null;
  atEdge(at: ScreenPoint): boolean;
}

export function groundOf(parts: GroundParts): Ground {
  const { desk, notes, outlines, axis } = parts;
  const { view, scene } = desk;

  /** Half of a note as drawn, in units. */
  const half = (note: SceneNote): Half => {
    const { width, height } = notes.sizeOf(note.id);
    return { width: width / 2 / view.layout.baseX, height: height / 2 / view.layout.baseY };
  };
  const padded =
    (px: number) =>
    (note: SceneNote): Half => {
      const { width, height } = half(note);
      return { width: width + px / view.camera.scaleX, height: height + px / view.camera.scaleY };
    };
  const reach = (note: SceneNote): Half => {
    const { width, height } = half(note);
    return {
      width: Math.max(width, reachPx / view.camera.scaleX),
      height: Math.max(height, reachPx / view.camera.scaleY),
    };
  };

  const near = (at: ScreenPoint, reached: (note: SceneNote) => Half): SceneNote[] => {
    const p = view.toBoard(at);
    // The largest that a note is drawn, and the finger's reach around it.
    const { width, height } = view.readableSize.size;
    const dx =
      Math.max(width, view.layout.size.width) / view.layout.baseX + reachPx / view.camera.scaleX;
    const dy =
      Math.max(height, view.layout.size.height) / view.layout.baseY + reachPx / view.camera.scaleY;
    const candidates = scene.grid
      .within({ left: p.x - dx, right: p.x + dx, top: p.y - dy, bottom: p.y + dy })
      .filter((n) => !desk.lifted(n.id));
    return notesAt(candidates, p, half, reached);
  };

  const inStrip = (at: ScreenPoint): boolean =>
    view.axis !== null && at.y < view.page.insets.top + view.axisHeight;

  const nameAt = (at: ScreenPoint): string | null => {
    if (inStrip(at)) return axis.groupAt(view, at.x, at.y);
    const p = view.toBoard(at);
    return outlines.labelAt(p.x * view.layout.baseX, p.y * view.layout.baseY, 8);
  };

  const members = (group: string): string[] => {
    const ids: string[] = [];
    for (const note of scene.all()) if (note.view.groupId === group) ids.push(note.id);
    return ids;
  };

  const noteUnder = (at: ScreenPoint): Under | null => {
    const [note] = near(at, reach);
    if (!note) return null;
    const px = crowdPx[view.layout.level];
    // A note that is drawn readable stands out of the crowd.
    if (px === undefined || notes.sizeOf(note.id).width > view.layout.size.width) {
      return { type: 'note', id: note.id, crowd: [note.id] };
    }
    return { type: 'note', id: note.id, crowd: near(at, padded(px)).map((n) => n.id) };
  };

  return {
    get mode() {
      return desk.mode;
    },
    get selected() {
      return desk.selected;
    },
    get open() {
      return desk.open;
    },

    under(at): Under {
      const fanned = parts.fan(at);
      if (fanned !== null) return { type: 'note', id: fanned, crowd: [fanned] };
      const bubble = parts.bubble(at);
      if (bubble !== null) return { type: 'bubble', id: bubble };
      if (inStrip(at)) {
        const group = nameAt(at);
        return group === null ? { type: 'axis' } : { type: 'name', group, moves: [] };
      }
      const note = noteUnder(at);
      if (note) return note;
      const group = nameAt(at);
      if (group === null) return { type: 'board' };
      return { type: 'name', group, moves: view.axis ? [] : members(group) };
    },

    place(at): Place {
      const p = view.toBoard(at);
      const { axis: ends } = view;
      if (!ends) return { on: 'free', x: p.x, y: p.y };
      const x = clamp(p.x, ends.x0, ends.x1);
      if (inStrip(at)) return { on: 'axis', x };
      if (p.y > ends.bandBottom) return { on: 'strip', x, y: p.y };
      return { on: 'band', x, y: Math.max(p.y, ends.bandTop) };
    },

    target(at, dragged): DropTarget | null {
      const hand = new Set(dragged);
      const joins = (group: string): DropTarget | null => {
        const already = dragged.every((id) => scene.get(id)?.view.groupId === group);
        return already ? null : { type: 'group', id: group };
      };
      if (!inStrip(at)) {
        const note = near(at, half).find((n) => !hand.has(n.id));
        if (note) {
          return note.view.groupId === undefined
            ? { type: 'note', id: note.id }
            : joins(note.view.groupId);
        }
      }
      const named = nameAt(at);
      if (named !== null) return joins(named);
      if (inStrip(at)) return null;
      const p = view.toBoard(at);
      const hull = outlines.at(p.x * view.layout.baseX, p.y * view.layout.baseY);
      return hull === null ? null : joins(hull);
    },

    taken: (id) => desk.busy.get(id)?.type === 'moving',
    atEdge: (at) => parts.atEdge(at),
  };
}
