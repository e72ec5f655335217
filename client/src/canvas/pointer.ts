// The words of the gestures: what comes from the pointers, what lies under them, the states that each may be in, and the acts that
// come of it.

import type { ScreenPoint } from './point';
import type { Tap, TapAct } from './tap';
import type { DragID, DropTarget, Mode, Place, PointerKind } from './types';

/** What is under a place of the surface, the uppermost thing that can be meant. */
export type Under =
  /** `crowd`: the notes that a finger there covers, this one included; more than one only where they are too small to tell apart. */
  | { readonly type: 'note'; readonly id: string; readonly crowd: readonly string[] }
  | { readonly type: 'bubble'; readonly id: string }
  /** `moves`: the notes that follow when the name is dragged; none on an axis board. */
  | { readonly type: 'name'; readonly group: string; readonly moves: readonly string[] }
  | { readonly type: 'axis' }
  | { readonly type: 'board' };

/** What the gestures ask. */
export interface Ground {
  readonly mode: Mode;
  readonly selected: ReadonlySet<string>;
  readonly open: string | null;
  under(at: ScreenPoint): Under;
  place(at: ScreenPoint): Place;
  /** What a drag of these notes would join there. */
  target(at: ScreenPoint, dragged: readonly string[]): DropTarget | null;
  /** Somebody else moves that note. */
  taken(id: string): boolean;
  /** So near the screen's edge that a finger's drag is the system's. */
  atEdge(at: ScreenPoint): boolean;
}

export type PointerInput =
  | {
      readonly type: 'down';
      readonly pointer: number;
      readonly kind: PointerKind;
      readonly at: ScreenPoint;
      readonly time: number;
      readonly button: 'main' | 'middle' | 'other';
      readonly shift: boolean;
      /** The space key is held: a mouse pans. */
      readonly space: boolean;
      /** Too large a contact for a finger. */
      readonly palm: boolean;
    }
  | {
      readonly type: 'move';
      readonly pointer: number;
      readonly kind: PointerKind;
      readonly at: ScreenPoint;
      readonly time: number;
    }
  | {
      readonly type: 'up';
      readonly pointer: number;
      readonly at: ScreenPoint;
      readonly time: number;
    }
  /** pointercancel, a lost capture, a page that went away. */
  | { readonly type: 'cancel'; readonly pointer: number }
  /** Time has passed: what is held still may come due. */
  | { readonly type: 'tick'; readonly time: number };

export type Act =
  | { readonly type: 'pan'; readonly dx: number; readonly dy: number }
  | {
      readonly type: 'zoom';
      readonly factor: number;
      readonly from: ScreenPoint;
      readonly to: ScreenPoint;
    }
  /** Nothing pans or zooms any more. */
  | { readonly type: 'rest' }
  | {
      readonly type: 'lift';
      readonly drag: DragID;
      readonly ids: readonly string[];
      readonly at: ScreenPoint;
    }
  | {
      readonly type: 'carry';
      readonly drag: DragID;
      readonly at: ScreenPoint;
      readonly target: DropTarget | null;
    }
  | { readonly type: 'drop'; readonly drag: DragID; readonly target: DropTarget | null }
  | { readonly type: 'putBack'; readonly drag: DragID }
  | { readonly type: 'lasso'; readonly path: readonly ScreenPoint[] }
  | { readonly type: 'lassoDone'; readonly path: readonly ScreenPoint[]; readonly add: boolean }
  | { readonly type: 'lassoGone' }
  | { readonly type: 'taken'; readonly id: string }
  | { readonly type: 'undo' }
  | TapAct;

export interface Common {
  readonly id: number;
  readonly kind: PointerKind;
  readonly at: ScreenPoint;
}

/** Down, and not yet known for what. */
export type Pressed = Common & {
  readonly type: 'pressed';
  readonly on: Under;
  readonly start: ScreenPoint;
  readonly time: number;
  readonly shift: boolean;
};
export type Dragging = Common & {
  readonly type: 'dragging';
  readonly drag: DragID;
  readonly ids: readonly string[];
  /** What lies under the pointer, since when it has been there without moving, and whether it was held long enough. */
  readonly over: {
    readonly target: DropTarget;
    readonly since: number;
    readonly at: ScreenPoint;
    readonly held: boolean;
  } | null;
};
export type Panning = Common & { readonly type: 'panning' };
export type Pinching = Common & {
  readonly type: 'pinching';
  readonly start: ScreenPoint;
  readonly time: number;
};
export type Lassoing = Common & {
  readonly type: 'lassoing';
  readonly path: readonly ScreenPoint[];
  readonly add: boolean;
};
/** A palm, a third finger, another button: nothing until it is up. */
export type Ignored = Common & { readonly type: 'ignored' };
export type Pointer = Pressed | Dragging | Panning | Pinching | Lassoing | Ignored;

export interface Gestures {
  readonly pointers: readonly Pointer[];
  /** The first half of a double tap on the empty board, or on a note with the mouse. */
  readonly lastTap: Tap | null;
  /** When the pen was last near, ms. */
  readonly pen: number;
  readonly drags: DragID;
}

export const noGestures: Gestures = { pointers: [], lastTap: null, pen: -Infinity, drags: 0 };

export interface Step {
  readonly next: Gestures;
  readonly acts: readonly Act[];
}
