// Notes that lie too close to be told apart, laid out side by side over the board until one is chosen.

import { made } from './dom';
import { noMarks, NoteElement } from './noteElement';
import { clamp, holds, type Box, type ScreenPoint } from './point';
import type { Typesetter } from './typeset';
import type { Icons, NoteView } from './types';
import type { BoardView } from './view';

const gapPx = 8;

/** Boxes for n notes around a place, in rows, within `clear`. What has no room there is left out. */
export function fanBoxes(
  n: number,
  at: ScreenPoint,
  width: number,
  height: number,
  clear: Box,
): Box[] {
  const across = clear.right - clear.left;
  const down = clear.bottom - clear.top;
  const fits = (length: number, each: number) =>
    Math.max(1, Math.floor((length + gapPx) / (each + gapPx)));
  const columns = Math.min(fits(across, width), Math.ceil(Math.sqrt(n * 1.6)));
  const rows = Math.min(fits(down, height), Math.ceil(n / columns));
  const span = columns * (width + gapPx) - gapPx;
  const rise = rows * (height + gapPx) - gapPx;
  const left = Math.round(clamp(at.x - span / 2, clear.left, clear.right - span));
  const top = Math.round(clamp(at.y - rise / 2, clear.top, clear.bottom - rise));
  return Array.from({ length: Math.min(n, columns * rows) }, (_, i) => {
    const x = left + (i % columns) * (width + gapPx);
    const y = top + Math.floor(i / columns) * (height + gapPx);
    return { left: x, top: y, right: x + width, bottom: y + height };
  });
}

/** A fan that is open. */
export class Fan {
  private readonly layer: HTMLElement;
  private readonly items: readonly { readonly id: string; readonly box: Box }[];

  constructor(
    parent: Element,
    notes: readonly NoteView[],
    at: ScreenPoint,
    view: BoardView,
    typesetter: Typesetter,
    icons: Icons,
  ) {
    this.layer = made(parent, 'div', 'board-fan');
    const { level, size } = view.readableSize;
    const boxes = fanBoxes(notes.length, at, size.width, size.height, view.clear(gapPx));
    this.items = boxes.flatMap((box, i) => {
      const note = notes[i];
      if (!note) return [];
      const copy = new NoteElement(this.layer, icons, true);
      copy.show({
        view: note,
        level,
        fitted: typesetter.fit(
          note.text,
          note.letters,
          note.pinned === true,
          size,
          view.page.textScale,
        ),
        marks: noMarks,
        groupColour: null,
        label: '',
      });
      copy.put((box.left + box.right) / 2, (box.top + box.bottom) / 2, size.width, size.height);
      return [{ id: note.id, box }];
    });
  }

  at(p: ScreenPoint): string | null {
    return this.items.find(({ box }) => holds(box, p.x, p.y))?.id ?? null;
  }

  remove(): void {
    this.layer.remove();
  }
}
