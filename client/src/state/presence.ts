// What others do at the moment, as the board shows it: who moves which note where, who writes, where they point.
import type { Presence } from '$protocol/message';
import type { CursorView, NotePresence } from '../canvas/types';

/** A preview that was not renewed for this long is dropped. ms */
export const previewMs = 2000;
/** Above this many people only the cursors of those are shown who move or write something. */
const crowd = 30;

export interface Doing {
  readonly presence: Presence;
  /** When it last changed: ms of this device's clock. */
  readonly seen: number;
}

export interface PresenceWords {
  /** Of a "<participant>.<client>". */
  name(key: string): string;
  moving(name: string): string;
  writing(name: string): string;
}

export interface PresenceViews {
  readonly notes: readonly NotePresence[];
  readonly cursors: readonly CursorView[];
}

/** `people`: how many are on the board. */
export function presenceViews(
  doings: ReadonlyMap<string, Doing>,
  words: PresenceWords,
  people: number,
  now: number,
): PresenceViews {
  const notes: NotePresence[] = [];
  const cursors: CursorView[] = [];
  for (const [key, { presence, seen }] of doings) {
    const name = words.name(key);
    const drags = now - seen < previewMs ? (presence.drag ?? []) : [];
    for (const [id, x, y] of drags) {
      notes.push({ type: 'moving', id, x, y, tag: words.moving(name) });
    }
    const { editing, cursor } = presence;
    if (editing != null) notes.push({ type: 'writing', id: editing, tag: words.writing(name) });
    if (cursor != null && (people <= crowd || drags.length > 0 || editing != null)) {
      cursors.push({ id: key, name, x: cursor[0], y: cursor[1] });
    }
  }
  return { notes, cursors };
}

/** Who moves a note right now, by the newest preview. */
export function mover(
  doings: ReadonlyMap<string, Doing>,
  id: string,
  now: number,
): string | undefined {
  for (const [key, { presence, seen }] of doings) {
    if (now - seen < previewMs && presence.drag?.some(([note]) => note === id)) return key;
  }
  return undefined;
}
