// The notes as they are to be shown: each where the board has it, or where a preview has it for the moment.

import { Grid, type Placed } from './grid';
import type { Box } from './point';
import type { NoteView } from './types';

/** A note and its shown place. Only the scene writes to it. */
export class SceneNote implements Placed {
  x: number;
  y: number;
  /** Shown where somebody's drag has it. */
  previewed = false;

  constructor(public view: NoteView) {
    this.x = view.x;
    this.y = view.y;
  }

  get id(): string {
    return this.view.id;
  }

  get z(): number {
    return this.view.z;
  }
}

export class Scene {
  readonly grid = new Grid<SceneNote>();
  private readonly byId = new Map<string, SceneNote>();
  private sorted: SceneNote[] | null = null;

  get size(): number {
    return this.byId.size;
  }

  get(id: string): SceneNote | undefined {
    return this.byId.get(id);
  }

  all(): IterableIterator<SceneNote> {
    return this.byId.values();
  }

  /** From the lowest to the topmost; of equal z the earlier id lies lower. */
  stacked(): readonly SceneNote[] {
    this.sorted ??= [...this.byId.values()].sort((a, b) => a.z - b.z || (a.id < b.id ? -1 : 1));
    return this.sorted;
  }

  /** Replaces everything. What stays is the same note as before; previews end. */
  load(views: Iterable<NoteView>): void {
    const before = new Map(this.byId);
    this.byId.clear();
    this.grid.clear();
    this.sorted = null;
    for (const view of views) this.add(view, before.get(view.id));
  }

  /** Adds or changes a note; a preview keeps its place on the screen. Returns what it was. */
  put(view: NoteView): NoteView | null {
    const note = this.byId.get(view.id);
    if (!note) {
      this.add(view);
      this.sorted = null;
      return null;
    }
    const before = note.view;
    note.view = view;
    if (before.z !== view.z) this.sorted = null;
    if (!note.previewed) this.shift(note, view.x, view.y);
    return before;
  }

  remove(id: string): SceneNote | null {
    const note = this.byId.get(id);
    if (!note) return null;
    this.byId.delete(id);
    this.grid.remove(note);
    this.sorted = null;
    return note;
  }

  preview(id: string, x: number, y: number): void {
    const note = this.byId.get(id);
    if (!note) return;
    note.previewed = true;
    this.shift(note, x, y);
  }

  endPreview(id: string): void {
    const note = this.byId.get(id);
    if (!note?.previewed) return;
    note.previewed = false;
    this.shift(note, note.view.x, note.view.y);
  }

  /** The least box around all places; null when there are no notes. */
  bounds(): Box | null {
    if (this.byId.size === 0) return null;
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const { view } of this.byId.values()) {
      left = Math.min(left, view.x);
      right = Math.max(right, view.x);
      top = Math.min(top, view.y);
      bottom = Math.max(bottom, view.y);
    }
    return { left, top, right, bottom };
  }

  private add(view: NoteView, note = new SceneNote(view)): void {
    note.view = view;
    note.x = view.x;
    note.y = view.y;
    note.previewed = false;
    this.byId.set(view.id, note);
    this.grid.add(note);
  }

  private shift(note: SceneNote, x: number, y: number): void {
    if (note.x === x && note.y === y) return;
    note.x = x;
    note.y = y;
    this.grid.move(note);
  }
}

/** The ids of the notes whose centre lies inside a closed path, all in the same space. */
export function insidePath<T extends { readonly x: number; readonly y: number }>(
  things: Iterable<T>,
  path: readonly { readonly x: number; readonly y: number }[],
): T[] {
  const inside: T[] = [];
  for (const thing of things) {
    let crossings = 0;
    for (const [i, b] of path.entries()) {
      const a = path.at(i - 1) ?? b;
      if (a.y > thing.y === b.y > thing.y) continue;
      if (thing.x < a.x + ((thing.y - a.y) * (b.x - a.x)) / (b.y - a.y)) crossings++;
    }
    if (crossings % 2 === 1) inside.push(thing);
  }
  return inside;
}

/** The least box around a path. */
export function pathBox(path: readonly { readonly x: number; readonly y: number }[]): Box {
  let box: Box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const { x, y } of path) {
    box = {
      left: Math.min(box.left, x),
      top: Math.min(box.top, y),
      right: Math.max(box.right, x),
      bottom: Math.max(box.bottom, y),
    };
  }
  return box;
}
