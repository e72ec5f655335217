// Every message of the websocket, a sentence each. Twin of message.go.
// A frame is JSON text: an array of messages, in both directions.
import type { Change, Code, Fate, Reason } from './board/change';
import type { ID, Item, Role } from './board/item';
import type { Op } from './board/op';

/** The version of this protocol. */
export const version = 1;

/** A place in a board's order: seqs of different epochs are not to be compared. */
export interface Position {
  readonly epoch: string;
  readonly seq: number;
}

/** The first message of the browser, within 10 s. */
export interface Hello {
  readonly type: 'hello';
  readonly version: number;
  readonly key: string;
  /** 128 random bits made once per browser and board, never shown to others. */
  readonly me: string;
  /** Random per tab, not secret. */
  readonly client: string;
  readonly name?: string;
  /** Where this browser stood, to be continued from there. */
  readonly at?: Position;
  /** The n of pushes whose fate it does not know. */
  readonly waiting?: readonly number[];
}

/** Ops sent together: one entry. n grows, gaps are fine; at most 8 unanswered. */
export interface Push {
  readonly type: 'push';
  readonly n: number;
  readonly ops: readonly Op[];
  /** The first refusal refuses all. */
  readonly whole?: boolean;
  /** A closed tab of the same participant, whose outbox this is. */
  readonly client?: string;
}

/** What somebody is doing at the moment; never ordered or stored, the latest wins. */
export interface Presence {
  readonly cursor?: readonly [number, number] | null;
  /** Notes under the finger: [id, x, y]. */
  readonly drag?: readonly (readonly [ID, number, number])[];
  readonly selected?: readonly ID[];
  readonly editing?: ID | null;
  /** What they see: x, y, width, height in board units. */
  readonly view?: readonly [number, number, number, number];
  readonly lead?: boolean;
  /** Something is done to a note that this viewer may not see. */
  readonly busy?: boolean;
}

export type ClientMessage =
  | Hello
  | Push
  | ({ readonly type: 'presence' } & Presence)
  | { readonly type: 'ping' }
  | { readonly type: 'pong' };

/** A person of the board as the people list shows them. */
export interface Person {
  readonly name: string;
  readonly role: Role;
  /** How many sockets they have open. */
  readonly here: number;
  /** How many notes of theirs are not shown yet (private writing). */
  readonly hidden?: number;
  /** The link by which they came, of those whom no item on the board tells it of: viewers. */
  readonly link?: ID;
}

/** May come at any time and replaces everything confirmed; board is null when `at` is continued. */
export interface Welcome {
  readonly type: 'welcome';
  readonly you: {
    readonly id: ID;
    readonly role: Role;
    readonly link?: ID;
    readonly mine?: readonly ID[];
  };
  readonly at: Position;
  readonly saved: number;
  readonly board: { readonly items: readonly Item[] } | null;
  readonly people: Readonly<Record<ID, Person>>;
  readonly limits: Readonly<Record<string, number>>;
  /** The server's clock, ms since 1970. */
  readonly time: number;
  readonly fate: readonly Fate[];
}

/** One entry that changed something for this viewer. Seqs grow but may skip. */
export interface Changes {
  readonly type: 'changes';
  readonly seq: number;
  readonly by: ID;
  readonly client: string;
  readonly n: number;
  readonly time: number;
  readonly changes: readonly Change[];
}

/** To the author alone. Without seq the push never got a place, and the refusal is final. */
export interface Refused {
  readonly type: 'refused';
  readonly n: number;
  readonly op: number;
  readonly seq?: number;
  readonly code: Code;
  readonly reason?: Reason;
  readonly by?: ID;
  readonly set?: number;
  readonly client?: string;
}

export type ByeCode =
  | 'draining'
  | 'too_slow'
  | 'version'
  | 'elsewhere'
  | 'full'
  | 'revoked'
  | 'deleted'
  | 'unknown'
  | 'bad_message'
  | 'no_hello'
  | 'too_large';

export type ServerMessage =
  | Welcome
  | Changes
  | Refused
  /** Everything up to seq of this epoch is on this instance's disk; cumulative. */
  | { readonly type: 'saved'; readonly seq: number }
  /** Everything up to seq has a second copy, or needs none; cumulative, told to who waits for it with a lock-type entry. */
  | { readonly type: 'held'; readonly seq: number }
  /** Answers a push that was sent before. */
  | ({ readonly type: 'fate'; readonly client?: string } & Fate)
  /** Who does what, by "<participant>.<client>"; null: no longer. */
  | { readonly type: 'presence'; readonly people: Readonly<Record<string, Presence | null>> }
  /** People that changed; null: no longer known. */
  | { readonly type: 'people'; readonly people: Readonly<Record<ID, Person | null>> }
  /** Whether boards are being saved on this instance at the moment. */
  | { readonly type: 'disk'; readonly ok: boolean }
  | { readonly type: 'ping' }
  | { readonly type: 'pong'; readonly time: number }
  /** Before a close. */
  | { readonly type: 'bye'; readonly code: ByeCode; readonly retry: number | null };

/** What a close means to the browser. */
export const closes: Readonly<
  Record<ByeCode, { readonly status: number; readonly then: 'return' | 'reload' | 'stop' }>
> = {
  draining: { status: 1012, then: 'return' },
  too_slow: { status: 4008, then: 'return' },
  version: { status: 4010, then: 'reload' },
  elsewhere: { status: 4013, then: 'return' },
  full: { status: 4029, then: 'return' },
  revoked: { status: 4403, then: 'stop' },
  deleted: { status: 4410, then: 'stop' },
  unknown: { status: 4404, then: 'stop' },
  bad_message: { status: 1008, then: 'return' },
  no_hello: { status: 1008, then: 'return' },
  too_large: { status: 1009, then: 'return' },
};
