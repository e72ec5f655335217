// Notes in hand: copies of them in a layer of their own that is moved by one transform, while a dashed outline keeps their place.

import { layerTransform, made } from './dom';
import { noMarks, NoteElement } from './noteElement';
import { clamp, onBoard, type BoardPoint } from './point';
import type { Scene } from './scene';
import type { Typesetter } from './typeset';
import type { DragID, DropTarget, Icons, Move } from './types';
import type { BoardView } from './view';

/** carried: in hand. dropped: stays where it was left until its change comes. returning: on the way home. */
type Stage = 'carried' | 'dropped' | 'returning';

const mostPerFrame = 48;
const stayMs = 2000;
const glideMs = 320;
/** A note may be parked so far under the band, units. */
const stripUnits = 700;

export class Carry {
  stage: Stage = 'carried';
  target: DropTarget | null = null;
  /** Where the hand is, board units from where it took hold. */
  private dx = 0;
  private dy = 0;
  private droppedAt = 0;
  private readonly layer: HTMLElement;
  private readonly copies = new Map<string, NoteElement>();
  private waiting: string[];

  constructor(
    readonly drag: DragID,
    /** The one under the pointer first. */
    readonly ids: readonly string[],
    /** The place of the board under the pointer; null for the keyboard. */
    readonly grabbed: BoardPoint | null,
    /** Copies may leave the axis: they only show what they belong to. */
    private readonly loose: boolean,
    parent: Element,
    private readonly scene: Scene,
    private readonly view: BoardView,
    private readonly typesetter: Typesetter,
    private readonly icons: Icons,
    count: string | null,
  ) {
    this.layer = made(parent, 'div', 'board-carry');
    this.waiting = [...ids];
    this.mount();
    if (count !== null) this.showCount(count);
  }

  /** Whether a dashed outline stands where the note was. */
  lifts(id: string): boolean {
    return this.copies.has(id);
  }

  /** The hand has moved: so many units from where it took hold. */
  move(dx: number, dy: number): void {
    const { dx: x, dy: y } = this.loose ? { dx, dy } : this.within(dx, dy);
    this.dx = x;
    this.dy = y;
  }

  /** By pointer: the place of the board that is under it. */
  moveTo(at: BoardPoint): void {
    if (this.grabbed) this.move(at.x - this.grabbed.x, at.y - this.grabbed.y);
  }

  get shift(): { readonly dx: number; readonly dy: number } {
    return { dx: this.dx, dy: this.dy };
  }

  get moves(): readonly Move[] {
    return this.ids.flatMap((id): Move[] => {
      const note = this.scene.get(id);
      if (!note) return [];
      const to = onBoard(note.view.x + this.dx, note.view.y + this.dy);
      return [[id, to.x, to.y]];
    });
  }

  /** The notes where the board has them. */
  get homes(): readonly Move[] {
    return this.ids.flatMap((id): Move[] => {
      const note = this.scene.get(id)?.view;
      return note ? [[id, note.x, note.y]] : [];
    });
  }

  drop(now: number): void {
    this.stage = 'dropped';
    this.droppedAt = now;
  }

  /** The note has its change, or is gone: its copy is no longer needed. */
  release(id: string): void {
    this.copies.get(id)?.root.remove();
    this.copies.delete(id);
    this.waiting = this.waiting.filter((w) => w !== id);
  }

  get empty(): boolean {
    return this.copies.size === 0 && this.waiting.length === 0;
  }

  overdue(now: number): boolean {
    return this.stage === 'dropped' && now - this.droppedAt >= stayMs;
  }

  /** One frame's work; true while copies wait for a later frame. */
  update(): boolean {
    if (this.stage === 'carried') this.mount();
    if (this.stage !== 'returning') this.layer.style.transform = this.transform(this.dx, this.dy);
    return this.stage === 'carried' && this.waiting.length > 0;
  }

  /** Glides home along a straight line; then `done`. */
  goHome(still: boolean, done: () => void): void {
    if (this.stage === 'returning') return;
    const from = this.transform(this.dx, this.dy);
    this.stage = 'returning';
    this.dx = 0;
    this.dy = 0;
    const to = this.transform(0, 0);
    this.layer.classList.add('is-returning');
    if (still || from === to) {
      done();
      return;
    }
    this.layer.style.transform = to;
    const glide = this.layer.animate([{ transform: from }, { transform: to }], {
      duration: glideMs,
      easing: 'cubic-bezier(0.2, 0, 0, 1)',
    });
    glide.onfinish = done;
    glide.oncancel = done;
  }

  remove(): void {
    this.layer.remove();
    this.copies.clear();
    this.waiting = [];
  }

  private transform(dx: number, dy: number): string {
    const { view } = this;
    const { baseX, baseY } = view.layout;
    const at = view.toScreen({ x: dx, y: dy });
    const sx = view.camera.scaleX / baseX;
    const sy = view.camera.scaleY / baseY;
    return layerTransform(at.x, at.y, sx, sy);
  }

  /** What is in sight comes first; what is not needs no copy. */
  private mount(): void {
    const { view, scene, typesetter, icons } = this;
    const { level, size } = view.readableSize;
    const { baseX, baseY, free } = view.layout;
    for (const id of this.waiting.splice(0, mostPerFrame)) {
      const note = scene.get(id);
      if (!note) continue;
      const copy = new NoteElement(this.layer, icons, true);
      const { text, letters, pinned } = note.view;
      const textScale = free ? 1 : view.page.textScale;
      copy.show({
        view: note.view,
        level: free ? 'free' : level,
        fitted: typesetter.fit(text, letters, pinned === true, size, textScale),
        marks: noMarks,
        groupColour: null,
        label: '',
      });
      copy.root.classList.add('is-carried');
      copy.raise(this.ids[0] === id ? 1 : 0);
      copy.put(note.view.x * baseX, note.view.y * baseY, size.width, size.height);
      this.copies.set(id, copy);
    }
  }

  private showCount(words: string): void {
    const first = this.copies.get(this.ids[0] ?? '');
    if (first) made(first.root, 'span', 'note-tag is-count').textContent = words;
  }

  /** The shift that keeps all notes between the ends of the axis, in the band or its strip. */
  private within(dx: number, dy: number): { dx: number; dy: number } {
    const { axis } = this.view;
    if (!axis) return { dx, dy };
    let [left, right, top, bottom] = [-Infinity, Infinity, -Infinity, Infinity];
    for (const id of this.ids) {
      const note = this.scene.get(id)?.view;
      if (!note) continue;
      left = Math.max(left, axis.x0 - note.x);
      right = Math.min(right, axis.x1 - note.x);
      top = Math.max(top, axis.bandTop - note.y);
      bottom = Math.min(bottom, axis.bandBottom + stripUnits - note.y);
    }
    // A note that lies outside already may stay there.
    return {
      dx: clamp(dx, Math.min(left, 0), Math.max(right, 0)),
      dy: clamp(dy, Math.min(top, 0), Math.max(bottom, 0)),
    };
  }
}
