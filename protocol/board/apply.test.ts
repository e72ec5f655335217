import { describe, expect, it } from 'vitest';
import { get, land, same, withFields } from './apply';
import type { Item, Note } from './item';
import { predict } from './predict';
import { State } from './state';

const note: Note = { id: 'n1', type: 'note', x: 1, y: 2, text: 'a' };

describe('withFields', () => {
  it('makes a new item and leaves the old one', () => {
    const next = withFields(note, { x: 5, text: null });
    expect(next).toEqual({ id: 'n1', type: 'note', x: 5, y: 2 });
    expect(note.text).toBe('a');
  });

  it('sets and removes what paths lead to, with the map when it is empty', () => {
    let item = withFields(note, { 'votes/a/p1': 3, 'votes/a/p2': 4, 'votes/b/p1': 0 });
    expect(get(item, 'votes/a/p2')).toBe(4);
    item = withFields(item, { 'votes/a/p1': null, 'votes/a/p2': null });
    expect(get(item, 'votes')).toEqual({ b: { p1: 0 } });
    expect(withFields(item, { 'votes/b/p1': null })).toEqual(note);
  });

  it('takes any id for a key', () => {
    const item = withFields(note, {
      'descriptions/__proto__': 'x',
      'descriptions/constructor': 'y',
    });
    expect(get(item, 'descriptions/__proto__')).toBe('x');
    expect(get(item, 'descriptions/constructor')).toBe('y');
    expect(get(note, 'constructor')).toBeUndefined();
    expect(get(withFields(item, { 'descriptions/__proto__': null }), 'descriptions')).toEqual({
      constructor: 'y',
    });
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('does not change what an item is', () => {
    expect(withFields(note, { id: 'n2', type: 'group' })).toEqual(note);
  });
});

describe('same', () => {
  it.each<[boolean, unknown, unknown]>([
    [true, { a: 1, b: ['x'] }, { b: ['x'], a: 1 }],
    [true, undefined, null],
    [false, { a: 1 }, { a: 1, b: 2 }],
    [false, ['a', 'b'], ['b', 'a']],
    [false, [], {}],
    [false, { a: undefined }, { b: undefined }],
    [false, '1', 1],
  ])('%s: %j %j', (want, a, b) => {
    expect(same(a, b)).toBe(want);
  });
});

describe('State', () => {
  it('rolls back to a mark with every index as it was', () => {
    const board = new State();
    const items: Item[] = [
      { id: 'board', type: 'board', title: 'Koe', phase: 'free' },
      { id: 'g1', type: 'group', name: 'Ryhmä', order: 3 },
      { ...note, groupId: 'g1', z: 7 },
      { ...note, id: 'n2', groupId: 'g1', z: 8 },
    ];
    for (const put of items) {
      land(board, { put }, 'p1');
    }
    board.keep();
    const seen = (): unknown => ({
      items: [...board.items()].map((item) => JSON.stringify(item)).sort(),
      notes: board.referring('g1', 'note').map(({ id }) => id),
      types: board
        .ofType('note')
        .map(({ id }) => id)
        .sort(),
      counters: [board.counter('z'), board.counter('group')],
      dead: [board.wasHere('g1'), board.tomb('n1')],
    });
    const before = seen();
    const me = { id: 'p1', role: 'facilitator', mine: new Set<string>() } as const;
    predict(
      board,
      me,
      {
        ops: [
          { do: 'move', moves: [['n1', 9, 9]] },
          { do: 'group', notes: ['n2'], group: 'g2' },
          { do: 'delete', ids: ['g1', 'n1'] },
          { do: 'restore', ids: ['n1'] },
        ],
      },
      1,
    );
    expect(board.item('n1')).toEqual({ ...note, x: 9, y: 9, z: 9 });
    expect(board.referring('g2', 'note').map(({ id }) => id)).toEqual(['n2']);
    board.rollback(0);
    expect(seen()).toEqual(before);
  });
});
