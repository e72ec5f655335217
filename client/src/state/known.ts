// The boards that this browser knows: their keys, who its reader is on each of them, and what they were called.
import type { Board, ID, Role } from '$protocol/board/item';
import { makeSecret } from '../sync/ids';
import { readJSON, type Store } from './storage';

/** What of a board's sheet helps to find it among others. */
export type About = Pick<Board, 'stage' | 'targetGroup' | 'tags'>;

/** A board as this browser remembers it. */
export interface Known {
  readonly id: ID;
  readonly title: string;
  readonly about?: About;
  readonly role: Role;
  readonly key: string;
  /** 128 random bits: who we are on this board; shown to nobody but the server. */
  readonly me: string;
  /** The name its reader goes by there. */
  readonly name?: string;
  /** Was asked on which side they are, and did not say. */
  readonly sideless?: boolean;
  /** The key that the address bar shows, which others may have. */
  readonly shared?: string;
  /** It was made here, and the link that steers it is kept nowhere else yet. */
  readonly unkept?: boolean;
  /** ms since 1970. */
  readonly opened: number;
  /** Taken off the list of recent boards; keys stay. */
  readonly unlisted?: boolean;
}

const prefix = 'jana.board.';

function isKnown(value: unknown): value is Known {
  if (typeof value !== 'object' || value === null) return false;
  const { id, title, role, key, me, opened } = value as Partial<Record<keyof Known, unknown>>;
  return (
    [id, title, role, key, me].every((text) => typeof text === 'string') &&
    typeof opened === 'number'
  );
}

/** The boards known to one browser. Every tab reads and writes the same store, so nothing is kept in between. */
export class KnownBoards {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  get(id: ID): Known | undefined {
    return readJSON(this.#store, prefix + id, isKnown);
  }

  put(known: Known): void {
    this.#store.write(prefix + known.id, JSON.stringify(known));
  }

  /** Changes what is remembered of a board; nothing when it is not known. */
  change(id: ID, fields: Partial<Omit<Known, 'id'>>): void {
    const known = this.get(id);
    if (known) this.put({ ...known, ...fields });
  }

  remove(id: ID): void {
    this.#store.remove(prefix + id);
  }

  /** Listed boards, the one opened last first. */
  recent(): Known[] {
    return this.#store
      .keys()
      .filter((key) => key.startsWith(prefix))
      .map((key) => readJSON(this.#store, key, isKnown))
      .filter((known) => known !== undefined)
      .filter((known) => known.unlisted !== true)
      .sort((a, b) => b.opened - a.opened);
  }
}

/** What is to be remembered of a board's settings; undefined when it is remembered already. */
export function noted(
  known: Known,
  { title, stage, targetGroup, tags }: Board,
): Partial<Known> | undefined {
  const about: About = {
    ...(stage && { stage }),
    ...(targetGroup && { targetGroup }),
    ...(tags && { tags }),
  };
  const alike = JSON.stringify(about) === JSON.stringify(known.about ?? {});
  return alike && title === known.title ? undefined : { title, about };
}

/** A new `me`: 128 random bits. */
export function randomSecret(): string {
  return makeSecret((bytes) => crypto.getRandomValues(bytes));
}

/** With which key a board is opened, and what is remembered of it before the server has said anything. */
export interface Entrance {
  readonly key: string;
  readonly known: Known;
}

/**
 * Who enters: the key of the address, or the one remembered. The address bar shows a key that is safe to share, so
 * meeting that one again means our own; any other key in an address is one that somebody gave us, and is used as it is.
 * Undefined when there is no key at all.
 */
export function enter(
  known: Known | undefined,
  id: ID,
  fragment: string,
  now: number,
): Entrance | undefined {
  const given = fragment !== '' && fragment !== known?.shared ? fragment : undefined;
  const key = given ?? known?.key;
  if (key === undefined) return undefined;
  const base: Known = known ?? {
    id,
    title: '',
    role: 'viewer',
    key,
    me: randomSecret(),
    opened: now,
  };
  return { key, known: base };
}

const rank: Readonly<Record<Role, number>> = {
  visitor: 0,
  viewer: 1,
  participant: 2,
  facilitator: 3,
};

/** What to remember once the server has said what a key may: the key that may most stays. */
export function welcomed(known: Known, key: string, role: Role, title: string, now: number): Known {
  const better = key === known.key || rank[role] >= rank[known.role];
  const { unlisted: _, ...rest } = known;
  return { ...rest, title, opened: now, ...(better ? { key, role } : {}) };
}
