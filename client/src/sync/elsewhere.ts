// The server at the other end cannot save what people do, and may be one of several: as soon as any of them can, the link is
// made anew, and whoever hands out connections leads it there. Nobody leaves for nothing: here, at least, the board is seen.
import type { Surroundings } from './surroundings';

const firstWait = 3_000;
const lastWait = 30_000;

export class Elsewhere {
  #cancel: (() => void) | undefined;
  #asked = 0;

  constructor(
    private readonly around: Surroundings,
    private readonly leave: () => void,
  ) {}

  /** How things stand: well; or the link is open and nothing is saved; or there is none. */
  told(now: 'well' | 'stuck' | 'away'): void {
    if (now === 'well') {
      this.#asked = 0;
    }
    if (now !== 'stuck') {
      this.#cancel?.();
      this.#cancel = undefined;
    } else if (this.#cancel === undefined) {
      this.#wait();
    }
  }

  #wait(): void {
    const more = Math.min(lastWait, firstWait * 2 ** this.#asked) * this.around.random();
    this.#asked++;
    this.#cancel = this.around.after(firstWait + more, () => void this.#ask());
  }

  async #ask(): Promise<void> {
    const asking = this.#cancel;
    const ready = await this.around.ready();
    if (this.#cancel !== asking) {
      return; // it is well again, or gone
    }
    if (ready) {
      this.#cancel = undefined;
      this.leave();
    } else {
      this.#wait();
    }
  }
}
