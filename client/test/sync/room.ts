// A server for tests of the browser's side. It orders pushes, says what is saved when it is told to, answers what was sent
// before, and forgets what was not saved when it crashes. Its rules are the browser's predictions: the real ones are Go's.
import { land } from '$protocol/board/apply';
import type { Fate } from '$protocol/board/change';
import type { ID, Item, Role } from '$protocol/board/item';
import { predict } from '$protocol/board/predict';
import { State } from '$protocol/board/state';
import type {
  ByeCode,
  Changes,
  ClientMessage,
  Hello,
  Push,
  ServerMessage,
} from '$protocol/message';

/** One end of a socket, as the server has it. */
export interface Wire {
  send(messages: readonly ServerMessage[]): void;
  close(code: number): void;
}

interface Entry {
  readonly changes: Changes;
  readonly push: { readonly key: string; readonly fate: Fate };
}

interface Seat {
  readonly wire: Wire;
  readonly me: { readonly id: ID; readonly role: Role; readonly mine: ReadonlySet<ID> };
  readonly client: string;
}

export class Room {
  state = new State();
  seq = 0;
  saved = 0;
  /** Another server could save what people do. */
  ready = false;
  /** How often somebody has come. */
  joins = 0;
  /** A second disk has what the first one has. */
  holds = true;
  /** Each ordered push, in its place. */
  log: Entry[] = [];
  /** Saves each entry as soon as it is ordered. */
  saves = true;
  #epoch = 1;
  /** Where each epoch ended, as far as what came after goes on from it. */
  readonly #ends = new Map<string, number>();
  #fates = new Map<string, Fate>();
  readonly #seats = new Map<Wire, Seat>();
  #first: readonly Item[];

  constructor(
    items: readonly Item[],
    private readonly roleOf: (me: string) => Role,
    private readonly now: () => number,
  ) {
    this.#first = items;
    this.#load();
  }

  get epoch(): string {
    return `${this.#epoch}.x`;
  }

  /** The participant whom a secret belongs to. */
  static idOf(me: string): ID {
    return `p${me}`;
  }

  receive(wire: Wire, messages: readonly ClientMessage[]): void {
    for (const message of messages) {
      switch (message.type) {
        case 'hello':
          this.#join(wire, message);
          break;
        case 'push':
          this.#push(wire, message);
          break;
        case 'ping':
          wire.send([{ type: 'pong', time: this.now() }]);
          break;
        case 'presence': {
          const seat = this.#seats.get(wire);
          const { type: _, ...presence } = message;
          if (seat !== undefined) {
            const key = `${seat.me.id}.${seat.client}`;
            this.#tell({ type: 'presence', people: { [key]: presence } });
          }
          break;
        }
        case 'pong':
          break;
        default:
          message satisfies never;
      }
    }
  }

  /** The socket is gone. */
  left(wire: Wire): void {
    this.#seats.delete(wire);
  }

  /** Everything ordered is on disk. */
  save(): void {
    if (this.saved < this.seq) {
      this.saved = this.seq;
      this.#tell({ type: 'saved', seq: this.seq });
    }
    if (this.holds) {
      this.hold();
    }
  }

  /** The disk takes what it gets, or not any more. */
  disk(ok: boolean): void {
    this.#tell({ type: 'disk', ok });
  }

  /** Everything saved is on a second disk. */
  hold(): void {
    this.#tell({ type: 'held', seq: this.saved });
  }

  /** Stops without a word and starts again from disk. */
  crash(): void {
    for (const wire of [...this.#seats.keys()]) {
      wire.close(1006);
    }
    this.#seats.clear();
    this.#ends.set(this.epoch, this.saved);
    this.#epoch++;
    this.log = this.log.filter(({ changes }) => changes.seq <= this.saved);
    this.#load();
  }

  /** Sends everybody away. */
  bye(code: ByeCode, retry: number | null, status: number): void {
    for (const wire of [...this.#seats.keys()]) {
      wire.send([{ type: 'bye', code, retry }]);
      wire.close(status);
    }
    this.#seats.clear();
  }

  /** Gives everyone the whole board anew, as slow readers get it. */
  welcomeAll(): void {
    for (const seat of this.#seats.values()) {
      this.#welcome(seat, undefined, []);
    }
  }

  items(): Item[] {
    return [...this.state.items()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  #load(): void {
    this.state = new State();
    this.#fates = new Map();
    for (const put of this.#first) {
      land(this.state, { put }, '');
    }
    for (const { changes, push } of this.log) {
      for (const change of changes.changes) {
        land(this.state, change, changes.by);
      }
      this.#fates.set(push.key, push.fate);
    }
    this.state.keep();
    this.seq = this.log.at(-1)?.changes.seq ?? 0;
    this.saved = this.seq;
  }

  #join(wire: Wire, hello: Hello): void {
    const role = this.roleOf(hello.me);
    const seat: Seat = {
      wire,
      me: { id: Room.idOf(hello.me), role, mine: new Set() },
      client: hello.client,
    };
    this.#seats.set(wire, seat);
    this.joins++;
    this.#welcome(seat, hello.at, hello.waiting ?? []);
  }

  #welcome(seat: Seat, at: Hello['at'], waiting: readonly number[]): void {
    const { me, client, wire } = seat;
    const end =
      at === undefined ? undefined : at.epoch === this.epoch ? this.seq : this.#ends.get(at.epoch);
    const continued = at !== undefined && end !== undefined && at.seq <= end;
    const fates = waiting.flatMap((n) => this.#fates.get(key(me.id, client, n)) ?? []);
    const missed = continued
      ? this.log.map(({ changes }) => changes).filter((c) => c.seq > at.seq && c.changes.length > 0)
      : [];
    wire.send([
      {
        type: 'welcome',
        you: { id: me.id, role: me.role },
        at: { epoch: this.epoch, seq: this.seq },
        saved: this.saved,
        board: continued ? null : { items: this.items() },
        people: {},
        limits: {},
        time: this.now(),
        fate: fates,
      },
    ]);
    if (missed.length > 0) {
      wire.send(missed);
    }
    if (waiting.length > 0 && this.holds) {
      wire.send([{ type: 'held', seq: this.saved }]);
    }
  }

  #push(wire: Wire, { n, ops, whole, client: closed }: Push): void {
    const seat = this.#seats.get(wire);
    if (seat === undefined) {
      return;
    }
    const client = closed ?? seat.client;
    const id = key(seat.me.id, client, n);
    const told = closed === undefined ? {} : { client };
    const before = this.#fates.get(id);
    if (before !== undefined) {
      wire.send([{ type: 'fate', ...before, ...told }]);
      return;
    }
    this.seq++;
    const push = whole === undefined ? { ops } : { ops, whole };
    const { landed, refusals } = predict(this.state, seat.me, push, this.now());
    this.state.keep();
    const fate: Fate = { n, seq: this.seq, refused: refusals };
    this.#fates.set(id, fate);
    const changes: Changes = {
      type: 'changes',
      seq: this.seq,
      by: seat.me.id,
      client,
      n,
      time: this.now(),
      changes: landed.map(({ change }) => change),
    };
    this.log.push({ changes, push: { key: id, fate } });
    if (landed.length > 0) {
      wire.send(refusals.map((no) => ({ type: 'refused', ...no, n, seq: this.seq, ...told })));
      this.#tell(changes);
    } else {
      wire.send([{ type: 'fate', ...fate, ...told }]);
    }
    if (this.saves) {
      this.save();
    }
  }

  #tell(message: ServerMessage): void {
    for (const { wire } of this.#seats.values()) {
      wire.send([message]);
    }
  }
}

function key(by: ID, client: string, n: number): string {
  return `${by} ${client} ${n}`;
}
