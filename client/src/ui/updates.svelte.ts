import type { WaitingUpdate } from './shell';

/** A newer Jana that waits until somebody asks for it: nobody's page is taken away in the middle of a workshop. */
class Updates {
  #waiting: WaitingUpdate | undefined = $state.raw();

  get waiting(): WaitingUpdate | undefined {
    return this.#waiting;
  }

  offer(update: WaitingUpdate): void {
    this.#waiting = update;
  }
}

export const updates = new Updates();
