// All notes in hand: taken up by pointers or by keys, carried, dropped, on their way home; and the values they would get.

import { Carry } from './carry';
import type { Desk } from './desk';
import { Gauge, onBubble, type GaugeState } from './gauge';
import type { KeyAct } from './keys';
import type { NoteLayer } from './notes';
import type { ScreenPoint } from './point';
import type { Typesetter } from './typeset';
import type { DragID, DropTarget, NoteView } from './types';
import { valueAt10, value10, whole10, xOf10 } from '$protocol/board/value';

const rowUnits = 150;
const freeStepUnits = 20;
/** Drags of the keyboard are named apart from those of the pointers. */
const firstKeyDrag = 1_000_000;

export interface Shown {
  /** y of the axis' line on the surface, px. */
  lineY(): number;
  /** What a drag would join is made to stand out. */
  showTarget(target: DropTarget | null): void;
  /** Notes have been taken up or are back. */
  lifted(): void;
}

export class Hands {
  private readonly carries = new Map<DragID, Carry>();
  private readonly gauges = new Map<
    DragID | 'looked at',
    { gauge: Gauge; state: GaugeState; id: string }
  >();
  private readonly moved = new Set<DragID>();
  private keyDrag: DragID | null = null;
  private keyDrags = firstKeyDrag;

  constructor(
    private readonly desk: Desk,
    private readonly notes: NoteLayer,
    private readonly typesetter: Typesetter,
    /** Where copies and gauges stand. */
    private readonly layers: { readonly hands: Element; readonly gauges: Element },
    private readonly shown: Shown,
  ) {
    desk.liftedBy((id) => {
      for (const carry of this.carries.values()) if (carry.lifts(id)) return true;
      return false;
    });
  }

  get busy(): boolean {
    return this.carries.size > 0;
  }

  /** What pointers have in hand at the moment. */
  get carried(): readonly DragID[] {
    return [...this.carries.values()].filter((c) => c.stage === 'carried').map((c) => c.drag);
  }

  /** A note is lifted by keys. */
  get lifting(): boolean {
    return this.keyDrag !== null;
  }

  lift(drag: DragID, ids: readonly string[], at: ScreenPoint | null): void {
    const { desk } = this;
    // A copy of an earlier drag that still waits for its change makes way.
    for (const carry of this.carries.values()) for (const id of ids) this.letGo(carry, id);
    const carry = new Carry(
      drag,
      ids,
      at && desk.view.toBoard(at),
      at !== null && desk.mode.drag === 'belongs',
      this.layers.hands,
      desk.scene,
      desk.view,
      this.typesetter,
      desk.options.icons,
      ids.length > 1 ? desk.options.words.count(ids.length) : null,
    );
    this.carries.set(drag, carry);
    this.touch(ids);
    desk.tell({ type: 'dragStart', drag, ids });
  }

  carry(drag: DragID, at: ScreenPoint, target: DropTarget | null): void {
    const carry = this.carries.get(drag);
    if (carry?.stage !== 'carried') return;
    carry.moveTo(this.desk.view.toBoard(at));
    carry.target = target;
    this.shown.showTarget(target);
    this.moved.add(drag);
  }

  drop(drag: DragID, target: DropTarget | null, now: number): void {
    const carry = this.carries.get(drag);
    if (carry?.stage !== 'carried') return;
    this.shown.showTarget(null);
    const { dx, dy } = carry.shift;
    const { desk } = this;
    const belongs = desk.mode.drag === 'belongs' && carry.grabbed !== null;
    if (belongs || (dx === 0 && dy === 0)) {
      if (belongs && target) desk.tell({ type: 'drop', drag, moves: carry.homes, target });
      else desk.tell({ type: 'dragCancel', drag, ids: carry.ids });
      this.goHome(carry);
      return;
    }
    carry.drop(now);
    // Where the change is predicted at once, put() comes within this call and the copies are gone after it.
    desk.tell({ type: 'drop', drag, moves: carry.moves, target });
  }

  /** Glides home; `told`: whoever asked for it knows already. */
  putBack(drag: DragID, told = false): void {
    const carry = this.carries.get(drag);
    if (!carry || carry.stage === 'returning') return;
    this.shown.showTarget(null);
    if (!told) this.desk.tell({ type: 'dragCancel', drag, ids: carry.ids });
    this.goHome(carry);
  }

  /** The drop of these notes was refused: what waits for its change goes home. */
  refuse(ids: ReadonlySet<string>): void {
    for (const carry of this.carries.values()) {
      if (carry.stage === 'dropped' && carry.ids.some((id) => ids.has(id))) this.goHome(carry);
    }
  }

  /** A note has a new place on the board: the copy that waited for it goes. */
  landed(id: string): void {
    for (const carry of this.carries.values()) if (carry.stage === 'dropped') this.letGo(carry, id);
  }

  /** A note is gone from the board. */
  gone(id: string): void {
    for (const carry of this.carries.values()) this.letGo(carry, id);
  }

  /** All notes were told anew: what was dropped has its change, what is gone is out of every hand. */
  reloaded(): void {
    for (const carry of [...this.carries.values()]) {
      for (const id of carry.ids) {
        if (carry.stage === 'dropped' || !this.desk.scene.get(id)) this.letGo(carry, id);
      }
    }
  }

  /** Keys that act on a lifted note, or lift one; true when there was something to do. */
  key(act: KeyAct, focused: string | null, now: number): boolean {
    if (act.type === 'lift') {
      if (focused === null || this.desk.mode.drag === 'none') return false;
      if (this.desk.busy.get(focused)?.type === 'moving') return false;
      const { selected } = this.desk;
      const others = selected.has(focused) ? [...selected].filter((s) => s !== focused) : [];
      this.keyDrag = ++this.keyDrags;
      this.lift(this.keyDrag, [focused, ...others], null);
      return true;
    }
    const carry = this.keyDrag === null ? undefined : this.carries.get(this.keyDrag);
    if (!carry) return false;
    switch (act.type) {
      case 'nudge':
      case 'step':
      case 'aim':
        this.moveByKey(carry, act);
        return true;
      case 'putDown':
        this.keyDrag = null;
        this.drop(carry.drag, null, now);
        return true;
      case 'putBack':
        this.keyDrag = null;
        this.putBack(carry.drag);
        return true;
      default:
        return false;
    }
  }

  /** Where the lifted note would be put, to keep it in sight. */
  keyPlace(): { readonly x: number; readonly y: number } | null {
    const carry = this.keyDrag === null ? undefined : this.carries.get(this.keyDrag);
    const [first] = carry?.moves ?? [];
    return first ? { x: first[1], y: first[2] } : null;
  }

  /** One frame's work: moves copies, tells the moves, draws the values. True when something is left for the next frame. */
  update(now: number, lookedAt: string | null): boolean {
    let more = false;
    for (const carry of this.carries.values()) {
      if (carry.overdue(now)) this.goHome(carry);
      if (carry.stage === 'dropped') more = true;
      if (carry.update()) {
        more = true;
        this.touch(carry.ids);
      }
      // While it only says where it belongs, nobody else is shown a place that it will not have.
      if (this.moved.delete(carry.drag) && carry.stage === 'carried' && !this.belonging(carry)) {
        this.desk.tell({ type: 'dragMove', drag: carry.drag, moves: carry.moves });
      }
    }
    this.drawGauges(lookedAt);
    return more;
  }

  /** The note whose bubble lies at a place of the surface. */
  bubbleAt(at: ScreenPoint): string | null {
    for (const { state, id } of this.gauges.values()) {
      if (state.label !== null && onBubble(state, at.x, at.y)) return id;
    }
    return null;
  }

  private belonging(carry: Carry): boolean {
    return this.desk.mode.drag === 'belongs' && carry.grabbed !== null;
  }

  private goHome(carry: Carry): void {
    this.moved.delete(carry.drag);
    carry.goHome(this.desk.still, () => {
      carry.remove();
      this.carries.delete(carry.drag);
      this.touch(carry.ids);
      this.desk.ask();
    });
    if (this.keyDrag === carry.drag) this.keyDrag = null;
    this.desk.ask();
  }

  private letGo(carry: Carry, id: string): void {
    if (!carry.ids.includes(id)) return;
    carry.release(id);
    this.notes.touch(id);
    if (!carry.empty) return;
    carry.remove();
    this.carries.delete(carry.drag);
    if (this.keyDrag === carry.drag) this.keyDrag = null;
  }

  private touch(ids: readonly string[]): void {
    for (const id of ids) this.notes.touch(id);
    this.shown.lifted();
  }

  private moveByKey(carry: Carry, act: Extract<KeyAct, { type: 'nudge' | 'step' | 'aim' }>): void {
    const { axis } = this.desk.view;
    const { dx, dy } = carry.shift;
    const home = this.desk.scene.get(carry.ids[0] ?? '')?.view;
    if (!home) return;
    const toTenths = (tenths: number) =>
      axis && xOf10(axis, Math.min(1000, Math.max(0, tenths))) - home.x;
    switch (act.type) {
      case 'step':
        carry.move(dx, dy + act.rows * (axis ? rowUnits : freeStepUnits));
        break;
      case 'nudge':
        carry.move(
          axis
            ? (toTenths(valueAt10(axis, home.x + dx) + act.tenths) ?? dx)
            : dx + (act.tenths / 10) * freeStepUnits,
          dy,
        );
        break;
      case 'aim':
        carry.move(toTenths(act.tenths) ?? dx, dy);
        break;
      default:
        act satisfies never;
    }
    this.moved.add(carry.drag);
  }

  private drawGauges(lookedAt: string | null): void {
    const shown = new Set<DragID | 'looked at'>();
    for (const carry of this.carries.values()) {
      const [first] = carry.moves;
      const note = first && this.desk.scene.get(first[0])?.view;
      if (!note || carry.stage === 'returning' || this.belonging(carry)) continue;
      const at = { ...note, x: first[1], y: first[2] };
      if (this.drawGauge(carry.drag, at, note, false)) shown.add(carry.drag);
    }
    const looked = lookedAt === null || this.busy ? undefined : this.desk.scene.get(lookedAt)?.view;
    if (looked && this.drawGauge('looked at', looked, null, true)) shown.add('looked at');
    for (const [key, { gauge }] of this.gauges) {
      if (shown.has(key)) continue;
      gauge.remove();
      this.gauges.delete(key);
    }
  }

  private drawGauge(
    key: DragID | 'looked at',
    at: NoteView,
    from: NoteView | null,
    hollow: boolean,
  ): boolean {
    const { view, options } = this.desk;
    const { axis } = view;
    if (!axis) return false;
    const tenths = value10(axis, at.x, at.y);
    if (tenths === null && hollow) return false;
    const was = from && value10(axis, from.x, from.y) !== null ? view.toScreen(from).x : null;
    const p = view.toScreen({ x: Math.min(Math.max(at.x, axis.x0), axis.x1), y: at.y });
    const { size } = view.readableSize;
    const words = tenths === null ? '–' : String(whole10(tenths));
    const state: GaugeState = {
      x: p.x,
      lineY: this.shown.lineY(),
      words,
      hollow,
      pegY: hollow ? null : p.y - (size.height * view.stretch) / 2,
      fromX: was,
      label: hollow ? options.words.value(words) : null,
    };
    let drawn = this.gauges.get(key);
    if (!drawn)
      this.gauges.set(key, (drawn = { gauge: new Gauge(this.layers.gauges), state, id: at.id }));
    drawn.state = state;
    drawn.id = at.id;
    drawn.gauge.show(state);
    return true;
  }
}
