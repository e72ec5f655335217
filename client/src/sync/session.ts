// A board being worked on in this tab: joins the replica, the link and the outbox.
import { textOf } from '$protocol/board/apply';
import type { Refusal } from '$protocol/board/change';
import type { ID } from '$protocol/board/item';
import type { Op } from '$protocol/board/op';
import { cellOf } from '$protocol/board/predict_cell';
import type { Me } from '$protocol/board/rights';
import { fieldOf } from '$protocol/board/schema';
import type { Shown } from '$protocol/board/state';
import { splitPath } from '$protocol/board/validate';
import {
  version,
  type ByeCode,
  type Hello,
  type Person,
  type Presence,
  type Push,
  type ServerMessage,
  type Welcome,
} from '$protocol/message';
import { Clock } from './clock';
import { draftOf } from './draft';
import { Emitter } from './emitter';
import { fold } from './fold';
import { makeID } from './ids';
import { Incoming } from './incoming';
import { Outbox, type Parcel } from './outbox';
import { maxUnanswered, Pace } from './pace';
import { composed, packed } from './packing';
import { Presences } from './presence';
import { Replica, type Outgoing, type Shift } from './replica';
import { Link } from './socket';
import { openStore, type Store } from './store';
import type { Surroundings } from './surroundings';
import { Stretch, type Desk } from './texting';
import type * as sync from './types';
import { History, type Kind } from './undo';

/** How often tabs that were closed are looked for. */
const adoptInterval = 30_000;

export interface SessionOptions {
  /** wss://…/api/boards/{id}/socket */
  readonly url: string;
  readonly board: ID;
  readonly key: string;
  /** Of makeSecret: made once per browser and board, and kept. */
  readonly me: string;
  readonly name?: string;
  readonly around: Surroundings;
  /** Absent: the browser's database. */
  readonly store?: Store;
}

/** Begins to work on a board. It is empty until the first welcome, which the event "me" tells. */
export function openSession(options: SessionOptions): sync.Session {
  return new Live(options);
}

interface How {
  readonly kind: Kind;
  readonly whole?: boolean;
  readonly undoable?: boolean;
  /** Pushes of one key are undone together. */
  readonly key?: string;
}

class Live implements sync.Session {
  readonly client: string;
  readonly undo: sync.Undo;
  readonly drafts: sync.Drafts;

  readonly #events = new Emitter<sync.Events>();
  readonly #replica = new Replica();
  readonly #history = new History();
  readonly #clock: Clock;
  readonly #link: Link;
  readonly #outbox: Outbox;
  readonly #presences: Presences;
  readonly #incoming: Incoming;
  readonly #pace: Pace;
  readonly #desk: Desk;
  readonly #stretches = new Set<Stretch>();
  #n = 0;
  /** The server has said who we are since this link opened. */
  #welcomed = false;
  #adopting = false;
  #status: sync.Status;
  #undoable = { canUndo: false, canRedo: false };
  #cancelPump: (() => void) | null = null;
  #cancelAdopt: () => void = () => undefined;

  constructor(private readonly options: SessionOptions) {
    const { around, board, url, store } = options;
    this.client = makeID(around.fill);
    this.#clock = new Clock(around);
    this.#pace = new Pace(around);
    this.#link = new Link(
      url,
      {
        hello: () => [this.#hello()],
        receive: (messages) => this.#receive(messages as readonly ServerMessage[]),
        lost: (bye) => this.#unlinked('lost', bye),
        stopped: (bye) => this.#unlinked('stopped', bye),
      },
      around,
    );
    this.#outbox = new Outbox(
      board,
      this.client,
      store === undefined ? openStore() : Promise.resolve(store),
      around.locks,
      around,
      () => this.#tell(),
    );
    const linked = (): boolean => this.#welcomed;
    const link = this.#link;
    this.#presences = new Presences(
      {
        get backlog() {
          return link.backlog;
        },
        send: (messages) => linked() && link.send(messages),
      },
      around,
    );
    this.#incoming = new Incoming({
      client: this.client,
      replica: this.#replica,
      outbox: this.#outbox,
      history: this.#history,
      presences: this.#presences,
      clock: this.#clock,
      events: this.#events,
      link,
      refused: (parcel, refusal) => this.#refused(parcel, refusal),
      shifted: (shift) => this.#shifted(shift),
      rest: (ms) => this.#pace.rest(ms),
    });
    this.#status = {
      link: 'connecting',
      since: around.now(),
      waiting: 0,
      saved: true,
      disk: true,
      kept: true,
      full: false,
    };
    this.undo = this.#makeUndo();
    this.drafts = this.#makeDrafts();
    this.#desk = this.#makeDesk();
    this.#link.start();
  }

  get board(): Shown {
    return this.#replica.board;
  }

  get me(): Me | undefined {
    return this.#replica.me;
  }

  get status(): sync.Status {
    return this.#status;
  }

  get people(): ReadonlyMap<ID, Person> {
    return this.#incoming.people;
  }

  get presence(): ReadonlyMap<string, Presence> {
    return this.#presences.others;
  }

  get limits(): Welcome['limits'] {
    return this.#incoming.limits;
  }

  push(ops: readonly Op[], options: sync.PushOptions = {}): number {
    return this.#push(ops, { ...options, kind: 'do' });
  }

  may(op: Op): Refusal | null {
    return this.#replica.may(op);
  }

  waiting(id: ID): ReadonlySet<string> {
    return this.#replica.waiting(id);
  }

  type(id: ID, field: string, listener: sync.TextListener): sync.Typing {
    const item = this.board.item(id);
    const line = item !== undefined && fieldOf(item.type, splitPath(field).name)?.kind === 'line';
    const key = makeID(this.options.around.fill);
    const stretch = new Stretch(key, id, field, line, listener, this.#desk);
    this.#stretches.add(stretch);
    return stretch;
  }

  present(part: Presence): void {
    this.#presences.present(part);
  }

  now(): number {
    return this.#clock.now();
  }

  wake(): void {
    this.#link.wake();
    void this.#adopt();
  }

  pause(): void {
    for (const stretch of this.#stretches) {
      stretch.flush();
    }
  }

  on<E extends keyof sync.Events>(event: E, listener: (value: sync.Events[E]) => void): () => void {
    return this.#events.on(event, listener);
  }

  async close(): Promise<void> {
    for (const stretch of [...this.#stretches]) {
      stretch.end();
    }
    this.#link.stop();
    this.#presences.stop();
    this.#cancelPump?.();
    this.#cancelAdopt();
    await this.#outbox.close();
  }

  /** Shows the ops, keeps and sends them. Returns the n of the last push they became, 0 if there was no room to keep them. */
  #push(ops: readonly Op[], how: How): number {
    const by = this.me?.id;
    if (by === undefined) {
      throw new Error('nothing can be pushed before the first welcome');
    }
    let n = 0;
    for (const part of how.whole === true ? [composed(ops)] : packed(composed(ops))) {
      n = this.#outbox.full ? this.#noRoom(part) : this.#pushOne(part, how, by);
    }
    this.#pump();
    this.#tell();
    return n;
  }

  #pushOne(ops: readonly Op[], { kind, whole, undoable = true, key }: How, by: ID): number {
    const last = this.#foldable(kind, whole);
    const folded = last === undefined ? undefined : fold(last.ops, ops);
    if (last !== undefined && folded !== undefined) {
      const push: Outgoing = { ...last, ops: folded };
      this.#outbox.amend(push);
      const shift = this.#replica.amend(last, push);
      this.#history.amend({ n: push.n, ops: folded, landed: this.#replica.landed(push) });
      this.#shifted(shift);
      return push.n;
    }
    this.#n++;
    const push: Outgoing = {
      client: this.client,
      n: this.#n,
      ops,
      time: this.#clock.now(),
      ...(whole === true ? { whole } : {}),
      ...(kind === 'do' ? {} : { undo: true }),
    };
    this.#outbox.add(push, by);
    const shift = this.#replica.add(push);
    if (undoable) {
      this.#history.record({ n: push.n, ops, landed: this.#replica.landed(push) }, kind, key);
    }
    this.#shifted(shift);
    return push.n;
  }

  /** The last push, if another may be folded into it. */
  #foldable(kind: Kind, whole: boolean | undefined): Outgoing | undefined {
    const last = this.#outbox.last;
    return kind === 'do' &&
      whole !== true &&
      last?.state === 'waiting' &&
      last.times === 0 &&
      last.push === this.#replica.last &&
      last.push.client === this.client &&
      last.push.whole !== true &&
      last.push.undo !== true
      ? last.push
      : undefined;
  }

  #noRoom(ops: readonly Op[]): 0 {
    for (const [i, op] of ops.entries()) {
      this.#reject(op, { op: i, code: 'full' }, 0, false)();
    }
    return 0;
  }

  /** Sends what waits, as much as may be unanswered. */
  #pump(): void {
    this.#cancelPump?.();
    this.#cancelPump = null;
    while (this.#welcomed && this.#outbox.unanswered < maxUnanswered) {
      const parcel = this.#outbox.next();
      if (parcel === undefined) {
        return;
      }
      const wait = this.#pace.take(parcel.push.ops);
      if (wait > 0) {
        this.#cancelPump = this.options.around.after(wait, () => this.#pump());
        return;
      }
      const { n, ops, whole, client } = parcel.push;
      const push: Push = {
        type: 'push',
        n,
        ops,
        ...(whole === true ? { whole } : {}),
        ...(client === this.client ? {} : { client }),
      };
      parcel.state = 'sent';
      parcel.times++;
      this.#link.send([push]);
    }
  }

  #hello(): Hello {
    const { key, me, name } = this.options;
    return {
      type: 'hello',
      version,
      key,
      me,
      client: this.client,
      ...(name === undefined ? {} : { name }),
      ...this.#incoming.standing(),
    };
  }

  #receive(messages: readonly ServerMessage[]): void {
    const welcome = messages.some(({ type }) => type === 'welcome');
    // Before the frame lands: presence goes out as soon as it has.
    this.#welcomed ||= welcome;
    this.#incoming.take(messages);
    this.#pump();
    this.#tell();
    if (welcome) {
      void this.#adopt();
    }
  }

  #unlinked(link: 'lost' | 'stopped', bye: ByeCode | undefined): void {
    this.#welcomed = false;
    this.#incoming.lost();
    this.#tell(link, bye);
  }

  #shifted({ items, waiting }: Shift): void {
    for (const stretch of this.#stretches) {
      if (items.has(stretch.id)) {
        stretch.refresh();
      }
    }
    if (items.size > 0) {
      this.#events.emit('items', items);
    }
    if (waiting.size > 0) {
      this.#events.emit('waiting', waiting);
    }
  }

  /** An op did not happen: what was written in it is kept at once, and told later. */
  #refused({ push }: Parcel, refusal: Refusal): () => void {
    const op = push.ops[refusal.op];
    if (op === undefined) {
      return () => undefined;
    }
    return this.#reject(op, refusal, push.n, push.undo === true);
  }

  #reject(op: Op, refusal: Refusal, n: number, undo: boolean): () => void {
    const stretch =
      op.do === 'text'
        ? [...this.#stretches].find(({ id, field }) => id === op.id && field === op.field)
        : undefined;
    let draft: sync.Draft | undefined;
    if (stretch !== undefined && op.do === 'text' && !undo) {
      if (stretch.refused) {
        return () => undefined; // it has been told with all that was typed since
      }
      draft = stretch.refuse(refusal, op.from);
    } else if (!undo) {
      const fresh = { key: makeID(this.options.around.fill), time: this.options.around.now() };
      draft = draftOf(op, refusal, this.board, this.#outbox.drafts(), fresh);
    }
    if (draft !== undefined) {
      this.#outbox.keepDraft(draft);
    }
    return () => this.#tellRefused(op, refusal, n, undo, draft);
  }

  #tellRefused(op: Op, no: Refusal, n: number, undo: boolean, draft: sync.Draft | undefined): void {
    const { op: _, ...refusal } = no;
    this.#events.emit('refused', {
      ...refusal,
      n,
      op,
      undo,
      ...(draft === undefined ? {} : { draft }),
    });
    if (draft !== undefined) {
      this.#events.emit('drafts', this.drafts.all());
    }
  }

  /** Takes over what closed tabs left. */
  async #adopt(): Promise<void> {
    const { around } = this.options;
    this.#cancelAdopt();
    this.#cancelAdopt = around.after(adoptInterval, () => void this.#adopt());
    const by = this.me?.id;
    if (by === undefined || this.#adopting) {
      return;
    }
    this.#adopting = true;
    const { pushes, typed, drafts } = await this.#outbox.adopt(by);
    this.#adopting = false;
    if (pushes.length > 0) {
      this.#shifted(
        this.#replica.rebase((facts) => {
          pushes.forEach((push) => facts.resume(push));
        }),
      );
    }
    for (const { key, op } of typed) {
      this.#outbox.dropDraft(key);
      this.#push([op], { kind: 'do' });
    }
    if (drafts) {
      this.#events.emit('drafts', this.drafts.all());
    }
    this.#pump();
    this.#tell();
  }

  #makeUndo(): sync.Undo {
    const history = this.#history;
    const take = (kind: 'undo' | 'redo'): boolean => {
      this.pause();
      const ops = history.take(kind);
      if (ops !== undefined) {
        this.#push(ops, { kind });
      }
      this.#tell();
      return ops !== undefined;
    };
    return {
      get canUndo() {
        return history.canUndo;
      },
      get canRedo() {
        return history.canRedo;
      },
      undo: () => take('undo'),
      redo: () => take('redo'),
    };
  }

  #makeDrafts(): sync.Drafts {
    const outbox = this.#outbox;
    const drop = (key: string): void => {
      outbox.dropDraft(key);
      this.#events.emit('drafts', outbox.drafts());
    };
    return {
      all: () => outbox.drafts(),
      retry: (key) => {
        const op = outbox.draft(key)?.op;
        drop(key);
        if (op !== undefined) {
          this.#push([op], { kind: 'do' });
        }
      },
      drop,
    };
  }

  #makeDesk(): Desk {
    const { around } = this.options;
    return {
      now: () => around.now(),
      after: (ms, run) => around.after(ms, run),
      shown: (id, field) => {
        const item = this.board.item(id);
        return item === undefined ? cellOf(id) && '' : textOf(item, field);
      },
      may: (op) => this.may(op),
      write: (op, key) => {
        this.#push([op], { kind: 'do', key });
      },
      keep: (draft) => this.#outbox.keepDraft(draft),
      drop: (key) => this.#outbox.dropDraft(key),
      refuse: (draft) => {
        this.#outbox.keepDraft(draft);
        this.#tellRefused(draft.op, draft.refused, 0, false, draft);
      },
      ended: (stretch) => this.#stretches.delete(stretch),
    };
  }

  /** Tells what changed of how things stand. */
  #tell(link?: 'lost' | 'stopped', bye?: ByeCode): void {
    const before = this.#status;
    const now = this.#welcomed
      ? 'open'
      : before.link === 'connecting' && link === 'lost'
        ? 'connecting'
        : (link ?? before.link);
    const status: sync.Status = {
      link: now,
      since: now === before.link ? before.since : this.options.around.now(),
      waiting: this.#outbox.waiting,
      saved: this.#outbox.empty,
      disk: this.#incoming.disk,
      kept: this.#outbox.lasting,
      full: this.#outbox.full,
      ...(bye === undefined ? {} : { bye }),
    };
    const keys = Object.keys({ ...before, ...status }) as (keyof sync.Status)[];
    if (keys.some((key) => before[key] !== status[key])) {
      this.#status = status;
      this.#events.emit('status', status);
    }
    const undoable = { canUndo: this.#history.canUndo, canRedo: this.#history.canRedo };
    if (
      undoable.canUndo !== this.#undoable.canUndo ||
      undoable.canRedo !== this.#undoable.canRedo
    ) {
      this.#undoable = undoable;
      this.#events.emit('undo', undoable);
    }
  }
}
