// How notes move by themselves: glide to a new place, drop in from the axis when they are revealed, pass a wave as they freeze.

import type { NoteElement } from './noteElement';
import type { SceneNote } from './scene';
import type { BoardView } from './view';

const easing = 'cubic-bezier(0.2, 0, 0, 1)';
/** All drops together, and one of them; the wave likewise. */
const dropsMs = 600;
const dropMs = 250;
const waveMs = 600;
const paleMs = 240;
const fadeMs = 120;

/** From where on the board a note is to glide to its place. */
interface Glide {
  readonly x: number;
  readonly y: number;
  readonly ms: number;
}

export class NoteMotion {
  private readonly glides = new Map<string, Glide>();
  /** When the drop of each begins, ms after the first. */
  private drops: ReadonlyMap<string, number> = new Map();
  private droppedAt = 0;
  private readonly running = new Map<string, Animation>();

  constructor(
    private readonly view: BoardView,
    /** The page asks for less motion. */
    private readonly still: () => boolean,
  ) {}

  /** Its next place is reached by a glide from here; only the first of two starts counts. */
  glide(id: string, from: Glide): void {
    if (!this.glides.has(id)) this.glides.set(id, from);
  }

  /** Of notes that are about to come: they drop one after the other. */
  dropIn(ids: readonly string[]): void {
    const step = (dropsMs - dropMs) / ids.length;
    this.drops = new Map(ids.map((id, i) => [id, i * step]));
    this.droppedAt = performance.now();
  }

  /** A note has come into sight, at its place. */
  came({ id, x, y }: SceneNote, element: NoteElement): void {
    const delay = this.drops.get(id);
    if (delay === undefined || performance.now() - this.droppedAt > dropsMs) return;
    if (this.still()) {
      this.run(id, element, [{ opacity: 0 }, { opacity: 1 }], fadeMs, 0);
      return;
    }
    const { view } = this;
    const above = view.axis ? view.toScreen({ x, y }).y - view.clear(0).top : 40;
    const from = element.transform(0, -Math.max(0, above));
    this.run(
      id,
      element,
      [
        { transform: from, opacity: 0 },
        { opacity: 1, offset: 0.3 },
        { transform: element.transform(), opacity: 1 },
      ],
      dropMs,
      delay,
    );
  }

  /** A note that is drawn already has got its place. */
  placed({ id, x, y }: SceneNote, element: NoteElement): void {
    const glide = this.glides.get(id);
    if (!glide) return;
    const { baseX, baseY } = this.view.layout;
    const from = element.transform((glide.x - x) * baseX, (glide.y - y) * baseY);
    this.run(id, element, [{ transform: from }, { transform: element.transform() }], glide.ms, 0);
  }

  /** A note in sight has just frozen: the wave runs along the axis. */
  froze({ id, x, y }: SceneNote, element: NoteElement): void {
    if (this.still()) return;
    const share = this.view.toScreen({ x, y }).x / Math.max(1, this.view.page.width);
    const delay = Math.min(1, Math.max(0, share)) * (waveMs - paleMs);
    this.run(id, element, [{ opacity: 1 }, { opacity: 0.35 }, { opacity: 1 }], paleMs, delay);
  }

  /** The element is to be another note's. */
  left(id: string): void {
    this.running.get(id)?.cancel();
  }

  /** The frame is done: a glide that no change has used is void. */
  rest(): void {
    this.glides.clear();
  }

  private run(
    id: string,
    { root }: NoteElement,
    frames: Keyframe[],
    duration: number,
    delay: number,
  ): void {
    const animation = root.animate(frames, { duration, delay, easing, fill: 'backwards' });
    const over = () => {
      if (this.running.get(id) === animation) this.running.delete(id);
    };
    this.running.set(id, animation);
    animation.onfinish = over;
    animation.oncancel = over;
  }
}
