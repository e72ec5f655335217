// The notes that are pixels: rectangles with bars for lines, on one canvas under the elements.
// Up to a thousand it is painted each frame that the camera moves; with more it is painted larger than the surface and
// only moved and scaled, until it no longer covers.

import { toScreen, type Camera } from './camera';
import { seenSpots } from './occlusion';
import { holds, overlap, type Box } from './point';
import type { SceneNote } from './scene';
import type { Theme } from './theme';

/** How a note is painted, if it is. */
export type Painted = 'plain' | 'selected' | 'outline' | 'none';

export interface FarScene {
  /** From the lowest to the topmost. */
  stacked(): readonly SceneNote[];
  within(box: Box): SceneNote[];
  painted(note: SceneNote): Painted;
}

/** The state of the surface at a frame, px. */
export interface FarFrame {
  readonly camera: Camera;
  readonly width: number;
  readonly height: number;
  readonly noteWidth: number;
  readonly noteHeight: number;
}

const repaintUpTo = 1000;
/** Of the surface, on each side. */
const marginPart = 0.125;
const worstStretch = 1.5;
const mostPatches = 40;
/** With so many it pays to leave out those that are hidden. */
const manySpots = 1000;
const mostLines = 4;

export class FarCanvas {
  private readonly context: CanvasRenderingContext2D | null;
  private frame: FarFrame | null = null;
  private margin = { x: 0, y: 0 };
  private count = 0;
  private due = true;
  private patches: Box[] = [];

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly scene: FarScene,
    private theme: Theme,
  ) {
    this.context = canvas.getContext('2d');
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.due = true;
  }

  /** Everything is to be painted anew. */
  repaint(): void {
    this.due = true;
  }

  /** A note that lay or lies at a place has changed. */
  touch(x: number, y: number): void {
    if (this.due || !this.frame) return;
    const { camera, noteWidth, noteHeight, width, height } = this.frame;
    const at = toScreen(camera, { x, y });
    const painted = {
      left: -this.margin.x - noteWidth,
      right: width + this.margin.x + noteWidth,
      top: -this.margin.y - noteHeight,
      bottom: height + this.margin.y + noteHeight,
    };
    if (!holds(painted, at.x, at.y)) return;
    // The selection's ring stands around the note.
    const dx = noteWidth / camera.scaleX / 2 + 6 / camera.scaleX;
    const dy = noteHeight / camera.scaleY / 2 + 6 / camera.scaleY;
    this.patches.push({ left: x - dx, right: x + dx, top: y - dy, bottom: y + dy });
    if (this.patches.length > mostPatches) this.due = true;
  }

  /** One frame's work. `empty`: no note would be painted, so that nothing is kept for it. */
  update(now: FarFrame, empty: boolean): void {
    if (empty) {
      this.hide();
      return;
    }
    const moved = this.frame === null || !sameCamera(this.frame.camera, now.camera);
    if (this.due || (moved && (this.count <= repaintUpTo || !this.covers(now)))) this.paint(now);
    else if (this.patches.length > 0) this.patch();
    this.patches = [];
    if (this.frame) this.move(this.frame.camera, now.camera);
  }

  private hide(): void {
    this.patches = [];
    if (this.frame === null) return;
    this.frame = null;
    this.due = true;
    this.canvas.width = 0;
    this.canvas.height = 0;
  }

  private move(painted: Camera, camera: Camera): void {
    const stretch = camera.scaleX / painted.scaleX;
    const origin = toScreen(camera, painted);
    const x = origin.x - this.margin.x * stretch;
    const y = origin.y - this.margin.y * stretch;
    this.canvas.style.transform = `translate(${x}px,${y}px) scale(${stretch})`;
  }

  private covers(now: FarFrame): boolean {
    if (!this.frame) return false;
    const stretch = now.camera.scaleX / this.frame.camera.scaleX;
    if (stretch > worstStretch || stretch < 1 / worstStretch) return false;
    const origin = toScreen(now.camera, this.frame.camera);
    return (
      origin.x - this.margin.x * stretch <= 0 &&
      origin.y - this.margin.y * stretch <= 0 &&
      origin.x + (this.frame.width + this.margin.x) * stretch >= now.width &&
      origin.y + (this.frame.height + this.margin.y) * stretch >= now.height
    );
  }

  private paint(now: FarFrame): void {
    const { context, canvas } = this;
    if (!context) return;
    this.frame = now;
    this.due = false;
    this.margin = {
      x: Math.round(now.width * marginPart),
      y: Math.round(now.height * marginPart),
    };
    const width = Math.ceil(now.width) + 2 * this.margin.x;
    const height = Math.ceil(now.height) + 2 * this.margin.y;
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    } else context.clearRect(0, 0, width, height);
    const { camera } = now;
    const dx = now.noteWidth / 2;
    const dy = now.noteHeight / 2;
    const offX = this.margin.x - camera.x * camera.scaleX;
    const offY = this.margin.y - camera.y * camera.scaleY;
    let spots: { note: SceneNote; x: number; y: number }[] = [];
    for (const note of this.scene.stacked()) {
      const x = note.x * camera.scaleX + offX;
      const y = note.y * camera.scaleY + offY;
      if (x < -dx || y < -dy || x > width + dx || y > height + dy) continue;
      spots.push({ note, x, y });
    }
    this.count = spots.length;
    if (spots.length > manySpots) {
      // What is an element, or only an outline, hides nothing.
      const painted = spots.filter((s) => this.scene.painted(s.note) !== 'none');
      spots = seenSpots(painted, now.noteWidth, now.noteHeight, { width, height });
    }
    for (const { note, x, y } of spots) this.stamp(context, note, x, y, now);
  }

  private patch(): void {
    const { context, frame } = this;
    if (!context || !frame) return;
    const { camera } = frame;
    const half = {
      x: frame.noteWidth / 2 / camera.scaleX,
      y: frame.noteHeight / 2 / camera.scaleY,
    };
    for (const box of joinedBoxes(this.patches)) {
      const at = toScreen(camera, { x: box.left, y: box.top });
      const left = Math.floor(at.x + this.margin.x);
      const top = Math.floor(at.y + this.margin.y);
      const width = Math.ceil((box.right - box.left) * camera.scaleX) + 2;
      const height = Math.ceil((box.bottom - box.top) * camera.scaleY) + 2;
      context.save();
      context.beginPath();
      context.rect(left, top, width, height);
      context.clip();
      context.clearRect(left, top, width, height);
      const touching = this.scene
        .within({
          left: box.left - half.x,
          right: box.right + half.x,
          top: box.top - half.y,
          bottom: box.bottom + half.y,
        })
        .sort((a, b) => a.z - b.z || (a.id < b.id ? -1 : 1));
      for (const note of touching) {
        const p = toScreen(camera, note);
        this.stamp(context, note, p.x + this.margin.x, p.y + this.margin.y, frame);
      }
      context.restore();
    }
  }

  private stamp(
    context: CanvasRenderingContext2D,
    note: SceneNote,
    x: number,
    y: number,
    { noteWidth, noteHeight }: FarFrame,
  ): void {
    const painted = this.scene.painted(note);
    if (painted === 'none') return;
    const left = Math.round(x - noteWidth / 2);
    const top = Math.round(y - noteHeight / 2);
    if (painted === 'outline') {
      context.strokeStyle = this.theme.accent;
      context.lineWidth = 2;
      context.setLineDash([4, 3]);
      context.strokeRect(left + 1, top + 1, noteWidth - 2, noteHeight - 2);
      context.setLineDash([]);
      return;
    }
    const colours = this.theme.notes[note.view.colour - 1];
    if (colours)
      greek(
        context,
        left,
        top,
        noteWidth,
        noteHeight,
        linesOf(note.view.text),
        colours,
        this.theme,
      );
    if (painted === 'selected') {
      context.strokeStyle = this.theme.accent;
      context.lineWidth = 2.5;
      context.strokeRect(left - 3, top - 3, noteWidth + 6, noteHeight + 6);
    }
  }
}

/** Rectangles only: they cost a fraction of images and rounded paths where no graphics processor helps. */
function greek(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  noteWidth: number,
  noteHeight: number,
  lines: number,
  colours: { readonly fill: string; readonly edge: string },
  theme: Theme,
): void {
  const width = Math.round(noteWidth);
  const height = Math.round(noteHeight);
  context.fillStyle = colours.edge;
  // The corner px are left out, which makes them round.
  context.fillRect(x + 1, y, width - 2, height);
  context.fillRect(x, y + 1, width, height - 2);
  context.fillStyle = colours.fill;
  context.fillRect(x + 1, y + 1, width - 2, height - 2);
  // Bars are for notes that are large enough to have looked like text.
  if (width <= 20) return;
  context.fillStyle = theme.greek;
  const inset = Math.round(width * 0.17);
  const gap = Math.max(5, Math.round(height * 0.2));
  const thick = Math.max(2, Math.round(height * 0.08));
  for (let i = 1; i <= lines; i++) {
    const length = Math.round((width - 2 * inset) * (i === lines ? 0.6 : 1));
    context.fillRect(x + inset, y + gap * i - 1, length, thick);
  }
}

function linesOf(text: string): number {
  return Math.min(mostLines, Math.max(1, Math.ceil(text.length / 16)));
}

function sameCamera(a: Camera, b: Camera): boolean {
  return a.x === b.x && a.y === b.y && a.scaleX === b.scaleX && a.scaleY === b.scaleY;
}

/** Boxes that overlap are painted as one, so that nothing is painted over itself. */
function joinedBoxes(boxes: readonly Box[]): Box[] {
  const joined: Box[] = [];
  for (let box of boxes) {
    for (let i = joined.length - 1; i >= 0; i--) {
      const other = joined[i];
      if (!other || !overlap(box, other)) continue;
      joined.splice(i, 1);
      box = {
        left: Math.min(box.left, other.left),
        top: Math.min(box.top, other.top),
        right: Math.max(box.right, other.right),
        bottom: Math.max(box.bottom, other.bottom),
      };
      i = joined.length;
    }
    joined.push(box);
  }
  return joined;
}
