import { beforeAll, describe, expect, test } from 'vitest';
import type { Item, Note } from '$protocol/board/item';
import { locale } from '../../src/state/locale.svelte';
import { note, Table } from '../sync/desk';
import { inPhase, open, type Page } from './page';

beforeAll(() => locale.whole());

function made({ board }: Page): Note[] {
  return board.session.board.ofType('note').filter(({ id }) => id !== 'n1' && id !== 'n2');
}

function edited({ slate }: Page): string {
  return String(slate.calls.findLast(([what]) => what === 'edit')?.[1]);
}

describe('a new note', () => {
  test('is on the board from its first letter on', async () => {
    const page = await open(new Table(), 'a');
    const { stage } = page;
    stage.writeNew();
    const id = edited(page);
    expect(page.slate.notes.has(id)).toBe(true);
    expect(made(page)).toHaveLength(0);
    stage.take({ type: 'typed', id, text: 'S' });
    stage.take({ type: 'typed', id, text: 'Soittaa' });
    stage.take({ type: 'editEnd', id, text: 'Soittaa itse', by: 'enter' });
    expect(made(page)).toMatchObject([{ id, text: 'Soittaa itse', perspectiveId: 'p1' }]);
  });

  test('that nobody wrote on leaves nothing behind', async () => {
    const page = await open(new Table(), 'a');
    page.stage.writeNew();
    const id = edited(page);
    page.stage.take({ type: 'editEnd', id, text: '  ', by: 'blur' });
    expect(page.slate.notes.has(id)).toBe(false);
    expect(made(page)).toHaveLength(0);
    expect(page.board.canUndo).toBe(false);
  });

  test('whose text was taken away again is deleted', async () => {
    const page = await open(new Table(), 'a');
    const { stage } = page;
    stage.writeNew();
    const id = edited(page);
    stage.take({ type: 'typed', id, text: 'S' });
    stage.take({ type: 'editEnd', id, text: '', by: 'escape' });
    expect(made(page)).toHaveLength(0);
  });

  test('that was begun by a key is asked for its value after its text', async () => {
    const page = await open(new Table(), 'a');
    const { stage } = page;
    stage.take({ type: 'command', command: 'new' });
    const id = edited(page);
    stage.take({ type: 'editEnd', id, text: 'Soittaa itse', by: 'enter' });
    expect(page.slate.calls).toContainEqual(['focus', id]);
    expect(page.board.chrome.valueOf?.note).toBe(id);
  });

  test('lies where the axis was tapped, in the lane of its perspective', async () => {
    const page = await open(new Table(), 'a');
    page.stage.take({ type: 'create', at: { on: 'axis', x: 2700 } });
    const view = page.slate.notes.get(edited(page));
    expect(view?.x).toBe(2700);
    expect(view?.y).toBeGreaterThan(0);
  });

  test('is refused at once while the board is locked', async () => {
    const locked = inPhase('describe', { lock: { level: 'text', by: 'pf', time: 5 } });
    const page = await open(new Table([locked]), 'a');
    page.stage.writeNew();
    expect(page.slate.calls).toEqual([]);
    expect(page.board.refusals.cards[0]?.refused.code).toBe('board_locked');
  });
});

test('what two write into one note is merged into the field', async () => {
  const table = new Table();
  const mine = await open(table, 'a');
  const theirs = await open(table, 'b');
  mine.stage.take({ type: 'edit', id: 'n1' });
  theirs.stage.take({ type: 'edit', id: 'n1' });
  theirs.stage.take({ type: 'typed', id: 'n1', text: 'yksi ja kaksi' });
  await table.time.pass(1000);
  expect(mine.slate.calls).toContainEqual(['mergeEdit', 'yksi ja kaksi']);
});

test('a note that somebody deletes closes its field', async () => {
  const table = new Table();
  const mine = await open(table, 'a');
  const boss = await open(table, 'f');
  mine.stage.take({ type: 'edit', id: 'n1' });
  boss.board.actions.remove(['n1']);
  await table.time.pass(200);
  expect(mine.slate.calls).toContainEqual(['endEdit', null]);
  expect(mine.slate.notes.has('n1')).toBe(false);
});

describe('a drag', () => {
  const grouped: readonly Item[] = [
    inPhase('group'),
    { id: 'g1', type: 'group', name: 'Ryhmä', order: 1 },
    { ...note('m1', 300, 'ryhmässä'), groupId: 'g1' },
  ];
  const drop = (page: Page, id: string, target: 'group' | 'note' | null, on = '') => {
    page.stage.take({ type: 'dragStart', drag: 1, ids: [id] });
    page.stage.take({
      type: 'drop',
      drag: 1,
      moves: [[id, 900, 500]],
      target: target && { type: target, id: on },
    });
  };

  test('moves', async () => {
    const page = await open(new Table(), 'a');
    drop(page, 'n1', null);
    expect(page.seat.note('n1')?.x).toBe(900);
  });

  test('is followed by the others while it lasts, and no longer', async () => {
    const table = new Table();
    const mine = await open(table, 'a');
    const theirs = await open(table, 'b');
    const previews = () =>
      [...theirs.board.session.presence.values()].flatMap(({ drag }) => drag ?? []);
    mine.stage.take({ type: 'dragStart', drag: 1, ids: ['n1'] });
    mine.stage.take({ type: 'dragMove', drag: 1, moves: [['n1', 400, 500]] });
    await table.time.pass(200);
    expect(previews()).toContainEqual(['n1', 400, 500]);
    mine.stage.take({ type: 'dragCancel', drag: 1, ids: ['n1'] });
    await table.time.pass(200);
    expect(previews()).toEqual([]);
  });

  test('ends as it begins where it would be refused, and says why', async () => {
    const pinned: Note = { ...note('n1', 100, 'yksi'), pinned: { by: 'pf', time: 5 } };
    const page = await open(new Table([inPhase('describe'), pinned]), 'a');
    page.stage.take({ type: 'dragStart', drag: 7, ids: ['n1'] });
    expect(page.slate.calls).toContainEqual(['cancelDrag', 7]);
    expect(page.board.refusals.cards[0]?.refused.code).toBe('pinned');
  });

  test('only says where a note belongs while groups are made', async () => {
    const page = await open(new Table(grouped), 'a');
    drop(page, 'n1', 'group', 'g1');
    expect(page.seat.note('n1')).toMatchObject({ x: 100, groupId: 'g1' });
  });

  test('onto a lone note makes a group of both, and asks its name', async () => {
    const page = await open(new Table(grouped), 'a');
    drop(page, 'n1', 'note', 'n2');
    const group = page.seat.note('n1')?.groupId;
    expect(group).toBeDefined();
    expect(page.seat.note('n2')?.groupId).toBe(group);
    expect(page.board.chrome.naming).toBe(group);
  });

  test('onto a grouped note joins its group', async () => {
    const page = await open(new Table(grouped), 'a');
    drop(page, 'n1', 'note', 'm1');
    expect(page.seat.note('n1')?.groupId).toBe('g1');
  });
});

describe('a tap after "move"', () => {
  test('places all that is selected as it lies to each other', async () => {
    const page = await open(new Table(), 'a');
    const { selection } = page.board;
    selection.select(['n1', 'n2'], 'replace');
    selection.startPlacing();
    page.stage.take({ type: 'place', at: { on: 'band', x: 1000, y: 700 } });
    expect([page.seat.note('n1')?.x, page.seat.note('n2')?.x]).toEqual([1000, 1100]);
    expect(selection.placing).toBe(false);
  });

  test('on the axis gives all its value', async () => {
    const page = await open(new Table(), 'a');
    page.board.selection.select(['n1', 'n2'], 'replace');
    page.board.selection.startPlacing();
    page.stage.take({ type: 'place', at: { on: 'axis', x: 4000 } });
    expect([page.seat.note('n1')?.x, page.seat.note('n2')?.x]).toEqual([4000, 4000]);
    expect(page.seat.note('n1')?.y).toBe(500);
  });
});

describe('keys', () => {
  test('act on what is selected, or on the note in focus', async () => {
    const page = await open(new Table(), 'f');
    const { stage } = page;
    stage.take({ type: 'focus', id: 'n2' });
    stage.take({ type: 'command', command: 'delete' });
    expect(page.seat.note('n2')).toBeUndefined();
    expect(page.seat.note('n1')).toBeDefined();
    stage.take({ type: 'command', command: 'undo' });
    expect(page.seat.note('n2')).toBeDefined();
  });

  test('select all of a group from within it', async () => {
    const page = await open(
      new Table([
        { id: 'g1', type: 'group', name: 'Ryhmä', order: 1 },
        { ...note('m1', 300, 'a'), groupId: 'g1' },
        { ...note('m2', 400, 'b'), groupId: 'g1' },
      ]),
      'f',
    );
    page.stage.take({ type: 'focus', id: 'm1' });
    page.stage.take({ type: 'command', command: 'selectAll' });
    expect([...page.board.selection.ids].sort()).toEqual(['m1', 'm2']);
  });

  test('that the phase gives no right to do nothing', async () => {
    const page = await open(new Table([inPhase('assess')]), 'a');
    page.board.selection.select(['n1'], 'replace');
    for (const command of ['new', 'group', 'perspective', 'delete', 'duplicate'] as const) {
      page.stage.take({ type: 'command', command });
    }
    expect(page.board.status.waiting).toBe(0);
    expect(page.board.refusals.cards).toEqual([]);
    expect(page.board.chrome.picker).toBeUndefined();
  });
});

test('what others do is told in a sentence when it concerns all', async () => {
  const table = new Table([
    { id: 'pf', type: 'participant', name: 'Maija Lehto', role: 'facilitator' },
  ]);
  const boss = await open(table, 'f');
  const guest = await open(table, 'a');
  boss.board.actions.lock('closed');
  await table.time.pass(300);
  await expect.poll(() => guest.board.live.text).toBe('Maija Lehto lukitsi taulun.');
  boss.board.actions.phase('group');
  await table.time.pass(300);
  await expect.poll(() => guest.board.live.text).toBe('Maija Lehto vaihtoi vaiheen: Ryhmittele');
});

test('notes of a frozen segment are hatched until it is thawed', async () => {
  const table = new Table([
    { id: 'g1', type: 'group', name: 'Ryhmä', order: 1 },
    { ...note('m1', 300, 'a'), groupId: 'g1' },
    { id: 's1', type: 'segment', name: 'Ryhmä', groupId: 'g1', order: 1 },
  ]);
  const boss = await open(table, 'f');
  const guest = await open(table, 'a');
  boss.board.actions.freeze(['s1'], false);
  await table.time.pass(200);
  expect(guest.slate.notes.get('m1')?.frozen).toBe(true);
  expect(guest.slate.notes.get('n1')?.frozen).toBe(false);
  boss.board.actions.unfreeze(['s1']);
  await table.time.pass(200);
  expect(guest.slate.notes.get('m1')?.frozen).toBe(false);
});
