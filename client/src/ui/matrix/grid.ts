// A table that takes one Tab: within it the arrows go from stop to stop, Home and End along the row, with Ctrl to the corners.

/** Its stops carry data-col: the column they stand in, counted from 0. */
export class Grid {
  readonly #table: HTMLTableElement;
  readonly #end = new AbortController();
  #current: HTMLElement | undefined;

  constructor(table: HTMLTableElement) {
    const { signal } = this.#end;
    this.#table = table;
    table.addEventListener('keydown', (event) => this.#keydown(event), { signal });
    table.addEventListener('focusin', ({ target }) => this.#enter(target), { signal });
  }

  /** Has the Tab lead somewhere: where the focus was last, or to the first cell where that has gone. */
  keep(): void {
    if (this.#current?.isConnected) return;
    this.#take(this.#rows()[1]?.[1] ?? this.#rows().flat()[0]);
  }

  stop(): void {
    this.#end.abort();
  }

  #enter(target: EventTarget | null): void {
    if (target instanceof HTMLElement && target.dataset['col'] !== undefined) this.#take(target);
  }

  #take(stop: HTMLElement | undefined): void {
    if (this.#current) this.#current.tabIndex = -1;
    this.#current = stop;
    if (stop) stop.tabIndex = 0;
  }

  #rows(): HTMLElement[][] {
    return [...this.#table.rows]
      .map((row) => [...row.querySelectorAll<HTMLElement>('[data-col]')])
      .filter((row) => row.length > 0);
  }

  #keydown(event: KeyboardEvent): void {
    const { target, key, ctrlKey, metaKey, altKey, shiftKey } = event;
    if (!(target instanceof HTMLElement) || altKey || shiftKey) return;
    const rows = this.#rows();
    const at = rows.findIndex((row) => row.includes(target));
    if (at < 0) return;
    const next = this.#next(rows, at, target, key, ctrlKey || metaKey);
    if (next === undefined) return;
    event.preventDefault();
    next?.focus();
  }

  /** null: the key is ours, and there is nothing there. */
  #next(
    rows: readonly HTMLElement[][],
    at: number,
    from: HTMLElement,
    key: string,
    far: boolean,
  ): HTMLElement | null | undefined {
    const row = rows[at] ?? [];
    const column = Number(from.dataset['col']);
    const above = (to: number) => {
      const stops = rows[to] ?? [];
      return stops.find(({ dataset }) => Number(dataset['col']) === column) ?? stops[0] ?? null;
    };
    switch (key) {
      case 'ArrowLeft':
        return row[row.indexOf(from) - 1] ?? null;
      case 'ArrowRight':
        return row[row.indexOf(from) + 1] ?? null;
      case 'ArrowUp':
        return above(at - 1);
      case 'ArrowDown':
        return above(at + 1);
      case 'Home':
        return (far ? rows[0]?.[0] : row[0]) ?? null;
      case 'End':
        return (far ? rows.at(-1)?.at(-1) : row.at(-1)) ?? null;
      default:
        return undefined;
    }
  }
}
