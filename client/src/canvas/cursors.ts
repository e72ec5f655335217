// Where the others' pointers are: an arrow and a name, no colours. One that has stood still fades.

import { drawn, made, place } from './dom';
import type { CursorView } from './types';
import type { BoardView } from './view';

interface Cursor {
  view: CursorView;
  readonly element: HTMLElement;
  readonly tag: HTMLElement;
  movedAt: number;
}

const fadeMs = 5000;

export class Cursors {
  private readonly cursors = new Map<string, Cursor>();

  constructor(private readonly layer: HTMLElement) {}

  set(views: readonly CursorView[], now: number): void {
    const ids = new Set(views.map((v) => v.id));
    for (const [id, cursor] of this.cursors) {
      if (ids.has(id)) continue;
      cursor.element.remove();
      this.cursors.delete(id);
    }
    for (const view of views) {
      const known = this.cursors.get(view.id);
      const cursor = known ?? this.make(view, now);
      if (cursor.view.x !== view.x || cursor.view.y !== view.y) cursor.movedAt = now;
      if (cursor.tag.textContent !== view.name) cursor.tag.textContent = view.name;
      cursor.view = view;
    }
  }

  /** One frame's work; returns when the next cursor fades, ms from now, or null. */
  update(view: BoardView, now: number): number | null {
    let next: number | null = null;
    for (const { view: at, element, movedAt } of this.cursors.values()) {
      const p = view.toScreen(at);
      place(element, Math.round(p.x), Math.round(p.y));
      const left = movedAt + fadeMs - now;
      element.classList.toggle('is-still', left <= 0);
      if (left > 0) next = Math.min(next ?? left, left);
    }
    return next;
  }

  private make(view: CursorView, now: number): Cursor {
    const element = made(this.layer, 'div', 'cursor');
    const svg = drawn(element, 'svg', { viewBox: '0 0 20 22', 'aria-hidden': 'true' });
    drawn(svg, 'path', { d: 'M2 1.5 17.5 13l-7 .8-3.8 6.4z' });
    const cursor = { view, element, tag: made(element, 'span', 'cursor-tag'), movedAt: now };
    this.cursors.set(view.id, cursor);
    return cursor;
  }
}
