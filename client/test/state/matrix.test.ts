import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Item } from '$protocol/board/item';
import { locale } from '../../src/state/locale.svelte';
import { Matrix } from '../../src/state/matrix.svelte';
import { MatrixActions } from '../../src/state/matrixActions';
import { offered, viewOf } from '../../src/ui/views';
import { note, Table } from '../sync/desk';
import { inPhase, look, open, type Page } from './page';

beforeAll(() => locale.whole());
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const services: readonly Item[] = [
  { id: 'k1', type: 'category', name: 'Neuvonta', order: 1 },
  { id: 'k2', type: 'category', name: 'Koulutus', order: 2 },
  { id: 'i1', type: 'service', name: 'Opo', categoryId: 'k2', order: 1 },
  { id: 'i2', type: 'service', name: 'Talkoot', order: 2 },
  { id: 'i3', type: 'service', name: 'Ohjaus', categoryId: 'k1', order: 3 },
];

const segments: readonly Item[] = [
  { id: 'g1', type: 'group', name: 'Omin siivin', order: 1 },
  { ...note('m1', 9000), groupId: 'g1' },
  { id: 's1', type: 'segment', name: 'Omin siivin', groupId: 'g1', order: 1 },
  { id: 's2', type: 'segment', name: 'Solmut', position: 300, order: 2 },
  { id: 's3', type: 'segment', name: 'Paikaton', order: 0 },
];

const assessing = (...more: Item[]) =>
  new Table([inPhase('assess'), ...services, ...segments, ...more]);
const at = { service: 'i3', segment: 's2' };

function matrixOf({ board }: Page) {
  const matrix = new Matrix(board);
  return { matrix, actions: new MatrixActions(board) };
}

describe('the table', () => {
  test('has services by category, and segments as they lie on the axis', async () => {
    const { matrix } = matrixOf(await open(assessing(), 'f'));
    expect(matrix.bands.map(({ category, services: of }) => [category?.name, of[0]?.name])).toEqual(
      [
        ['Neuvonta', 'Ohjaus'],
        ['Koulutus', 'Opo'],
        [undefined, 'Talkoot'],
      ],
    );
    expect(matrix.columns.map(({ id, value }) => [id, value])).toEqual([
      ['s2', 30],
      ['s1', 90],
      ['s3', undefined],
    ]);
  });

  test('goes on from a segment to the next, then to the next service', async () => {
    const { matrix } = matrixOf(await open(assessing(), 'f'));
    expect(matrix.beside(at, -1)).toBeUndefined();
    expect(matrix.beside(at, 1)).toEqual({ service: 'i3', segment: 's1' });
    expect(matrix.beside({ service: 'i3', segment: 's3' }, 1)).toEqual({
      service: 'i1',
      segment: 's2',
    });
    expect(matrix.beside({ service: 'i2', segment: 's3' }, 1)).toBeUndefined();
  });
});

describe('a cell', () => {
  test('counts every vote, and the agreed figure instead of them', async () => {
    const table = assessing();
    const [boss, one, two] = await Promise.all(['f', 'a', 'b'].map((me) => open(table, me)));
    if (!boss || !one || !two) throw new Error('nobody came');
    matrixOf(one).actions.answer(at, 'availability', 4);
    matrixOf(two).actions.answer(at, 'availability', 1);
    await table.time.pass(200);
    const { matrix, actions } = matrixOf(boss);
    expect(matrix.facts(at)).toMatchObject({ state: 'served', score: 0.625, covers: true });
    expect(matrix.nameOf(at)).toBe('Ohjaus, Solmut: kattaa, 63');
    actions.agree(at);
    expect(matrix.cell(at)?.ratings).toEqual({ availability: 3 });
    actions.answer(at, 'availability', 1);
    expect(matrix.nameOf(at)).toBe('Ohjaus, Solmut: heikko, 25');
    actions.answer(at, 'availability', null);
    expect(matrix.facts(at).score).toBe(0.625);
    boss.board.actions.undo();
    expect(matrix.cell(at)?.ratings).toEqual({ availability: 1 });
  });

  test('that is not served is told from one that nobody assessed', async () => {
    const { matrix, actions } = matrixOf(await open(assessing(), 'a'));
    expect(matrix.stateName(at)).toBe('ei arvioitu');
    actions.serves(at, false);
    expect(matrix.stateName(at)).toBe('ei palvele');
  });

  test('stays as it is where a phase lets nobody assess, and says why', async () => {
    const page = await open(new Table([inPhase('describe'), ...services, ...segments]), 'a');
    const { matrix, actions } = matrixOf(page);
    actions.answer(at, 'availability', 4);
    expect(matrix.cell(at)).toBeUndefined();
    expect(page.board.refusals.cards.map(({ refused }) => refused.code)).toEqual(['phase']);
  });
});

test('what a segment needs and is given follows what is assessed', async () => {
  const page = await open(assessing(), 'f');
  const { matrix, actions } = matrixOf(page);
  const stop = matrix.watch();
  expect(matrix.balance('s2')?.status).toBe('unknown');
  for (const service of ['i1', 'i2', 'i3']) {
    actions.answer({ service, segment: 's2' }, 'availability', 4);
    actions.serves({ service, segment: 's1' }, false);
  }
  expect(matrix.balance('s2')?.status).toBe('unknown');
  vi.advanceTimersByTime(150);
  expect(matrix.balance('s2')?.status).toBe('pileup');
  expect(matrix.balance('s1')?.status).toBe('gap');
  expect(matrix.progress).toEqual({ done: 6, all: 9 });
  stop();
});

describe('services', () => {
  test('of a list come with the categories that are new', async () => {
    const page = await open(assessing(), 'f');
    matrixOf(page).actions.makeServices([
      { name: 'Lukupiiri', category: ' koulutus ' },
      { name: 'Kuoro', category: 'Kulttuuri' },
      { name: 'Retki', category: 'Kulttuuri' },
    ]);
    const { board } = page.board.session;
    const categories = board.ofType('category');
    expect(categories.map(({ name }) => name)).toEqual(['Neuvonta', 'Koulutus', 'Kulttuuri']);
    const of = (name: string) => board.ofType('service').find((one) => one.name === name);
    expect(of('Lukupiiri')?.categoryId).toBe('k2');
    expect(of('Kuoro')?.categoryId).toBe(categories[2]?.id);
    expect(of('Retki')?.categoryId).toBe(categories[2]?.id);
  });

  test('of a list that a participant pastes make no categories', async () => {
    const page = await open(assessing(), 'a');
    matrixOf(page).actions.makeServices([{ name: 'Kuoro', category: 'Kulttuuri' }]);
    const { board } = page.board.session;
    expect(board.ofType('service').some(({ name }) => name === 'Kuoro')).toBe(true);
    expect(board.ofType('category')).toHaveLength(2);
  });

  test('are edited in what differs, and moved among their neighbours', async () => {
    const page = await open(assessing(), 'a');
    const { matrix, actions } = matrixOf(page);
    const { board } = page.board.session;
    const before = board.itemOf('i1', 'service');
    if (!before) throw new Error('there is no i1');
    const { name, categoryId } = before;
    actions.editService(before, {
      name,
      description: 'Kahdesti viikossa',
      categoryId,
      weight: 2,
      intendedSegmentIds: [],
    });
    expect(board.itemOf('i1', 'service')).toEqual({
      ...before,
      description: 'Kahdesti viikossa',
      weight: 2,
    });
    actions.reorder(matrix.services, 'i1', -1);
    expect(board.itemOf('i1', 'service')?.order).toBe(1);
    actions.remove('i2', 'Talkoot');
    expect(matrix.bands).toHaveLength(2);
    page.board.toast.shown?.action?.run();
    expect(matrix.bands).toHaveLength(3);
  });
});

describe('the view', () => {
  test('is that of the phase, until somebody chooses another', async () => {
    const { board } = await look(assessing(), 'a');
    expect(viewOf(board)).toBe('matrix');
    board.chrome.choose('list', 'assess');
    expect(viewOf(board)).toBe('list');
  });

  test('that was chosen stays over phases, but not over one whose work is done elsewhere', async () => {
    const table = new Table([inPhase('describe'), ...services, ...segments]);
    const { board } = await open(table, 'f');
    expect(viewOf(board)).toBe('board');
    board.chrome.choose('list', 'describe');
    board.actions.phase('group');
    expect(viewOf(board)).toBe('list');
    board.actions.phase('assess');
    expect(viewOf(board)).toBe('matrix');
  });

  test('of the services is for facilitators alone before services are spoken of', async () => {
    const table = new Table([inPhase('describe')]);
    const [boss, guest] = [await look(table, 'f'), await look(table, 'a')];
    expect(offered(boss.board)).toContain('matrix');
    expect(offered(guest.board)).not.toContain('matrix');
  });
});
