import { describe, expect, test } from 'vitest';
import { enter, KnownBoards, noted, welcomed, type Known } from './known';
import { memoryStore } from './storage';

const owner: Known = {
  id: 'b1',
  title: 'Taulu',
  role: 'facilitator',
  key: 'facilitator-key',
  shared: 'participant-key',
  me: 'secret',
  opened: 10,
};

describe('who enters', () => {
  test('comes with the key of the address the first time, as somebody new', () => {
    const entrance = enter(undefined, 'b1', 'participant-key', 5);
    expect(entrance?.key).toBe('participant-key');
    expect(entrance?.known).toMatchObject({ id: 'b1', key: 'participant-key', opened: 5 });
    expect(entrance?.known.me).toMatch(/^[a-z2-7]{26}$/);
  });

  test('keeps their own key when the address shows the one that is safe to share', () => {
    expect(enter(owner, 'b1', 'participant-key', 20)?.key).toBe('facilitator-key');
  });

  test('comes with a key that somebody gave them, and stays who they are', () => {
    const entrance = enter(owner, 'b1', 'other-key', 20);
    expect(entrance?.key).toBe('other-key');
    expect(entrance?.known.me).toBe('secret');
  });

  test('needs no key in the address of a board that is known', () => {
    expect(enter(owner, 'b1', '', 20)?.key).toBe('facilitator-key');
  });

  test('has no way in without any key', () => {
    expect(enter(undefined, 'b1', '', 20)).toBeUndefined();
  });
});

describe('what is remembered of a welcome', () => {
  test('a key that may less does not take the place of the one that may more', () => {
    const known = welcomed(owner, 'viewer-key', 'viewer', 'Uusi nimi', 30);
    expect(known).toMatchObject({
      key: 'facilitator-key',
      role: 'facilitator',
      title: 'Uusi nimi',
    });
    expect(known.opened).toBe(30);
  });

  test('a key that may as much does: the old one may be closed', () => {
    const known = welcomed(owner, 'second-key', 'facilitator', 'Taulu', 30);
    expect(known.key).toBe('second-key');
  });

  test('opening a board lists it again', () => {
    expect(welcomed({ ...owner, unlisted: true }, owner.key, owner.role, 'Taulu', 30)).toEqual({
      ...owner,
      opened: 30,
    });
  });
});

test('a title and what a board is about are remembered anew when they differ', () => {
  const board = { id: 'board', type: 'board', title: 'Taulu', phase: 'describe' } as const;
  expect(noted(owner, board)).toBeUndefined();
  expect(noted(owner, { ...board, title: 'Uusi' })).toEqual({ title: 'Uusi', about: {} });
  const about = { stage: 'draft', tags: ['museo'] } as const;
  expect(noted(owner, { ...board, ...about, place: 'Tuusula' })).toEqual({ title: 'Taulu', about });
  expect(noted({ ...owner, about }, { ...board, ...about })).toBeUndefined();
  expect(noted({ ...owner, about }, board)).toEqual({ title: 'Taulu', about: {} });
});

describe('known boards', () => {
  test('are listed with the last opened first, without those taken off the list', () => {
    const boards = new KnownBoards(memoryStore());
    boards.put({ ...owner, id: 'old', opened: 1 });
    boards.put({ ...owner, id: 'new', opened: 3 });
    boards.put({ ...owner, id: 'hidden', opened: 2 });
    boards.change('hidden', { unlisted: true });
    expect(boards.recent().map(({ id }) => id)).toEqual(['new', 'old']);
    expect(boards.get('hidden')?.key).toBe('facilitator-key');
  });

  test('what an older page has left in the store is no board', () => {
    const store = memoryStore();
    store.write('jana.board.x', '{"id":"x"}');
    store.write('jana.board.y', 'not JSON');
    expect(new KnownBoards(store).recent()).toEqual([]);
  });
});
