// Notes as the canvas shows them: colour and letters of their perspective, and the marks of what binds them.
import type { ID, Note, Perspective } from '$protocol/board/item';
import type { Shown } from '$protocol/board/state';
import type { LaneView, NoteColour, NoteView } from '../canvas/types';
import { letters } from './letters';

/** Of the board, beyond the note itself. */
export interface NoteMarks {
  /** The words of an outlier's tag; undefined when it is none, or the phase doesn't ask. */
  outlier(note: ID): string | undefined;
  /** Not saved for long enough to say so. */
  waiting(note: ID): boolean;
}

/** The colour of the i-th perspective. */
export function noteColour(i: number): NoteColour {
  return ((i % 8) + 1) as NoteColour;
}

/** The lanes of a board, in their order. */
export function lanes(perspectives: readonly Perspective[]): LaneView[] {
  const all = letters(perspectives);
  return perspectives.map(({ id, name }, i) => ({
    id,
    name,
    letters: all[i] ?? '',
    colour: noteColour(i),
  }));
}

/** Makes views of notes; keeps what all of them share until it is told that it changed. */
export class NoteViews {
  readonly #board: Shown;
  readonly #marks: NoteMarks;
  #lanes = new Map<ID, LaneView>();
  #frozen: ReadonlySet<ID> = new Set();

  constructor(board: Shown, marks: NoteMarks) {
    this.#board = board;
    this.#marks = marks;
    this.#read();
  }

  view(note: Note): NoteView {
    const lane = note.perspectiveId === undefined ? undefined : this.#lanes.get(note.perspectiveId);
    return {
      id: note.id,
      text: note.text ?? '',
      x: note.x,
      y: note.y,
      z: note.z ?? 0,
      colour: lane?.colour ?? (this.#lanes.size === 0 ? 1 : 8),
      letters: [lane?.letters, note.kind === 'quote' && '”', note.comment && '•']
        .filter(Boolean)
        .join(' '),
      groupId: note.groupId,
      pinned: note.pinned !== undefined,
      frozen: note.groupId !== undefined && this.#frozen.has(note.groupId),
      waiting: this.#marks.waiting(note.id),
      outlier: this.#marks.outlier(note.id),
    };
  }

  /** All notes whose view these changes touch; 'all' when they touch what every note shows. */
  touched(ids: Iterable<ID>): ReadonlySet<ID> | 'all' {
    const notes = new Set<ID>();
    let shared = false;
    for (const id of ids) {
      const type = this.#board.item(id)?.type;
      if (type === undefined || type === 'note') notes.add(id);
      if (type === 'perspective' || this.#lanes.has(id)) return this.#readAll();
      if (type === undefined || type === 'segment') shared = true;
    }
    if (shared) for (const note of this.#refreeze()) notes.add(note);
    return notes;
  }

  #readAll(): 'all' {
    this.#read();
    return 'all';
  }

  #read(): void {
    this.#lanes = new Map(lanes(this.#board.ofType('perspective')).map((lane) => [lane.id, lane]));
    this.#frozen = this.#frozenGroups();
  }

  /** Notes of groups whose segment was frozen or unfrozen. */
  #refreeze(): ID[] {
    const before = this.#frozen;
    const now = this.#frozenGroups();
    this.#frozen = now;
    const changed = [...before, ...now].filter((group) => before.has(group) !== now.has(group));
    return changed.flatMap((group) => this.#board.referring(group, 'note').map(({ id }) => id));
  }

  #frozenGroups(): ReadonlySet<ID> {
    const groups = new Set<ID>();
    for (const { frozen, groupId } of this.#board.ofType('segment')) {
      if (frozen !== undefined && groupId !== undefined) groups.add(groupId);
    }
    return groups;
  }
}
