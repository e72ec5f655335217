// The notes that stand for a group.
import type { ID, Note } from '$protocol/board/item';
import type { Shown } from '$protocol/board/state';
import { statistics } from '$protocol/board/statistics';
import { value10 } from '$protocol/board/value';
import { noteColour } from './noteViews';

export interface Example {
  readonly note: Note;
  /** The perspective's name. */
  readonly perspective: string;
  /** Of notes: 1–8. */
  readonly colour: number;
  /** 0–100 */
  readonly value: number;
}

/** Of each perspective the note nearest to the group's median, in the order of the perspectives. */
export function nearest(board: Shown, group: ID): readonly Example[] {
  const { median } = statistics(board, group);
  if (median === null) return [];
  const axis = board.axis();
  const notes = board.referring(group, 'note').flatMap((note) => {
    const tenths = value10(axis, note.x, note.y);
    return tenths === null ? [] : [{ note, value: tenths / 10 }];
  });
  return board.ofType('perspective').flatMap((perspective, i): Example[] => {
    const [first] = notes
      .filter(({ note }) => note.perspectiveId === perspective.id)
      .sort((a, b) => Math.abs(a.value - median) - Math.abs(b.value - median));
    return first ? [{ ...first, perspective: perspective.name, colour: noteColour(i) }] : [];
  });
}
