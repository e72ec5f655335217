// What sync offers to state and ui. It runs under node as well: sockets, databases, timers and randomness are handed in.
import type { Code, Reason, Refusal } from '$protocol/board/change';
import type { ID } from '$protocol/board/item';
import type { Op } from '$protocol/board/op';
import type { Me } from '$protocol/board/rights';
import type { Shown } from '$protocol/board/state';
import type { Author, Parts } from './author';
import type { ByeCode, Changes, Person, Presence, Welcome } from '$protocol/message';

/** How a board stands towards its server, for the status line. */
export interface Status {
  /**
   * connecting: for the first time · open: welcomed · lost: coming back by itself · stopped: not coming back, `bye` says
   * why.
   */
  readonly link: 'connecting' | 'open' | 'lost' | 'stopped';
  /** Since when the link is what it is: ms of this device's clock. Gaps under 2 s are not worth showing. */
  readonly since: number;
  /** Ops that have no place in the order yet. */
  readonly waiting: number;
  /** Nothing of ours is unsaved: all is on the server's disk, and on a second one if others rely upon it. */
  readonly saved: boolean;
  /** We want the board locked, or segments frozen or not any more, and cannot be sure yet that they are. */
  readonly locking: boolean;
  readonly freezing: boolean;
  /** The server's disk takes what it gets at the moment. */
  readonly disk: boolean;
  /** What waits survives a reload; false where the browser refuses its database. */
  readonly kept: boolean;
  /** The outbox takes no more until something of it is saved. */
  readonly full: boolean;
  /** Why the server ended the last link; with `version` the page is to be loaded anew. */
  readonly bye?: ByeCode;
}

/** What somebody wrote that is nowhere else yet. Kept across reload and kill until it is sent or dropped. */
export interface Draft {
  readonly key: string;
  readonly item: ID;
  readonly field: string;
  /** The text as shown when its author began. */
  readonly from: string;
  readonly text: string;
  /** ms of this device's clock. */
  readonly time: number;
  /** Absent: it was being typed when the page went away. */
  readonly refused?: Refusal;
  /** What `retry` sends again. */
  readonly op: Op;
}

/** Drafts that wait for their author's decision, oldest first. */
export interface Drafts {
  all(): readonly Draft[];
  /** Sends it again, and keeps it no longer. */
  retry(key: string): void;
  drop(key: string): void;
}

/** One op of ours that did not happen. What it showed has been taken back already. */
export interface RefusedOp {
  readonly n: number;
  readonly op: Op;
  readonly code: Code;
  readonly reason?: Reason;
  /** Who set the rule, and when by the server's clock. */
  readonly by?: ID;
  readonly set?: number;
  /** The text in it, kept. */
  readonly draft?: Draft;
  /** It was an undo or redo. */
  readonly undo: boolean;
}

/** Everything that a session tells, by name. */
export interface Events {
  /** Items whose shown form changed, came or went. At most once per frame from the server, once per push. */
  items: ReadonlySet<ID>;
  /** Items where something began or ceased to wait for its place in the order. */
  waiting: ReadonlySet<ID>;
  status: Status;
  /** Who we are and may: after the first welcome, and when it changes. */
  me: Me;
  people: ReadonlySet<ID>;
  /** "<participant>.<client>" of presences that changed or went. */
  presence: ReadonlySet<string>;
  refused: RefusedOp;
  drafts: readonly Draft[];
  undo: { readonly canUndo: boolean; readonly canRedo: boolean };
  /** An entry as it came from the server, after it landed; own: this tab's. For what others did. */
  entry: { readonly entry: Changes; readonly own: boolean };
}

export interface PushOptions {
  /** The first refusal refuses all. */
  readonly whole?: boolean;
  /** false: not to be undone with the undo button. */
  readonly undoable?: boolean;
}

/** A stretch of typing into one field. */
export interface Typing {
  /** What the editor is to show. */
  readonly text: string;
  /** The editor's text after each input; it goes out within 400 ms. */
  input(text: string): void;
  /** While an input method composes, what others write is held back from the editor. */
  compose(on: boolean): void;
  /** Sends what is left and ends. */
  end(): void;
}

/** Told when others wrote into the field: the new text, and where an offset (UTF-16) of the old one went. */
export type TextListener = (text: string, moved: (offset: number) => number) => void;

/** Undo and redo of one's own pushes. */
export interface Undo {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** false if there was nothing to undo. What others changed meanwhile is left alone and told as refused. */
  undo(): boolean;
  redo(): boolean;
}

/** A board being worked on in this tab. */
export interface Session {
  /** confirmed + sent + waiting. */
  readonly board: Shown;
  /** Undefined before the first welcome. */
  readonly me: Me | undefined;
  readonly status: Status;
  readonly people: ReadonlyMap<ID, Person>;
  /** Of others, by "<participant>.<client>". */
  readonly presence: ReadonlyMap<string, Presence>;
  readonly limits: Welcome['limits'];
  readonly undo: Undo;
  readonly drafts: Drafts;
  /** This tab's id. */
  readonly client: string;

  /** From now on ops are made here, and what closed tabs left is taken over. Before that, nothing may be. */
  write(make: (parts: Parts) => Author): void;
  /** Shows the ops at once, keeps and sends them. Returns the push's n. */
  push(ops: readonly Op[], options?: PushOptions): number;
  /** The refusal that the op would meet as things stand; null if it may be. */
  may(op: Op): Refusal | null;
  /** Fields of an item that have no place in the order yet, paths as in changes; "*": the item itself is new or going. */
  waiting(id: ID): ReadonlySet<string>;
  /** Begins a stretch of typing into a text field or a path such as "descriptions/h1". */
  type(id: ID, field: string, listener: TextListener): Typing;
  /** Merged into what was said before; sent at most 20 times a second. */
  present(part: Presence): void;
  /** Now, by the server's clock: ms since 1970. */
  now(): number;
  /** The page came back: visibilitychange to visible, pageshow, online. */
  wake(): void;
  /** The page may go away: visibilitychange to hidden, pagehide. Sends and keeps what is being typed. */
  pause(): void;
  on<E extends keyof Events>(event: E, listener: (value: Events[E]) => void): () => void;
  close(): Promise<void>;
}
