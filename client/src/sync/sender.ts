// The way of ops out of this tab: shown at once, kept, and sent as fast as they are answered.
import type { Refusal } from '$protocol/board/change';
import type { ID } from '$protocol/board/item';
import type { Op } from '$protocol/board/op';
import type { Push } from '$protocol/message';
import type { Clock } from './clock';
import { fold } from './fold';
import type { Outbox } from './outbox';
import { maxUnanswered, Pace } from './pace';
import { composed, packed } from './packing';
import type { Outgoing, Replica, Shift } from './replica';
import type { Timers } from './surroundings';
import type { History, Kind } from './undo';

export interface How {
  readonly kind: Kind;
  readonly whole?: boolean;
  readonly undoable?: boolean;
  /** Pushes of one key are undone together. */
  readonly key?: string;
}

/** What sending touches. */
export interface Parts {
  readonly client: string;
  readonly timers: Timers;
  readonly replica: Replica;
  readonly outbox: Outbox;
  readonly history: History;
  readonly clock: Clock;
  readonly link: { send(messages: readonly Push[]): boolean };
  /** Whether the server takes pushes: it has said who we are since the link opened. */
  readonly open: () => boolean;
  readonly shifted: (shift: Shift) => void;
  /** The op does not happen: there is no room to keep it. */
  readonly refused: (op: Op, refusal: Refusal) => void;
}

export class Sender {
  readonly #pace: Pace;
  #n = 0;
  #cancel: (() => void) | null = null;

  constructor(private readonly parts: Parts) {
    this.#pace = new Pace(parts.timers);
  }

  /** Shows the ops, keeps and sends them. Returns the n of the last push that they became, 0 if there was no room. */
  push(ops: readonly Op[], how: How): number {
    const by = this.parts.replica.me?.id;
    if (by === undefined) {
      throw new Error('nothing can be pushed before the first welcome');
    }
    let n = 0;
    for (const part of how.whole === true ? [composed(ops)] : packed(composed(ops))) {
      if (this.parts.outbox.full) {
        part.forEach((op, i) => this.parts.refused(op, { op: i, code: 'full' }));
        n = 0;
      } else {
        n = this.#amend(part, how) ?? this.#add(part, how, by);
      }
    }
    this.pump();
    return n;
  }

  /** Sends what waits, as much as may be unanswered. */
  pump(): void {
    const { outbox, link, timers, open, client: own } = this.parts;
    this.stop();
    while (open() && outbox.unanswered < maxUnanswered) {
      const parcel = outbox.next();
      if (parcel === undefined) {
        return;
      }
      const wait = this.#pace.take(parcel.push.ops);
      if (wait > 0) {
        this.#cancel = timers.after(wait, () => this.pump());
        return;
      }
      const { n, ops, whole, client } = parcel.push;
      parcel.state = 'sent';
      parcel.times++;
      link.send([
        {
          type: 'push',
          n,
          ops,
          ...(whole === true ? { whole } : {}),
          ...(client === own ? {} : { client }),
        },
      ]);
    }
  }

  /** Sends nothing for so many ms. */
  rest(ms: number): void {
    this.#pace.rest(ms);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #add(ops: readonly Op[], { kind, whole, undoable = true, key }: How, by: ID): number {
    const { client, replica, outbox, history, clock, shifted } = this.parts;
    this.#n++;
    const push: Outgoing = {
      client,
      n: this.#n,
      ops,
      time: clock.now(),
      ...(whole === true ? { whole } : {}),
      ...(kind === 'do' ? {} : { undo: true }),
    };
    outbox.add(push, by);
    const shift = replica.add(push);
    if (undoable) {
      history.record({ n: push.n, ops, landed: replica.landed(push) }, kind, key);
    }
    shifted(shift);
    return push.n;
  }

  /** Folds the ops into the last push, if that waits and both can be one. */
  #amend(ops: readonly Op[], { kind, whole }: How): number | undefined {
    const { client, replica, outbox, history, shifted } = this.parts;
    const last = outbox.last;
    const folded =
      last === undefined || kind !== 'do' || whole === true ? undefined : fold(last.push.ops, ops);
    if (
      last === undefined ||
      folded === undefined ||
      last.state !== 'waiting' ||
      last.times > 0 ||
      last.push.client !== client ||
      last.push !== replica.last ||
      last.push.whole === true ||
      last.push.undo === true
    ) {
      return undefined;
    }
    const push: Outgoing = { ...last.push, ops: folded };
    outbox.amend(push);
    const shift = replica.amend(last.push, push);
    history.amend({ n: push.n, ops: folded, landed: replica.landed(push) });
    shifted(shift);
    return push.n;
  }
}
