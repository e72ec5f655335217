// What did not happen, as cards that stay until somebody has answered them, or has long looked elsewhere.
import type { Refusal } from '$protocol/board/change';
import type { ID } from '$protocol/board/item';
import type { Op } from '$protocol/board/op';
import type { RefusedOp } from '../sync/types';
import { narrowed, subjects } from './ops';

/** A card leaves by itself this long after its last touch. ms */
const patienceMs = 20_000;
/** Refusals of one rule that come this close together are one card. ms */
const togetherMs = 1500;

export interface RefusalCard {
  readonly id: number;
  readonly refused: Omit<RefusedOp, 'n'>;
  /** Items it is about, those refused together included. */
  readonly items: readonly ID[];
  /** What "try again" does; absent where there is nothing to repeat. */
  readonly retry: readonly Op[];
  readonly time: number;
}

export class Refusals {
  #cards: readonly RefusalCard[] = $state.raw([]);
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #last = 0;

  /** The oldest first. */
  get cards(): readonly RefusalCard[] {
    return this.#cards;
  }

  /** A refusal that the server sent. */
  told(refused: RefusedOp, now: number): void {
    const all = subjects(refused.op);
    const about = refused.reason?.id;
    const items = about !== undefined && all.includes(about) ? [about] : all;
    const retry = refused.undo ? [] : [narrowed(refused.op, new Set(items))];
    this.#add(refused, items, retry, now);
  }

  /** A refusal that is known before anything is sent. `again`: what was tried is known whole, and can be repeated. */
  foreseen(
    op: Op,
    { code, reason, by, set }: Refusal,
    items: readonly ID[],
    again: boolean,
    now: number,
  ): void {
    const refused = {
      op,
      code,
      undo: false,
      ...(reason === undefined ? {} : { reason }),
      ...(by === undefined ? {} : { by }),
      ...(set === undefined ? {} : { set }),
    };
    this.#add(refused, items, again ? [narrowed(op, new Set(items))] : [], now);
  }

  /** Somebody reads it, or does something with it. */
  touch(id: number): void {
    this.#wait(id);
  }

  close(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.#cards = this.#cards.filter((card) => card.id !== id);
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #add(refused: RefusalCard['refused'], items: readonly ID[], retry: readonly Op[], now: number) {
    const last = this.#cards.at(-1);
    if (last && alike(last, refused) && now - last.time < togetherMs) {
      const joined: RefusalCard = {
        ...last,
        items: [...new Set([...last.items, ...items])],
        retry: [...last.retry, ...retry],
        time: now,
      };
      this.#cards = [...this.#cards.slice(0, -1), joined];
      this.#wait(last.id);
      return;
    }
    const id = ++this.#last;
    this.#cards = [...this.#cards, { id, refused, items, retry, time: now }];
    this.#wait(id);
  }

  #wait(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.set(
      id,
      setTimeout(() => this.close(id), patienceMs),
    );
  }
}

function alike({ refused }: RefusalCard, other: RefusalCard['refused']): boolean {
  return (
    refused.code === other.code &&
    refused.op.do === other.op.do &&
    refused.by === other.by &&
    refused.set === other.set &&
    refused.undo === other.undo &&
    refused.draft === undefined &&
    other.draft === undefined
  );
}
