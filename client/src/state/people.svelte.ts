// Who is on the board, and by which names.
import type { ID, Participant, Role } from '$protocol/board/item';
import type { Shown } from '$protocol/board/state';
import type { Person } from '$protocol/message';
import { Signal } from './signal.svelte';
import { t } from './locale.svelte';

export interface PersonView {
  readonly id: ID;
  readonly name: string;
  /** Two signs for a small tile: "1A" of "Pöytä 1 A". */
  readonly initials: string;
  readonly role: Role;
  readonly here: boolean;
  readonly you: boolean;
  readonly kind: Participant['kind'];
}

/** What the list needs of a session. */
export interface PeopleSource {
  readonly board: Shown;
  readonly people: ReadonlyMap<ID, Person>;
  readonly me: { readonly id: ID } | undefined;
}

export class People {
  readonly #source: PeopleSource;
  readonly #signal = new Signal();

  constructor(source: PeopleSource) {
    this.#source = source;
  }

  /** Somebody came, went, or changed their name. */
  changed(): void {
    this.#signal.changed();
  }

  /** Undefined for ids that nobody here goes by. */
  name(id: ID | undefined): string | undefined {
    this.#signal.read();
    if (id === undefined) return undefined;
    const { people, board } = this.#source;
    const name = people.get(id)?.name ?? board.itemOf(id, 'participant')?.name;
    return name === undefined ? undefined : name.trim() || t('people.nameless');
  }

  /** Those here first, by name; who reads this comes before all. Viewers are an audience, not people at work. */
  list(): PersonView[] {
    this.#signal.read();
    const { people, board, me } = this.#source;
    return [...people]
      .filter(([, { role }]) => role === 'participant' || role === 'facilitator')
      .map(([id, person]): PersonView => {
        const name = person.name.trim() || t('people.nameless');
        return {
          id,
          name,
          initials: initials(name),
          role: person.role,
          here: person.here > 0,
          you: id === me?.id,
          kind: board.itemOf(id, 'participant')?.kind,
        };
      })
      .sort(inListOrder);
  }

  /** How many are here. */
  count(): number {
    this.#signal.read();
    let here = 0;
    for (const { role, here: sockets } of this.#source.people.values()) {
      if (sockets > 0 && (role === 'participant' || role === 'facilitator')) here++;
    }
    return here;
  }

  /** How many notes the others have written that are not shown yet. */
  hidden(): number {
    this.#signal.read();
    let notes = 0;
    for (const [id, person] of this.#source.people) {
      if (id !== this.#source.me?.id) notes += person.hidden ?? 0;
    }
    return notes;
  }

  /** How many are here by a link. */
  byLink(link: ID): number {
    this.#signal.read();
    const { people, board } = this.#source;
    let here = 0;
    for (const [id, person] of people) {
      const by = person.link ?? board.itemOf(id, 'participant')?.link;
      if (person.here > 0 && by === link) here++;
    }
    return here;
  }
}

function inListOrder(a: PersonView, b: PersonView): number {
  if (a.you !== b.you) return a.you ? -1 : 1;
  if (a.here !== b.here) return a.here ? -1 : 1;
  return a.name.localeCompare(b.name, undefined, { numeric: true });
}

/** Two signs that tell tables, pairs and people apart: number and pair of a table, else the first letters of the ends. */
export function initials(name: string): string {
  const words = name.split(/[\s.,_-]+/).filter((word) => word !== '');
  const number = words.findIndex((word, i) => i > 0 && /^\d/.test(word));
  const first = (word = '') => Array.from(word)[0] ?? '';
  const pair = number > 0 ? words[number + 1] : undefined;
  if (number > 0 && pair !== undefined) return ((words[number] ?? '') + first(pair)).toUpperCase();
  if (number > 0) return (first(words[0]) + (words[number] ?? '')).toUpperCase();
  if (words.length === 1)
    return Array.from(words[0] ?? '')
      .slice(0, 2)
      .join('')
      .toUpperCase();
  return (first(words[0]) + first(words.at(-1))).toUpperCase();
}
