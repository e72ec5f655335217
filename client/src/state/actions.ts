// What a reader can do to the board, as verbs: each becomes ops of one push, and tells at once what would be refused.
import type { Axis, ID, Item, LockLevel, Note, Phase, Side } from '$protocol/board/item';
import { limits } from '$protocol/board/item';
import type { Op } from '$protocol/board/op';
import type { Right } from '$protocol/board/rights';
import { value10, whole10, xOf10 } from '$protocol/board/value';
import { makeID } from '../sync/ids';
import type { PushOptions } from '../sync/types';
import type { BoardState } from './board.svelte';
import type { Line } from './list';
import { t } from './locale.svelte';
import { copyOf, narrowed, subjects } from './ops';
import { freeSpots, Rows, type Spot } from './places';

export function newID(): ID {
  return makeID((bytes) => crypto.getRandomValues(bytes));
}

/** As many as a frame holds the ids of. */
const cellsPerPush = 500;

export type Shift = readonly [id: ID, x: number, y: number];

export class Actions {
  readonly #state: BoardState;

  constructor(state: BoardState) {
    this.#state = state;
  }

  /**
   * Sends what may be of an op, and tells why the rest may not. Returns the items that it was sent for; undefined when
   * nothing was.
   */
  attempt(op: Op, options?: PushOptions): readonly ID[] | undefined {
    const { session } = this.#state;
    const all = subjects(op);
    const whole = session.may(op);
    if (whole === null) {
      session.push([op], options);
      return all;
    }
    const able = all.filter(
      (id) => all.length > 1 && session.may(narrowed(op, new Set([id]))) === null,
    );
    const unable = all.filter((id) => !able.includes(id));
    this.#state.refuse(op, whole, unable, true);
    if (able.length === 0) return undefined;
    session.push([narrowed(op, new Set(able))], options);
    return able;
  }

  move(moves: readonly Shift[]): boolean {
    const sent = this.attempt({ do: 'move', moves });
    if (sent) this.#tellPlace(moves.filter(([id]) => sent.includes(id)));
    return sent !== undefined;
  }

  /** Gives notes a value in tenths. A parked note goes to its lane, any other keeps its row. */
  setValue(ids: readonly ID[], tenths: number): boolean {
    const axis = this.#axis();
    if (!axis) return false;
    const rows = new Rows(this.#state.session.board, axis);
    return this.move(
      this.#notes(ids).map((note): Shift => {
        const parked = value10(axis, note.x, note.y) === null;
        const { x, y } = parked
          ? rows.at(tenths, note.perspectiveId, note.id)
          : { x: xOf10(axis, tenths), y: note.y };
        return [note.id, x, y];
      }),
    );
  }

  park(ids: readonly ID[]): boolean {
    const axis = this.#axis();
    if (!axis) return false;
    const rows = new Rows(this.#state.session.board, axis);
    return this.move(
      ids.map((id): Shift => {
        const { x, y } = rows.parked();
        return [id, x, y];
      }),
    );
  }

  /** Puts notes into a group, or into a new one. Returns the group. */
  group(notes: readonly ID[], into?: ID): ID | undefined {
    const group = into ?? newID();
    const sent = this.attempt({ do: 'group', notes, group });
    if (!sent) return undefined;
    const name = this.#state.groups.get(group)?.name;
    this.#state.live.say(
      t('live.grouped', { n: sent.length, name: name || t('group.unnamedTitle') }),
    );
    return group;
  }

  ungroup(notes: readonly ID[]): void {
    const grouped = this.#notes(notes).filter(({ groupId }) => groupId !== undefined);
    const sent = this.attempt({ do: 'ungroup', notes: grouped.map(({ id }) => id) });
    if (sent) this.#state.live.say(t('live.ungrouped', { n: sent.length }));
  }

  remove(notes: readonly ID[]): void {
    const sent = this.attempt({ do: 'delete', ids: notes });
    if (sent) this.#done(t('live.deleted', { n: sent.length }));
  }

  /** Takes a group apart: its notes stay. */
  dissolve(group: ID): void {
    this.attempt({ do: 'delete', ids: [group] });
  }

  setPerspective(notes: readonly ID[], perspectiveId: ID): void {
    for (const id of notes) this.attempt({ do: 'edit', id, fields: { perspectiveId } });
  }

  /** Says whether notes are what customers have said, or what others say of them. */
  setQuote(notes: readonly ID[], quote: boolean): void {
    for (const id of notes) {
      this.attempt({ do: 'edit', id, fields: { kind: quote ? 'quote' : null } });
    }
  }

  /** Makes a note with a text. Without a spot it is parked, or lies under the others on a free board. */
  make(text: string, perspective: ID | undefined, tenths?: number): void {
    this.makeAll([{ text, ...(tenths === undefined ? {} : { tenths }) }], perspective);
  }

  makeAll(lines: readonly Line[], perspective: ID | undefined): void {
    const axis = this.#axis();
    const rows = axis && new Rows(this.#state.session.board, axis);
    const free = rows ? [] : freeSpots(this.#state.session.board.ofType('note'), lines.length);
    const spot = ({ tenths }: Line, i: number): Spot => {
      if (!rows) return free[i] ?? { x: 0, y: 0 };
      return tenths === undefined ? rows.parked() : rows.at(tenths, perspective);
    };
    this.#create(
      lines.map((line, i): Item => ({
        type: 'note',
        id: newID(),
        text: line.text,
        ...spot(line, i),
        ...(perspective === undefined ? {} : { perspectiveId: perspective }),
      })),
    );
  }

  /** Makes notes like these beside them; in their groups, where that may be. Returns the new ones. */
  duplicate(ids: readonly ID[]): readonly ID[] {
    return this.pasteNotes(this.#notes(ids));
  }

  pasteNotes(notes: readonly Note[]): readonly ID[] {
    const axis = this.#axis();
    const rows = axis && new Rows(this.#state.session.board, axis);
    const copies = notes.map((note) => {
      const placed = axis && rows && value10(axis, note.x, note.y) !== null;
      const { x, y } = placed
        ? rows.atX(note.x, note.perspectiveId)
        : rows
          ? rows.parked()
          : { x: note.x + 40, y: note.y + 40 };
      return { from: note, item: copyOf(note, newID(), x, y) };
    });
    const joins = copies.flatMap(({ from, item }): Op[] =>
      from.groupId !== undefined && this.#state.groups.get(from.groupId)
        ? [{ do: 'group', notes: [item.id], group: from.groupId }]
        : [],
    );
    const made = this.#create(
      copies.map(({ item }) => item),
      this.#state.can.group ? joins : [],
    );
    return made ? copies.map(({ item }) => item.id) : [];
  }

  /** Repeats what a freeze refused a facilitator, in one go with thawing and freezing again: nobody gets in between. */
  correct(ops: readonly Op[], segment: ID): void {
    const frozen = this.#state.session.board.itemOf(segment, 'segment')?.frozen;
    if (!frozen) return;
    this.#state.session.push(
      [
        { do: 'unfreeze', segments: [segment] },
        ...ops,
        { do: 'freeze', segments: [segment], texts: frozen.texts },
      ],
      { whole: true },
    );
  }

  pin(ids: readonly ID[], on: boolean): void {
    this.attempt({ do: 'pin', ids, on });
  }

  nameGroup(id: ID, name: string): void {
    const now = this.#state.session.board.itemOf(id, 'group')?.name ?? '';
    const next = name.trim();
    if (next !== now) this.attempt({ do: 'edit', id, fields: { name: next === '' ? null : next } });
  }

  undo(): void {
    const { session, live } = this.#state;
    live.say(session.undo.undo() ? t('undo.undone') : t('undo.nothing'));
  }

  redo(): void {
    if (this.#state.session.undo.redo()) this.#state.live.say(t('undo.redone'));
  }

  phase(to: Phase): void {
    this.attempt({ do: 'phase', to });
  }

  rights(rights: Readonly<Partial<Record<Right, string>>>): void {
    this.attempt({ do: 'rights', rights });
  }

  lock(level: LockLevel): void {
    this.attempt({ do: 'lock', level }, { undoable: false });
  }

  freeze(segments: readonly ID[], texts: boolean): void {
    this.attempt({ do: 'freeze', segments, texts }, { undoable: false });
  }

  unfreeze(segments: readonly ID[]): void {
    this.attempt({ do: 'unfreeze', segments }, { undoable: false });
  }

  writePrivately(on: boolean): void {
    this.attempt({ do: 'private', on });
  }

  /** Shows all that was written in peace, and ends it. */
  reveal(): void {
    const { session, toast } = this.#state;
    session.push([{ do: 'reveal' }], { undoable: false });
    toast.show(t('private.done'));
  }

  /** Does what was proposed, or not. */
  decide(proposal: ID, accept: boolean): void {
    this.attempt({ do: 'decide', proposal, accept }, { undoable: false });
  }

  milestone(name: string): void {
    if (this.attempt({ do: 'milestone', name }, { undoable: false })) {
      this.#state.toast.show(t('snap.done', { name }));
    }
  }

  /**
   * Ends a round: keeps the board under a name and empties the cells for who assesses anew. The milestone goes first, in a
   * push of its own, for it holds the board as its push leaves it.
   */
  round(name: string): void {
    const { session, live, toast } = this.#state;
    if (!this.attempt({ do: 'milestone', name }, { undoable: false })) return;
    const cells = [...session.board.idsOf('assessment')];
    for (let i = 0; i < cells.length; i += cellsPerPush) {
      this.attempt({ do: 'delete', ids: cells.slice(i, i + cellsPerPush) });
    }
    const done = t('round.begun', { name });
    live.say(done);
    toast.show(done);
  }

  rewind(milestone: ID): void {
    this.attempt({ do: 'rewind', milestone });
  }

  /** Erases a text for everyone, history included. */
  blank(id: ID): void {
    if (this.attempt({ do: 'blank', id }, { undoable: false })) {
      this.#state.toast.show(t('live.blanked'));
    }
  }

  /** Says by which name we go, and on which side we are where the board asks. */
  rename(name: string, side?: Side): void {
    const text = name.trim();
    if (text !== '') {
      this.#state.settings.name = text;
      this.#state.remember({ name: text });
    }
    const said = side === undefined ? {} : { side };
    this.attempt({ do: 'rename', name: text || this.#state.ownName, ...said }, { undoable: false });
  }

  title(title: string): void {
    const text = title.trim();
    if (text !== '' && text !== this.#state.session.board.settings()?.title) {
      this.attempt({ do: 'board', fields: { title: text } });
    }
  }

  #create(items: readonly Item[], more: readonly Op[] = []): boolean {
    const { session, live } = this.#state;
    const ops = [...items.map((item): Op => ({ do: 'create', item })), ...more];
    const [first] = ops;
    if (!first) return false;
    const refusal = session.may(first);
    if (refusal) {
      this.#state.refuse(first, refusal, []);
      return false;
    }
    for (let i = 0; i < ops.length; i += limits.ops) session.push(ops.slice(i, i + limits.ops));
    live.say(t('live.made', { n: items.length }));
    return true;
  }

  #done(text: string): void {
    this.#state.live.say(text);
    this.#state.toast.show(text, { label: t('undo.do'), run: () => this.undo() });
  }

  #tellPlace(moves: readonly Shift[]): void {
    const [first] = moves;
    const axis = this.#axis();
    if (!first || !axis) return;
    const tenths = value10(axis, first[1], first[2]);
    this.#state.live.say(
      tenths === null ? t('live.parked') : t('live.moved', { v: whole10(tenths) }),
    );
  }

  #axis(): Axis | undefined {
    return this.#state.session.board.axis();
  }

  #notes(ids: readonly ID[]): Note[] {
    return ids
      .map((id) => this.#state.session.board.itemOf(id, 'note'))
      .filter((note) => note !== undefined);
  }
}
