// What pointers and keys do to the board: gestures and keys become acts, acts move the board and the notes in hand or are told.

import type { Desk } from './desk';
import { Fan } from './fan';
import type { Focus } from './focus';
import type { Frames } from './frames';
import { abandoned, awaitsTick, isMovingBoard, step } from './gesture';
import { groundOf } from './ground';
import type { Hands } from './hands';
import { press, type KeyAct, type KeyInput, type KeyState } from './keys';
import type { Motion } from './motion';
import type { Picture } from './picture';
import type { ScreenPoint } from './point';
import { noGestures, type Act, type Gestures, type Ground, type PointerInput } from './pointer';
import { insidePath, pathBox } from './scene';
import type { DragID } from './types';

/** A finger's drag from so near the screen's edge is the system's, px. */
const edgePx = 24;
/** A note in hand this near to what isn't clear moves the board after a while: px, px per frame, ms. */
const pushZonePx = 36;
const pushPx = 9;
const pushAfterMs = 350;

export class Handling {
  private gestures: Gestures = noGestures;
  private keys: KeyState = { type: 'rest' };
  private fan: Fan | null = null;
  private pushingSince: number | null = null;
  private readonly ground: Ground;

  constructor(
    private readonly root: HTMLElement,
    private readonly desk: Desk,
    private readonly picture: Picture,
    private readonly hands: Hands,
    private readonly focus: Focus,
    private readonly motion: Motion,
    private readonly frames: Frames,
  ) {
    this.ground = groundOf({
      desk,
      notes: picture.notes,
      outlines: picture.outlines,
      axis: picture.axis,
      fan: (at) => this.fan?.at(at) ?? null,
      bubble: (at) => hands.bubbleAt(at),
      atEdge: (at) => this.atEdge(at),
    });
  }

  get holdsBoard(): boolean {
    return isMovingBoard(this.gestures);
  }

  pointer(input: PointerInput): void {
    if (input.type === 'down') {
      this.focus.usedKeys(false);
      // Space was pressed to pan, not to lift.
      if (this.hands.lifting) this.keyed({ type: 'putBack' });
    }
    const { next, acts } = step(this.gestures, this.meant(input), this.ground);
    this.gestures = next;
    for (const act of acts) this.act(act);
    this.frames.ask();
  }

  /** True when the key was ours. */
  key(input: KeyInput): boolean {
    this.focus.usedKeys(true);
    if (input.key === 'Escape' && this.letGo()) return true;
    const { state, act } = press(this.keys, input, this.desk.options.letterKeys);
    this.keys = state;
    if (!act) return false;
    const ours = this.keyed(act);
    if (!this.hands.lifting) this.keys = { type: 'rest' };
    this.frames.ask();
    return ours;
  }

  /** Escape first ends what is under way: a fan, or what pointers carry. */
  private letGo(): boolean {
    if (this.fan) {
      this.closeFan();
      return true;
    }
    if (this.hands.lifting || !this.hands.busy) return false;
    for (const drag of this.hands.carried) {
      this.hands.putBack(drag);
      this.abandon(drag);
    }
    return true;
  }

  /** A drag is ended from outside. */
  abandon(drag: DragID): void {
    this.gestures = abandoned(this.gestures, drag);
    if (!this.hands.lifting) this.keys = { type: 'rest' };
  }

  closeFan(): void {
    this.fan?.remove();
    this.fan = null;
  }

  /** One frame's work before anything is drawn. */
  step(now: number): void {
    if (awaitsTick(this.gestures)) {
      this.pointer({ type: 'tick', time: now });
    }
    this.push(now);
  }

  /** A press beside an open fan only closes it: the pointer does nothing more. */
  private meant(input: PointerInput): PointerInput {
    if (input.type !== 'down' || this.fan?.at(input.at) !== null) return input;
    this.closeFan();
    return { ...input, button: 'other' };
  }

  private act(act: Act): void {
    const { desk } = this;
    switch (act.type) {
      case 'pan':
        this.closeFan();
        this.motion.pan(act.dx, act.dy);
        return;
      case 'zoom':
        this.closeFan();
        this.motion.zoom(act.factor, act.from, act.to);
        return;
      case 'rest':
        this.motion.restSoon();
        return;
      case 'lift':
        this.closeFan();
        this.hands.lift(act.drag, act.ids, act.at);
        return;
      case 'carry':
        this.hands.carry(act.drag, act.at, act.target);
        return;
      case 'drop':
        this.hands.drop(act.drag, act.target, this.frames.now);
        return;
      case 'putBack':
        this.hands.putBack(act.drag);
        return;
      case 'lasso':
        this.drawLasso(act.path);
        return;
      case 'lassoGone':
        this.drawLasso([]);
        return;
      case 'lassoDone':
        this.drawLasso([]);
        desk.tell({ type: 'lasso', ids: this.inside(act.path), how: act.add ? 'add' : 'replace' });
        return;
      case 'fan':
        this.openFan(act.ids, act.at);
        return;
      case 'select':
        this.closeFan();
        this.focus.remember(act.id);
        desk.tell({ type: 'select', ids: [act.id], how: act.how });
        return;
      case 'dismiss':
      case 'create':
      case 'place':
        desk.tell(act);
        return;
      case 'taken':
      case 'undo':
      case 'open':
      case 'openGroup':
      case 'edit':
      case 'value':
        desk.tell(act);
        return;
      default:
        act satisfies never;
    }
  }

  private keyed(act: KeyAct): boolean {
    const { desk, focus } = this;
    const { view } = desk;
    if (this.hands.key(act, focus.id, this.frames.now)) {
      const at = this.hands.keyPlace();
      if (at) this.motion.show(at);
      return true;
    }
    switch (act.type) {
      case 'go': {
        const next = focus.neighbour(act.direction);
        const note = next === null ? undefined : desk.scene.get(next);
        if (!note) return true;
        if (act.extend) {
          const ids = focus.id === null ? [note.id] : [focus.id, note.id];
          desk.tell({ type: 'select', ids, how: 'add' });
        }
        this.motion.show(note);
        focus.give(note.id);
        return true;
      }
      case 'enter':
        if (focus.id === null) return false;
        if (desk.open === focus.id) desk.tell({ type: 'edit', id: focus.id });
        else {
          desk.tell({ type: 'select', ids: [focus.id], how: 'replace' });
          desk.tell({ type: 'open', id: focus.id });
        }
        return true;
      case 'value':
        if (focus.id === null) return false;
        desk.tell({ type: 'value', id: focus.id });
        return true;
      case 'pan':
        this.motion.pan(act.dx, act.dy);
        this.motion.restSoon();
        return true;
      case 'zoom':
        this.motion.fly({ factor: act.factor, at: view.middle() });
        return true;
      case 'whole':
        this.motion.fly('whole');
        return true;
      case 'escape':
        desk.tell({ type: 'dismiss' });
        return true;
      case 'command':
        desk.tell({ type: 'command', command: act.command });
        return true;
      case 'lift':
        // Space on the board itself: nothing to lift, and the page must not scroll.
        return true;
      case 'nudge':
      case 'step':
      case 'aim':
      case 'putDown':
      case 'putBack':
        return false;
      default:
        return act satisfies never;
    }
  }

  /** A note in hand at the edge of what is clear moves the board under it. */
  private push(now: number): void {
    const held = this.gestures.pointers.find((p) => p.type === 'dragging');
    const clear = this.desk.view.clear(pushZonePx);
    const dx = held ? outside(held.at.x, clear.left, clear.right) : 0;
    const dy = held ? outside(held.at.y, clear.top, clear.bottom) : 0;
    if (!held || (dx === 0 && dy === 0)) {
      if (this.pushingSince !== null) this.motion.restSoon();
      this.pushingSince = null;
      return;
    }
    this.frames.ask();
    this.pushingSince ??= now;
    if (now - this.pushingSince < pushAfterMs) return;
    const { view } = this.desk;
    const before = view.camera;
    view.pan(-dx * pushPx, -dy * pushPx);
    if (view.camera.x === before.x && view.camera.y === before.y) return;
    this.motion.moved();
    this.pointer({ type: 'move', pointer: held.id, kind: held.kind, at: held.at, time: now });
  }

  private openFan(ids: readonly string[], at: ScreenPoint): void {
    this.closeFan();
    const { scene, view, options } = this.desk;
    const notes = ids.flatMap((id) => scene.get(id)?.view ?? []);
    this.fan = new Fan(
      this.picture.layers.over,
      notes,
      at,
      view,
      this.picture.typesetter,
      options.icons,
    );
  }

  private drawLasso(path: readonly ScreenPoint[]): void {
    const d = path.length < 2 ? '' : `M${path.map((p) => `${p.x} ${p.y}`).join('L')}Z`;
    this.picture.layers.lasso.setAttribute('d', d);
  }

  private inside(path: readonly ScreenPoint[]): string[] {
    const { view, scene } = this.desk;
    const onBoard = path.map((p) => view.toBoard(p));
    return insidePath(scene.grid.within(pathBox(onBoard)), onBoard).map((n) => n.id);
  }

  private atEdge(at: ScreenPoint): boolean {
    const window = this.root.ownerDocument.defaultView;
    if (!window) return false;
    const rect = this.root.getBoundingClientRect();
    const x = at.x + rect.left;
    const y = at.y + rect.top;
    return (
      x < edgePx || y < edgePx || x > window.innerWidth - edgePx || y > window.innerHeight - edgePx
    );
  }
}

/** −1 before the stretch, 1 after it, 0 within. */
function outside(v: number, from: number, to: number): number {
  return v < from ? -1 : v > to ? 1 : 0;
}
