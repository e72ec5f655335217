// What the server says becomes what is shown, kept and told. One frame is one rebase.
import type { Landed } from '$protocol/board/apply';
import type { Fate, Refusal } from '$protocol/board/change';
import type { ID } from '$protocol/board/item';
import type { Me } from '$protocol/board/rights';
import type {
  Changes,
  Hello,
  Person,
  Position,
  Refused,
  ServerMessage,
  Welcome,
} from '$protocol/message';
import type { Clock } from './clock';
import type { Emitter } from './emitter';
import type { Outbox, Parcel } from './outbox';
import type { Presences } from './presence';
import type { Facts, Outgoing, Replica, Shift } from './replica';
import type { Events } from './types';
import type { History } from './undo';

/** After being told that it was too fast. */
const tooFastRest = 2_000;

/** The parts that a frame touches. */
export interface Parts {
  readonly client: string;
  readonly replica: Replica;
  readonly outbox: Outbox;
  readonly history: History;
  readonly presences: Presences;
  readonly clock: Clock;
  readonly events: Emitter<Events>;
  readonly link: {
    /** When the last question went out: ms of this device's clock. */
    readonly asked: number;
    /** Asks for a pong, which comes after what is on its way. */
    ask(): void;
  };
  /** An op of ours did not happen. Returns what tells so, once the frame has landed. */
  refused(parcel: Parcel, refusal: Refusal): () => void;
  /** The board has landed: editors take in what changed. */
  shifted(shift: Shift): void;
  /** Nothing is to be sent for so many ms. */
  rest(ms: number): void;
}

export class Incoming {
  at: Position | undefined;
  readonly people = new Map<ID, Person>();
  limits: Welcome['limits'] = {};
  disk = true;
  #saved = 0;
  /** Ordered, as their fate tells, by entries that are still on their way: predicted until those come. */
  #catchingUp: Outgoing[] = [];
  /** What is told once the frame has landed. */
  #later: (() => void)[] = [];

  constructor(private readonly parts: Parts) {}

  /** What hello says of where this tab stands. */
  standing(): Pick<Hello, 'at' | 'waiting'> {
    const waiting = this.parts.outbox
      .all()
      .filter(({ push, times }) => times > 0 && push.client === this.parts.client)
      .map(({ push }) => push.n);
    return {
      ...(this.at === undefined ? {} : { at: this.at }),
      ...(waiting.length === 0 ? {} : { waiting }),
    };
  }

  take(messages: readonly ServerMessage[]): void {
    const { replica, events } = this.parts;
    const me = replica.me;
    if (messages.some((message) => this.#lands(message))) {
      const shift = replica.rebase((facts) => {
        for (const message of messages) {
          this.#take(message, facts);
        }
      });
      this.parts.shifted(shift);
    } else {
      for (const message of messages) {
        this.#take(message, undefined);
      }
    }
    if (replica.me !== undefined && replica.me !== me) {
      events.emit('me', replica.me);
    }
    const later = this.#later;
    this.#later = [];
    for (const tell of later) {
      tell();
    }
  }

  /** Whether a message bears on the confirmed board or on what is predicted. */
  #lands({ type }: ServerMessage): boolean {
    return (
      type === 'welcome' ||
      type === 'changes' ||
      type === 'refused' ||
      type === 'fate' ||
      (type === 'pong' && this.#catchingUp.length > 0)
    );
  }

  #take(message: ServerMessage, facts: Facts | undefined): void {
    const { outbox, presences, clock, events, client, replica } = this.parts;
    switch (message.type) {
      case 'welcome':
        this.#welcome(message, facts);
        break;
      case 'changes':
        this.#changes(message, facts);
        break;
      case 'refused':
        this.#refused(message, facts);
        break;
      case 'fate':
        this.#fate(message, facts);
        break;
      case 'saved':
        this.#saved = Math.max(this.#saved, message.seq);
        outbox.saved(this.#saved);
        break;
      case 'held':
        this.#later.push(() => events.emit('held', message.seq));
        break;
      case 'presence': {
        const changed = presences.take(message.people, `${replica.me?.id ?? ''}.${client}`);
        this.#later.push(() => events.emit('presence', changed));
        break;
      }
      case 'people':
        this.#people(message.people);
        break;
      case 'disk':
        this.disk = message.ok;
        break;
      case 'pong':
        clock.told(message.time, this.parts.link.asked);
        this.#caughtUp(facts);
        break;
      case 'ping':
      case 'bye':
        break; // the link's own
      default:
        message satisfies never; // of a later version: no business of ours
    }
  }

  #welcome(welcome: Welcome, facts: Facts | undefined): void {
    const { outbox, presences, clock, events, client, link } = this.parts;
    const { id, role, link: by, mine = [] } = welcome.you;
    const me: Me = { id, role, mine: new Set(mine), ...(by === undefined ? {} : { link: by }) };
    facts?.be(me);
    clock.told(welcome.time, link.asked);
    if (welcome.board === null) {
      // What was missed follows, from where we stood.
      this.at = { epoch: welcome.at.epoch, seq: this.at?.seq ?? 0 };
    } else {
      this.at = welcome.at;
      facts?.replace(welcome.board.items);
    }
    if (welcome.board !== null) {
      this.#caughtUp(facts);
    } else if (this.#catchingUp.length > 0) {
      link.ask();
    }
    const fates = new Map(welcome.fate.map((fate) => [fate.n, fate]));
    for (const parcel of [...outbox.all()]) {
      const fate = parcel.push.client === client ? fates.get(parcel.push.n) : undefined;
      if (fate !== undefined) {
        this.#fated(parcel, fate, facts, welcome.board === null);
      } else if (parcel.state !== 'waiting') {
        // Never ordered, or ordered and lost before it was saved: it is sent again.
        if (parcel.state === 'ordered') {
          facts?.resume(parcel.push);
        }
        parcel.state = 'waiting';
        parcel.seq = 0;
      }
    }
    this.#saved = welcome.saved;
    outbox.saved(this.#saved);
    this.limits = welcome.limits;
    this.disk = true;
    const gone = presences.renew();
    this.#later.push(() => events.emit('presence', gone));
    const changed = new Set([...this.people.keys(), ...Object.keys(welcome.people)]);
    this.people.clear();
    for (const [person, known] of Object.entries(welcome.people)) {
      this.people.set(person, known);
    }
    this.#later.push(() => events.emit('people', changed));
  }

  #changes(entry: Changes, facts: Facts | undefined): void {
    const { history, events, replica, client } = this.parts;
    let landed: readonly Landed[] = [];
    const fresh = entry.seq > (this.at?.seq ?? 0);
    if (fresh && this.at !== undefined && facts !== undefined) {
      landed = facts.land(entry);
      this.at = { ...this.at, seq: entry.seq };
    }
    const ours = entry.by === replica.me?.id;
    const own = ours && entry.client === client;
    if (ours) {
      this.#settle(entry, facts);
    }
    if (own && fresh) {
      history.confirm(entry.n, landed);
    }
    if (fresh) {
      this.#later.push(() => events.emit('entry', { entry, own }));
    }
  }

  /** A push of ours has its place, and its changes are there. */
  #settle({ client, n, seq }: Changes, facts: Facts | undefined): void {
    const { outbox } = this.parts;
    const is = (push: Outgoing): boolean => push.client === client && push.n === n;
    const parcel = outbox.find(client, n);
    // What is saved already is no parcel any more.
    const push = parcel?.push ?? this.#catchingUp.find(is);
    this.#catchingUp = this.#catchingUp.filter((other) => other !== push);
    if (push !== undefined) {
      facts?.settle(push);
    }
    if (parcel !== undefined) {
      outbox.ordered(parcel, seq);
      outbox.saved(this.#saved);
    }
  }

  #refused(message: Refused, facts: Facts | undefined): void {
    const { outbox, history, client } = this.parts;
    const { type: _, n, seq, client: from = client, ...refusal } = message;
    const parcel = outbox.find(from, n);
    if (parcel === undefined) {
      return;
    }
    if (seq !== undefined) {
      this.#tell(parcel, refusal);
      return;
    }
    if (refusal.code === 'too_fast') {
      parcel.state = 'waiting';
      this.parts.rest(tooFastRest);
      return;
    }
    // It never got a place: none of it happened.
    for (const op of parcel.push.ops.keys()) {
      this.#tell(parcel, { ...refusal, op });
    }
    facts?.settle(parcel.push);
    outbox.drop(parcel);
    history.refuse(n);
  }

  /** The answer to a push that was sent before, or that changed nothing that we see. */
  #fate(message: Fate & { readonly client?: string }, facts: Facts | undefined): void {
    const { outbox, client } = this.parts;
    const parcel = outbox.find(message.client ?? client, message.n);
    if (parcel !== undefined) {
      this.#fated(parcel, message, facts, parcel.times > 1 && message.seq > (this.at?.seq ?? 0));
    }
  }

  /** What became of a push; coming: its changes may still be on their way. */
  #fated(parcel: Parcel, fate: Fate, facts: Facts | undefined, coming: boolean): void {
    const { outbox, history, link, client } = this.parts;
    for (const refusal of fate.refused ?? []) {
      this.#tell(parcel, refusal);
    }
    const none = parcel.told.size === parcel.push.ops.length || parcel.times === 1;
    if (none && !coming && parcel.push.client === client && parcel.state === 'sent') {
      history.refuse(parcel.push.n);
    }
    if (!coming) {
      facts?.settle(parcel.push);
    } else if (parcel.state !== 'ordered') {
      this.#catchingUp.push(parcel.push);
      link.ask();
    }
    outbox.ordered(parcel, fate.seq === 0 ? (this.at?.seq ?? 0) : fate.seq);
    outbox.saved(this.#saved);
  }

  /** What was on its way has come. */
  #caughtUp(facts: Facts | undefined): void {
    for (const push of this.#catchingUp) {
      facts?.settle(push);
    }
    this.#catchingUp = [];
  }

  #tell(parcel: Parcel, refusal: Refusal): void {
    if (!parcel.told.has(refusal.op)) {
      parcel.told.add(refusal.op);
      this.#later.push(this.parts.refused(parcel, refusal));
    }
  }

  #people(people: Readonly<Record<ID, Person | null>>): void {
    for (const [id, person] of Object.entries(people)) {
      if (person === null) {
        this.people.delete(id);
      } else {
        this.people.set(id, person);
      }
    }
    this.#later.push(() => this.parts.events.emit('people', new Set(Object.keys(people))));
  }
}
