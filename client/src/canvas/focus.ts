// Which note has the keyboard: one of them is in the tab order at a time, the arrows go from it to its neighbours.

import type { Desk } from './desk';
import { nearestInDirection, readingOrder, type Direction } from './grid';
import type { NoteLayer } from './notes';

export class Focus {
  /** The note that the page says has the focus. */
  private focused: string | null = null;
  /** The note that Tab comes to. */
  private current: string | null = null;
  private due = false;
  /** What had the focus when it became due. */
  private before: Element | null = null;
  private tabbable: HTMLElement | null = null;
  /** The keyboard is in use: what it is on is drawn readable and never taken away. */
  private keys = false;

  constructor(
    private readonly desk: Desk,
    private readonly notes: NoteLayer,
    private readonly world: HTMLElement,
  ) {}

  /** The note that keys mean: the one that has the focus, or gets it with the next frame. */
  get id(): string | null {
    const coming = this.due && this.current !== null && this.desk.scene.get(this.current);
    return coming ? this.current : this.focused;
  }

  /** The note that has to stay an element. */
  get kept(): string | null {
    return this.keys ? (this.focused ?? (this.due ? this.current : null)) : null;
  }

  usedKeys(keys: boolean): void {
    this.keys = keys;
  }

  /** Tab will come to it. */
  remember(id: string): void {
    this.current = id;
    this.desk.ask();
  }

  /** The next frame gives it the focus, unless something else of the page has taken it by then. */
  give(id: string): void {
    this.current = id;
    this.due = true;
    this.before = this.page.activeElement;
    this.desk.ask();
  }

  /** The page says where the focus is. */
  heard(target: EventTarget | null): void {
    const element = target as Partial<HTMLElement> | null;
    const id = element?.dataset?.['note'] ?? null;
    if (target === this.world) this.enter();
    if (id === this.focused) return;
    this.focused = id;
    if (id !== null) this.current = id;
    this.desk.tell({ type: 'focus', id });
    this.desk.ask();
  }

  /** The neighbour that an arrow goes to; null at the edge. */
  neighbour(direction: Direction): string | null {
    const { scene, view } = this.desk;
    const from = this.id === null ? undefined : scene.get(this.id);
    if (!from) return this.first();
    const { scaleX, scaleY } = view.camera;
    return nearestInDirection(scene.all(), from, direction, scaleX, scaleY)?.id ?? null;
  }

  /** After the notes are drawn. */
  update(): void {
    const element = this.current === null ? undefined : this.notes.element(this.current);
    const tabbable = element ?? this.world;
    if (tabbable !== this.tabbable) {
      if (this.tabbable) this.tabbable.tabIndex = -1;
      tabbable.tabIndex = 0;
      this.tabbable = tabbable;
    }
    if (this.due && element) {
      this.due = false;
      const { activeElement, body } = this.page;
      if (activeElement !== this.before && activeElement !== body) return;
      element.focus({ preventScroll: true });
    }
  }

  private get page(): Document {
    return this.world.ownerDocument;
  }

  /** Tab has come to the board itself: no note was an element yet. */
  private enter(): void {
    this.keys = true;
    const id =
      this.current !== null && this.desk.scene.get(this.current) ? this.current : this.first();
    if (id !== null) this.give(id);
  }

  private first(): string | null {
    const { scene, view } = this.desk;
    const seen = scene.grid.within(view.seen(0));
    const [first] = (seen.length > 0 ? seen : [...scene.all()]).sort(readingOrder);
    return first?.id ?? null;
  }
}
