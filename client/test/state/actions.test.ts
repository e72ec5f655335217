import { beforeAll, describe, expect, test } from 'vitest';
import type { Item, Note } from '$protocol/board/item';
import { value10 } from '$protocol/board/value';
import { locale } from '../../src/state/locale.svelte';
import { note, Table } from '../sync/desk';
import { inPhase, open, type Page } from './page';

beforeAll(() => locale.whole());

const grouped: readonly Item[] = [
  { id: 'g1', type: 'group', name: 'Ryhmä', order: 1 },
  { ...note('m1', 300, 'ryhmässä'), groupId: 'g1' },
  { id: 's1', type: 'segment', name: 'Ryhmä', groupId: 'g1', order: 1 },
];

function notes({ board }: Page): Note[] {
  return board.session.board.ofType('note');
}

function tenths({ board }: Page, id: string): number | null {
  const item = board.session.board.itemOf(id, 'note');
  return item ? value10(board.session.board.axis(), item.x, item.y) : null;
}

describe('a value', () => {
  test('moves a note along the axis and leaves its row', async () => {
    const page = await open(new Table(), 'f');
    expect(page.board.actions.setValue(['n1'], 378)).toBe(true);
    expect(tenths(page, 'n1')).toBe(378);
    expect(page.seat.note('n1')?.y).toBe(500);
    expect(page.board.live.text).toBe('Siirretty kohtaan 38');
  });

  test('takes a parked note into the band, and parking takes it out', async () => {
    const page = await open(new Table(), 'f');
    page.board.actions.park(['n1']);
    expect(tenths(page, 'n1')).toBeNull();
    expect(page.board.live.text).toBe('Siirretty parkkiin');
    page.board.actions.setValue(['n1'], 500);
    expect(tenths(page, 'n1')).toBe(500);
  });
});

describe('groups', () => {
  test('are made of notes, joined by others, and left again', async () => {
    const page = await open(new Table(), 'f');
    const { actions } = page.board;
    const group = actions.group(['n1']);
    expect(page.seat.note('n1')?.groupId).toBe(group);
    actions.group(['n2'], group);
    expect(page.seat.note('n2')?.groupId).toBe(group);
    actions.nameGroup(group ?? '', ' Arki ');
    expect(page.board.groups.get(group ?? '')).toMatchObject({ name: 'Arki', count: 2 });
    actions.ungroup(['n1', 'n2']);
    expect(page.seat.note('n1')?.groupId).toBeUndefined();
  });

  test('keep what is duplicated from them', async () => {
    const page = await open(new Table(grouped), 'f');
    const [copy] = page.board.actions.duplicate(['m1']);
    expect(page.seat.note(copy ?? '')).toMatchObject({ text: 'ryhmässä', groupId: 'g1' });
    expect(tenths(page, copy ?? '')).toBe(tenths(page, 'm1'));
  });
});

test('notes are told to be what customers have said, and are shown as such', async () => {
  const page = await open(new Table(), 'f');
  const { actions, session } = page.board;
  const shown = () => page.slate.notes.get('n1')?.letters;
  const before = shown();
  actions.setQuote(['n1'], true);
  expect(page.seat.note('n1')?.kind).toBe('quote');
  expect(shown()).toBe(`${before ?? ''} ”`.trim());
  actions.setQuote(['n1'], false);
  expect(session.board.itemOf('n1', 'note')).not.toHaveProperty('kind');
  expect(shown()).toBe(before);
});

test('what is deleted can be brought back from the toast', async () => {
  const page = await open(new Table(), 'f');
  page.board.actions.remove(['n1', 'n2']);
  expect(notes(page)).toHaveLength(0);
  expect(page.board.toast.shown?.text).toBe('2 lappua poistettu');
  page.board.toast.shown?.action?.run();
  expect(
    notes(page)
      .map(({ id }) => id)
      .sort(),
  ).toEqual(['n1', 'n2']);
});

test('a list becomes notes: at their places, or parked', async () => {
  const page = await open(new Table(), 'f');
  page.board.actions.makeAll([{ text: 'Yksi', tenths: 270 }, { text: 'Kaksi' }], 'p1');
  const made = notes(page).filter(({ text }) => text === 'Yksi' || text === 'Kaksi');
  expect(made.map(({ id }) => tenths(page, id)).sort()).toEqual([270, null]);
  expect(made.every(({ perspectiveId }) => perspectiveId === 'p1')).toBe(true);
});

test('a list longer than a push becomes notes all the same', async () => {
  const page = await open(new Table(), 'f');
  const lines = Array.from({ length: 450 }, (_, i) => ({ text: `rivi ${i}` }));
  page.board.actions.makeAll(lines, undefined);
  expect(notes(page)).toHaveLength(452);
});

describe('what is not allowed', () => {
  test('is told at once and not sent', async () => {
    const page = await open(
      new Table([inPhase('describe', { lock: { level: 'closed', by: 'pf', time: 5 } })]),
      'a',
    );
    expect(page.board.actions.move([['n1', 900, 500]])).toBe(false);
    expect(page.seat.note('n1')?.x).toBe(100);
    expect(page.board.status.waiting).toBe(0);
    expect(page.board.refusals.cards.map(({ refused, items }) => [refused.code, items])).toEqual([
      ['board_locked', ['n1']],
    ]);
  });

  test('in part is done in part', async () => {
    const mine: Note = { ...note('mine', 400, 'oma'), authorId: 'pb' };
    const page = await open(new Table([inPhase('describe'), mine]), 'b');
    const own = page.board.me?.id;
    expect(own).toBeDefined();
    page.board.actions.make('minun', 'p1', 500);
    const made = notes(page).find(({ text }) => text === 'minun');
    page.board.actions.remove([made?.id ?? '', 'n1']);
    expect(page.seat.note(made?.id ?? '')).toBeUndefined();
    expect(page.seat.note('n1')).toBeDefined();
    expect(page.board.refusals.cards.map(({ refused, items }) => [refused.code, items])).toEqual([
      ['not_yours', ['n1']],
    ]);
  });
});

test('a facilitator corrects what is frozen in one go, and it stays frozen', async () => {
  const table = new Table(grouped);
  const page = await open(table, 'f');
  const { actions, refusals, session } = page.board;
  actions.freeze(['s1'], true);
  expect(actions.move([['m1', 900, 500]])).toBe(false);
  const [card] = refusals.cards;
  expect(card?.refused.reason?.id).toBe('s1');
  actions.correct(card?.retry ?? [], 's1');
  expect(page.seat.note('m1')?.x).toBe(900);
  expect(session.board.itemOf('s1', 'segment')?.frozen?.texts).toBe(true);
  await table.time.pass(200);
  expect(page.seat.note('m1')?.x).toBe(900);
});

test('a name is kept for the next board', async () => {
  const page = await open(new Table(), 'a');
  page.board.actions.rename('  Pöytä 3 A ');
  expect(page.board.settings.name).toBe('Pöytä 3 A');
  expect(page.board.memory.name).toBe('Pöytä 3 A');
});

describe('a new round', () => {
  const cells: readonly Item[] = [
    ...grouped,
    { id: 'v1', type: 'service', name: 'Neuvonta', order: 1 },
    {
      id: 'a.v1.s1',
      type: 'assessment',
      serviceId: 'v1',
      segmentId: 's1',
      serves: true,
      ratings: { availability: 3 },
      votes: { availability: { pToinen: 1 } },
    },
  ];

  test('keeps the board, and empties the cells alone', async () => {
    const { board } = await open(new Table(cells), 'f');
    board.actions.round('Kierros 1');
    expect(board.session.board.itemOf('a.v1.s1', 'assessment')).toBeUndefined();
    for (const id of ['v1', 's1', 'g1', 'm1']) expect(board.session.board.item(id)).toBeDefined();
    expect(board.toast.shown?.text).toBe('Uusi kierros alkoi. Edellinen on tallessa: Kierros 1');
  });

  test('gives the cells back when it is undone', async () => {
    const { board } = await open(new Table(cells), 'f');
    board.actions.round('Kierros 1');
    board.actions.undo();
    expect(board.session.board.itemOf('a.v1.s1', 'assessment')?.ratings).toEqual({
      availability: 3,
    });
  });

  test('is not begun by who may keep no snapshot', async () => {
    const { board } = await open(new Table(cells), 'p');
    board.actions.round('Kierros 1');
    expect(board.session.board.itemOf('a.v1.s1', 'assessment')).toBeDefined();
  });
});
