// How fast pushes go out: below what the server lets through, so that it never has to refuse.
import type { Op } from '$protocol/board/op';
import type { Timers } from './surroundings';

/** A push costs one, plus one per so many ops. The server allows 60 a second in bursts of 300. */
const opsPerCost = 20;
const perSecond = 55;
const burst = 250;

/** How many pushes may be unanswered at a time. */
export const maxUnanswered = 8;

export class Pace {
  #left = burst;
  #at: number;

  constructor(private readonly timers: Timers) {
    this.#at = timers.now();
  }

  /** 0: it may go now, and counts. Else after how many ms to ask again. */
  take(ops: readonly Op[]): number {
    const now = this.timers.now();
    const passed = Math.max(0, now - this.#at);
    this.#at = now;
    this.#left = Math.min(burst, this.#left + (passed * perSecond) / 1000);
    const cost = 1 + Math.floor(ops.length / opsPerCost);
    if (this.#left < cost) {
      return Math.ceil(((cost - this.#left) * 1000) / perSecond);
    }
    this.#left -= cost;
    return 0;
  }

  /** Nothing goes for so many ms: the server found it too fast all the same. */
  rest(ms: number): void {
    this.#left = -(ms * perSecond) / 1000;
  }
}
