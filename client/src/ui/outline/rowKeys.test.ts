import { expect, test } from 'vitest';
import { rowAct, type RowInput } from './rowKeys';

function input(key: string, more: Partial<RowInput> = {}): RowInput {
  return { key, shiftKey: false, altKey: false, ctrlKey: false, metaKey: false, ...more };
}

test('arrows move the value by one, with Shift by ten', () => {
  expect(rowAct(input('ArrowLeft'), true)).toEqual({ type: 'nudge', tenths: -10 });
  expect(rowAct(input('ArrowRight', { shiftKey: true }), true)).toEqual({
    type: 'nudge',
    tenths: 100,
  });
});

test('a figure begins a value, and so does the sign for it', () => {
  expect(rowAct(input('7'), false)).toEqual({ type: 'value', figure: '7' });
  expect(rowAct(input('='), false)).toEqual({ type: 'value', figure: '' });
});

test('letters act only while they are switched on', () => {
  expect(rowAct(input('g'), true)).toEqual({ type: 'pick', what: 'group' });
  expect(rowAct(input('P'), true)).toEqual({ type: 'pick', what: 'perspective' });
  expect(rowAct(input('g'), false)).toBeUndefined();
});

test('Escape ends a selection, Delete takes away', () => {
  expect(rowAct(input('Escape'), false)).toEqual({ type: 'clear' });
  expect(rowAct(input('Delete'), false)).toEqual({ type: 'delete' });
});

test('keys of the browser and of the list are left to them', () => {
  for (const key of ['Enter', ' ', 'Tab', 'ArrowUp', 'ArrowDown', 'x']) {
    expect(rowAct(input(key), true), key).toBeUndefined();
  }
  expect(rowAct(input('ArrowLeft', { altKey: true }), true)).toBeUndefined();
  expect(rowAct(input('g', { ctrlKey: true }), true)).toBeUndefined();
});
