// A board being looked at in this tab: joins the replica and the link, and the author once there is one.
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
import type { Author, Parts } from './author';
import { Clock } from './clock';
import { Elsewhere } from './elsewhere';
import { Emitter } from './emitter';
import { makeID } from './ids';
import { Incoming } from './incoming';
import { Presences } from './presence';
import { Replica, type Shift } from './replica';
import { Link } from './socket';
import type { Store } from './store';
import type { Surroundings } from './surroundings';
import type * as sync from './types';

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

/** Begins to look at a board. It is empty until the first welcome, which the event "me" tells. */
export function openSession(options: SessionOptions): sync.Session {
  return new Live(options);
}

/** How things stand with a tab that makes no ops. */
const nothingOwn = {
  waiting: 0,
  saved: true,
  locking: false,
  freezing: false,
  kept: true,
  full: false,
};
const nothingUndone: sync.Undo = {
  canUndo: false,
  canRedo: false,
  undo: () => false,
  redo: () => false,
};
const noDrafts: sync.Drafts = {
  all: () => [],
  retry: () => undefined,
  drop: () => undefined,
};

class Live implements sync.Session {
  readonly client: string;

  readonly #events = new Emitter<sync.Events>();
  readonly #replica = new Replica();
  readonly #clock: Clock;
  readonly #link: Link;
  readonly #presences: Presences;
  readonly #incoming: Incoming;
  readonly #elsewhere: Elsewhere;
  #author: Author | undefined;
  /** The server has said who we are since the link opened. */
  #open = false;
  #closed = false;
  #status: sync.Status;
  #undoable = { canUndo: false, canRedo: false };

  constructor(private readonly options: SessionOptions) {
    const { around, url } = options;
    this.client = makeID(around.fill);
    this.#clock = new Clock(around);
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
    this.#link = link;
    this.#elsewhere = new Elsewhere(around, () => link.renew());
    this.#presences = new Presences(
      {
        get backlog() {
          return link.backlog;
        },
        send: (messages) => this.#open && link.send(messages),
      },
      around,
    );
    this.#incoming = new Incoming({
      client: this.client,
      replica: this.#replica,
      presences: this.#presences,
      clock: this.#clock,
      events: this.#events,
      link,
      fates: () => this.#author?.fates,
      shifted: (shift) => this.#shifted(shift),
    });
    this.#status = {
      link: 'connecting',
      since: around.now(),
      ...nothingOwn,
      disk: true,
    };
    link.start();
  }

  write(make: (parts: Parts) => Author): void {
    if (this.#author !== undefined || this.#closed) {
      return;
    }
    const { board, around, store } = this.options;
    this.#author = make({
      board,
      client: this.client,
      around,
      store,
      replica: this.#replica,
      incoming: this.#incoming,
      clock: this.#clock,
      link: this.#link,
      events: this.#events,
      open: () => this.#open,
      shifted: (shift) => this.#shifted(shift),
      changed: () => this.#tell(),
    });
    void this.#author.adopt();
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

  get undo(): sync.Undo {
    return this.#author?.undo ?? nothingUndone;
  }

  get drafts(): sync.Drafts {
    return this.#author?.drafts ?? noDrafts;
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
    const n = this.#writes().push(ops, options);
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
    return this.#writes().type(id, field, listener);
  }

  present(part: Presence): void {
    this.#presences.present(part);
  }

  now(): number {
    return this.#clock.now();
  }

  wake(): void {
    this.#link.wake();
    void this.#author?.adopt();
  }

  pause(): void {
    this.#author?.flush();
  }

  on<E extends keyof sync.Events>(event: E, listener: (value: sync.Events[E]) => void): () => void {
    return this.#events.on(event, listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#author?.finish();
    this.#link.stop();
    this.#open = false;
    this.#elsewhere.told('away');
    this.#presences.stop();
    await this.#author?.close();
  }

  #writes(): Author {
    if (this.#author === undefined) {
      throw new Error('this session only reads');
    }
    return this.#author;
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
    this.#open ||= welcome;
    this.#incoming.take(messages);
    this.#author?.pump();
    this.#tell();
    if (welcome) {
      void this.#author?.adopt();
    }
  }

  #unlinked(link: 'lost' | 'stopped', bye: ByeCode | undefined): void {
    this.#open = false;
    this.#tell(link, bye);
  }

  #shifted({ items, waiting }: Shift): void {
    this.#author?.refresh(items);
    if (items.size > 0) {
      this.#events.emit('items', items);
    }
    if (waiting.size > 0) {
      this.#events.emit('waiting', waiting);
    }
  }

  /** Tells what changed of how things stand. */
  #tell(link?: 'lost' | 'stopped', bye?: ByeCode): void {
    const before = this.#status;
    // What has never been open is not lost.
    const off = link === 'lost' && before.link === 'connecting' ? 'connecting' : link;
    const now = this.#open ? 'open' : (off ?? before.link);
    const status: sync.Status = {
      link: now,
      since: now === before.link ? before.since : this.options.around.now(),
      ...(this.#author?.standing ?? nothingOwn),
      disk: this.#incoming.disk,
      ...(bye === undefined ? {} : { bye }),
    };
    this.#elsewhere.told(!this.#open ? 'away' : this.#incoming.disk ? 'well' : 'stuck');
    if (!same(before, status)) {
      this.#status = status;
      this.#events.emit('status', status);
    }
    const { canUndo, canRedo } = this.undo;
    const undoable = { canUndo, canRedo };
    if (!same(undoable, this.#undoable)) {
      this.#undoable = undoable;
      this.#events.emit('undo', undoable);
    }
  }
}
