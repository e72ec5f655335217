import { expect, test } from 'vitest';
import type { About, Known } from './known';
import { choicesOf, chosen } from './recent';

function board(id: string, about?: About): Known {
  return { id, title: id, role: 'viewer', key: 'k', me: 'm', opened: 1, ...(about && { about }) };
}

const boards = [
  board('draft', { stage: 'draft', targetGroup: 'Työikäiset', tags: ['työllisyys'] }),
  board('used', { stage: 'inUse', tags: ['museo', 'työllisyys'] }),
  board('unsaid'),
];
const ids = (found: readonly Known[]) => found.map(({ id }) => id);

test('what boards can be narrowed to is what some of them say', () => {
  expect(choicesOf(boards)).toEqual({
    stages: ['draft', 'inUse'],
    topics: ['museo', 'Työikäiset', 'työllisyys'],
  });
  expect(choicesOf([board('unsaid')])).toEqual({ stages: [], topics: [] });
});

test('boards are found by their stage, by a topic and by their target group', () => {
  expect(ids(chosen(boards, { stage: '', topic: '' }))).toEqual(['draft', 'used', 'unsaid']);
  expect(ids(chosen(boards, { stage: 'inUse', topic: '' }))).toEqual(['used']);
  expect(ids(chosen(boards, { stage: '', topic: 'työllisyys' }))).toEqual(['draft', 'used']);
  expect(ids(chosen(boards, { stage: 'draft', topic: 'Työikäiset' }))).toEqual(['draft']);
  expect(ids(chosen(boards, { stage: 'closed', topic: '' }))).toEqual([]);
});
