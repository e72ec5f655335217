// What is read aloud to those who do not see the board: one sentence at a time, and what others do only in sums.
import type { ID } from '$protocol/board/item';
import { t } from './locale.svelte';

/** Changes of others are told together, at most this often. ms */
const sumMs = 10_000;

export class Live {
  #text = $state('');
  readonly #changed = new Set<ID>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** What stands in the page's one live region. */
  get text(): string {
    return this.#text;
  }

  say(text: string): void {
    // A region that is told the same again stays silent: a no-break space makes it another text.
    this.#text = text === this.#text ? `${text}\u00a0` : text;
  }

  /** Others changed notes: told as a number, when it has been quiet for a while. */
  others(notes: Iterable<ID>): void {
    for (const id of notes) this.#changed.add(id);
    if (this.#changed.size === 0) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.say(t('live.others', { n: this.#changed.size }));
      this.#changed.clear();
    }, sumMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
