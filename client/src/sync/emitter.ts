/** Tells its listeners what happened, by name. */
export class Emitter<Events> {
  readonly #listeners = new Map<keyof Events, Set<(value: never) => void>>();

  /** Returns what ends it. */
  on<E extends keyof Events>(event: E, listener: (value: Events[E]) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    // Wrapped: the same function may listen twice.
    const heard = (value: Events[E]): void => listener(value);
    listeners.add(heard);
    return () => listeners.delete(heard);
  }

  emit<E extends keyof Events>(event: E, value: Events[E]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) {
      (listener as (value: Events[E]) => void)(value);
    }
  }
}
