// A board being worked on in this tab: joins the replica, the link and the outbox.
import { same } from '$protocol/board/apply';
import type { Refusal } from '$protocol/board/change';
import type { ID } from '$protocol/board/item';
import type { Op } from '$protocol/board/op';
import type { Me } from '$protocol/board/rights';
import type { Shown } from '$protocol/board/state';
import {
  version,
  type ByeCode,
  type Hello,
  type Person,
  type Presence,
  type ServerMessage,
  type Welcome,
} from '$protocol/message';
import { Clock } from './clock';
import { Emitter } from './emitter';
import { makeID } from './ids';
import { Incoming } from './incoming';
import { Outbox } from './outbox';
import { Presences } from './presence';
import { Replica, type Shift } from './replica';
import { Sender } from './sender';
import { Link } from './socket';
import { openStore, type Store } from './store';
import type { Surroundings } from './surroundings';
import type * as sync from './types';
import { History } from './undo';
import { Writing } from './writing';

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

class Live implements sync.Session {
  readonly client: string;
  readonly undo: sync.Undo;

  readonly #events = new Emitter<sync.Events>();
  readonly #replica = new Replica();
  readonly #history = new History();
  readonly #clock: Clock;
  readonly #link: Link;
  readonly #outbox: Outbox;
  readonly #sender: Sender;
  readonly #writing: Writing;
  readonly #presences: Presences;
  readonly #incoming: Incoming;
  #adopting = false;
  #cancelAdopt: () => void = () => undefined;
  #status: sync.Status;
  #undoable = { canUndo: false, canRedo: false };

  constructor(private readonly options: SessionOptions) {
    const { around, board, url, store } = options;
    const client = makeID(around.fill);
    const clock = new Clock(around);
    const link = new Link(
      url,
      {
        hello: () => [this.#hello()],
        receive: (messages) => this.#receive(messages as readonly ServerMessage[]),
        lost: (bye) => this.#unlinked('lost', bye),
        stopped: (bye) => this.#unlinked('stopped', bye),
      },
      around,
    );
    const opening = store === undefined ? openStore() : Promise.resolve(store);
    const outbox = new Outbox(board, client, opening, around.locks, around, () => this.#tell());
    const shared = {
      client,
      clock,
      link,
      outbox,
      around,
      timers: around,
      replica: this.#replica,
      history: this.#history,
      events: this.#events,
      shifted: (shift: Shift): void => this.#shifted(shift),
    };
    const writing = new Writing({
      ...shared,
      push: (op, key) => {
        const how = key === undefined ? {} : { key };
        const n = this.#sender.push([op], { kind: 'do', ...how });
        this.#tell();
        return n;
      },
    });
    const sender = new Sender({
      ...shared,
      refused: (op, refusal) => writing.reject({ op, refusal, n: 0, undo: false })(),
    });
    const presences = new Presences(
      {
        get backlog() {
          return link.backlog;
        },
        send: (messages) => sender.open && link.send(messages),
      },
      around,
    );
    this.#incoming = new Incoming({
      ...shared,
      presences,
      refused: (parcel, refusal) => writing.refused(parcel, refusal),
      rest: (ms) => sender.rest(ms),
    });
    this.client = client;
    this.#clock = clock;
    this.#link = link;
    this.#outbox = outbox;
    this.#writing = writing;
    this.#sender = sender;
    this.#presences = presences;
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
    link.start();
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

  get drafts(): sync.Drafts {
    return this.#writing.drafts;
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
    const n = this.#sender.push(ops, { ...options, kind: 'do' });
    this.#tell();
    return n;
  }

  may(op: Op): Refusal | null {
    return this.#replica.may(op);
  }

  waiting(id: ID): ReadonlySet<string> {
    return this.#replica.waiting(id);
  }

  type(id: ID, field: string, listener: sync.TextListener): sync.Typing {
    return this.#writing.type(id, field, listener);
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
    this.#writing.flush();
  }

  on<E extends keyof sync.Events>(event: E, listener: (value: sync.Events[E]) => void): () => void {
    return this.#events.on(event, listener);
  }

  async close(): Promise<void> {
    this.#writing.end();
    this.#link.stop();
    this.#sender.open = false;
    this.#sender.stop();
    this.#presences.stop();
    this.#cancelAdopt();
    await this.#outbox.close();
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
    // Before the frame lands, since presence goes out as it does.
    this.#sender.open ||= welcome;
    this.#incoming.take(messages);
    this.#sender.pump();
    this.#tell();
    if (welcome) {
      void this.#adopt();
    }
  }

  #unlinked(link: 'lost' | 'stopped', bye: ByeCode | undefined): void {
    this.#sender.open = false;
    this.#tell(link, bye);
  }

  #shifted({ items, waiting }: Shift): void {
    this.#writing.refresh(items);
    if (items.size > 0) {
      this.#events.emit('items', items);
    }
    if (waiting.size > 0) {
      this.#events.emit('waiting', waiting);
    }
  }

  /** Takes over what closed tabs left. */
  async #adopt(): Promise<void> {
    this.#cancelAdopt();
    this.#cancelAdopt = this.options.around.after(adoptInterval, () => void this.#adopt());
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
    this.#writing.resume(typed);
    if (drafts) {
      this.#events.emit('drafts', this.drafts.all());
    }
    this.#sender.pump();
    this.#tell();
  }

  #makeUndo(): sync.Undo {
    const history = this.#history;
    const take = (kind: 'undo' | 'redo'): boolean => {
      this.pause();
      const ops = history.take(kind);
      if (ops !== undefined) {
        this.#sender.push(ops, { kind });
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

  /** Tells what changed of how things stand. */
  #tell(link?: 'lost' | 'stopped', bye?: ByeCode): void {
    const before = this.#status;
    // What has never been open is not lost.
    const off = link === 'lost' && before.link === 'connecting' ? 'connecting' : link;
    const now = this.#sender.open ? 'open' : (off ?? before.link);
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
    if (!same(before, status)) {
      this.#status = status;
      this.#events.emit('status', status);
    }
    const undoable = { canUndo: this.#history.canUndo, canRedo: this.#history.canRedo };
    if (!same(undoable, this.#undoable)) {
      this.#undoable = undoable;
      this.#events.emit('undo', undoable);
    }
  }
}
