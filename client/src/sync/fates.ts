// What becomes of the pushes of this tab and of those that it took over: what the server says of them.
import type { Landed } from '$protocol/board/apply';
import type { Fate, Refusal } from '$protocol/board/change';
import type { Changes, Refused, Welcome } from '$protocol/message';
import type { Outbox, Parcel } from './outbox';
import type { Facts, Outgoing } from './replica';
import type { History } from './undo';

/** After being told that it was too fast. */
const tooFastRest = 2_000;

/** What a fate touches. */
export interface Parts {
  readonly client: string;
  readonly outbox: Outbox;
  readonly history: History;
  /** Asks for a pong, which comes after what is on its way. */
  readonly ask: () => void;
  /** The last entry that has landed. */
  readonly seq: () => number;
  /** Everything up to there is on the server's disk. */
  readonly savedTo: () => number;
  /** Everything up to there cannot be lost with one machine. */
  readonly heldTo: () => number;
  /** An op of ours did not happen. Returns what tells so. */
  readonly refused: (parcel: Parcel, refusal: Refusal) => () => void;
  /** Runs it once the frame has landed. */
  readonly later: (tell: () => void) => void;
  /** Nothing is to be sent for so many ms. */
  readonly rest: (ms: number) => void;
}

export class Fates {
  /** Ordered, as their fate tells, by entries that are still on their way: predicted until those come. */
  #catchingUp: Outgoing[] = [];

  constructor(private readonly parts: Parts) {}

  get catchingUp(): boolean {
    return this.#catchingUp.length > 0;
  }

  /** The pushes of this tab that may have reached the server. */
  sent(): readonly number[] {
    return this.parts.outbox
      .all()
      .filter(({ push, times }) => times > 0 && push.client === this.parts.client)
      .map(({ push }) => push.n);
  }

  /** After the board of a welcome is in its place. */
  welcomed({ board, fate: all }: Welcome, facts: Facts | undefined): void {
    const { outbox, client } = this.parts;
    if (board !== null) {
      this.caughtUp(facts);
    } else if (this.catchingUp) {
      this.parts.ask();
    }
    const fates = new Map(all.map((fate) => [fate.n, fate]));
    const told: { parcel: Parcel; fate: Fate }[] = [];
    for (const parcel of outbox.all()) {
      const fate = parcel.push.client === client ? fates.get(parcel.push.n) : undefined;
      if (fate !== undefined) {
        // Where it stood may have been in another epoch: nothing is saved by that.
        parcel.seq = Number.MAX_SAFE_INTEGER;
        told.push({ parcel, fate });
      } else if (parcel.state !== 'waiting') {
        // Never ordered, or ordered and lost before it was saved: it is sent again.
        if (parcel.state === 'ordered') {
          facts?.resume(parcel.push);
        }
        parcel.state = 'waiting';
        parcel.seq = 0;
      }
    }
    for (const { parcel, fate } of told) {
      this.#fated(parcel, fate, facts, board === null);
    }
    this.saved();
  }

  /** More is on the server's disk, or on a second one. */
  saved(): void {
    this.parts.outbox.saved(this.parts.savedTo(), this.parts.heldTo());
  }

  /** A push of ours has its place, and its changes are there. `landed`: what they did; absent when that was known. */
  ordered({ client, n, seq }: Changes, landed: readonly Landed[] | undefined, facts?: Facts): void {
    const { outbox, history } = this.parts;
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
      this.saved();
    }
    if (landed !== undefined && client === this.parts.client) {
      history.confirm(n, landed);
    }
  }

  refused(message: Refused, facts: Facts | undefined): void {
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
  fate(message: Fate & { readonly client?: string }, facts: Facts | undefined): void {
    const { outbox, client } = this.parts;
    const parcel = outbox.find(message.client ?? client, message.n);
    if (parcel !== undefined) {
      this.#fated(parcel, message, facts, parcel.times > 1 && message.seq > this.parts.seq());
    }
  }

  /** What was on its way has come. */
  caughtUp(facts: Facts | undefined): void {
    for (const push of this.#catchingUp) {
      facts?.settle(push);
    }
    this.#catchingUp = [];
  }

  /** What became of a push; coming: its changes may still be on their way. */
  #fated(parcel: Parcel, fate: Fate, facts: Facts | undefined, coming: boolean): void {
    const { outbox, history, client } = this.parts;
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
      this.parts.ask();
    }
    outbox.ordered(parcel, fate.seq === 0 ? this.parts.seq() : fate.seq);
    this.saved();
  }

  #tell(parcel: Parcel, refusal: Refusal): void {
    if (!parcel.told.has(refusal.op)) {
      parcel.told.add(refusal.op);
      this.parts.later(this.parts.refused(parcel, refusal));
    }
  }
}
