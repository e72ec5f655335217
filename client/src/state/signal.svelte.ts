/** Something outside Svelte that changes: whoever read it is drawn again when it is told to have changed. */
export class Signal {
  #version = $state(0);

  /** Binds the reader that runs now, if one does. */
  read(): void {
    void this.#version;
  }

  changed(): void {
    this.#version++;
  }
}
