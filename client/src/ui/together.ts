// A field that several may write at once: what is typed goes out in stretches, what others write comes in.
import type { ID } from '$protocol/board/item';
import type { Session } from '../sync/types';

/** What is written, and who is told of it. */
export interface Written {
  readonly session: Session;
  readonly item: ID;
  /** A text field of the item, or a path into a map of them. */
  readonly field: string;
  /** What presence calls it: the item, unless it is one of several fields that people write apart. */
  readonly place?: ID;
  /** The text of the area is another one. */
  readonly changed?: () => void;
  /** What was typed was refused: it is a draft now, and the area has nothing to write to. */
  readonly refused?: () => void;
}

/** Joins an area to a text of the board until what it returns is called. */
export function writtenTogether(area: HTMLTextAreaElement, written: Written): () => void {
  const { session, item, field, place = item, changed, refused } = written;
  const stop = new AbortController();
  const { signal } = stop;
  const typing = session.type(item, field, (text, moved) => {
    const { selectionStart, selectionEnd } = area;
    area.value = text;
    if (document.activeElement === area) {
      area.setSelectionRange(moved(selectionStart), moved(selectionEnd));
    }
    changed?.();
  });
  const hear = (name: string, act: () => void) => area.addEventListener(name, act, { signal });
  area.value = typing.text;
  changed?.();
  hear('input', () => {
    typing.input(area.value);
    changed?.();
  });
  hear('compositionstart', () => typing.compose(true));
  hear('compositionend', () => typing.compose(false));
  session.present({ editing: place });
  const unhear = session.on('refused', ({ draft }) => {
    if (draft?.item === item && draft.field === field) refused?.();
  });
  return () => {
    stop.abort();
    unhear();
    typing.end();
    session.present({ editing: null });
  };
}
