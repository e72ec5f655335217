import { expect, test } from 'vitest';
import type { Note } from '$protocol/board/item';
import { fringe } from './fringe';

function note(id: string, perspectiveId?: string): Note {
  return {
    id,
    type: 'note',
    x: 0,
    y: 0,
    ...(perspectiveId === undefined ? {} : { perspectiveId }),
  };
}

test('every note with a value has a mark in the colour of its perspective', () => {
  const marks = fringe(
    [
      { note: note('n1', 'p2'), tenths: 270 },
      { note: note('n2', 'p1'), tenths: 0 },
      { note: note('n3', 'p2'), tenths: 270 },
      { note: note('n4', 'p1'), tenths: null },
      { note: note('n5'), tenths: 1000 },
    ],
    [
      { id: 'p1', colour: 1 },
      { id: 'p2', colour: 2 },
    ],
  );
  expect(marks).toEqual([
    { colour: 1, d: 'M0 0v10' },
    { colour: 2, d: 'M270 0v10M270 0v10' },
    { colour: 8, d: 'M1000 0v10' },
  ]);
});
