// When the board moves and when it rests: while the camera moves the layer is only transformed, at rest it is laid out anew.

import type { Desk } from './desk';
import type { Frames } from './frames';
import type { Picture } from './picture';
import type { ScreenPoint } from './point';
import type { Insets } from './types';

const settleMs = 160;

export class Motion {
  /** Some gesture of the board goes on, as far as it is known here. */
  moving = false;
  private restAt: number | null = null;
  private reframeDue = false;
  private layoutDue = true;

  constructor(
    private readonly desk: Desk,
    private readonly picture: Picture,
    private readonly frames: Frames,
    /** Whether fingers hold the board. */
    private readonly held: () => boolean,
  ) {}

  /** The camera has moved, or has set off. */
  moved(): void {
    if (!this.moving) this.picture.hint(true);
    this.moving = true;
    this.restAt = null;
    this.picture.moved();
    this.frames.ask();
  }

  /** Moves the board by so many px. */
  pan(dx: number, dy: number): void {
    this.desk.view.pan(dx, dy);
    this.moved();
  }

  /** Zooms by a factor around a place of the surface, which comes to lie at another. */
  zoom(factor: number, from: ScreenPoint, to: ScreenPoint = from): void {
    this.desk.view.zoom(factor, from, to);
    this.moved();
  }

  /** Sets off for the whole board, or for another zoom around a place of the surface. */
  fly(to: 'whole' | { readonly factor: number; readonly at: ScreenPoint }): void {
    if (this.desk.view.fly(to, this.frames.now)) this.moved();
  }

  /** Brings a place of the board into sight. */
  show(at: { readonly x: number; readonly y: number }): void {
    if (this.desk.view.flyToShow(at, this.frames.now)) this.moved();
  }

  /** Nothing moves the board any more, unless it begins again at once. */
  restSoon(): void {
    if (!this.moving) return;
    this.restAt = this.frames.now + settleMs;
    this.frames.askIn(settleMs);
  }

  /** The page, the axis or the extent of the notes has changed. */
  reframe(): void {
    this.reframeDue = true;
    this.frames.ask();
  }

  /** The notes' size is to be chosen anew. */
  relay(): void {
    this.layoutDue = true;
    this.frames.ask();
  }

  setPage(page: { width?: number; height?: number; insets?: Insets; textScale?: number }): void {
    const { view } = this.desk;
    view.page = { ...view.page, ...page };
    this.reframe();
  }

  /** Groups take room on the axis. */
  fitGroups(): void {
    const { view, groups, mode } = this.desk;
    const shown = view.axis !== null && (groups.length > 0 || mode.drag === 'belongs');
    if (shown !== view.page.groups) {
      view.page = { ...view.page, groups: shown };
      this.reframe();
    }
    this.frames.ask();
  }

  /** One frame's work. */
  step(now: number): void {
    const { view, scene } = this.desk;
    if (this.reframeDue) {
      this.reframeDue = false;
      const was = view.camera;
      const first = !view.ready;
      view.reframe(scene);
      if (first || was.scaleX !== view.camera.scaleX || was.scaleY !== view.camera.scaleY)
        this.layoutDue = true;
      this.picture.moved();
    }
    if (view.flying) {
      const landed = view.advance(now, this.desk.still);
      this.picture.moved();
      if (landed) this.restSoon();
      else this.frames.ask();
    }
    if (this.restAt !== null && now >= this.restAt && !this.held() && !view.flying) {
      this.restAt = null;
      this.moving = false;
      this.picture.hint(false);
      if (view.outgrown) this.layoutDue = true;
    } else if (this.restAt !== null) this.frames.askIn(Math.max(1, this.restAt - now));
    if (this.layoutDue && view.ready && !this.moving) {
      this.layoutDue = false;
      view.settle(scene);
      this.picture.relaid();
    }
  }
}
