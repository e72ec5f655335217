// What others do, shown: their drags, who writes, their pointers.

import type { Cursors } from './cursors';
import type { Desk } from './desk';
import type { CursorView, NotePresence } from './types';

export class Others {
  constructor(
    private readonly desk: Desk,
    private readonly cursors: Cursors,
    /** The note is to be drawn anew; where it was before, when it has another place. */
    private readonly changed: (
      id: string,
      from: { readonly x: number; readonly y: number } | null,
    ) => void,
  ) {}

  set(notes: readonly NotePresence[], cursors: readonly CursorView[], now: number): void {
    const { desk } = this;
    const before = desk.busy;
    const busy = new Map<string, NotePresence>();
    for (const n of notes) {
      // One who moves it is told rather than one who writes: its place is what others see change.
      if (busy.get(n.id)?.type !== 'moving') busy.set(n.id, n);
    }
    desk.busy = busy;
    for (const [id, was] of before) {
      if (busy.get(id)?.type === 'moving') continue;
      if (was.type === 'moving') this.end(id);
      else if (!busy.has(id)) this.changed(id, null);
    }
    for (const [id, now] of busy) {
      const note = desk.scene.get(id);
      if (!note) continue;
      const was = before.get(id);
      if (now.type === 'moving') {
        const from = { x: note.x, y: note.y };
        if (note.previewed && from.x === now.x && from.y === now.y && was?.tag === now.tag)
          continue;
        desk.scene.preview(id, now.x, now.y);
        this.changed(id, from);
      } else if (was?.type !== 'writing' || was.tag !== now.tag) this.changed(id, null);
    }
    this.cursors.set(cursors, now);
  }

  private end(id: string): void {
    const note = this.desk.scene.get(id);
    if (!note) return;
    const from = { x: note.x, y: note.y };
    this.desk.scene.endPreview(id);
    this.changed(id, from);
  }
}
