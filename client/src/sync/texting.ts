// Stretches of typing: what is typed goes out as text ops, what others write meanwhile comes into the editor.
import { withFields } from '$protocol/board/apply';
import type { Refusal } from '$protocol/board/change';
import type { ID, Item } from '$protocol/board/item';
import type { Op } from '$protocol/board/op';
import { cleanLine, cleanText, difference, mergeText } from '$protocol/board/text';
import type { Timers } from './surroundings';
import type { Draft, TextListener, Typing } from './types';

/** The longest that typed text stays in the editor only. */
const sendInterval = 400;
/** After such a pause, what is typed is undone by itself. */
const undoPause = 3_000;

export type TextOp = Extract<Op, { do: 'text' }>;

export type RefusedDraft = Draft & { readonly refused: Refusal };

/** What a stretch of typing needs of its session. */
export interface Desk extends Timers {
  /** The text as it is shown; undefined if the item is gone. */
  shown(id: ID, field: string): string | undefined;
  may(op: TextOp): Refusal | null;
  /** What is shown of the item is less than what was written into it, for now. */
  doubtful(id: ID): boolean;
  /** Sends it; what has the same key is undone together. Returns the n of its push. */
  write(op: TextOp, key: string): number;
  keep(draft: Draft): void;
  drop(key: string): void;
  /** Keeps the draft, and tells that what it holds did not happen. */
  refuse(draft: RefusedDraft): void;
  ended(stretch: Stretch): void;
}

export class Stretch implements Typing {
  #text: string;
  /** The text as its author last saw it shown: what the next op is from. */
  #base: string;
  #composing = false;
  /** Why it goes no further: from then on the text is its author's draft. */
  #refused: Refusal | null = null;
  /** The item it was to be written into, if that was refused. */
  #unmade: Item | undefined;
  /** The server has said from where on nothing happened. */
  #told = false;
  readonly #pushes = new Set<number>();
  #cancel: (() => void) | null = null;
  #typed = 0;
  #part = 0;

  constructor(
    private readonly key: string,
    readonly id: ID,
    readonly field: string,
    /** The field takes one line. */
    private readonly line: boolean,
    private readonly listener: TextListener,
    private readonly desk: Desk,
  ) {
    this.#base = desk.shown(id, field) ?? '';
    this.#text = this.#base;
  }

  get text(): string {
    return this.#text;
  }

  /** It goes no further: what is typed is kept as a draft. */
  get refused(): boolean {
    return this.#refused !== null;
  }

  input(text: string): void {
    this.#text = text;
    const now = this.desk.now();
    this.#part += now - this.#typed > undoPause ? 1 : 0;
    this.#typed = now;
    if (this.#refused !== null) {
      this.desk.keep({ ...this.#draft(), refused: this.#refused });
    } else if (this.#op().to !== this.#base) {
      this.desk.keep(this.#draft());
      this.#cancel ??= this.desk.after(sendInterval, () => this.flush());
    }
  }

  compose(on: boolean): void {
    this.#composing = on;
    if (!on) {
      this.refresh();
    }
  }

  end(): void {
    this.flush(true);
    this.#cancel?.();
    this.desk.ended(this);
  }

  /** Sends what is typed. A text that is too long stays, to be shortened; in the end it is told. */
  flush(last = false): void {
    this.#cancel?.();
    this.#cancel = null;
    const op = this.#op();
    if (this.#refused !== null) {
      return;
    }
    if (op.to === op.from) {
      this.desk.drop(this.key);
      return;
    }
    const no = this.desk.may(op);
    if (no === null) {
      this.#base = op.to;
      this.desk.drop(this.key);
      this.#pushes.add(this.desk.write(op, `${this.key} ${this.#part}`));
    } else if (no.code !== 'too_long' || last) {
      this.#giveUp(no);
    }
  }

  /** The board changed: what others wrote comes into the editor. */
  refresh(): void {
    // While it is in doubt what happens to what was written, the editor keeps it.
    if (this.#composing || this.#refused !== null || this.desk.doubtful(this.id)) {
      return;
    }
    const shown = this.desk.shown(this.id, this.field);
    if (shown === undefined) {
      this.#giveUp({ op: 0, code: 'gone', reason: { id: this.id } });
      return;
    }
    if (shown === this.#base) {
      return;
    }
    const before = this.#text;
    this.#text = mergeText(this.#base, before, shown);
    this.#base = shown;
    if (this.#text !== before) {
      this.listener(this.#text, mover(before, this.#text));
    }
  }

  /** Whether it wrote what was pushed as n. */
  wrote(n: number): boolean {
    return this.#pushes.has(n);
  }

  /**
   * The server refused what was typed on top of a text: all of it since then stays, as the draft that is returned. None if
   * that is told already, or if there is nothing to keep. With an item, that is what was not made: it is needed as well.
   */
  refuse(no: Refusal, from: string, item?: Item): RefusedDraft | undefined {
    if (this.#told) {
      return undefined;
    }
    this.#told = true;
    const known = this.#refused !== null;
    const draft = this.#stop(no, from, item);
    if (known && draft !== undefined) {
      this.desk.keep(draft);
      return undefined;
    }
    return draft;
  }

  #stop(no: Refusal, from: string, item?: Item): RefusedDraft | undefined {
    this.#cancel?.();
    this.#cancel = null;
    this.#refused = no;
    this.#base = from;
    this.#unmade = item;
    const draft = this.#draft();
    return clean(draft.text, this.line) === from ? undefined : { ...draft, refused: no };
  }

  #giveUp(no: Refusal): void {
    const draft = this.#stop(no, this.#base);
    if (draft !== undefined) {
      this.desk.refuse(draft);
    }
  }

  #op(): TextOp {
    const { id, field } = this;
    return { do: 'text', id, field, from: this.#base, to: clean(this.#text, this.line) };
  }

  #draft(): Draft {
    const op = this.#op();
    return {
      key: this.key,
      item: this.id,
      field: this.field,
      from: this.#base,
      text: this.#text,
      time: this.desk.now(),
      op: this.#unmade === undefined ? op : written(this.#unmade, op),
    };
  }
}

/** Makes an item with the text that was to be written into it. */
export function written(item: Item, { field, to }: TextOp): Op {
  return { do: 'create', item: withFields(item, { [field]: to }) };
}

function clean(text: string, line: boolean): string {
  return line ? cleanLine(text.normalize('NFC')) : cleanText(text.normalize('NFC'));
}

/** Where an offset (UTF-16) in a text lies after it became another. */
function mover(before: string, after: string): (offset: number) => number {
  const runes = Array.from(before);
  const { start, end, inserted } = difference(runes, Array.from(after));
  const from = runes.slice(0, start).join('').length;
  const to = runes.slice(0, end).join('').length;
  const grown = inserted.join('').length;
  return (offset) => {
    if (offset <= from) {
      return offset;
    }
    return offset >= to ? offset + grown - (to - from) : from + grown;
  };
}
