// What people want to change on the canvas, turned into verbs: drags, the field a note is written in, keys.
import type { ID, Note } from '$protocol/board/item';
import type { BoardSurface, Command, DragID, Intent, Place } from '../canvas/types';
import { newID } from './actions';
import type { BoardState } from './board.svelte';
import { Drags } from './drags';
import { t } from './locale.svelte';
import type { NoteViews } from './noteViews';
import { Rows } from './places';
import { mover, type Doing } from './presence';
import { Writing } from './writing';

/** Intents and commands that change nothing of the board are not for the hands. */
type Wish = Exclude<
  Intent,
  { type: 'select' | 'lasso' | 'open' | 'dismiss' | 'focus' | 'view' | 'cursor' | 'command' }
>;
type Order = Exclude<Command, 'selectAll' | 'outline' | 'help'>;

/** What the hands need to know of what others do. */
export interface Others {
  readonly doings: ReadonlyMap<string, Doing>;
  /** The name behind a key of presence. */
  name(key: string): string | undefined;
}

export class Hands {
  readonly writing: Writing;
  readonly #state: BoardState;
  readonly #surface: BoardSurface;
  readonly #views: NoteViews;
  readonly #others: Others;
  readonly #drags: Drags;
  /** The new note that was begun by a key. */
  #byKey: ID | undefined;

  constructor(state: BoardState, surface: BoardSurface, views: NoteViews, others: Others) {
    const { session } = state;
    this.#state = state;
    this.#surface = surface;
    this.#views = views;
    this.#others = others;
    this.#drags = new Drags((part) => session.present(part));
    this.writing = new Writing(session, {
      merge: (text) => surface.mergeEdit(text),
      close: () => surface.endEdit(),
    });
  }

  /** What somebody did on the canvas. Unknown notes are those that went meanwhile. */
  take(intent: Wish): void {
    const { actions, chrome } = this.#state;
    switch (intent.type) {
      case 'openGroup':
        if (this.#state.can.group) chrome.nameGroup(intent.id);
        return;
      case 'edit':
        this.edit(intent.id);
        return;
      case 'create':
        this.write(intent.at);
        return;
      case 'place':
        this.#place(intent.at);
        return;
      case 'dragStart':
        this.#start(intent.drag, intent.ids);
        return;
      case 'dragMove':
        this.#drags.move(intent.drag, intent.moves);
        return;
      case 'drop':
        this.#drop(intent);
        return;
      case 'dragCancel':
        this.#drags.end(intent.drag);
        return;
      case 'taken':
        this.#taken(intent.id);
        return;
      case 'value':
        chrome.typeValue(intent.id);
        return;
      case 'typed':
        this.writing.typed(intent.id, intent.text);
        return;
      case 'editEnd':
        this.#editEnd(intent);
        return;
      case 'undo':
        actions.undo();
        return;
      default:
        intent satisfies never;
    }
  }

  /** Opens the field over a note. Call it while a tap is being handled, or no keyboard comes. */
  edit(id: ID): void {
    const { session } = this.#state;
    const note = session.board.itemOf(id, 'note');
    if (!note) return;
    const from = note.text ?? '';
    const op = { do: 'text', id, field: 'text', from, to: `${from}.` } as const;
    const refusal = session.may(op);
    if (refusal && refusal.code !== 'too_long') {
      this.#state.refuse(op, refusal, [id]);
      return;
    }
    this.#state.selection.closeCard();
    this.writing.begin(id);
    this.#surface.edit(id);
  }

  /** Begins a new note: at a place, or in the middle of what is in sight. Returns it, unless it may not be. */
  write(at?: Place): ID | undefined {
    const { session, perspective, selection } = this.#state;
    const { x, y } = this.#spot(at);
    const item: Note = {
      type: 'note',
      id: newID(),
      x,
      y,
      ...(perspective === undefined ? {} : { perspectiveId: perspective }),
    };
    const op = { do: 'create', item } as const;
    const refusal = session.may(op);
    if (refusal) {
      this.#state.refuse(op, refusal, []);
      return undefined;
    }
    selection.clear();
    this.#surface.put(this.#views.view({ ...item, z: session.board.counter('z') + 1 }));
    this.writing.beginNew(item);
    this.#surface.edit(item.id);
    return item.id;
  }

  #spot(at: Place | undefined): { readonly x: number; readonly y: number } {
    const { session, perspective } = this.#state;
    const axis = session.board.axis();
    if (at?.on === 'axis' && axis) {
      return new Rows(session.board, axis).atX(at.x, perspective);
    }
    if (at && at.on !== 'axis') return at;
    return this.#surface.freePlace(at?.x ?? null, perspective ?? null);
  }

  #editEnd({ id, text, by }: Extract<Intent, { type: 'editEnd' }>): void {
    const byKey = this.#byKey === id;
    const left = this.writing.end(id, text);
    this.#byKey = undefined;
    if (left === 'unmade') this.#surface.remove(id);
    if (left === 'emptied' && this.#state.session.may({ do: 'delete', ids: [id] }) === null) {
      this.#state.actions.remove([id]);
    }
    if (left !== 'kept' || by === 'blur') return;
    // Whoever ended it by a key goes on by keys; a note made by a key is asked for its value next.
    this.#surface.focus(id);
    if (byKey && by === 'enter' && this.#state.session.board.axis()) {
      this.#state.chrome.typeValue(id);
    }
  }

  /** After "move": all selected go there, as they lie to each other; on the axis all get its value. */
  #place(at: Place): void {
    const { selection, session, actions } = this.#state;
    const notes = [...selection.ids]
      .map((id) => session.board.itemOf(id, 'note'))
      .filter((note) => note !== undefined);
    const [first] = notes;
    const axis = session.board.axis();
    selection.stopPlacing();
    if (!first) return;
    if (at.on === 'axis' && axis) {
      const rows = new Rows(session.board, axis);
      const inBand = (y: number) => y >= axis.bandTop && y <= axis.bandBottom;
      actions.move(
        notes.map(({ id, y, perspectiveId }) => [
          id,
          at.x,
          inBand(y) ? y : rows.atX(at.x, perspectiveId, id).y,
        ]),
      );
    } else if (at.on !== 'axis') {
      actions.move(notes.map(({ id, x, y }) => [id, at.x + x - first.x, at.y + y - first.y]));
    }
  }

  /** A drag that would be refused ends as it begins, and says why. */
  #start(drag: DragID, ids: readonly ID[]): void {
    const { session, mode, can } = this.#state;
    const notes = ids.map((id) => session.board.itemOf(id, 'note')).filter((n) => n !== undefined);
    const op =
      mode.drag === 'belongs'
        ? ({ do: 'group', notes: ids, group: notes[0]?.groupId ?? newID() } as const)
        : ({ do: 'move', moves: notes.map(({ id, x, y }) => [id, x, y] as const) } as const);
    const refusal = session.may(op);
    // Facilitators may correct what is frozen: they are asked once it is known where it goes.
    if (!refusal || (refusal.code === 'frozen' && can.facilitate)) return;
    this.#surface.cancelDrag(drag);
    this.#state.refuse(op, refusal, ids);
  }

  #drop({ drag, moves, target }: Extract<Intent, { type: 'drop' }>): void {
    const { actions, mode, session } = this.#state;
    this.#drags.end(drag);
    const ids = moves.map(([id]) => id);
    if (mode.drag !== 'belongs' && !actions.move(moves)) this.#surface.glide(ids);
    if (target?.type === 'group') actions.group(ids, target.id);
    if (target?.type === 'note') {
      const group = session.board.itemOf(target.id, 'note')?.groupId;
      const made = actions.group([target.id, ...ids], group);
      if (made !== undefined && group === undefined) this.#state.chrome.nameGroup(made);
    }
  }

  #taken(id: ID): void {
    const key = mover(this.#others.doings, id, Date.now());
    const name = key === undefined ? undefined : this.#others.name(key);
    this.#state.toast.show(
      name === undefined ? t('note.takenBySomeone') : t('note.taken', { name }),
    );
  }

  /** A key that acts on what is selected, or on the note in focus. */
  command(command: Order): void {
    const { actions, can, chrome, selection } = this.#state;
    const notes = selection.subjects;
    switch (command) {
      case 'new':
        if (can.add) this.#byKey = this.write();
        return;
      case 'group':
        if (can.group && notes.length > 0) chrome.pick('group');
        return;
      case 'perspective':
        if (can.edit !== 'none' && notes.length > 0) chrome.pick('perspective');
        return;
      case 'delete':
        if (can.delete !== 'none' && notes.length > 0) actions.remove(notes);
        return;
      case 'duplicate':
        if (can.add) selection.select(actions.duplicate(notes), 'replace');
        return;
      case 'undo':
        actions.undo();
        return;
      case 'redo':
        actions.redo();
        return;
      default:
        command satisfies never;
    }
  }
}
