// A clock that stands still until the test lets it run.

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

export class Time {
  #now = 1_700_000_000_000;
  #timers: Timer[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, ms), run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Lets ms pass: every timer that falls due runs at its time, and what it promised is kept. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settled();
    for (;;) {
      const next = this.#timers.reduce<Timer | undefined>(
        (first, timer) =>
          timer.at <= end && (first === undefined || timer.at < first.at) ? timer : first,
        undefined,
      );
      if (next === undefined) {
        break;
      }
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
      await settled();
    }
    this.#now = end;
  }

  /** The device slept: time has passed, and no timer ran. */
  sleep(ms: number): void {
    this.#now += ms;
  }
}

/** When all promises that can be kept without timers are. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
