// What people do at a board, at random, with words that show what is lost and what is doubled.
import type { ID, Item } from '$protocol/board/item';
import type { Op } from '$protocol/board/op';
import type { Session, Typing } from '../../src/sync/types';

export class Person {
  /** Words typed into notes, each said by nobody else and only once. */
  readonly words = new Map<string, ID>();
  #typing: { readonly note: ID; readonly text: Typing } | undefined;

  constructor(
    readonly name: string,
    /** At which they sit; another after a reload. */
    public session: Session,
    protected readonly random: () => number,
    /** Takes back what they did, words too. */
    readonly undoes: boolean,
  ) {}

  /** Does something that people do. How many ops that are. */
  act(): number {
    const { session } = this;
    if (session.me === undefined) {
      return 0;
    }
    const notes = [...session.board.idsOf('note')];
    const note = this.#pick(notes);
    const dice = this.random();
    if (dice < 0.3) {
      return this.#type(this.#pick(notes.filter((id) => id.startsWith(this.name))));
    }
    if (dice < 0.36 && this.undoes) {
      return (dice < 0.34 ? session.undo.undo() : session.undo.redo()) ? 1 : 0;
    }
    const op = this.#op(note);
    if (op === undefined) {
      return 0;
    }
    const ops = this.random() < 0.1 ? [op, this.#op(note) ?? op] : [op];
    session.push(ops, this.random() < 0.05 ? { whole: true } : {});
    return ops.length;
  }

  /** Writes in a note of one's own: where two write in one, the merge may keep a word twice. */
  #type(note: ID | undefined): number {
    if (this.#typing !== undefined && this.random() < 0.3) {
      this.endTyping();
    }
    if (note === undefined) {
      return 0;
    }
    const { session } = this;
    this.#typing ??= { note, text: session.type(note, 'text', () => undefined) };
    const { note: into, text: typing } = this.#typing;
    const word = `<${this.name}.${this.words.size}>`;
    if (typing.text.length < 900) {
      this.words.set(word, into);
      typing.input(typing.text + word);
    }
    return 1;
  }

  #pick<T>(all: readonly T[]): T | undefined {
    return all[Math.floor(this.random() * all.length)];
  }

  #op(note: ID | undefined): Op | undefined {
    const place = (): number => Math.floor(this.random() * 10_000);
    const id = (): ID => `${this.name}${Math.floor(this.random() * 1e12).toString(36)}`;
    const dice = this.random();
    if (dice < 0.2 || note === undefined) {
      return {
        do: 'create',
        item: { type: 'note', id: id(), x: place(), y: place() },
      };
    }
    if (dice < 0.6) {
      return { do: 'move', moves: [[note, place(), place()]] };
    }
    if (dice < 0.7) {
      const group = this.#pick([...this.session.board.idsOf('group'), id()]) ?? id();
      return { do: 'group', notes: [note], group };
    }
    if (dice < 0.75) {
      return { do: 'ungroup', notes: [note] };
    }
    if (dice < 0.8) {
      return { do: 'delete', ids: [note] };
    }
    if (dice < 0.83) {
      const group = this.#pick([...this.session.board.idsOf('group')]);
      return group === undefined
        ? undefined
        : { do: 'edit', id: group, fields: { name: `Ryhmä ${Math.floor(this.random() * 9)}` } };
    }
    if (dice < 0.9) {
      return { do: 'edit', id: note, fields: { perspectiveId: this.random() < 0.5 ? 'p1' : null } };
    }
    if (dice < 0.95) {
      const vote = Math.floor(this.random() * 5);
      return { do: 'assess', service: 'v1', segment: 's1', criterion: 'timeliness', vote };
    }
    const level = this.random() < 0.1 ? 'closed' : 'open';
    return { do: 'lock', level };
  }

  endTyping(): void {
    this.#typing?.text.end();
    this.#typing = undefined;
  }

  /** Goes on at another session: what was being typed has gone with the old one. */
  moveTo(session: Session): void {
    this.#typing = undefined;
    this.session = session;
  }

  /** Words that are neither on the board nor kept as drafts, though their note is there. */
  lost(items: readonly Item[]): string[] {
    const texts = new Map(items.map((item) => [item.id, item.type === 'note' ? item.text : '']));
    const drafts = this.session.drafts
      .all()
      .map(({ text }) => text)
      .join(' ');
    return [...this.words]
      .filter(
        ([word, note]) =>
          texts.has(note) && !(texts.get(note) ?? '').includes(word) && !drafts.includes(word),
      )
      .map(([word]) => word);
  }
}

/**
 * Words that stand on a board more than once, but for those of people who take words back: what is taken back while another
 * deletes what stands beside it is kept, and a redo then says it again.
 */
export function doubled(items: readonly Item[], people: readonly Person[]): string[] {
  const again = people.filter(({ undoes }) => undoes).map(({ name }) => `<${name}.`);
  const seen = new Set<string>();
  const twice: string[] = [];
  for (const item of items) {
    for (const word of item.type === 'note' ? (item.text?.match(/<[\w.]+>/g) ?? []) : []) {
      if (seen.has(word) && !again.some((by) => word.startsWith(by))) {
        twice.push(word);
      }
      seen.add(word);
    }
  }
  return twice;
}
