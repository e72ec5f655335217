import { beforeAll, expect, test } from 'vitest';
import { locale } from '../../src/state/locale.svelte';
import { Table } from '../sync/desk';
import { look, open } from './page';

beforeAll(() => locale.whole());

test('who only looks never has what writing takes', async () => {
  const { board, stage, slate } = await look(new Table(), 'v');
  expect(await board.writing()).toBeUndefined();
  stage.writeNew();
  stage.take({ type: 'edit', id: 'n1' });
  await board.writing();
  expect(slate.calls).toEqual([]);
  expect(() => board.actions).toThrow('has not come');
  stage.take({ type: 'select', ids: ['n1'], how: 'replace' });
  stage.take({ type: 'open', id: 'n1' });
  expect(board.selection.open).toBe('n1');
});

test('what is done before writing is possible is done then, in its order', async () => {
  const { board, stage, slate } = await look(new Table(), 'a');
  stage.writeNew();
  stage.take({ type: 'dragStart', drag: 1, ids: ['n1'] });
  stage.take({ type: 'drop', drag: 1, moves: [['n1', 700, 500]], target: null });
  expect(slate.calls).toEqual([]);
  await stage.startWriting();
  expect(slate.calls.map(([what]) => what)).toEqual(['edit']);
  expect(board.session.board.itemOf('n1', 'note')?.x).toBe(700);
});

test('a stage that is gone does nothing of what was asked of it', async () => {
  const { board, stage, slate } = await look(new Table(), 'a');
  stage.writeNew();
  stage.destroy();
  await board.writing();
  await stage.startWriting();
  expect(slate.calls).toEqual([]);
});

test('two parts of a page that write share one writer', async () => {
  const { board } = await open(new Table(), 'a');
  expect(await board.writing()).toBe(await board.writing());
});
