// Who moves or writes a note right now, as rows say it.
import { createContext } from 'svelte';
import type { ID } from '$protocol/board/item';
import type { Presence } from '$protocol/message';
import { t } from '../../state/locale.svelte';
import { presenceViews, previewMs, type Doing } from '../../state/presence';

/** What it needs of a session. */
export interface PresenceSource {
  readonly presence: ReadonlyMap<string, Presence>;
  on(event: 'presence', listener: (keys: ReadonlySet<string>) => void): () => void;
}

export class Doings {
  readonly #source: PresenceSource;
  readonly #name: (participant: ID) => string | undefined;
  readonly #doings = new Map<string, Doing>();
  #tags: ReadonlyMap<ID, string> = $state.raw(new Map());
  #stale: ReturnType<typeof setTimeout> | undefined;

  constructor(source: PresenceSource, name: (participant: ID) => string | undefined) {
    this.#source = source;
    this.#name = name;
  }

  /** "Pöytä 5 B kirjoittaa"; undefined while nobody does anything to the note. */
  tag(note: ID): string | undefined {
    return this.#tags.get(note);
  }

  /** Listens until what it returns is called. */
  watch(): () => void {
    const unhear = this.#source.on('presence', (keys) => this.#take(keys));
    this.#take(this.#source.presence.keys());
    return () => {
      unhear();
      clearTimeout(this.#stale);
    };
  }

  #take(keys: Iterable<string>): void {
    const seen = Date.now();
    for (const key of keys) {
      const presence = this.#source.presence.get(key);
      if (presence) this.#doings.set(key, { presence, seen });
      else this.#doings.delete(key);
    }
    this.#tell();
    clearTimeout(this.#stale);
    if ([...this.#doings.values()].some(({ presence }) => presence.drag?.length)) {
      this.#stale = setTimeout(() => this.#tell(), previewMs + 50);
    }
  }

  #tell(): void {
    const words = {
      name: (key: string) => this.#name(key.slice(0, key.indexOf('.'))) ?? t('people.nameless'),
      moving: (name: string) => t('note.moving', { name }),
      writing: (name: string) => t('note.writing', { name }),
    };
    const { notes } = presenceViews(this.#doings, words, 0, Date.now());
    const tags = new Map(notes.map(({ id, tag }) => [id, tag]));
    // Most of what is told is where cursors are: rows are not drawn again for that.
    if (!alike(tags, this.#tags)) this.#tags = tags;
  }
}

function alike(a: ReadonlyMap<ID, string>, b: ReadonlyMap<ID, string>): boolean {
  return a.size === b.size && [...a].every(([id, tag]) => b.get(id) === tag);
}

/** What others do to the notes of the lists below. */
export const [useDoings, provideDoings] = createContext<Doings>();
