// Everything that is drawn: it is told what changed, and draws that once a frame.

import { Axis } from './axis';
import { Backdrop } from './backdrop';
import { Cursors } from './cursors';
import type { Desk } from './desk';
import { layerTransform } from './dom';
import { FarCanvas, type Painted } from './far';
import { densityPath, Fringe } from './fringe';
import { makeLayers, type Layers } from './layers';
import { NoteMotion } from './noteMotion';
import { NoteLayer } from './notes';
import { Outlines } from './outlines';
import type { Box } from './point';
import type { SceneNote } from './scene';
import type { Measure } from './text';
import { readTheme, type Theme } from './theme';
import { Typesetter } from './typeset';
import type { DropTarget, NoteView } from './types';
import { value10 } from '$protocol/board/value';

/** Between the axis' line and the fringe below it, px at a root font of 16 px. */
const fringeBelowLine = 3;
const greatestDensity = 2;

export class Picture {
  readonly layers: Layers;
  readonly notes: NoteLayer;
  readonly noteMotion: NoteMotion;
  readonly outlines: Outlines;
  readonly axis: Axis;
  readonly cursors: Cursors;
  readonly typesetter: Typesetter;
  private readonly backdrop: Backdrop;
  private readonly far: FarCanvas;
  private readonly fringe: Fringe;
  private theme: Theme;
  private cameraMoved = true;
  private chromeChanged = true;
  private densityDue = true;
  private toldGroups = '';

  constructor(
    private readonly root: HTMLElement,
    private readonly desk: Desk,
  ) {
    const layers = makeLayers(root);
    this.layers = layers;
    this.theme = readTheme(root);
    const measure = measureIn(root);
    const { scene, view, options } = desk;
    this.typesetter = new Typesetter(measure, options.language);
    this.noteMotion = new NoteMotion(view, () => desk.still);
    const { icons } = options;
    this.notes = new NoteLayer(layers.world, scene, view, this.typesetter, icons, this.noteMotion, {
      marks: (id) => desk.marks(id),
      groupColour: (id) => desk.groupColour(id),
      label: (note) =>
        desk.options.words.note(note, view.axis && value10(view.axis, note.x, note.y)),
      changed: (note) => this.far.touch(note.x, note.y),
    });
    this.far = new FarCanvas(
      layers.far,
      {
        stacked: () => scene.stacked(),
        within: (box) => scene.grid.within(box),
        painted: (note) => this.painted(note),
      },
      this.theme,
    );
    this.outlines = new Outlines(layers.hulls, layers.marks, measure);
    this.axis = new Axis(layers.axis, measure, options.icons);
    // Over the strip's ground, under nothing of it.
    this.axis.strip.append(layers.fringe);
    this.fringe = new Fringe(layers.fringe);
    this.backdrop = new Backdrop(layers.behind, layers.names);
    this.cursors = new Cursors(layers.cursors);
    this.nameThings();
  }

  /** Words, language or fonts have changed. */
  nameThings(): void {
    const { words, language } = this.desk.options;
    this.layers.world.setAttribute('aria-label', words.board);
    this.layers.world.lang = language;
    this.backdrop.setParked(words.parked);
    this.typesetter.reset(language);
    this.axis.redraw();
    this.outlines.touchAll();
    this.notes.touchAll();
    this.chromeChanged = true;
  }

  recolour(): void {
    this.theme = readTheme(this.root);
    this.far.setTheme(this.theme);
    this.fringe.redraw();
    this.chromeChanged = true;
  }

  /** The note looks otherwise; `from`: where it was shown, if it is shown elsewhere now. */
  touch(id: string, from: { readonly x: number; readonly y: number } | null = null): void {
    this.notes.touch(id);
    if (from) this.notes.cull();
    // An element is not on the canvas; when it comes or goes the layer says so.
    if (this.notes.has(id)) return;
    const note = this.desk.scene.get(id);
    if (note) this.far.touch(note.x, note.y);
    if (from) this.far.touch(from.x, from.y);
  }

  /** Another value or colour: marks and curve of the axis. */
  touchMarks(): void {
    this.fringe.redraw();
    this.densityDue = true;
    this.chromeChanged = true;
  }

  /** A note is gone; what the scene had of it. */
  removed(note: SceneNote): void {
    this.notes.drop(note.id);
    this.far.touch(note.x, note.y);
    this.outlines.touch(note.view.groupId);
    this.touchMarks();
  }

  /** All notes are others. */
  reload(): void {
    this.notes.touchAll();
    this.notes.cull();
    this.far.repaint();
    this.outlines.touchAll();
    this.touchMarks();
  }

  setGhosts(values: readonly number[]): void {
    this.backdrop.setGhosts(values);
    this.touchMarks();
  }

  lanesOrAxisChanged(): void {
    this.backdrop.setLanes(this.desk.lanes);
    this.axis.redraw();
    this.outlines.touchAll();
    this.touchMarks();
  }

  groupsChanged(): void {
    const { groups } = this.desk;
    this.outlines.setGroups(groups);
    this.axis.setGroups(groups);
    this.chromeChanged = true;
    // Notes show their group's colour and tell its name; where its notes lie is nothing to them.
    const told = groups.map((g) => `${g.id} ${g.colour} ${g.name}`).join('\n');
    if (told === this.toldGroups) return;
    this.toldGroups = told;
    this.notes.touchAll();
  }

  showTarget(target: DropTarget | null): void {
    const group = target?.type === 'group' ? target.id : null;
    const note = target?.type === 'note' ? target.id : null;
    this.outlines.setTarget(group);
    this.axis.setTarget(group);
    this.chromeChanged = true;
    const before = this.desk.targetNote;
    if (before === note) return;
    this.desk.targetNote = note;
    for (const id of [before, note]) if (id !== null) this.touch(id);
  }

  /** A note's box on the surface, px; null when there is no such note. */
  boxOf(id: string): Box | null {
    const { scene, view } = this.desk;
    const note = scene.get(id);
    if (!note) return null;
    const { width, height } = this.notes.sizeOf(id);
    const { x, y } = view.toScreen(note);
    const dx = (width * view.stretch) / 2;
    const dy = (height * view.stretch) / 2;
    return { left: x - dx, right: x + dx, top: y - dy, bottom: y + dy };
  }

  /** The camera stands elsewhere. */
  moved(): void {
    this.cameraMoved = true;
    this.notes.cull();
  }

  /** The layer was laid out anew: other px per unit, perhaps another level. */
  relaid(): void {
    const { view } = this.desk;
    for (const layer of [this.layers.world, this.layers.under]) {
      layer.style.setProperty('--line-px', `${view.linePx}px`);
    }
    this.notes.relaid();
    this.outlines.touchAll();
    this.far.repaint();
    this.touchMarks();
    this.moved();
  }

  /** While the board moves its layer is a picture of its own for the compositor, and never longer. */
  hint(moving: boolean): void {
    for (const layer of [this.layers.world, this.layers.under])
      layer.classList.toggle('is-moving', moving);
  }

  /** One frame's work; true when something is left for the next. */
  draw(
    now: number,
    kept: ReadonlySet<string>,
    pinned: ReadonlySet<string>,
  ): { more: boolean; fadeIn: number | null } {
    const { desk } = this;
    const { view, scene } = desk;
    this.notes.keep(kept, pinned);
    if (this.cameraMoved) this.moveLayers();
    const more = this.notes.update();
    this.outlines.update(scene, view, desk.lanes.length, view.layout.size);
    this.far.update(
      {
        camera: view.camera,
        width: view.page.width,
        height: view.page.height,
        noteWidth: view.layout.size.width * view.stretch,
        noteHeight: view.layout.size.height * view.stretch,
      },
      this.notes.complete || scene.size === 0,
    );
    if (this.cameraMoved || this.chromeChanged) this.drawChrome();
    this.cameraMoved = false;
    this.chromeChanged = false;
    return { more, fadeIn: this.cursors.update(view, now) };
  }

  private moveLayers(): void {
    const { camera, layout } = this.desk.view;
    const sx = camera.scaleX / layout.baseX;
    const sy = camera.scaleY / layout.baseY;
    const transform = layerTransform(-camera.x * camera.scaleX, -camera.y * camera.scaleY, sx, sy);
    this.layers.world.style.transform = transform;
    this.layers.under.style.transform = transform;
  }

  private drawChrome(): void {
    const { view } = this.desk;
    const { axis } = view;
    this.backdrop.update(view);
    if (this.densityDue && axis) {
      this.densityDue = false;
      this.axis.setDensity(view.layout.level === 'far' ? densityPath(this.placed(), axis) : '');
    }
    this.axis.update(view);
    if (!axis) return;
    this.fringe.update(
      () => this.placed(),
      axis,
      {
        start: view.toScreen({ x: axis.x0, y: 0 }).x,
        scale: view.camera.scaleX,
        top: this.axis.lineY(view) - view.page.insets.top + fringeBelowLine * view.page.textScale,
        width: view.page.width,
      },
      this.theme,
      Math.min(greatestDensity, this.root.ownerDocument.defaultView?.devicePixelRatio ?? 1),
    );
  }

  /** The notes that have a value, but for those in hand. */
  private placed(): NoteView[] {
    const { view, scene } = this.desk;
    const placed: NoteView[] = [];
    for (const note of scene.all()) {
      const { y } = note.view;
      if (!view.axis || y < view.axis.bandTop || y > view.axis.bandBottom) continue;
      if (!this.desk.lifted(note.id)) placed.push(note.view);
    }
    return placed;
  }

  private painted(note: SceneNote): Painted {
    if (this.notes.has(note.id)) return 'none';
    if (this.desk.lifted(note.id)) return 'outline';
    return this.desk.selected.has(note.id) ? 'selected' : 'plain';
  }
}

/** Measures as the page will set it: the face and weight that notes have. */
function measureIn(root: HTMLElement): Measure {
  const document = root.ownerDocument;
  const context = document.createElement('canvas').getContext('2d');
  const family = document.defaultView?.getComputedStyle(root).fontFamily ?? 'sans-serif';
  let set = 0;
  return (text, fontPx) => {
    if (!context) return text.length * fontPx * 0.55;
    if (set !== fontPx) {
      set = fontPx;
      context.font = `480 ${fontPx}px ${family}`;
    }
    return context.measureText(text).width;
  };
}
