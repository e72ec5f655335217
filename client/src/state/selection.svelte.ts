// Which notes are selected, which one is read, and what the next tap is for. Nobody else sees it but as presence.
import type { ID } from '$protocol/board/item';

export class Selection {
  #ids: ReadonlySet<ID> = $state.raw(new Set());
  #open: ID | null = $state(null);
  #more = $state(false);
  #placing = $state(false);
  #focused: ID | null = $state(null);

  /** In the order they were selected. */
  get ids(): ReadonlySet<ID> {
    return this.#ids;
  }

  /** The note whose reading card is shown. */
  get open(): ID | null {
    return this.#open;
  }

  /** Taps add to the selection. */
  get more(): boolean {
    return this.#more;
  }

  /** The next tap on the board is the place of all selected. */
  get placing(): boolean {
    return this.#placing;
  }

  /** What keys act on: all that is selected, or the note in focus. */
  get subjects(): readonly ID[] {
    if (this.#ids.size > 0) return [...this.#ids];
    return this.#focused === null ? [] : [this.#focused];
  }

  focus(id: ID | null): void {
    this.#focused = id;
  }

  select(ids: Iterable<ID>, how: 'replace' | 'add' | 'toggle'): void {
    const next = new Set(how === 'replace' ? [] : this.#ids);
    for (const id of ids) {
      if (how === 'toggle' && next.has(id)) next.delete(id);
      else next.add(id);
    }
    this.#ids = next;
    if (next.size !== 1 || (this.#open !== null && !next.has(this.#open))) this.#open = null;
    if (next.size === 0) this.#placing = false;
  }

  read(id: ID): void {
    this.#open = id;
  }

  closeCard(): void {
    this.#open = null;
  }

  startMore(): void {
    this.#more = true;
    this.#open = null;
    this.#placing = false;
  }

  startPlacing(): void {
    this.#placing = this.#ids.size > 0;
    this.#more = false;
    this.#open = null;
  }

  stopPlacing(): void {
    this.#placing = false;
  }

  clear(): void {
    this.#ids = new Set();
    this.#open = null;
    this.#more = false;
    this.#placing = false;
  }

  /** A tap elsewhere: ends the innermost thing that is going on. */
  dismiss(): void {
    if (this.#placing) this.#placing = false;
    else if (this.#open !== null) this.#open = null;
    else this.clear();
  }

  /** Items that are no more cannot stay selected. */
  drop(gone: Iterable<ID>): void {
    const all = new Set(gone);
    if (this.#focused !== null && all.has(this.#focused)) this.#focused = null;
    const lost = [...all].filter((id) => this.#ids.has(id));
    if (lost.length > 0) this.select(lost, 'toggle');
  }
}
