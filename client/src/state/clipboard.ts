// Notes on the clipboard: lines for other programs, and whole for another board of this browser.
import type { ID, Note } from '$protocol/board/item';

const kind = 'application/x-jana-notes';

/** The part of a DataTransfer that is used. */
export interface Clip {
  getData(type: string): string;
  setData(type: string, data: string): void;
}

export function putNotes(clip: Clip, notes: readonly Note[]): void {
  clip.setData('text/plain', notes.map(({ text }) => text ?? '').join('\n'));
  clip.setData(kind, JSON.stringify(notes.map(({ groupId: _, ...note }) => note)));
}

/** What lies on the clipboard: notes of ours, or a text of anybody's. */
export type Pasted =
  | { readonly type: 'notes'; readonly notes: readonly Note[] }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'nothing' };

/** `perspective`: that of this board for a note that was of this one; another board's perspectives are left behind. */
export function takeNotes(
  clip: Clip,
  perspective: (was: ID | undefined) => ID | undefined,
): Pasted {
  const notes = readNotes(clip.getData(kind), perspective);
  if (notes.length > 0) return { type: 'notes', notes };
  const text = clip.getData('text/plain');
  return text.trim() === '' ? { type: 'nothing' } : { type: 'text', text };
}

function readNotes(data: string, perspective: (was: ID | undefined) => ID | undefined): Note[] {
  let found: unknown;
  try {
    found = JSON.parse(data);
  } catch {
    return [];
  }
  if (!Array.isArray(found)) return [];
  return found.flatMap((one: unknown): Note[] => {
    if (typeof one !== 'object' || one === null) return [];
    const { text, x, y, perspectiveId, kind: quote } = one as Partial<Record<keyof Note, unknown>>;
    if (!Number.isSafeInteger(x) || !Number.isSafeInteger(y)) return [];
    const lane = perspective(typeof perspectiveId === 'string' ? perspectiveId : undefined);
    return [
      {
        type: 'note',
        id: '',
        x: x as number,
        y: y as number,
        ...(typeof text === 'string' ? { text } : {}),
        ...(lane === undefined ? {} : { perspectiveId: lane }),
        ...(quote === 'quote' ? { kind: 'quote' } : {}),
      },
    ];
  });
}
