// The server's clock as seen from here. No decision rests on it: it is for stamps and timers that people read.
import type { Timers } from './surroundings';

export class Clock {
  /** What to add to this device's clock. */
  #offset = 0;
  /** How far the offset may be off: half the way there and back. */
  #error = Infinity;

  constructor(private readonly timers: Timers) {}

  /** Now, by the server's clock: ms since 1970. */
  now(): number {
    return Math.round(this.timers.now() + this.#offset);
  }

  /** The server said its time, in answer to what was sent at asked (this device's clock). The quickest answer tells most. */
  told(time: number, asked: number): void {
    const now = this.timers.now();
    const error = Math.max(0, now - asked) / 2;
    if (error <= this.#error) {
      this.#error = error;
      this.#offset = time + error - now;
    } else {
      // Clocks drift, and devices sleep: an old figure is trusted less with every new one.
      this.#error *= 1.5;
    }
  }
}
