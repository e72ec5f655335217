// Which notes have waited so long for their place in the order that it is said on them.
import type { ID } from '$protocol/board/item';
import { silentMs } from './connection';

/** Since when each waits; tells once one has waited long, or does no more. */
export class Waits {
  readonly #since = new Map<ID, number>();
  readonly #shown = new Set<ID>();
  readonly #tell: (ids: readonly ID[]) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(tell: (ids: readonly ID[]) => void) {
    this.#tell = tell;
  }

  has(id: ID): boolean {
    return this.#shown.has(id);
  }

  /** `waiting`: whether an item has something that waits. */
  changed(ids: Iterable<ID>, waiting: (id: ID) => boolean, now: number): void {
    const over: ID[] = [];
    for (const id of ids) {
      if (waiting(id)) {
        if (!this.#since.has(id)) this.#since.set(id, now);
      } else {
        this.#since.delete(id);
        if (this.#shown.delete(id)) over.push(id);
      }
    }
    if (over.length > 0) this.#tell(over);
    this.#wait(now);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #wait(now: number): void {
    clearTimeout(this.#timer);
    const next = [...this.#since]
      .filter(([id]) => !this.#shown.has(id))
      .map(([, since]) => since + silentMs);
    if (next.length === 0) return;
    this.#timer = setTimeout(() => this.#look(), Math.max(0, Math.min(...next) - now));
  }

  #look(): void {
    const now = Date.now();
    const due = [...this.#since]
      .filter(([id, since]) => !this.#shown.has(id) && now - since >= silentMs)
      .map(([id]) => id);
    for (const id of due) this.#shown.add(id);
    if (due.length > 0) this.#tell(due);
    this.#wait(now);
  }
}
