// What people write by hand in this tab: the stretches of typing, and as drafts what of it did not happen.
import { textOf } from '$protocol/board/apply';
import type { Refusal } from '$protocol/board/change';
import type { ID, Item } from '$protocol/board/item';
import type { Op } from '$protocol/board/op';
import { cellOf } from '$protocol/board/predict_cell';
import { fieldOf } from '$protocol/board/schema';
import { splitPath } from '$protocol/board/validate';
import { draftOf } from './draft';
import type { Emitter } from './emitter';
import { makeID } from './ids';
import type { Outbox, Parcel } from './outbox';
import type { Replica } from './replica';
import type { Surroundings } from './surroundings';
import { Stretch, written, type Desk, type TextOp } from './texting';
import type { Draft, Drafts, Events, TextListener, Typing } from './types';

/** What writing touches. */
export interface Parts {
  readonly around: Surroundings;
  readonly replica: Replica;
  readonly outbox: Outbox;
  readonly events: Emitter<Events>;
  /** Sends an op; what has the same key is undone together. */
  readonly push: (op: Op, key?: string) => number;
}

/** A refusal, and the op it is of. */
interface Rejection {
  readonly op: Op;
  readonly refusal: Refusal;
  /** Of its push; 0: it was not sent. */
  readonly n: number;
  readonly undo: boolean;
}

export class Writing {
  readonly drafts: Drafts;
  readonly #stretches = new Set<Stretch>();
  readonly #desk: Desk;

  constructor(private readonly parts: Parts) {
    const { outbox } = parts;
    this.drafts = {
      all: () => outbox.drafts(),
      retry: (key) => {
        const op = outbox.draft(key)?.op;
        this.#drop(key);
        if (op !== undefined) {
          parts.push(op);
        }
      },
      drop: (key) => this.#drop(key),
    };
    this.#desk = this.#makeDesk();
  }

  type(id: ID, field: string, listener: TextListener): Typing {
    const { replica, around } = this.parts;
    const item = replica.board.item(id);
    const line = item !== undefined && fieldOf(item.type, splitPath(field).name)?.kind === 'line';
    const stretch = new Stretch(makeID(around.fill), id, field, line, listener, this.#desk);
    this.#stretches.add(stretch);
    return stretch;
  }

  /** What is typed goes out. */
  flush(): void {
    for (const stretch of this.#stretches) {
      stretch.flush();
    }
  }

  /** Items changed: editors take in what others wrote. */
  refresh(items: ReadonlySet<ID>): void {
    for (const stretch of this.#stretches) {
      if (items.has(stretch.id)) {
        stretch.refresh();
      }
    }
  }

  end(): void {
    for (const stretch of [...this.#stretches]) {
      stretch.end();
    }
  }

  /** Texts that were being typed in a tab that was closed. */
  resume(typed: readonly Draft[]): void {
    for (const { key, op } of typed) {
      this.parts.outbox.dropDraft(key);
      this.parts.push(op);
    }
  }

  /** An op of a push did not happen. What was written in it is kept at once; what is returned tells it. */
  refused({ push }: Parcel, refusal: Refusal): () => void {
    const op = push.ops[refusal.op];
    return op === undefined
      ? () => undefined
      : this.reject({ op, refusal, n: push.n, undo: push.undo === true });
  }

  reject(rejection: Rejection): () => void {
    const { undo } = rejection;
    const stretch = undo ? undefined : this.#stretchOf(rejection);
    const known = stretch?.refused === true;
    const draft = undo ? undefined : this.#draftOf(rejection, stretch);
    if (known) {
      return () => undefined; // it was told with all that has been typed since
    }
    if (draft !== undefined) {
      this.parts.outbox.keepDraft(draft);
    }
    return () => this.#tell(rejection, draft);
  }

  /** The stretch of typing that wrote an op, or writes into what it was to make. */
  #stretchOf({ op, n }: Rejection): Stretch | undefined {
    return [...this.#stretches].find(
      (stretch) =>
        (op.do === 'text' && stretch.wrote(n)) || (op.do === 'create' && op.item.id === stretch.id),
    );
  }

  #draftOf({ op, refusal }: Rejection, stretch: Stretch | undefined): Draft | undefined {
    const { around, replica, outbox } = this.parts;
    if (stretch !== undefined && op.do === 'text') {
      return stretch.refuse(refusal, op.from, this.#unmade(op, refusal));
    }
    if (stretch !== undefined && op.do === 'create') {
      return stretch.refuse(refusal, textOf(op.item, stretch.field), op.item);
    }
    const fresh = { key: makeID(around.fill), time: around.now() };
    const draft = draftOf(op, refusal, replica.board, outbox.drafts(), fresh);
    const item = op.do === 'text' ? this.#unmade(op, refusal) : undefined;
    return draft !== undefined && item !== undefined && op.do === 'text'
      ? { ...draft, op: written(item, op) }
      : draft;
  }

  /** The item that a text was to be written into, if it is missing because our making it was refused. */
  #unmade(op: TextOp, refusal: Refusal): Item | undefined {
    if (refusal.code !== 'gone') {
      return undefined;
    }
    for (const { push, told } of this.parts.outbox.all()) {
      for (const [i, made] of push.ops.entries()) {
        if (made.do === 'create' && made.item.id === op.id && told.has(i)) {
          return made.item;
        }
      }
    }
    return undefined;
  }

  #tell({ op, refusal, n, undo }: Rejection, draft: Draft | undefined): void {
    const { op: _, ...rest } = refusal;
    const { events, outbox } = this.parts;
    events.emit('refused', { ...rest, n, op, undo, ...(draft === undefined ? {} : { draft }) });
    if (draft !== undefined) {
      events.emit('drafts', outbox.drafts());
    }
  }

  #drop(key: string): void {
    const { outbox, events } = this.parts;
    outbox.dropDraft(key);
    events.emit('drafts', outbox.drafts());
  }

  #makeDesk(): Desk {
    const { around, replica, outbox, push } = this.parts;
    return {
      now: () => around.now(),
      after: (ms, run) => around.after(ms, run),
      shown: (id, field) => {
        const item = replica.board.item(id);
        // A cell is made by the comment that is written into it.
        return item === undefined ? cellOf(id) && '' : textOf(item, field);
      },
      may: (op) => replica.may(op),
      doubtful: (id) => replica.doubtful(id),
      write: push,
      keep: (draft) => outbox.keepDraft(draft),
      drop: (key) => outbox.dropDraft(key),
      refuse: (draft) => {
        outbox.keepDraft(draft);
        this.#tell({ op: draft.op, refusal: draft.refused, n: 0, undo: false }, draft);
      },
      ended: (stretch) => this.#stretches.delete(stretch),
    };
  }
}
