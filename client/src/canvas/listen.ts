// What the page tells of pointers, wheel and keys, on the board's root alone. Moves are kept for the next frame, at most one per
// pointer; everything else is told at once, after the moves that came before it.

import { onScreen, type ScreenPoint } from './point';
import type { PointerInput } from './pointer';
import type { KeyInput } from './keys';
import type { PointerKind } from './types';

export interface Heard {
  pointer(input: PointerInput): void;
  /** A pointer is over the board, pressed or not; null: it has left. */
  hover(at: ScreenPoint | null, kind: PointerKind): void;
  /** `zoom`: a factor, else dx, dy px to move by. */
  wheel(wheel: {
    readonly at: ScreenPoint;
    readonly dx: number;
    readonly dy: number;
    readonly zoom: number | null;
  }): void;
  /** True when the key was ours. */
  key(input: KeyInput): boolean;
  /** Moves wait for a frame. */
  ask(): void;
  /** The event is for a field on the board, not for the board. */
  foreign(target: EventTarget | null): boolean;
  /** The field on the board is open. */
  writing(): boolean;
  focus(target: EventTarget | null): void;
  viewport(): void;
}

const palmPx = 70;
const lineHeightPx = 20;
const zoomPerPx = 0.0022;

export class Listener {
  private readonly moves = new Map<number, Extract<PointerInput, { type: 'move' }>>();
  private readonly end = new AbortController();
  private space = false;

  constructor(
    private readonly root: HTMLElement,
    private readonly heard: Heard,
  ) {
    const { signal } = this.end;
    const listen = <K extends keyof HTMLElementEventMap>(
      type: K,
      listener: (event: HTMLElementEventMap[K]) => void,
      passive = false,
    ) => root.addEventListener(type, listener, { signal, passive });

    listen('pointerdown', (e) => this.down(e));
    listen('pointermove', (e) => this.move(e));
    listen('pointerup', (e) => this.up(e));
    listen('pointercancel', (e) => this.cancel(e.pointerId));
    // After an up the pointer is unknown already; without one its hold was taken away.
    listen('lostpointercapture', (e) => this.cancel(e.pointerId));
    listen('pointerleave', (e) => {
      if (e.pointerType === 'mouse') heard.hover(null, 'mouse');
    });
    // The tap that opened the field is followed by a mouse press, which would take the focus from it.
    listen('mousedown', (e) => {
      if (heard.writing() && !heard.foreign(e.target)) e.preventDefault();
    });
    listen('wheel', (e) => this.wheel(e));
    listen('keydown', (e) => this.key(e));
    listen('keyup', (e) => {
      if (e.key === ' ') this.space = false;
    });
    listen('focusin', (e) => heard.focus(e.target));
    listen('focusout', (e) => {
      if (e.relatedTarget) heard.focus(e.relatedTarget);
      // What is removed loses its focus in the midst of its removal: that is told once it is over.
      else queueMicrotask(() => heard.focus(root.ownerDocument.activeElement));
    });
    for (const type of ['touchmove', 'contextmenu', 'dragstart', 'selectstart'] as const) {
      listen(type, (e) => {
        if (!heard.foreign(e.target) && e.cancelable) e.preventDefault();
      });
    }
    this.listenToSafari(signal);
    const window = root.ownerDocument.defaultView;
    window?.addEventListener('blur', () => this.cancelAll(), { signal });
    window?.visualViewport?.addEventListener('resize', () => heard.viewport(), { signal });
    window?.visualViewport?.addEventListener('scroll', () => heard.viewport(), { signal });
  }

  /** Tells the moves that wait. */
  flush(): void {
    for (const [pointer, move] of this.moves) {
      this.moves.delete(pointer);
      this.heard.pointer(move);
    }
  }

  stop(): void {
    this.end.abort();
  }

  private readonly pressed = new Set<number>();

  private down(event: PointerEvent): void {
    if (this.heard.foreign(event.target)) return;
    this.flush();
    this.pressed.add(event.pointerId);
    try {
      this.root.setPointerCapture(event.pointerId);
    } catch {
      // The pointer is gone again: its cancel follows.
    }
    this.heard.pointer({
      type: 'down',
      pointer: event.pointerId,
      kind: kindOf(event),
      at: this.at(event),
      time: event.timeStamp,
      button: event.button === 0 ? 'main' : event.button === 1 ? 'middle' : 'other',
      shift: event.shiftKey,
      space: this.space,
      palm: event.pointerType === 'touch' && Math.max(event.width, event.height) > palmPx,
    });
    // A middle button would scroll by itself.
    if (event.button === 1) event.preventDefault();
  }

  private move(event: PointerEvent): void {
    const at = this.at(event);
    const kind = kindOf(event);
    this.heard.hover(at, kind);
    // A pen that hovers keeps the palm away; other hovering is nothing to the gestures.
    if (!this.pressed.has(event.pointerId) && kind !== 'pen') return;
    this.moves.set(event.pointerId, {
      type: 'move',
      pointer: event.pointerId,
      kind,
      at,
      time: event.timeStamp,
    });
    this.heard.ask();
  }

  private up(event: PointerEvent): void {
    if (!this.pressed.delete(event.pointerId)) return;
    this.flush();
    this.heard.pointer({
      type: 'up',
      pointer: event.pointerId,
      at: this.at(event),
      time: event.timeStamp,
    });
    if (event.pointerType === 'touch') this.heard.hover(null, 'touch');
  }

  private cancel(pointer: number): void {
    if (!this.pressed.delete(pointer)) return;
    this.moves.delete(pointer);
    this.heard.pointer({ type: 'cancel', pointer });
  }

  private cancelAll(): void {
    this.space = false;
    for (const pointer of [...this.pressed]) this.cancel(pointer);
  }

  private wheel(event: WheelEvent): void {
    if (this.heard.foreign(event.target)) return;
    event.preventDefault();
    this.flush();
    const unit = event.deltaMode === 1 ? lineHeightPx : event.deltaMode === 2 ? 400 : 1;
    const dx = (event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX) * unit;
    const dy = (event.shiftKey && event.deltaX === 0 ? 0 : event.deltaY) * unit;
    const zoom =
      event.ctrlKey || event.metaKey
        ? Math.exp(-dy * zoomPerPx * (event.deltaMode === 0 ? 1 : 0.5))
        : null;
    this.heard.wheel({ at: this.at(event), dx: -dx, dy: -dy, zoom });
  }

  private key(event: KeyboardEvent): void {
    if (event.defaultPrevented || this.heard.foreign(event.target)) return;
    const input = {
      key: event.key,
      ctrl: event.ctrlKey || event.metaKey,
      shift: event.shiftKey,
      alt: event.altKey,
    };
    if (event.key === ' ') this.space = true;
    // A key that is held lifts once, and does not put down what it has just lifted.
    if (event.repeat && (event.key === ' ' || event.key === 'Enter')) event.preventDefault();
    else if (this.heard.key(input)) event.preventDefault();
  }

  /** A trackpad's pinch, and the page's own zoom by two fingers, come as events that only Safari has. */
  private listenToSafari(signal: AbortSignal): void {
    let last = 1;
    const hear = (event: Event) => {
      event.preventDefault();
      const { scale, clientX, clientY } = event as unknown as Partial<
        Record<'scale' | 'clientX' | 'clientY', number>
      >;
      // On a touch screen the fingers themselves are heard.
      if (
        scale === undefined ||
        clientX === undefined ||
        clientY === undefined ||
        this.pressed.size > 0
      )
        return;
      const rect = this.root.getBoundingClientRect();
      const at = onScreen(clientX - rect.left, clientY - rect.top);
      if (event.type === 'gesturestart') last = 1;
      else if (scale > 0) this.heard.wheel({ at, dx: 0, dy: 0, zoom: scale / last });
      last = scale;
    };
    for (const type of ['gesturestart', 'gesturechange', 'gestureend']) {
      this.root.addEventListener(type, hear, { signal, passive: false });
    }
  }

  private at(event: MouseEvent): ScreenPoint {
    const rect = this.root.getBoundingClientRect();
    return onScreen(event.clientX - rect.left, event.clientY - rect.top);
  }
}

function kindOf(event: PointerEvent): PointerKind {
  return event.pointerType === 'pen' || event.pointerType === 'touch' ? event.pointerType : 'mouse';
}
