// What this tab has to get saved: each push until the seq that ordered it is on the server's disk, and on a second one if
// others rely upon it; each text that is nowhere else. It survives reload and kill, and what a closed tab left behind is taken over by another.
import type { ID } from '$protocol/board/item';
import type { Op } from '$protocol/board/op';
import type { Outgoing } from './replica';
import { Memory, type Kept, type KeptDraft, type Store, type Write } from './store';
import type { Locks, Timers } from './surroundings';
import type { Draft } from './types';

/** More than this is not kept: the browser's database is a buffer, not an archive. */
const maxOps = 5_000;
const maxBytes = 5 << 20;

const beatInterval = 5_000;
/** A tab that has not said so for this long is closed. Taking over from one that only sleeps does no harm. */
const beatLimit = 15_000;

/** A push on its way. Only its outbox writes it. */
export interface Parcel {
  readonly push: Outgoing;
  readonly bytes: number;
  /** waiting: to be sent · sent: not answered yet · ordered: has its place, not saved yet. */
  state: 'waiting' | 'sent' | 'ordered';
  /** How often it was sent; after the first time it may have reached the server. */
  times: number;
  /** Of its place; 0 while it has none. */
  seq: number;
  /** Ops whose refusal has been told. */
  readonly told: Set<number>;
}

/** Whether it holds something that others rely upon, and that was not refused. */
function binds({ push, told }: Parcel): boolean {
  if (push.whole === true && told.size > 0) {
    return false;
  }
  return push.ops.some((op, i) => !told.has(i) && (binding.has(op.do) || isEnd(op)));
}

const binding: ReadonlySet<Op['do']> = new Set<Op['do']>([
  'lock',
  'freeze',
  'unfreeze',
  'pin',
  'blank',
  'rewind',
]);

/** Of a link. */
function isEnd(op: Op): boolean {
  return op.do === 'link' && op.revoke === true;
}

/** What closed tabs left. */
export interface Adopted {
  readonly pushes: readonly Outgoing[];
  /** Texts that were being typed, to be sent. */
  readonly typed: readonly Draft[];
  /** There are drafts that wait for a decision. */
  readonly drafts: boolean;
}

export class Outbox {
  /** In the order in which they are sent. */
  #parcels: Parcel[] = [];
  #ops = 0;
  #bytes = 0;
  #drafts = new Map<string, KeptDraft>();
  readonly #adopted = new Set<string>();
  /** What is to be written next, by record: what is rewritten meanwhile is written once. */
  #writes = new Map<string, Write>();
  #writing: Promise<void> | null = null;
  #by: ID = '';
  #lasting = true;
  readonly #closed: Promise<void>;
  #close: () => void = () => undefined;
  #stopBeat: () => void = () => undefined;

  constructor(
    private readonly board: ID,
    readonly client: string,
    /** Opens while the board is already being worked on. */
    private readonly store: Promise<Store>,
    private readonly locks: Locks | null,
    private readonly timers: Timers,
    /** It began or ceased to be kept. */
    private readonly changed: () => void,
  ) {
    this.#closed = new Promise((resolve) => {
      this.#close = resolve;
    });
    void store.then(({ lasting }) => {
      this.#lasting = lasting;
      this.changed();
      this.#hold();
    });
  }

  /** What waits survives a reload. */
  get lasting(): boolean {
    return this.#lasting;
  }

  /** Nothing more is taken. */
  get full(): boolean {
    return this.#ops >= maxOps || this.#bytes >= maxBytes;
  }

  get empty(): boolean {
    return this.#parcels.length === 0;
  }

  /** How many ops have no place in the order yet. */
  get waiting(): number {
    let n = 0;
    for (const { state, push } of this.#parcels) {
      n += state === 'ordered' ? 0 : push.ops.length;
    }
    return n;
  }

  get unanswered(): number {
    return this.#parcels.filter(({ state }) => state === 'sent').length;
  }

  get last(): Parcel | undefined {
    return this.#parcels.at(-1);
  }

  all(): readonly Parcel[] {
    return this.#parcels;
  }

  /** What is to be sent next. */
  next(): Parcel | undefined {
    return this.#parcels.find(({ state }) => state === 'waiting');
  }

  find(client: string, n: number): Parcel | undefined {
    return this.#parcels.find(({ push }) => push.client === client && push.n === n);
  }

  /** Takes a push that a participant made in this tab. */
  add(push: Outgoing, by: ID): Parcel {
    this.#by = by;
    const parcel = this.#parcel(push);
    this.#keep(parcel);
    return parcel;
  }

  /** Takes another push in the place of the last one, which has not been sent. */
  amend(push: Outgoing): Parcel {
    const last = this.#parcels.pop();
    if (last !== undefined) {
      this.#count(last, -1);
    }
    const parcel = this.#parcel(push);
    this.#keep(parcel);
    return parcel;
  }

  /** It has its place. */
  ordered(parcel: Parcel, seq: number): void {
    parcel.state = 'ordered';
    parcel.seq = seq;
  }

  /** Something of the kind is not in force for sure yet. */
  asksFor(kinds: readonly Op['do'][]): boolean {
    return this.#parcels.some(({ push }) => push.ops.some((op) => kinds.includes(op.do)));
  }

  /** Nothing of it is needed any more. */
  drop(parcel: Parcel): void {
    const at = this.#parcels.indexOf(parcel);
    if (at >= 0) {
      this.#parcels.splice(at, 1);
      this.#count(parcel, -1);
      const { client, n } = parcel.push;
      this.#write({ drop: 'pushes', key: [this.board, client, n] });
    }
  }

  /** Everything up to `saved` is on the server's disk, and up to `held` cannot be lost with one machine. */
  saved(saved: number, held: number): void {
    const safe = (p: Parcel): boolean => p.seq <= saved && (p.seq <= held || !binds(p));
    for (const parcel of this.#parcels.filter((p) => p.state === 'ordered' && safe(p))) {
      this.drop(parcel);
    }
  }

  drafts(): readonly Draft[] {
    return [...this.#drafts.values()]
      .filter(({ refused }) => refused !== undefined)
      .map(({ board: _, client: __, ...draft }) => draft)
      .sort((a, b) => a.time - b.time);
  }

  draft(key: string): Draft | undefined {
    return this.#drafts.get(key);
  }

  keepDraft(draft: Draft): void {
    const value = { ...draft, board: this.board, client: this.client };
    this.#drafts.set(draft.key, value);
    this.#write({ put: 'drafts', value });
  }

  dropDraft(key: string): void {
    if (this.#drafts.delete(key)) {
      this.#write({ drop: 'drafts', key: [this.board, key] });
    }
  }

  /**
   * Takes over what closed tabs of this participant left. Tells what is new.
   */
  async adopt(by: ID): Promise<Adopted> {
    this.#by = by;
    const store = await this.store;
    let kept = await this.#load(store);
    const others = new Set(
      [...kept.pushes.filter((push) => push.by === by), ...kept.drafts]
        .map(({ client }) => client)
        .filter((client) => client !== this.client && !this.#adopted.has(client)),
    );
    for (const client of others) {
      if (await this.#isClosed(client, kept)) {
        this.#adopted.add(client);
      }
    }
    // Once more: what a tab still wrote before it was known to be closed.
    kept = await this.#load(store);
    const typed: Draft[] = [];
    let drafts = false;
    for (const draft of kept.drafts) {
      if (
        !this.#drafts.has(draft.key) &&
        (draft.refused !== undefined || this.#adopted.has(draft.client))
      ) {
        this.#drafts.set(draft.key, draft);
        if (draft.refused === undefined) {
          typed.push(draft);
        } else {
          drafts = true;
        }
      }
    }
    const pushes = kept.pushes
      .filter((p) => p.by === by && this.#adopted.has(p.client) && !this.find(p.client, p.n))
      .map(({ board: _, by: __, ...push }): Outgoing => push)
      .sort((a, b) => a.time - b.time || a.n - b.n);
    // They were made before anything that is being made here.
    this.#parcels.unshift(...pushes.map((push) => this.#parcel(push)));
    return { pushes, typed, drafts };
  }

  /** When everything handed over so far is kept. */
  async settled(): Promise<void> {
    while (this.#writing !== null) {
      await this.#writing;
    }
  }

  async close(): Promise<void> {
    this.#stopBeat();
    if (this.locks === null) {
      this.#write({ drop: 'tabs', key: [this.board, this.client] });
    }
    await this.settled();
    this.#close();
    (await this.store).close();
  }

  #parcel(push: Outgoing): Parcel {
    const bytes = JSON.stringify(push.ops).length;
    const parcel: Parcel = {
      push,
      bytes,
      state: 'waiting',
      times: 0,
      seq: 0,
      told: new Set(),
    };
    this.#count(parcel, 1);
    return parcel;
  }

  #keep(parcel: Parcel): void {
    this.#parcels.push(parcel);
    this.#write({ put: 'pushes', value: { ...parcel.push, board: this.board, by: this.#by } });
  }

  #count(parcel: Parcel, times: 1 | -1): void {
    this.#ops += times * parcel.push.ops.length;
    this.#bytes += times * parcel.bytes;
  }

  async #load(store: Store): Promise<Kept> {
    await this.settled();
    try {
      return await store.load(this.board);
    } catch {
      return new Memory().load();
    }
  }

  #write(write: Write): void {
    const key =
      'put' in write
        ? write.put === 'pushes'
          ? `pushes ${write.value.client} ${write.value.n}`
          : write.put === 'drafts'
            ? `drafts ${write.value.key}`
            : `tabs ${write.value.client}`
        : `${write.drop} ${write.key.slice(1).join(' ')}`;
    this.#writes.set(key, write);
    this.#writing ??= this.#flush();
  }

  /** One transaction for all that has come together meanwhile. */
  async #flush(): Promise<void> {
    const store = await this.store;
    while (this.#writes.size > 0) {
      const writes = [...this.#writes.values()];
      this.#writes = new Map();
      try {
        await store.write(writes);
      } catch {
        // What waits is still here, in memory; and the one who waits is told.
        this.#lasting = false;
        this.changed();
      }
    }
    this.#writing = null;
  }

  /** Shows other tabs that this one is open. */
  #hold(): void {
    if (this.locks !== null) {
      // A page that is going away gets no lock, and needs none.
      this.locks
        .request(this.#lockName(this.client), { ifAvailable: false }, () => this.#closed)
        .catch(() => undefined);
      return;
    }
    const beat = (): void => {
      this.#write({
        put: 'tabs',
        value: { board: this.board, client: this.client, beat: this.timers.now() },
      });
      this.#stopBeat = this.timers.after(beatInterval, beat);
    };
    beat();
  }

  async #isClosed(client: string, kept: Kept): Promise<boolean> {
    const { locks } = this;
    if (locks === null) {
      const tab = kept.tabs.find((other) => other.client === client);
      return tab === undefined || Math.abs(this.timers.now() - tab.beat) > beatLimit;
    }
    return new Promise((resolve) => {
      // Held as long as this tab is open: no third one takes the same.
      locks
        .request(this.#lockName(client), { ifAvailable: true }, (lock) => {
          resolve(lock !== null);
          return lock === null ? Promise.resolve() : this.#closed;
        })
        .catch(() => resolve(false));
    });
  }

  #lockName(client: string): string {
    return `jana ${this.board} ${client}`;
  }
}
