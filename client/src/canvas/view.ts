// What part of the board is seen and how large notes are drawn: the camera, what it may do, and the layout it last settled on.

import * as cam from './camera';
import { chooseLevel, freeSize, leastReadableZoom, sizeOf, type LevelSize } from './level';
import { grown, holds, onScreen, type BoardPoint, type Box, type ScreenPoint } from './point';
import type { Scene } from './scene';
import type { AxisView, Insets, Level, View } from './types';

/** How the layer of notes is laid out. While the camera moves the layer is only moved and scaled as a whole. */
export interface Layout {
  readonly level: Level;
  /** px of a note in the layer. */
  readonly size: LevelSize;
  /** px of the layer per unit of the board. */
  readonly baseX: number;
  readonly baseY: number;
  readonly free: boolean;
}

export interface Page {
  readonly width: number;
  readonly height: number;
  readonly insets: Insets;
  /** Root font / 16 px. */
  readonly textScale: number;
  /** Groups are shown on the axis. */
  readonly groups: boolean;
}

const axisPx = 88;
const axisWithGroupsPx = 140;
const columnPx = 52;
const columnWithNamesPx = 150;
const namesFromPx = 1280;
const edgePx = 12;
/** Between the axis and the top of the band, so that notes of the first row are read. */
const bandTopPx = 28;
const bandBottomPx = 12;
/** Under the middle of the lowest parked note, so that the dock leaves it whole. */
const parkedBottomPx = 30;
const flyMs = 180;
/** From this size of the reader's text on, a board opens at a third of the axis: the whole would be unreadable. */
const largeText = 1.5;
const largeTextZoom = 3;

export class BoardView {
  axis: AxisView | null = null;
  page: Page = {
    width: 0,
    height: 0,
    insets: { top: 0, right: 0, bottom: 0, left: 0 },
    textScale: 1,
    groups: false,
  };
  camera: cam.Camera = { x: 0, y: 0, scaleX: 1, scaleY: 1 };
  layout: Layout = { level: 'large', size: freeSize, baseX: 1, baseY: 1, free: true };
  private framing: cam.Framing | null = null;
  private flight: { from: cam.Camera; to: cam.Camera; start: number } | null = null;
  private level: Level | null = null;

  /** The surface has a size: places mean something. */
  get ready(): boolean {
    return this.framing !== null;
  }

  get axisHeight(): number {
    if (!this.axis) return 0;
    return (this.page.groups ? axisWithGroupsPx : axisPx) * this.page.textScale;
  }

  get column(): { readonly width: number; readonly names: boolean } {
    const names = this.page.width >= namesFromPx * this.page.textScale;
    const width = !this.axis ? 0 : (names ? columnWithNamesPx : columnPx) * this.page.textScale;
    return { width: width + this.page.insets.left, names };
  }

  /** The layer is shown larger or smaller than it was laid out, or on the other side of what can be read. */
  get outgrown(): boolean {
    const { baseX, baseY, free, level } = this.layout;
    if (free) return this.camera.scaleX < leastReadableZoom !== (level === 'far');
    return this.camera.scaleX !== baseX || this.camera.scaleY !== baseY;
  }

  /** Whether panning reaches a place. */
  reaches({ x, y }: { readonly x: number; readonly y: number }): boolean {
    return this.framing !== null && holds(this.framing.bounds, x, y);
  }

  /** How much larger than laid out the layer is shown, while the camera moves. */
  get stretch(): number {
    return this.camera.scaleX / this.layout.baseX;
  }

  /** What is one px on the surface at rest, in px of the layer: lines and names of a small free board stay readable by it. */
  get linePx(): number {
    return this.layout.free ? 1 / Math.min(1, this.camera.scaleX) : 1;
  }

  get percent(): number {
    return this.framing ? cam.percent(this.camera, this.framing) : 100;
  }

  /** The page or the axis has changed: the whole stays whole, else the same part stays in sight as far as it can. */
  reframe(scene: Scene): void {
    const after = this.framingFor(scene);
    if (!after) return;
    this.camera = this.framing ? cam.reframed(this.camera, this.framing, after) : this.first(after);
    this.framing = after;
    this.flight = null;
  }

  /** What a board opens with. */
  private first(framing: cam.Framing): cam.Camera {
    if (!this.axis || this.page.textScale < largeText) return framing.whole;
    const { left, top } = framing.inner;
    return cam.zoomed(framing.whole, framing, largeTextZoom, onScreen(left, top));
  }

  /** Notes lie further out than before: more can be reached, and nothing moves. */
  extend(scene: Scene): void {
    if (this.framing) this.framing = this.framingFor(scene) ?? this.framing;
  }

  private framingFor(scene: Scene): cam.Framing | null {
    const { width, height, insets, textScale } = this.page;
    if (width === 0 || height === 0) return null;
    const half = sizeOf('large', textScale).width / 2;
    const bounds = scene.bounds();
    const parked = this.axis !== null && bounds !== null && bounds.bottom > this.axis.bandBottom;
    const margins = {
      left: this.axis ? this.column.width + half : insets.left + edgePx,
      right: insets.right + edgePx + (this.axis ? half : 0),
      top: insets.top + (this.axis ? this.axisHeight + bandTopPx * textScale : edgePx),
      bottom: insets.bottom + (parked ? parkedBottomPx : bandBottomPx) * textScale,
    };
    if (this.axis) return cam.axisFraming(this.axis, { width, height }, margins, bounds);
    const content = bounds && grown(bounds, freeSize.width / 2 + 20, freeSize.height / 2 + 20);
    return cam.freeFraming({ width, height }, margins, content);
  }

  /** Forgets where it looked: another board's axis. */
  forget(): void {
    this.framing = null;
    this.level = null;
  }

  /** Lays out anew for the camera as it stands, and chooses the level. */
  settle(scene: Scene): void {
    const { camera, axis, page } = this;
    if (!this.framing) return;
    if (!axis) {
      const level = camera.scaleX < leastReadableZoom ? 'far' : 'large';
      this.layout = { level, size: freeSize, baseX: 1, baseY: 1, free: true };
      return;
    }
    const seen = scene.grid.within(this.seen(0)).sort((a, b) => a.z - b.z);
    const places = { x: new Float64Array(seen.length), y: new Float64Array(seen.length) };
    for (const [i, note] of seen.entries()) {
      places.x[i] = note.x * camera.scaleX;
      places.y[i] = note.y * camera.scaleY;
    }
    const level = chooseLevel(places, page.textScale, this.level);
    this.level = level;
    this.layout = {
      level,
      size: sizeOf(level, page.textScale),
      baseX: camera.scaleX,
      baseY: camera.scaleY,
      free: false,
    };
  }

  /** The size of a note that is dragged, written or read: never smaller than medium. */
  get readableSize(): { readonly level: Level; readonly size: LevelSize } {
    const { level, size, free } = this.layout;
    if (free || (level !== 'compact' && level !== 'far')) return { level, size };
    return { level: 'medium', size: sizeOf('medium', this.page.textScale) };
  }

  pan(dx: number, dy: number): void {
    this.flight = null;
    if (this.framing) this.camera = cam.panned(this.camera, this.framing, dx, dy);
  }

  zoom(factor: number, from: ScreenPoint, to: ScreenPoint = from): void {
    this.flight = null;
    if (this.framing) this.camera = cam.zoomed(this.camera, this.framing, factor, from, to);
  }

  /** Sets off for another view; advance() flies there. False when nothing is shown yet. */
  fly(to: 'whole' | { readonly factor: number; readonly at: ScreenPoint }, now: number): boolean {
    if (!this.framing) return false;
    const target =
      to === 'whole' ? this.framing.whole : cam.zoomed(this.aim, this.framing, to.factor, to.at);
    this.flight = { from: this.camera, to: target, start: now };
    return true;
  }

  /** Sets off so that a place comes into sight, clear of axis and chrome; true when it had to. */
  flyToShow(at: { readonly x: number; readonly y: number }, now: number): boolean {
    if (!this.framing) return false;
    const to = cam.showing(this.camera, this.framing, at, this.clear(60));
    if (to === this.camera) return false;
    this.flight = { from: this.camera, to, start: now };
    return true;
  }

  /** Moves on with a flight; true when it has landed. */
  advance(now: number, still: boolean): boolean {
    if (!this.flight) return true;
    const t = still ? 1 : Math.min(1, (now - this.flight.start) / flyMs);
    const eased = 1 - (1 - t) ** 3;
    this.camera = t === 1 ? this.flight.to : cam.between(this.flight.from, this.flight.to, eased);
    if (t === 1) this.flight = null;
    return t === 1;
  }

  get flying(): boolean {
    return this.flight !== null;
  }

  toScreen(at: { readonly x: number; readonly y: number }): ScreenPoint {
    return cam.toScreen(this.camera, at);
  }

  toBoard(at: ScreenPoint): BoardPoint {
    return cam.toBoard(this.camera, at);
  }

  /** The part of the surface that nothing lies over, less a margin; px. */
  clear(marginPx: number): Box {
    const { width, height, insets } = this.page;
    return {
      left: this.column.width + marginPx,
      right: width - insets.right - marginPx,
      top: insets.top + this.axisHeight + marginPx,
      bottom: height - insets.bottom - marginPx,
    };
  }

  /** The part of the board that the surface shows, grown by a part of itself and by half a note; board units. */
  seen(part: number): Box {
    const { width, height } = this.page;
    const { size } = this.layout;
    const box = grown(
      { left: 0, top: 0, right: width, bottom: height },
      width * part + (part > 0 ? (size.width * this.stretch) / 2 : 0),
      height * part + (part > 0 ? (size.height * this.stretch) / 2 : 0),
    );
    return cam.boxOnBoard(this.camera, box);
  }

  middle(): ScreenPoint {
    const box = this.clear(0);
    return onScreen((box.left + box.right) / 2, (box.top + box.bottom) / 2);
  }

  describe(settled: boolean): View {
    const box = cam.boxOnBoard(this.camera, this.clear(0));
    return {
      box: [
        Math.round(box.left),
        Math.round(box.top),
        Math.round(box.right - box.left),
        Math.round(box.bottom - box.top),
      ],
      zoom: this.percent,
      whole: this.framing !== null && cam.isWhole(this.camera, this.framing),
      level: this.layout.level,
      settled,
    };
  }

  /** Where the camera will be once it has landed. */
  private get aim(): cam.Camera {
    return this.flight?.to ?? this.camera;
  }
}
