// The fringe of a small axis: one mark per note, so that notes which cover each other are still counted by eye.
import type { ID, Note } from '$protocol/board/item';
import type { NoteColour } from '../../canvas/types';

export interface FringeMarks {
  readonly colour: NoteColour;
  /** Marks from 0 to 10 below the line, x in tenths of a value. */
  readonly d: string;
}

/** The colour of notes without a perspective. */
const bare: NoteColour = 8;

/** The marks of notes that have a value, as one path per colour. */
export function fringe(
  notes: Iterable<{ readonly note: Note; readonly tenths: number | null }>,
  lanes: readonly { readonly id: ID; readonly colour: NoteColour }[],
): FringeMarks[] {
  const colours = new Map(lanes.map(({ id, colour }) => [id, colour]));
  return strokes(
    [...notes].flatMap(({ note, tenths }) =>
      tenths === null ? [] : [{ tenths, colour: colours.get(note.perspectiveId ?? '') ?? bare }],
    ),
  );
}

/** The marks of notes whose colour is known. */
export function strokes(
  notes: Iterable<{ readonly tenths: number; readonly colour: NoteColour }>,
): FringeMarks[] {
  const paths = new Map<NoteColour, string>();
  for (const { tenths, colour } of notes) {
    paths.set(colour, `${paths.get(colour) ?? ''}M${tenths} 0v10`);
  }
  return [...paths].map(([colour, d]) => ({ colour, d })).sort((a, b) => a.colour - b.colour);
}
