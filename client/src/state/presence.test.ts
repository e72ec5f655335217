import { expect, test } from 'vitest';
import { mover, presenceViews, previewMs, type Doing } from './presence';

const words = {
  name: (key: string) => key.toUpperCase(),
  moving: (name: string) => `${name} moves`,
  writing: (name: string) => `${name} writes`,
};

const doings = new Map<string, Doing>([
  ['a.1', { presence: { drag: [['n1', 5, 6]], cursor: [5, 6] }, seen: 1000 }],
  ['b.1', { presence: { editing: 'n2', cursor: null }, seen: 0 }],
  ['c.1', { presence: { cursor: [1, 2] }, seen: 0 }],
]);

test('who moves, who writes and who points is shown with their names', () => {
  expect(presenceViews(doings, words, 3, 1100)).toEqual({
    notes: [
      { type: 'moving', id: 'n1', x: 5, y: 6, tag: 'A.1 moves' },
      { type: 'writing', id: 'n2', tag: 'B.1 writes' },
    ],
    cursors: [
      { id: 'a.1', name: 'A.1', x: 5, y: 6 },
      { id: 'c.1', name: 'C.1', x: 1, y: 2 },
    ],
  });
});

test('in a crowd only those point who move or write', () => {
  const { cursors } = presenceViews(doings, words, 31, 1100);
  expect(cursors.map(({ id }) => id)).toEqual(['a.1']);
});

test('a preview that was not renewed is dropped, and its note is free', () => {
  const late = 1000 + previewMs;
  expect(presenceViews(doings, words, 3, late).notes.map(({ type }) => type)).toEqual(['writing']);
  expect(mover(doings, 'n1', late - 1)).toBe('a.1');
  expect(mover(doings, 'n1', late)).toBeUndefined();
});
