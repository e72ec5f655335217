import { describe, expect, test } from 'vitest';
import { State } from '$protocol/board/state';
import type { Person } from '$protocol/message';
import { initials, People } from './people.svelte';

test.each([
  ['Pöytä 1 A', '1A'],
  ['Pöytä 12', 'P12'],
  ['Etä 4', 'E4'],
  ['Maija Lehto', 'ML'],
  ['Maija', 'MA'],
  ['pöytä-3-b', '3B'],
  ['', ''],
  ['👩‍🏫', '👩‍'],
])('%s is %s on a tile', (name, short) => {
  expect(initials(name)).toBe(short);
});

describe('the list of people', () => {
  const board = new State();
  board.set('p1', {
    type: 'participant',
    id: 'p1',
    name: 'Etä 1',
    role: 'participant',
    link: 'l1',
  });
  board.set('p9', { type: 'participant', id: 'p9', name: 'Lähtenyt', role: 'participant' });
  const people = new Map<string, Person>([
    ['p2', { name: 'Pöytä 10', role: 'participant', here: 0 }],
    ['p3', { name: 'Pöytä 2', role: 'participant', here: 2, hidden: 4 }],
    ['p1', { name: 'Etä 1', role: 'participant', here: 1, hidden: 1 }],
    ['p4', { name: 'Valkokangas', role: 'viewer', here: 1, link: 'l3' }],
  ]);
  const list = new People({ board, people, me: { id: 'p3' } });

  test('has who reads it first, then those here, and no viewers', () => {
    expect(list.list().map(({ name }) => name)).toEqual(['Pöytä 2', 'Etä 1', 'Pöytä 10']);
    expect(list.count()).toBe(2);
  });

  test('knows the names of those who have gone', () => {
    expect(list.name('p9')).toBe('Lähtenyt');
    expect(list.name('p8')).toBeUndefined();
    expect(list.name(undefined)).toBeUndefined();
  });

  test('counts what others have written in peace', () => {
    expect(list.hidden()).toBe(1);
  });

  test('counts who came by a link', () => {
    expect(list.byLink('l1')).toBe(1);
    expect(list.byLink('l2')).toBe(0);
    expect(list.byLink('l3'), 'viewers, who are no items').toBe(1);
  });
});
