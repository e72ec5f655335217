import type { Item } from '$protocol/board/item';
import type { Op } from '$protocol/board/op';
import { describe, expect, it } from 'vitest';
import { move, note, Table, type Seat } from './desk';

const more: readonly Item[] = [
  { id: 'g1', type: 'group', name: 'Ryhmä', order: 1 },
  { ...note('m1', 300, 'ryhmässä'), groupId: 'g1' },
  { id: 's1', type: 'segment', name: 'Ryhmä', groupId: 'g1', order: 1 },
  { id: 'h1', type: 'heading', name: 'Motivaatio', order: 1 },
  { id: 'c1', type: 'category', name: 'Neuvonta', order: 1 },
  { id: 'v1', type: 'service', name: 'Palvelu', categoryId: 'c1', order: 1 },
  { id: 'a.v1.s1', type: 'assessment', serviceId: 'v1', segmentId: 's1', serves: true },
];

/** The items without what the server numbers anew. */
function content(seat: Seat): unknown[] {
  return [...seat.session.board.items()]
    .map((item) => ({ ...item, z: undefined, order: undefined }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

const pushes: readonly [string, readonly Op[]][] = [
  ['create', [{ do: 'create', item: note('n3', 300, 'kolme') }]],
  ['move', [move('n1', 700)]],
  [
    'move of many',
    [
      {
        do: 'move',
        moves: [
          ['n1', 5, 5],
          ['n2', 6, 6],
        ],
      },
    ],
  ],
  ['text', [{ do: 'text', id: 'n1', field: 'text', from: 'yksi', to: 'yksi ja puoli' }]],
  ['text that was all there was', [{ do: 'text', id: 'n1', field: 'text', from: 'yksi', to: '' }]],
  ['edit', [{ do: 'edit', id: 'n1', fields: { perspectiveId: 'p1', kind: 'quote', text: null } }]],
  ['name of a group with a segment', [{ do: 'edit', id: 'g1', fields: { name: 'Uusi' } }]],
  ['group of two', [{ do: 'group', notes: ['n1', 'n2'], group: 'g2' }]],
  ['group out of another', [{ do: 'group', notes: ['m1', 'n2'], group: 'g2' }]],
  ['ungroup', [{ do: 'ungroup', notes: ['m1'] }]],
  ['delete', [{ do: 'delete', ids: ['n1', 'm1'] }]],
  ['delete of a perspective', [{ do: 'delete', ids: ['p1'] }]],
  ['delete of a service with its cells', [{ do: 'delete', ids: ['v1'] }]],
  ['delete of a category', [{ do: 'delete', ids: ['c1'] }]],
  [
    'description',
    [{ do: 'text', id: 's1', field: 'descriptions/h1', from: '', to: 'Haluaa rauhaa' }],
  ],
  [
    'vote and figure',
    [
      { do: 'assess', service: 'v1', segment: 's1', criterion: 'timeliness', vote: 3 },
      { do: 'assess', service: 'v1', segment: 's1', criterion: 'timeliness', rating: 2 },
      { do: 'assess', service: 'v1', segment: 's1', serves: false },
    ],
  ],
  ['settings', [{ do: 'board', fields: { title: 'Uusi', 'thresholds/minNotes': 5 } }]],
  [
    'whole push',
    [
      { do: 'create', item: note('n3', 300, 'kolme') },
      { do: 'group', notes: ['n3', 'n1'], group: 'g2' },
      { do: 'edit', id: 'g2', fields: { name: 'Toinen' } },
      move('n2', 900),
      { do: 'delete', ids: ['m1'] },
    ],
  ],
];

describe.each([true, false])('with answers: %s', (answered) => {
  it.each(pushes)('%s is undone and redone', async (_, ops) => {
    const table = new Table(more);
    const seat = await table.sit('f');
    if (!answered) {
      seat.tab.road.cut(true);
    }
    const before = content(seat);
    seat.session.push(ops);
    await table.time.pass(10);
    const after = content(seat);
    expect(after).not.toEqual(before);
    for (let i = 0; i < 2; i++) {
      expect(seat.session.undo.undo()).toBe(true);
      await table.time.pass(10);
      expect(content(seat), 'undone').toEqual(before);
      expect(seat.session.undo).toMatchObject({ canUndo: false, canRedo: true });
      expect(seat.session.undo.redo()).toBe(true);
      await table.time.pass(10);
      expect(content(seat), 'redone').toEqual(after);
      expect(seat.session.undo).toMatchObject({ canUndo: true, canRedo: false });
    }
    expect(seat.told.refused).toBeUndefined();
    seat.tab.road.mend();
    await table.time.pass(10_000);
    expect(seat.told.refused, 'the server did the same').toBeUndefined();
    expect(content(seat)).toEqual(after);
    expect(table.room.items()).toEqual(
      [...seat.session.board.items()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    );
  });
});

describe('undo', () => {
  it('leaves alone what somebody else changed since, and tells', async () => {
    const table = new Table();
    const [a, b] = [await table.sit('a'), await table.sit('b')];
    a.session.push([
      {
        do: 'move',
        moves: [
          ['n1', 5, 5],
          ['n2', 6, 6],
        ],
      },
    ]);
    await table.time.pass(10);
    b.session.push([move('n1', 900)]);
    await table.time.pass(10);
    a.session.undo.undo();
    await table.time.pass(10);
    expect(a.note('n1')?.x).toBe(900);
    expect(a.note('n2')?.x).toBe(200);
    expect(a.told.refused).toMatchObject([
      { code: 'changed_since', reason: { id: 'n1' }, undo: true },
    ]);
  });

  it('does not delete a note that somebody else wrote in', async () => {
    const table = new Table();
    const [a, b] = [await table.sit('a'), await table.sit('b')];
    a.session.push([{ do: 'create', item: note('n3', 300, 'kolme') }]);
    await table.time.pass(10);
    b.session.push([{ do: 'text', id: 'n3', field: 'text', from: 'kolme', to: 'kolme!' }]);
    await table.time.pass(10);
    a.session.undo.undo();
    await table.time.pass(10);
    expect(a.note('n3')?.text).toBe('kolme!');
    expect(a.told.refused).toMatchObject([{ code: 'changed_since', undo: true }]);
  });

  it('takes back what one wrote and keeps what others wrote beside it', async () => {
    const table = new Table();
    const [a, b] = [await table.sit('a'), await table.sit('b')];
    a.session.push([{ do: 'text', id: 'n1', field: 'text', from: 'yksi', to: 'yksi omaa' }]);
    await table.time.pass(10);
    b.session.push([
      { do: 'text', id: 'n1', field: 'text', from: 'yksi omaa', to: 'no yksi omaa' },
    ]);
    await table.time.pass(10);
    a.session.undo.undo();
    await table.time.pass(10);
    expect(a.note('n1')?.text).toBe('no yksi');
  });

  it('goes back through many steps, and a new deed ends what could be redone', async () => {
    const table = new Table();
    const seat = await table.sit('a');
    for (const x of [1, 2, 3]) {
      seat.session.push([move('n1', x)]);
      await table.time.pass(10);
    }
    const { undo } = seat.session;
    expect([undo.undo(), undo.undo()]).toEqual([true, true]);
    expect(seat.note('n1')?.x).toBe(1);
    undo.redo();
    expect(seat.note('n1')?.x).toBe(2);
    seat.session.push([move('n2', 9)]);
    expect(undo.redo()).toBe(false);
    expect([undo.undo(), undo.undo(), undo.undo(), undo.undo()]).toEqual([true, true, true, false]);
    await table.time.pass(10);
    expect([seat.note('n1')?.x, seat.note('n2')?.x]).toEqual([100, 200]);
    expect(seat.told.undo?.at(-1)).toEqual({ canUndo: false, canRedo: true });
  });

  it('takes a stretch of typing back at once, but for a pause in it', async () => {
    const table = new Table();
    const seat = await table.sit('a');
    const typing = seat.session.type('n1', 'text', () => undefined);
    for (const text of ['yksi k', 'yksi ki', 'yksi kis', 'yksi kissa']) {
      typing.input(text);
      await table.time.pass(500);
    }
    await table.time.pass(4000);
    typing.input('yksi kissa ja');
    await table.time.pass(500);
    typing.end();
    seat.session.undo.undo();
    expect(seat.note('n1')?.text).toBe('yksi kissa');
    seat.session.undo.undo();
    expect(seat.note('n1')?.text).toBe('yksi');
    seat.session.undo.redo();
    await table.time.pass(10);
    expect(table.room.state.itemOf('n1', 'note')?.text).toBe('yksi kissa');
  });

  it('does not touch phases, locks and freezes', async () => {
    const table = new Table();
    const seat = await table.sit('f');
    seat.session.push([{ do: 'lock', level: 'text' }]);
    seat.session.push([{ do: 'phase', to: 'group' }]);
    await table.time.pass(10);
    expect(seat.session.undo.undo()).toBe(false);
  });

  it('has nothing to take back of what was refused', async () => {
    const table = new Table();
    const [f, a] = [await table.sit('f'), await table.sit('a')];
    a.tab.road.held = 'everything';
    f.session.push([{ do: 'lock', level: 'closed' }]);
    await table.time.pass(10);
    a.session.push([move('n1', 700)]);
    expect(a.session.undo.canUndo).toBe(true);
    a.tab.road.release();
    await table.time.pass(10);
    expect(a.session.undo.canUndo).toBe(false);
  });
});
