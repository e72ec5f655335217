// The one equation: shown = confirmed + sent + waiting. Facts come from the server; what is sent or waiting is predicted on
// top of them, taken back when facts come, and predicted again. It costs what is pending and what is touched.
import { get, land, same, type Landed } from '$protocol/board/apply';
import type { Change, Refusal } from '$protocol/board/change';
import type { ID, Item } from '$protocol/board/item';
import type { Op } from '$protocol/board/op';
import type { may, predict } from '$protocol/board/predict';
import type { Me } from '$protocol/board/rights';
import { State, type Shown } from '$protocol/board/state';
import type { Changes } from '$protocol/message';

/** A push of this participant, made in this tab or in one that was closed. Its id is (client, n). */
export interface Outgoing {
  readonly client: string;
  readonly n: number;
  readonly ops: readonly Op[];
  readonly whole?: boolean;
  /** When it was made, ms by the server's clock: what is predicted of it does not change with the time. */
  readonly time: number;
  /** It takes another back, or that one's taking back. */
  readonly undo?: boolean;
}

/** What became of the shown board. */
export interface Shift {
  /** Items whose shown form changed, came or went. */
  readonly items: ReadonlySet<ID>;
  /** Items of which something else waits than before. */
  readonly waiting: ReadonlySet<ID>;
}

/** What may be done to the confirmed board. */
export interface Facts {
  /** Who we are. */
  be(me: Me): void;
  /** The whole board, as it is now. */
  replace(items: readonly Item[]): void;
  /** An entry, and what was there before. */
  land(entry: Changes): readonly Landed[];
  /** The push is confirmed, or refused: it is predicted no more. */
  settle(push: Outgoing): void;
  /** The push is predicted from now on, before all that was made after it. */
  resume(push: Outgoing): void;
}

/** Tells what ops would do, and what would refuse them. */
export interface Foresight {
  readonly may: typeof may;
  readonly predict: typeof predict;
}

interface Guess {
  readonly push: Outgoing;
  /** Where its prediction begins. */
  readonly mark: number;
  readonly landed: readonly Landed[];
  readonly refusals: readonly Refusal[];
}

const nothing: ReadonlySet<string> = new Set();

export class Replica {
  readonly #state = new State();
  #me: Me | undefined;
  #foresight: Foresight | undefined;
  /** In the order in which they are sent. */
  #guesses: Guess[] = [];
  #waiting = new Map<ID, Set<string>>();
  /** What was shown of the items that were touched, since the board lies bare: nothing on it is predicted. */
  #bare: Map<ID, Item | undefined> | null = null;
  readonly #facts: Facts = {
    be: (me) => {
      this.#lieBare();
      this.#me = me;
    },
    replace: (items) => {
      this.#lieBare();
      this.#replace(items);
    },
    land: (entry) => this.#come(entry) ?? this.#land(entry),
    settle: (push) => {
      if (this.#guesses.some((guess) => guess.push === push)) {
        this.#lieBare();
        this.#guesses = this.#guesses.filter((guess) => guess.push !== push);
      }
    },
    resume: (push) => {
      this.#lieBare();
      const at = this.#guesses.findIndex(({ push: other }) => before(push, other));
      const guess: Guess = { push, mark: 0, landed: [], refusals: [] };
      this.#guesses.splice(at < 0 ? this.#guesses.length : at, 0, guess);
    },
  };

  get board(): Shown {
    return this.#state;
  }

  get me(): Me | undefined {
    return this.#me;
  }

  /** From now on ops can be made here; before, none may be. */
  foresee(foresight: Foresight): void {
    this.#foresight = foresight;
  }

  /** Fields of an item that wait for their place in the order; "*": the item itself. */
  waiting(id: ID): ReadonlySet<string> {
    return this.#waiting.get(id) ?? nothing;
  }

  /**
   * Whether something that was written into an item, or its making, is on its way and will be refused as things stand: what
   * is shown of it is less than what its author wrote.
   */
  doubtful(id: ID): boolean {
    return this.#guesses.some(({ push, refusals }) =>
      refusals.some(({ op: i }) => {
        const op = push.ops[i];
        return (op?.do === 'text' && op.id === id) || (op?.do === 'create' && op.item.id === id);
      }),
    );
  }

  may(op: Op): Refusal | null {
    return this.#me === undefined || this.#foresight === undefined
      ? { op: 0, code: 'forbidden' }
      : this.#foresight.may(this.#state, this.#me, op);
  }

  /** The push that is shown on top of all. */
  get last(): Outgoing | undefined {
    return this.#guesses.at(-1)?.push;
  }

  /** What a pending push changed of what is shown. */
  landed(push: Outgoing): readonly Landed[] {
    return this.#guesses.find((guess) => guess.push === push)?.landed ?? [];
  }

  /** Shows a push on top of everything. */
  add(push: Outgoing): Shift {
    const mark = this.#state.mark();
    this.#guess(push);
    return this.#shift(new Map(), mark);
  }

  /** Shows other ops in the place of the last push. */
  amend(last: Outgoing, push: Outgoing): Shift {
    const guess = this.#guesses.at(-1);
    if (guess?.push !== last) {
      throw new Error('only the last push can be amended');
    }
    const before = this.#shown(guess.mark);
    this.#state.rollback(guess.mark);
    this.#guesses.pop();
    this.#guess(push);
    return this.#shift(before, guess.mark);
  }

  /**
   * Takes back what is predicted, lets the facts land, and predicts again; but for facts that come as predicted. Nothing
   * else writes the confirmed board.
   */
  rebase(work: (facts: Facts) => void): Shift {
    work(this.#facts);
    const before = this.#bare;
    if (before === null) {
      return this.#shift(new Map(), this.#state.mark());
    }
    this.#bare = null;
    addMissing(before, this.#state.touched(0));
    this.#state.keep();
    const guesses = this.#guesses;
    this.#guesses = [];
    for (const { push } of guesses) {
      this.#guess(push);
    }
    return this.#shift(before, 0);
  }

  /** Takes back what is predicted, if that is not done already. */
  #lieBare(): void {
    if (this.#bare === null) {
      this.#bare = this.#shown(0);
      this.#state.rollback(0);
    }
  }

  /** An entry that is exactly what was predicted of the first push is confirmed as it is shown. */
  #come(entry: Changes): readonly Landed[] | undefined {
    const [first, next] = this.#guesses;
    if (
      this.#bare !== null ||
      first?.push.n !== entry.n ||
      first.push.client !== entry.client ||
      this.#me?.id !== entry.by ||
      !same(
        first.landed.map(({ change }) => change),
        entry.changes,
      )
    ) {
      return undefined;
    }
    const end = next?.mark ?? this.#state.mark();
    this.#state.keep(end);
    this.#guesses = this.#guesses.slice(1).map((guess) => ({ ...guess, mark: guess.mark - end }));
    return first.landed;
  }

  /** What is shown of the items touched since a mark. */
  #shown(mark: number): Map<ID, Item | undefined> {
    const shown = this.#state.touched(mark);
    for (const id of shown.keys()) {
      shown.set(id, this.#state.item(id));
    }
    return shown;
  }

  /** How what is shown differs from what was shown before; of items touched since the mark only, that is as at the mark. */
  #shift(before: Map<ID, Item | undefined>, mark: number): Shift {
    addMissing(before, this.#state.touched(mark));
    return { items: this.#changed(before), waiting: this.#settleWaiting() };
  }

  #changed(before: ReadonlyMap<ID, Item | undefined>): ReadonlySet<ID> {
    const changed = new Set<ID>();
    for (const [id, item] of before) {
      const now = this.#state.item(id);
      if (now === item) {
        continue;
      }
      if (item !== undefined && same(item, now)) {
        this.#state.reinstate(item);
      } else {
        changed.add(id);
      }
    }
    return changed;
  }

  #settleWaiting(): ReadonlySet<ID> {
    if (this.#guesses.length === 0 && this.#waiting.size === 0) {
      return nothing;
    }
    const next = new Map<ID, Set<string>>();
    for (const { landed } of this.#guesses) {
      for (const { change } of landed) {
        const { id, fields } = touches(change);
        const all = next.get(id);
        if (all === undefined) {
          next.set(id, new Set(fields));
        } else {
          fields.forEach((field) => all.add(field));
        }
      }
    }
    const changed = new Set<ID>();
    for (const [id, fields] of next) {
      if (!sameSet(fields, this.waiting(id))) {
        changed.add(id);
      }
    }
    for (const id of this.#waiting.keys()) {
      if (!next.has(id)) {
        changed.add(id);
      }
    }
    this.#waiting = next;
    return changed;
  }

  #replace(items: readonly Item[]): void {
    const state = this.#state;
    const ids = new Set(items.map(({ id }) => id));
    for (const { id } of [...state.items()]) {
      if (!ids.has(id)) {
        state.set(id, undefined);
        state.bury(id);
      }
    }
    for (const item of items) {
      if (!same(state.item(item.id), item)) {
        land(state, { put: item }, '');
      }
    }
  }

  #land(entry: Changes): readonly Landed[] {
    this.#lieBare();
    return entry.changes.map((change) => {
      const landed = land(this.#state, change, entry.by);
      this.#own(landed);
      return landed;
    });
  }

  /** A note of ours that is shown to all without its author stays ours. */
  #own({ change, before }: Landed): void {
    const me = this.#me;
    if (me === undefined || !('put' in change) || before?.type !== 'note') {
      return;
    }
    if (before.authorId === me.id && get(change.put, 'authorId') === undefined) {
      this.#me = { ...me, mine: new Set([...me.mine, before.id]) };
    }
  }

  #guess(push: Outgoing): void {
    const mark = this.#state.mark();
    const { landed, refusals } =
      this.#me === undefined || this.#foresight === undefined
        ? { landed: [], refusals: [] }
        : this.#foresight.predict(this.#state, this.#me, push, push.time);
    this.#guesses.push({ push, mark, landed, refusals });
  }
}

/** Whether a push was made before another. */
function before(a: Outgoing, b: Outgoing): boolean {
  return a.client === b.client ? a.n < b.n : a.time < b.time;
}

function addMissing(
  before: Map<ID, Item | undefined>,
  more: ReadonlyMap<ID, Item | undefined>,
): void {
  for (const [id, item] of more) {
    if (!before.has(id)) {
      before.set(id, item);
    }
  }
}

function touches(change: Change): { readonly id: ID; readonly fields: readonly string[] } {
  if ('put' in change) {
    return { id: change.put.id, fields: ['*'] };
  }
  if ('remove' in change) {
    return { id: change.remove, fields: ['*'] };
  }
  const { id, ...fields } = change.set;
  return { id, fields: Object.keys(fields) };
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((one) => b.has(one));
}
