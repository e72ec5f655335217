import { expect, test } from 'vitest';
import { limits, type Board } from '$protocol/board/item';
import { changesOf, holds, readTags, sheetOf } from './sheet';

const board: Board = {
  id: 'board',
  type: 'board',
  title: 'Koe',
  phase: 'describe',
  place: 'Tuusula',
  targetGroup: 'Työikäiset',
  tags: ['työllisyys', 'nuoret'],
  stage: 'draft',
};

test('topics are what stands between commas, each once', () => {
  expect(readTags(' työllisyys, nuoret;; Nuoret ,')).toEqual(['työllisyys', 'nuoret']);
  expect(readTags('  ')).toEqual([]);
  expect(holds(readTags('a,'.repeat(30)))).toBe(true);
  expect(holds(Array.from({ length: 21 }, String))).toBe(false);
  expect(holds(['ä'.repeat(limits.name), 'x'])).toBe(true);
  expect(holds(['ä'.repeat(limits.name + 1)])).toBe(false);
});

test('a sheet that nobody changed sets nothing', () => {
  expect(changesOf(sheetOf(board), sheetOf(board))).toEqual({});
  expect(changesOf(sheetOf(undefined), sheetOf(undefined))).toEqual({});
});

test('only what was changed is set, and what was emptied goes', () => {
  const before = sheetOf(board);
  const texts = { ...before.texts, place: ' ', region: ' Keski-Uusimaa ' };
  expect(changesOf(before, { texts, tags: '', stage: 'closed', sides: true })).toEqual({
    place: null,
    region: 'Keski-Uusimaa',
    tags: null,
    stage: 'closed',
    sides: true,
  });
  expect(changesOf({ ...before, sides: true }, before)).toEqual({ sides: null });
});
