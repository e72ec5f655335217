// What the surface is told and what it tells: everything that state and ui need to know of the canvas.
// Words that people read (tags, captions, labels) come in ready: the canvas knows no language but where words break.

import type { BoardPoint, Box, ScreenPoint } from './point';

/** One of the eight note colours, or of the seven group colours, of tokens.css. */
export type NoteColour = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;
export type GroupColour = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** A note as it is to be shown: its place is what the board says, never a drag preview. */
export interface NoteView {
  readonly id: string;
  readonly text: string;
  /** Centre, in board units. */
  readonly x: number;
  readonly y: number;
  /** The highest lies on top. */
  readonly z: number;
  readonly colour: NoteColour;
  /** Of the perspective, and marks of the customer's own words and of a comment; empty where there is nothing of these. */
  readonly letters: string;
  readonly groupId?: string | undefined;
  readonly pinned?: boolean | undefined;
  readonly frozen?: boolean | undefined;
  /** Not saved for more than 2 s. */
  readonly waiting?: boolean | undefined;
  /** Lies far from its group: the words of its tag. */
  readonly outlier?: string | undefined;
}

/** The fields of the axis item that the surface needs, in board units. */
export interface AxisView {
  readonly x0: number;
  readonly x1: number;
  readonly bandTop: number;
  readonly bandBottom: number;
  readonly zones: number;
  readonly minLabel: string;
  readonly maxLabel: string;
}

/** A perspective's strip of the band; lanes come in their order from the top. */
export interface LaneView {
  readonly id: string;
  readonly name: string;
  readonly letters: string;
  readonly colour: NoteColour;
}

/** Where a group's notes lie on the axis, in values 0–100. */
export interface Spread {
  readonly least: number;
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  readonly most: number;
  readonly outliers: readonly number[];
}

export interface GroupView {
  readonly id: string;
  /** On its disc, and before its name in lists. */
  readonly number: number;
  readonly colour: GroupColour;
  /** Empty while it is an unnamed draft. */
  readonly name: string;
  /** Under the name on the axis: "30 · 29 lappua". */
  readonly caption: string;
  /** The word of the snowflake chip that stands in the caption's place. */
  readonly frozen?: string | undefined;
  readonly draft?: boolean | undefined;
  /** Absent while none of its notes has a value. */
  readonly spread?: Spread | undefined;
}

/** What another participant does to a note. Preview places are board units. */
export type NotePresence =
  | {
      readonly type: 'moving';
      readonly id: string;
      readonly x: number;
      readonly y: number;
      readonly tag: string;
    }
  | { readonly type: 'writing'; readonly id: string; readonly tag: string };

export interface CursorView {
  /** Of the participant's client. */
  readonly id: string;
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

/** What the phase, the rights and the chosen tool make of taps and drags. */
export interface Mode {
  /** A drag changes the place, or only says where the note belongs and glides back, or pans the board. */
  readonly drag: 'move' | 'belongs' | 'none';
  /** A drag that moves groups when it is held over a note, hull or name (phase free). */
  readonly holdToGroup: boolean;
  /** A tap on the axis and a double tap on the band or the free board make a note. */
  readonly create: boolean;
  /** After "select more": taps toggle, a finger's drag on the empty board is a lasso. */
  readonly selectMore: boolean;
  /** After "move": the next tap places the selected notes. */
  readonly placing: boolean;
}

/** Chrome that lies over the surface's edges, in px: the dock, a sheet. */
export interface Insets {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export type Level = 'large' | 'medium' | 'small' | 'compact' | 'far';
export type PointerKind = 'touch' | 'pen' | 'mouse';
/** [id, x, y] as in a move op, board units. */
export type Move = readonly [id: string, x: number, y: number];
/** What a note was dropped on when that says where it belongs. */
export type DropTarget =
  { readonly type: 'group'; readonly id: string } | { readonly type: 'note'; readonly id: string };

export type Place =
  /** A tap on the axis: the value alone is meant. */
  | { readonly on: 'axis'; readonly x: number }
  | { readonly on: 'band'; readonly x: number; readonly y: number }
  /** Under the band: parked, without a value. */
  | { readonly on: 'strip'; readonly x: number; readonly y: number }
  | { readonly on: 'free'; readonly x: number; readonly y: number };

/** Names one drag, of a pointer or of the keyboard, from its start to its drop. */
export type DragID = number;

/**
 * What somebody wants, in their own order. The surface shows drags by itself; everything else it shows once it is told.
 * dragMove, view and cursor come at most once a frame.
 */
export type Intent =
  | {
      readonly type: 'select';
      readonly ids: readonly string[];
      readonly how: 'replace' | 'add' | 'toggle';
    }
  | { readonly type: 'lasso'; readonly ids: readonly string[]; readonly how: 'replace' | 'add' }
  /** A group's name or number was tapped. */
  | { readonly type: 'openGroup'; readonly id: string }
  /** Shows the reading card; comes after the select of the same tap. */
  | { readonly type: 'open'; readonly id: string }
  /** A tap elsewhere, or Escape: closes what is open, else ends the selection. */
  | { readonly type: 'dismiss' }
  /** Comes while the tap is still being handled, so that edit() may bring the keyboard up. */
  | { readonly type: 'edit'; readonly id: string }
  | { readonly type: 'create'; readonly at: Place }
  | { readonly type: 'place'; readonly at: Place }
  /** `ids`: the note under the pointer first. cancelDrag() refuses it. */
  | { readonly type: 'dragStart'; readonly drag: DragID; readonly ids: readonly string[] }
  | { readonly type: 'dragMove'; readonly drag: DragID; readonly moves: readonly Move[] }
  /**
   * In a belonging drag `moves` are the notes with the places they have, and `target` is what they join; where there is nothing to
   * join it ends in dragCancel. Else `moves` are their new places, and what was held over something (phase free) joins it as well.
   */
  | {
      readonly type: 'drop';
      readonly drag: DragID;
      readonly moves: readonly Move[];
      readonly target: DropTarget | null;
    }
  | { readonly type: 'dragCancel'; readonly drag: DragID; readonly ids: readonly string[] }
  /** Somebody else moves that note. */
  | { readonly type: 'taken'; readonly id: string }
  /** The bubble of that note was tapped: its value is to be typed. */
  | { readonly type: 'value'; readonly id: string }
  | { readonly type: 'typed'; readonly id: string; readonly text: string }
  | {
      readonly type: 'editEnd';
      readonly id: string;
      readonly text: string;
      readonly by: 'enter' | 'escape' | 'blur';
    }
  | { readonly type: 'focus'; readonly id: string | null }
  /** A two-finger tap. */
  | { readonly type: 'undo' }
  | { readonly type: 'view'; readonly view: View }
  | { readonly type: 'cursor'; readonly at: BoardPoint | null }
  | { readonly type: 'command'; readonly command: Command };

/**
 * A key that acts on the selection, or on the focused note when nothing is selected. Copy and paste are not among them: the
 * page hears of those by their own events.
 */
export type Command =
  | 'new'
  | 'group'
  | 'perspective'
  | 'delete'
  | 'duplicate'
  | 'undo'
  | 'redo'
  | 'selectAll'
  | 'outline'
  | 'help';

export interface View {
  /** The part of the board in sight, board units: [x, y, width, height]. */
  readonly box: readonly [x: number, y: number, width: number, height: number];
  /** Percent: 100 is the whole axis, or a free board at its natural size. */
  readonly zoom: number;
  /** The whole axis is in sight. */
  readonly whole: boolean;
  readonly level: Level;
  /** No gesture is going on. */
  readonly settled: boolean;
}

/** Words that the surface needs, in the language of the page. */
export interface Words {
  /** A note's accessible name: text, perspective, group, state, and its value in tenths, null when parked. */
  note(note: NoteView, tenths: number | null): string;
  /** Of the list of notes. */
  readonly board: string;
  /** Of the strip under the band. */
  readonly parked: string;
  /** Of the bubble as a button. */
  value(shown: string): string;
  /** Of the field that a note is written in. */
  readonly writing: string;
  /** On the dragged notes' tag: how many they are. */
  count(n: number): string;
}

/** Path data of icons in a box of 24 × 24, to be stroked. */
export interface Icons {
  readonly lock: string;
  readonly hourglass: string;
  readonly pen: string;
  readonly snowflake: string;
}

export interface SurfaceOptions {
  readonly icons: Icons;
  readonly words: Words;
  readonly on: (intent: Intent) => void;
  /** Of the notes' words: where they break. */
  readonly language: string;
  /** Most code points of a note's text; a counter shows from 80 % of it. */
  readonly textLimit: number;
  /** Letters act as shortcuts while a note or the board has the focus. */
  readonly letterKeys: boolean;
}

/**
 * The board in a page. All calls are cheap: they note what changed, and at most once a frame it is drawn.
 * Nothing is drawn before the element has a size.
 */
export interface BoardSurface {
  /** Replaces all notes: a join, a recovery. */
  load(notes: Iterable<NoteView>): void;
  /** Adds or changes one note. A far jump without a preview glides. */
  put(note: NoteView): void;
  remove(id: string): void;
  /** The next change of these notes' places is shown as a glide: a refusal, an undo. What was just dropped glides home at once. */
  glide(ids: Iterable<string>): void;
  /** Notes that are put next drop from the axis to their places, in this order: a reveal. */
  dropIn(ids: readonly string[]): void;

  /** null: a free board. */
  setAxis(axis: AxisView | null): void;
  setLanes(lanes: readonly LaneView[]): void;
  /** Values 0–100 at which groups could be parted: lines behind the notes. */
  setGhosts(values: readonly number[]): void;
  setGroups(groups: readonly GroupView[]): void;
  setMode(mode: Mode): void;
  /** `open`: the note whose reading card is shown. */
  setSelection(ids: Iterable<string>, open: string | null): void;
  /** Replaces what others do; whoever tells it drops previews that have gone stale. */
  setPresence(notes: readonly NotePresence[], cursors: readonly CursorView[]): void;
  setInsets(insets: Insets): void;
  setOptions(
    options: Partial<Pick<SurfaceOptions, 'words' | 'language' | 'textLimit' | 'letterKeys'>>,
  ): void;

  /** Opens the field over a note; call it within the tap's handler. Its words come as typed and editEnd. */
  edit(id: string): void;
  /** Others' words merged into the text under edit; the caret stays with its words. */
  mergeEdit(text: string): void;
  endEdit(): void;
  /** Ends a drag at once: its notes glide back. */
  cancelDrag(drag: DragID): void;

  /** Shows the whole axis, or all notes of a free board. */
  showAll(): void;
  /** Zooms by a factor around a place on the surface, or its middle. */
  zoomBy(factor: number, at?: ScreenPoint): void;
  /** Brings a note into sight and gives it the keyboard's focus. */
  focus(id: string): void;
  reveal(id: string): void;
  /** Chooses the size of the notes anew; zoom and size of the page do so by themselves. */
  settle(): void;

  /** A note's box on the surface, px; null when there is no such note. */
  noteBox(id: string): Box | null;
  /** The next free row for a new note: at this x and lane, or in the middle of the view without them. */
  freePlace(x: number | null, lane: string | null): BoardPoint;
  /** Takes everything off the element and ends all listening. */
  destroy(): void;
}
