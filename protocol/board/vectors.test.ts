// The judge of the twins: every vector, as vector_test.go reads it. The facts land exactly; for each author, who holds what
// they may see, the predictions are the facts but for what a browser cannot know, which stands here; refusals are the same.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { changedID, land } from './apply';
import type { Change, Refusal } from './change';
import type { ID, Item, Role } from './item';
import type { Op } from './op';
import { may, predict } from './predict';
import type { Me } from './rights';
import { State } from './state';

interface Items {
  readonly items: readonly Item[];
  /** Of items that are not for everyone: who sees them. */
  readonly hidden?: Readonly<Record<ID, readonly string[]>>;
}

/** A change as it is stored: with whom it is for, and the owner of a note that names no author. */
type Stored = Change & { readonly to?: readonly string[]; readonly owner?: ID };

interface Entry {
  readonly by: ID;
  readonly role: Role;
  readonly link?: ID;
  readonly time?: number;
  readonly whole?: boolean;
  readonly ops: readonly Op[];
  readonly changes: readonly Stored[] | null;
  readonly refused?: readonly Refusal[];
  readonly duplicate?: boolean;
}

interface Vector {
  readonly before: Items;
  readonly entries: readonly Entry[];
  readonly after: Items;
}

const folder = new URL('./vectors/', import.meta.url);
const vectors = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name): [string, Vector] => [
    name.slice(0, -'.json'.length),
    JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Vector,
  ]);

/** What of the facts of an op no browser can know: drop gives what is left of a change, null for nothing. */
const unknown: Readonly<Partial<Record<Op['do'], (change: Change) => Change | null>>> = {
  // A hash takes what others may not see, and a milestone the seq of the entry.
  freeze: (change) => without(change, /^milestones\/|^frozen$/),
  blank: (change) => without(change, /^frozen\/hash$/),
  milestone: (change) => without(change, /^milestones\//),
  // What was hidden, and what stood there once, comes with the facts.
  reveal: (change) => ('put' in change ? null : change),
  rewind: () => null,
};

/** Entries that turn on what their author is not shown. */
const unseen: Readonly<Record<string, string>> = {
  'a-closed-link-may-nothing 4': 'a link that is not on the board',
  'blank-erases-a-deleted-note-too 2': 'a blank of what is deleted already',
  'blank-of-a-group-erases-the-name-of-its-segment-too 2': 'a blank of what is deleted already',
  'feedback-of-a-visitor-waits-for-a-facilitator 0': 'what visitors send by HTTP',
  'feedback-of-a-visitor-waits-for-a-facilitator 1': 'what visitors send by HTTP',
  'feedback-of-a-visitor-waits-for-a-facilitator 2': 'what visitors send by HTTP',
  'private-notes-are-their-authors-until-revealed 4': 'a hidden note on top',
  'private-notes-block-their-id 1': 'the id of a hidden note',
  'rewind-does-not-bring-an-erased-text-back 1': 'the changes of a rewind',
  'rewind-with-one-unsound-change-changes-nothing 0': 'the changes of a rewind',
  'rewind-with-one-unsound-change-changes-nothing 1': 'the changes of a rewind',
  'join-puts-a-participant-once 0': 'an op of the server',
  'join-puts-a-participant-once 1': 'an op of the server',
  'join-puts-a-participant-once 2': 'an op of the server',
  'join-puts-a-participant-once 3': 'an op of the server',
  'join-without-a-name-is-named-by-role 0': 'an op of the server',
  'join-without-a-name-is-named-by-role 1': 'an op of the server',
  'join-without-a-name-is-named-by-role 2': 'an op of the server',
  'join-without-a-name-is-named-by-role 3': 'an op of the server',
};

/** Ops that the types rule out. */
const unsayable: Readonly<Record<string, readonly number[]>> = {
  'an-op-of-no-known-form-keeps-its-place 0': [0, 2, 3],
  'assess-of-what-is-no-score-is-refused 5': [0],
  'move-with-numbers-that-are-none-is-refused 0': [0],
  'move-with-numbers-that-are-none-is-refused 1': [0],
  'move-with-numbers-that-are-none-is-refused 2': [0],
  'move-with-numbers-that-are-none-is-refused 4': [0],
};

describe('vectors', () => {
  it('are there', () => {
    expect(vectors.length).toBeGreaterThan(50);
  });

  it.each(vectors)('%s', (name, vector) => {
    const viewers = new Map<string, Viewer>();
    for (const entry of vector.entries) {
      const key = `${entry.by} ${entry.role}`;
      viewers.set(key, viewers.get(key) ?? new Viewer(entry, vector.before));
    }
    const all = new Viewer(null, vector.before);
    for (const [i, entry] of vector.entries.entries()) {
      const viewer = viewers.get(`${entry.by} ${entry.role}`);
      const place = `${name} ${i}`;
      if (entry.duplicate !== true && !Object.hasOwn(unseen, place)) {
        viewer?.predicts(entry, unsayable[place] ?? [], entry.time ?? 1_000_001 + i);
      }
      for (const each of [...viewers.values(), all]) {
        each.lands(entry);
      }
    }
    for (const each of [...viewers.values(), all]) {
      expect(each.items()).toEqual(
        vector.after.items.filter((item) => each.sees(vector.after.hidden?.[item.id])),
      );
    }
  });
});

/** A browser of one participant; null sees all. */
class Viewer {
  readonly #board = new State();
  readonly #mine = new Set<ID>();
  readonly #me: { readonly id: ID; readonly role: Role } | null;

  constructor(who: Entry | null, before: Items) {
    this.#me = who && { id: who.by, role: who.role };
    for (const item of before.items) {
      if (this.sees(before.hidden?.[item.id])) {
        land(this.#board, { put: item }, '');
      }
    }
    this.#board.keep();
  }

  sees(to: readonly string[] | undefined): boolean {
    const me = this.#me;
    return (
      to === undefined ||
      me === null ||
      to.includes(me.id) ||
      (me.role === 'facilitator' && to.includes('facilitators'))
    );
  }

  predicts(entry: Entry, unsaid: readonly number[], time: number): void {
    const me: Me = {
      id: entry.by,
      role: entry.role,
      mine: this.#mine,
      ...(entry.link === undefined ? {} : { link: entry.link }),
    };
    const ops = entry.ops.filter((_, i) => !unsaid.includes(i));
    const refused = (entry.refused ?? [])
      .filter(({ op }) => !unsaid.includes(op))
      .map((no) => ({ ...no, op: no.op - unsaid.filter((i) => i < no.op).length }));
    const push = entry.whole === undefined ? { ops } : { ops, whole: entry.whole };
    const got = predict(this.#board, me, push, time);
    this.#board.rollback(0);
    expect({
      changes: known(
        ops,
        got.landed.map(({ change }) => change),
      ),
      refused: got.refusals,
    }).toEqual({
      changes: known(ops, entry.changes ?? []),
      refused,
    });
    const [op] = ops;
    if (op !== undefined && ops.length === 1) {
      expect(may(this.#board, me, op)?.code).toBe(refused[0]?.code);
      expect(this.#board.mark(), 'may leaves nothing behind').toBe(0);
    }
  }

  lands(entry: Entry): void {
    for (const { to, owner, ...change } of entry.changes ?? []) {
      if (this.sees(to)) {
        land(this.#board, change, entry.by);
        if (owner !== undefined && owner === this.#me?.id) {
          this.#mine.add(changedID(change));
        }
      }
    }
    this.#board.keep();
  }

  items(): Item[] {
    const key = ({ type, id }: Item): string => `${type} ${id}`;
    return [...this.#board.items()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  }
}

/** The changes without what no browser can know of these ops, and without whom they are for. */
function known(ops: readonly Op[], changes: readonly Stored[]): Change[] {
  return changes.flatMap(({ to: _, owner: __, ...stored }) => {
    let change: Change | null = stored;
    for (const op of ops) {
      change = change && (unknown[op.do]?.(change) ?? (unknown[op.do] ? null : change));
    }
    return change === null ? [] : [change];
  });
}

function without(change: Change, fields: RegExp): Change | null {
  if (!('set' in change)) {
    return change;
  }
  const kept = Object.entries(change.set).filter(([name]) => !fields.test(name));
  return kept.length > 1 ? ({ set: Object.fromEntries(kept) } as Change) : null;
}
