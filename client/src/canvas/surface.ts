// The board in a page. Tells what is wanted, shows what it is told; the parts do the work.

import './surface.css';
import './notes.css';
import './axis.css';
import { Desk } from './desk';
import { Frames } from './frames';
import type { Input, Parts } from './input';
import { freePlaceInStrip, laneAt, laneStrip, type Strip } from './lanes';
import { Listener } from './listen';
import { Motion } from './motion';
import { Others } from './others';
import { watchFonts, watchSize } from './page';
import { Picture } from './picture';
import { onBoard, type BoardPoint, type Box, type ScreenPoint } from './point';
import { watchTheme } from './theme';
import type {
  AxisView,
  BoardSurface,
  CursorView,
  DragID,
  GroupView,
  Insets,
  LaneView,
  Mode,
  NotePresence,
  NoteView,
  SurfaceOptions,
} from './types';

/** A refusal or an undo; a jump of somebody else's note. */
const glideMs = 320;
const jumpMs = 180;
/** A jump that is shorter is seen without a glide, px. */
const jumpPx = 200;
/** Above and below the middle of a free board: where a new note looks for room, units. */
const freeReachUnits = 400;

const none: ReadonlySet<string> = new Set();

export class Surface implements BoardSurface {
  private readonly desk: Desk;
  private readonly frames: Frames;
  private readonly picture: Picture;
  private readonly motion: Motion;
  private readonly others: Others;
  private readonly listener: Listener;
  private readonly endings: (() => void)[] = [];
  /** Notes whose next place is to be reached by a glide. */
  private readonly glides = new Set<string>();
  /** Where the pointer is; undefined when that has been told. */
  private cursor: ScreenPoint | null | undefined;
  private toldView = '';
  /** What people do on the board; null until that part has come. */
  private input: Input | null = null;
  /** What was done before it came. */
  private readonly done: ((input: Input) => void)[] = [];
  private ended = false;

  constructor(
    private readonly root: HTMLElement,
    options: SurfaceOptions,
  ) {
    const window = root.ownerDocument.defaultView;
    if (!window) throw new Error('a board needs a page that is shown');
    root.tabIndex = -1;
    const frames = new Frames(window, (now) => this.draw(now));
    const desk = new Desk(options, () => frames.ask());
    desk.stillness = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    const picture = new Picture(root, desk);
    this.frames = frames;
    this.desk = desk;
    this.picture = picture;
    this.motion = new Motion(desk, picture, frames, () => this.input?.holdsBoard ?? false);
    this.others = new Others(desk, picture.cursors, (id, from) => this.changedByOthers(id, from));
    this.listener = new Listener(root, {
      pointer: (event) => this.act((input) => input.pointer(event)),
      hover: (at) => {
        this.cursor = at;
        frames.ask();
      },
      wheel: ({ at, dx, dy, zoom }) => {
        if (zoom === null) this.motion.pan(dx, dy);
        else this.motion.zoom(zoom, at);
        this.input?.closeFan();
        this.motion.restSoon();
      },
      key: (event) => this.input?.key(event) ?? false,
      ask: () => frames.ask(),
      foreign: (target) => this.input?.holds(target) ?? false,
      writing: () => this.input !== null && this.input.edited !== null,
      focus: (target) => this.input?.focus.heard(target),
      viewport: () => frames.ask(),
    });
    this.endings.push(
      () => this.listener.stop(),
      watchTheme(root, () => {
        picture.recolour();
        frames.ask();
      }),
      watchSize(root, (size) => this.motion.setPage(size)),
      watchFonts(root, () => {
        picture.nameThings();
        frames.ask();
      }),
    );
  }

  get hears(): boolean {
    return this.input !== null;
  }

  /** What people do on the board is heard from now on, and first what they did before. */
  takeInput(make: (parts: Parts) => Input): void {
    if (this.ended || this.input) return;
    const { root, desk, picture, motion, frames } = this;
    const input = make({ root, desk, picture, motion, frames });
    this.input = input;
    for (const act of this.done.splice(0)) act(input);
    frames.ask();
  }

  load(notes: Iterable<NoteView>): void {
    const { scene, busy } = this.desk;
    // The first notes of a free board say where to look.
    if (scene.size === 0) this.desk.view.forget();
    scene.load(notes);
    for (const b of busy.values()) if (b.type === 'moving') scene.preview(b.id, b.x, b.y);
    this.input?.reloaded();
    this.picture.reload();
    this.motion.reframe();
  }

  put(note: NoteView): void {
    const { scene, view } = this.desk;
    const shown = scene.get(note.id);
    const from = shown ? { x: shown.x, y: shown.y } : null;
    const before = scene.put(note);
    const moved = before?.x !== note.x || before.y !== note.y;
    if (moved || before.colour !== note.colour) this.picture.touchMarks();
    if (moved || before.groupId !== note.groupId || before.outlier !== note.outlier) {
      this.picture.outlines.touch(before?.groupId);
      this.picture.outlines.touch(note.groupId);
    }
    if (moved && before) {
      // What comes out of a hand is there already, and what a preview led is where it led.
      const led = this.desk.lifted(note.id) || scene.get(note.id)?.previewed === true;
      this.input?.hands.landed(note.id);
      if (from && !led) this.glideFrom(note.id, from);
    }
    this.glides.delete(note.id);
    this.picture.touch(note.id, moved ? (from ?? note) : null);
    if (moved && view.ready && !view.reaches(note)) view.extend(scene);
    this.frames.ask();
  }

  remove(id: string): void {
    const { scene } = this.desk;
    const note = scene.get(id);
    if (!note) return;
    this.input?.gone(id);
    scene.remove(id);
    this.picture.removed(note);
    this.frames.ask();
  }

  glide(ids: Iterable<string>): void {
    for (const id of ids) this.glides.add(id);
    this.input?.hands.refuse(this.glides);
  }

  dropIn(ids: readonly string[]): void {
    this.picture.noteMotion.dropIn(ids);
  }

  setAxis(axis: AxisView | null): void {
    const { view } = this.desk;
    if (view.axis?.x0 !== axis?.x0 || view.axis?.x1 !== axis?.x1) view.forget();
    view.axis = axis;
    this.picture.lanesOrAxisChanged();
    this.motion.fitGroups();
    this.motion.reframe();
  }

  setGhosts(values: readonly number[]): void {
    this.picture.setGhosts(values);
    this.frames.ask();
  }

  setLanes(lanes: readonly LaneView[]): void {
    this.desk.lanes = lanes;
    this.picture.lanesOrAxisChanged();
    this.frames.ask();
  }

  setGroups(groups: readonly GroupView[]): void {
    this.desk.groups = groups;
    this.picture.groupsChanged();
    this.motion.fitGroups();
  }

  setMode(mode: Mode): void {
    this.desk.mode = mode;
    this.root.dataset['drag'] = mode.drag;
    this.root.classList.toggle('is-placing', mode.placing);
    this.motion.fitGroups();
  }

  setSelection(ids: Iterable<string>, open: string | null): void {
    const { desk } = this;
    const before = [...desk.selected, desk.open];
    desk.selected = new Set(ids);
    desk.open = open;
    for (const id of new Set([...before, ...desk.selected, open])) {
      if (id !== null) this.picture.touch(id);
    }
    this.frames.ask();
  }

  setPresence(notes: readonly NotePresence[], cursors: readonly CursorView[]): void {
    this.others.set(notes, cursors, this.frames.now);
    this.frames.ask();
  }

  setInsets(insets: Insets): void {
    this.motion.setPage({ insets });
  }

  setOptions(
    options: Partial<Pick<SurfaceOptions, 'words' | 'language' | 'textLimit' | 'letterKeys'>>,
  ): void {
    this.desk.options = { ...this.desk.options, ...options };
    this.picture.nameThings();
    this.frames.ask();
  }

  edit(id: string): void {
    this.act((input) => input.edit(id));
  }

  mergeEdit(text: string): void {
    this.act((input) => input.mergeEdit(text));
  }

  endEdit(): void {
    this.act((input) => input.endEdit());
  }

  cancelDrag(drag: DragID): void {
    this.act((input) => input.cancelDrag(drag));
  }

  showAll(): void {
    this.motion.fly('whole');
  }

  zoomBy(factor: number, at?: ScreenPoint): void {
    this.motion.fly({ factor, at: at ?? this.desk.view.middle() });
  }

  focus(id: string): void {
    this.act((input) => input.giveFocus(id));
  }

  reveal(id: string): void {
    const note = this.desk.scene.get(id);
    if (note) this.motion.show(note);
  }

  settle(): void {
    this.motion.relay();
  }

  noteBox(id: string): Box | null {
    return this.picture.boxOf(id);
  }

  freePlace(x: number | null, lane: string | null): BoardPoint {
    const { view, lanes, scene } = this.desk;
    const { axis, layout } = view;
    const middle = view.toBoard(view.middle());
    const at = onBoard(x ?? middle.x, middle.y);
    const width = layout.size.width / layout.baseX;
    let strip: Strip = { top: at.y - freeReachUnits, bottom: at.y + freeReachUnits };
    if (axis) {
      const k = Math.max(1, lanes.length);
      const known = lanes.findIndex((l) => l.id === lane);
      strip = laneStrip(axis, known >= 0 ? known : laneAt(at.y, axis, k), k);
    }
    const near = scene.grid.within({ left: at.x - width, right: at.x + width, ...strip });
    return freePlaceInStrip(at.x, strip, near, width);
  }

  destroy(): void {
    this.ended = true;
    this.input?.endEdit();
    this.frames.stop();
    for (const end of this.endings) end();
    this.root.replaceChildren();
    this.root.classList.remove('board-surface');
  }

  private draw(now: number): void {
    const { desk, picture, input } = this;
    this.listener.flush();
    input?.step(now);
    this.motion.step(now);
    if (!desk.view.ready) return;
    const carrying = input?.carry(now) ?? false;
    const pinned = input?.pinned ?? none;
    const kept = new Set([...pinned, ...desk.busy.keys()]);
    if (desk.open !== null) kept.add(desk.open);
    const { more, fadeIn } = picture.draw(now, kept, pinned);
    input?.drawn();
    this.tellView();
    if (more || carrying) this.frames.ask();
    if (fadeIn !== null) this.frames.askIn(fadeIn);
  }

  private tellView(): void {
    const { desk, cursor } = this;
    const view = desk.view.describe(!this.motion.moving);
    const told = [...view.box, view.zoom, view.whole, view.level, view.settled].join();
    if (told !== this.toldView) {
      this.toldView = told;
      desk.tell({ type: 'view', view });
    }
    if (cursor === undefined) return;
    this.cursor = undefined;
    desk.tell({ type: 'cursor', at: cursor && desk.view.toBoard(cursor) });
  }

  /** At once, or when the part for it has come. */
  private act(done: (input: Input) => void): void {
    if (this.input) done(this.input);
    else this.done.push(done);
  }

  private changedByOthers(
    id: string,
    from: { readonly x: number; readonly y: number } | null,
  ): void {
    const note = this.desk.scene.get(id);
    // The end of a preview whose change never came leads back; a preview that goes on is followed as it comes.
    if (from && note && !note.previewed) this.glideFrom(id, from);
    this.picture.touch(id, from);
  }

  private glideFrom(id: string, from: { readonly x: number; readonly y: number }): void {
    const { desk } = this;
    const note = desk.scene.get(id);
    if (!note || desk.still) return;
    const asked = this.glides.has(id);
    const { scaleX, scaleY } = desk.view.camera;
    const away = Math.hypot((note.x - from.x) * scaleX, (note.y - from.y) * scaleY);
    if (asked || away > jumpPx)
      this.picture.noteMotion.glide(id, { ...from, ms: asked ? glideMs : jumpMs });
  }
}
