// What makes ops of this tab: shown as predicted, kept, sent, undone. A session that only reads goes without it.
import type { ID } from '$protocol/board/item';
import type { Op } from '$protocol/board/op';
import { may, predict } from '$protocol/board/predict';
import type { Clock } from './clock';
import type { Emitter } from './emitter';
import { Fates } from './fates';
import type { Incoming } from './incoming';
import { Outbox } from './outbox';
import type { Replica, Shift } from './replica';
import { Sender } from './sender';
import type { Link } from './socket';
import { openStore, type Store } from './store';
import type { Surroundings } from './surroundings';
import type { Drafts, Events, PushOptions, Status, TextListener, Typing, Undo } from './types';
import { History } from './undo';
import { Writing } from './writing';

/** How often tabs that were closed are looked for. */
const adoptInterval = 30_000;

/** What an author needs of the session. */
export interface Parts {
  readonly board: ID;
  readonly client: string;
  readonly around: Surroundings;
  /** Absent: the browser's database. */
  readonly store: Store | undefined;
  readonly replica: Replica;
  readonly incoming: Incoming;
  readonly clock: Clock;
  readonly link: Link;
  readonly events: Emitter<Events>;
  /** Whether the server takes pushes: it has said who we are since the link opened. */
  readonly open: () => boolean;
  readonly shifted: (shift: Shift) => void;
  /** How things stand has changed. */
  readonly changed: () => void;
}

export class Author {
  readonly fates: Fates;
  readonly undo: Undo;
  readonly #history = new History();
  readonly #outbox: Outbox;
  readonly #sender: Sender;
  readonly #writing: Writing;
  #adopting = false;
  #cancelAdopt: () => void = () => undefined;

  constructor(private readonly parts: Parts) {
    const { board, client, around, store, replica, incoming, link, changed } = parts;
    replica.foresee({ may, predict });
    const opening = store === undefined ? openStore() : Promise.resolve(store);
    const outbox = new Outbox(board, client, opening, around.locks, around, changed);
    const shared = { ...parts, outbox, history: this.#history };
    const writing = new Writing({
      ...shared,
      push: (op, key) => {
        const how = key === undefined ? {} : { key };
        const n = this.#sender.push([op], { kind: 'do', ...how });
        changed();
        return n;
      },
    });
    const sender = new Sender({
      ...shared,
      timers: around,
      refused: (op, refusal) => writing.reject({ op, refusal, n: 0, undo: false })(),
    });
    this.fates = new Fates({
      ...shared,
      ask: () => link.ask(),
      seq: () => incoming.at?.seq ?? 0,
      savedTo: () => incoming.saved,
      heldTo: () => incoming.held,
      refused: (parcel, refusal) => writing.refused(parcel, refusal),
      later: (tell) => incoming.later(tell),
      rest: (ms) => sender.rest(ms),
    });
    this.#outbox = outbox;
    this.#writing = writing;
    this.#sender = sender;
    this.undo = this.#makeUndo();
  }

  get drafts(): Drafts {
    return this.#writing.drafts;
  }

  get standing(): Pick<Status, 'waiting' | 'saved' | 'locking' | 'freezing' | 'kept' | 'full'> {
    const { waiting, empty, lasting, full } = this.#outbox;
    return {
      waiting,
      saved: empty,
      locking: this.#outbox.asksFor(['lock']),
      freezing: this.#outbox.asksFor(['freeze', 'unfreeze']),
      kept: lasting,
      full,
    };
  }

  push(ops: readonly Op[], options: PushOptions): number {
    return this.#sender.push(ops, { ...options, kind: 'do' });
  }

  type(id: ID, field: string, listener: TextListener): Typing {
    return this.#writing.type(id, field, listener);
  }

  /** Sends what is being typed. */
  flush(): void {
    this.#writing.flush();
  }

  /** Items changed: editors take in what others wrote. */
  refresh(items: ReadonlySet<ID>): void {
    this.#writing.refresh(items);
  }

  /** Sends what waits, as much as may be sent. */
  pump(): void {
    this.#sender.pump();
  }

  /** Takes over what closed tabs left, and looks again from time to time. */
  async adopt(): Promise<void> {
    const { around, replica, events } = this.parts;
    this.#cancelAdopt();
    this.#cancelAdopt = around.after(adoptInterval, () => void this.adopt());
    const by = replica.me?.id;
    if (by === undefined || this.#adopting) {
      return;
    }
    this.#adopting = true;
    const { pushes, typed, drafts } = await this.#outbox.adopt(by);
    this.#adopting = false;
    if (pushes.length > 0) {
      this.parts.shifted(
        replica.rebase((facts) => {
          pushes.forEach((push) => facts.resume(push));
        }),
      );
    }
    this.#writing.resume(typed);
    if (drafts) {
      events.emit('drafts', this.drafts.all());
    }
    this.#sender.pump();
    this.parts.changed();
  }

  /** Sends what is still being typed: the last thing to do while there is a link. */
  finish(): void {
    this.#writing.end();
  }

  /** When everything is kept. */
  async close(): Promise<void> {
    this.#sender.stop();
    this.#cancelAdopt();
    await this.#outbox.close();
  }

  #makeUndo(): Undo {
    const history = this.#history;
    const take = (kind: 'undo' | 'redo'): boolean => {
      this.flush();
      const ops = history.take(kind);
      if (ops !== undefined) {
        this.#sender.push(ops, { kind });
      }
      this.parts.changed();
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
}
