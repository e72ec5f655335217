// What the server says becomes what is shown and told. One frame is one rebase.
import type { Landed } from '$protocol/board/apply';
import type { ID } from '$protocol/board/item';
import type { Me } from '$protocol/board/rights';
import type { Changes, Hello, Person, Position, ServerMessage, Welcome } from '$protocol/message';
import type { Clock } from './clock';
import type { Emitter } from './emitter';
import type { Fates } from './fates';
import type { Presences } from './presence';
import type { Facts, Replica, Shift } from './replica';
import type { Events } from './types';

/** The parts that a frame touches. */
export interface Parts {
  readonly client: string;
  readonly replica: Replica;
  readonly presences: Presences;
  readonly clock: Clock;
  readonly events: Emitter<Events>;
  readonly link: {
    /** When the last question went out: ms of this device's clock. */
    readonly asked: number;
  };
  /** Of our own pushes; undefined as long as this tab makes none. */
  readonly fates: () => Fates | undefined;
  /** The board has landed: editors take in what changed. */
  shifted(shift: Shift): void;
}

export class Incoming {
  at: Position | undefined;
  /** Everything up to there is on the server's disk. */
  saved = 0;
  /** What others rely upon cannot be lost with one machine up to there. */
  held = 0;
  readonly people = new Map<ID, Person>();
  limits: Welcome['limits'] = {};
  disk = true;
  /** What is told once the frame has landed. */
  #later: (() => void)[] = [];

  constructor(private readonly parts: Parts) {}

  /** What hello says of where this tab stands. */
  standing(): Pick<Hello, 'at' | 'waiting'> {
    const waiting = this.parts.fates()?.sent() ?? [];
    return {
      ...(this.at === undefined ? {} : { at: this.at }),
      ...(waiting.length === 0 ? {} : { waiting }),
    };
  }

  /** Runs it once the frame has landed. */
  later(tell: () => void): void {
    this.#later.push(tell);
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
      (type === 'pong' && this.parts.fates()?.catchingUp === true)
    );
  }

  #take(message: ServerMessage, facts: Facts | undefined): void {
    const { presences, clock, events, client, replica } = this.parts;
    const fates = this.parts.fates();
    switch (message.type) {
      case 'welcome':
        this.#welcome(message, facts);
        break;
      case 'changes':
        this.#changes(message, facts);
        break;
      case 'refused':
        fates?.refused(message, facts);
        break;
      case 'fate':
        fates?.fate(message, facts);
        break;
      case 'saved':
        this.saved = Math.max(this.saved, message.seq);
        fates?.saved();
        break;
      case 'held':
        this.held = Math.max(this.held, message.seq);
        fates?.saved();
        break;
      case 'presence': {
        const changed = presences.take(message.people, `${replica.me?.id ?? ''}.${client}`);
        this.later(() => events.emit('presence', changed));
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
        fates?.caughtUp(facts);
        break;
      case 'ping':
      case 'bye':
        break; // the link's own
      default:
        message satisfies never; // of a later version: no business of ours
    }
  }

  #welcome(welcome: Welcome, facts: Facts | undefined): void {
    const { presences, clock, events, link } = this.parts;
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
    this.saved = welcome.saved;
    this.held = 0;
    this.parts.fates()?.welcomed(welcome, facts);
    this.limits = welcome.limits;
    this.disk = true;
    const gone = presences.renew();
    this.later(() => events.emit('presence', gone));
    const changed = new Set([...this.people.keys(), ...Object.keys(welcome.people)]);
    this.people.clear();
    for (const [person, known] of Object.entries(welcome.people)) {
      this.people.set(person, known);
    }
    this.later(() => events.emit('people', changed));
  }

  #changes(entry: Changes, facts: Facts | undefined): void {
    const { events, replica, client } = this.parts;
    let landed: readonly Landed[] | undefined;
    const fresh = entry.seq > (this.at?.seq ?? 0);
    if (fresh) {
      landed = [];
    }
    if (fresh && this.at !== undefined && facts !== undefined) {
      landed = facts.land(entry);
      this.at = { ...this.at, seq: entry.seq };
    }
    const ours = entry.by === replica.me?.id;
    if (ours) {
      this.parts.fates()?.ordered(entry, landed, facts);
    }
    if (fresh) {
      const own = ours && entry.client === client;
      this.later(() => events.emit('entry', { entry, own }));
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
    this.later(() => this.parts.events.emit('people', new Set(Object.keys(people))));
  }
}
