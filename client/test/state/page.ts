// A page at a board, for stories: real state over a real session, and a surface that only notes what it is told.
import type { ID, Item } from '$protocol/board/item';
import { onBoard } from '../../src/canvas/point';
import type { BoardSurface, NoteView } from '../../src/canvas/types';
import { BoardState } from '../../src/state/board.svelte';
import { KnownBoards, type Known } from '../../src/state/known';
import { Settings } from '../../src/state/settings.svelte';
import { Stage } from '../../src/state/stage.svelte';
import { memoryStore } from '../../src/state/storage';
import type { Seat, Table } from '../sync/desk';

const nothing = (): void => undefined;

/** Notes what it is told; draws nothing. */
export class Slate implements BoardSurface {
  readonly notes = new Map<ID, NoteView>();
  readonly setAxis = nothing;
  readonly setLanes = nothing;
  readonly setGhosts = nothing;
  readonly setGroups = nothing;
  readonly setMode = nothing;
  readonly setSelection = nothing;
  readonly setPresence = nothing;
  readonly setInsets = nothing;
  readonly setOptions = nothing;
  readonly showAll = nothing;
  readonly zoomBy = nothing;
  readonly reveal = nothing;
  readonly settle = nothing;
  readonly destroy = nothing;
  /** Calls that are no state: [what, of what]. */
  readonly calls: (readonly [string, unknown])[] = [];

  load(notes: Iterable<NoteView>): void {
    this.notes.clear();
    for (const note of notes) this.notes.set(note.id, note);
  }
  put(note: NoteView): void {
    this.notes.set(note.id, note);
  }
  remove(id: string): void {
    this.notes.delete(id);
  }
  glide(ids: Iterable<string>): void {
    this.calls.push(['glide', [...ids]]);
  }
  dropIn(ids: readonly string[]): void {
    this.calls.push(['dropIn', ids]);
  }
  edit(id: string): void {
    this.calls.push(['edit', id]);
  }
  mergeEdit(text: string): void {
    this.calls.push(['mergeEdit', text]);
  }
  endEdit(): void {
    this.calls.push(['endEdit', null]);
  }
  cancelDrag(drag: number): void {
    this.calls.push(['cancelDrag', drag]);
  }
  focus(id: string): void {
    this.calls.push(['focus', id]);
  }
  freePlace(): ReturnType<BoardSurface['freePlace']> {
    return onBoard(5000, 3000);
  }
  noteBox(): null {
    return null;
  }
}

export interface Page {
  readonly seat: Seat;
  readonly board: BoardState;
  readonly slate: Slate;
  readonly stage: Stage;
}

/** A page that has been welcomed and writes. Secrets that begin with f are facilitators'. */
export async function open(table: Table, me: string): Promise<Page> {
  const page = await look(table, me);
  await page.stage.startWriting();
  return page;
}

/** A page that has been welcomed, and writes no sooner than somebody wants to. Secrets that begin with v are viewers'. */
export async function look(table: Table, me: string): Promise<Page> {
  const seat = table.open(me);
  await table.time.pass(50);
  const known: Known = { id: 'b1', title: '', role: 'viewer', key: 'k', me, opened: 0 };
  const board = new BoardState(
    'b1',
    { key: 'k', known },
    seat.session,
    new KnownBoards(memoryStore()),
    new Settings(memoryStore()),
  );
  const slate = new Slate();
  return { seat, board, slate, stage: new Stage(board, slate) };
}

/** The board item in a phase. */
export function inPhase(phase: string, more: object = {}): Item {
  return { id: 'board', type: 'board', title: 'Koe', phase, ...more } as Item;
}
