// The notes that are elements: those in sight and readable, few at a time. The others are pixels of the far canvas.

import type { LevelSize } from './level';
import { noMarks, NoteElement, type Marks } from './noteElement';
import type { NoteMotion } from './noteMotion';
import { holds } from './point';
import type { Scene, SceneNote } from './scene';
import type { Typesetter } from './typeset';
import type { GroupColour, Icons, Level, NoteView } from './types';
import type { BoardView } from './view';

/** What the layer asks about a note. */
export interface NoteFacts {
  marks(id: string): Marks | undefined;
  groupColour(id: string): GroupColour | null;
  /** The accessible name. */
  label(view: NoteView): string;
  /** The note has become an element, or pixels. */
  changed(note: SceneNote): void;
}

interface Mounted {
  readonly note: SceneNote;
  readonly element: NoteElement;
  level: Level | 'free';
  size: LevelSize;
  /** As it was drawn last. */
  frozen?: boolean;
}

/** Elements that come into being in one frame, or change their size. */
const mostPerFrame = 48;
/** A pinch that zooms out brings ever more notes into view: beyond this they wait for its end. */
const mostElements = 700;
/** While the layer is shown smaller than this, text is not read and nothing new becomes an element. */
const leastStretch = 0.6;
/** Parts of the surface: elements come within the first and go beyond the second. */
const mountWithin = 0.06;
const unmountBeyond = 0.15;
/** Above everything that lies where it belongs; above the discs of groups as well. */
const raised = 10_000_000;
const topmost = 30_000_000;

export class NoteLayer {
  private readonly mounted = new Map<string, Mounted>();
  private readonly spare: NoteElement[] = [];
  private readonly dirty = new Set<string>();
  private stale = new Set<Mounted>();
  private culled = false;
  private allMounted = true;
  /** Notes that are drawn readable whatever the level, and of these the ones that are mounted wherever they are. */
  private kept: ReadonlySet<string> = new Set();
  private pinned: ReadonlySet<string> = new Set();

  constructor(
    private readonly world: HTMLElement,
    private readonly scene: Scene,
    private readonly view: BoardView,
    private readonly typesetter: Typesetter,
    private readonly icons: Icons,
    private readonly motion: NoteMotion,
    private readonly facts: NoteFacts,
  ) {}

  /** Every note in sight that is to be an element is one. */
  get complete(): boolean {
    return this.allMounted && this.view.layout.level !== 'far';
  }

  has(id: string): boolean {
    return this.mounted.has(id);
  }

  element(id: string): HTMLElement | undefined {
    return this.mounted.get(id)?.element.root;
  }

  /** px in the layer, as the note is drawn or would be. */
  sizeOf(id: string): LevelSize {
    const mounted = this.mounted.get(id);
    if (mounted) return mounted.size;
    return this.lookOf(id).size;
  }

  keep(kept: ReadonlySet<string>, pinned: ReadonlySet<string>): void {
    for (const id of [...kept, ...this.kept])
      if (kept.has(id) !== this.kept.has(id)) this.dirty.add(id);
    this.kept = kept;
    this.pinned = pinned;
    this.culled = false;
  }

  /** The note, or what goes on with it, has changed. */
  touch(id: string): void {
    this.dirty.add(id);
  }

  touchAll(): void {
    for (const id of this.mounted.keys()) this.dirty.add(id);
  }

  /** Another part of the board is in sight, or notes came, went or moved. */
  cull(): void {
    this.culled = false;
  }

  /** The layer was laid out anew: places change at once, sizes a few at a time. */
  relaid(): void {
    this.stale = new Set(this.mounted.values());
    for (const m of this.mounted.values()) this.put(m);
    this.culled = false;
  }

  /** Text is to be fitted anew. */
  refit(): void {
    this.stale = new Set(this.mounted.values());
  }

  drop(id: string): void {
    const m = this.mounted.get(id);
    if (m) this.unmount(m);
    this.dirty.delete(id);
  }

  /** One frame's work; true when something is left for the next. */
  update(): boolean {
    let budget = mostPerFrame;
    if (!this.culled) {
      const result = this.mountInSight(budget);
      budget -= result.mounted;
      this.culled = !result.more;
    }
    for (const id of this.dirty) {
      const m = this.mounted.get(id);
      if (!m) continue;
      this.apply(m);
      this.stale.delete(m);
    }
    this.dirty.clear();
    this.motion.rest();
    for (const m of this.stale) {
      if (budget-- <= 0) break;
      this.stale.delete(m);
      if (this.mounted.get(m.note.id) === m) this.apply(m);
    }
    return !this.culled || this.stale.size > 0;
  }

  private mountInSight(budget: number): { mounted: number; more: boolean } {
    const { scene, view } = this;
    const readable = view.layout.level !== 'far';
    const keep = view.seen(unmountBeyond);
    for (const m of this.mounted.values()) {
      const { id } = m.note;
      const stays =
        this.pinned.has(id) || ((readable || this.kept.has(id)) && holds(keep, m.note.x, m.note.y));
      if (stays && scene.get(id) === m.note) continue;
      this.unmount(m);
    }
    const near = view.seen(mountWithin);
    const found =
      readable && view.stretch >= leastStretch
        ? scene.grid.within(near)
        : [...this.kept].flatMap((id) => {
            const note = scene.get(id);
            return note && holds(near, note.x, note.y) ? [note] : [];
          });
    for (const id of this.pinned) {
      const note = scene.get(id);
      if (note) found.push(note);
    }
    const missing = found.filter((n) => !this.mounted.has(n.id));
    if (missing.length > budget) {
      const seen = view.seen(0);
      missing.sort((a, b) => Number(holds(seen, b.x, b.y)) - Number(holds(seen, a.x, a.y)));
    }
    const room = Math.max(this.pinned.size, mostElements - this.mounted.size);
    let mounted = 0;
    for (const note of missing) {
      if (mounted >= Math.min(budget, room)) break;
      if (this.mounted.has(note.id)) continue;
      this.mount(note);
      mounted++;
    }
    const more = mounted >= budget && missing.some((n) => !this.mounted.has(n.id));
    this.allMounted = !more && mounted < room && view.stretch >= leastStretch;
    return { mounted, more };
  }

  private mount(note: SceneNote): void {
    const element = this.spare.pop() ?? new NoteElement(this.world, this.icons, false);
    if (element.root.parentNode !== this.world) this.world.append(element.root);
    const m: Mounted = { note, element, ...this.lookOf(note.id) };
    this.mounted.set(note.id, m);
    this.apply(m);
    this.motion.came(note, element);
    this.facts.changed(note);
  }

  private unmount(m: Mounted): void {
    this.mounted.delete(m.note.id);
    this.stale.delete(m);
    m.element.root.tabIndex = -1;
    m.element.root.remove();
    this.motion.left(m.note.id);
    this.facts.changed(m.note);
    if (this.spare.length < mostPerFrame) this.spare.push(m.element);
  }

  private apply(m: Mounted): void {
    const { id, view } = m.note;
    Object.assign(m, this.lookOf(id));
    const marks = this.facts.marks(id) ?? noMarks;
    m.element.show({
      view,
      level: m.level,
      fitted: this.typesetter.fit(
        view.text,
        view.letters,
        view.pinned === true,
        m.size,
        m.level === 'free' ? 1 : this.view.page.textScale,
      ),
      marks,
      groupColour: this.facts.groupColour(id),
      label: this.facts.label(view),
    });
    // A question whether a note belongs is read, and the outline that a lifted note leaves is seen over what it lay under.
    const above = marks.lifted || view.outlier !== undefined;
    m.element.raise(view.z + (this.kept.has(id) ? topmost : above ? raised : 0));
    this.put(m);
    this.motion.placed(m.note, m.element);
    if (view.frozen && m.frozen === false) this.motion.froze(m.note, m.element);
    m.frozen = view.frozen === true;
  }

  private put(m: Mounted): void {
    const { baseX, baseY } = this.view.layout;
    m.element.put(m.note.x * baseX, m.note.y * baseY, m.size.width, m.size.height);
  }

  private lookOf(id: string): { level: Level | 'free'; size: LevelSize } {
    const { layout, readableSize } = this.view;
    const marks = this.facts.marks(id);
    const { level, size } = this.kept.has(id) && !marks?.lifted ? readableSize : layout;
    return { level: layout.free ? 'free' : level, size };
  }
}
