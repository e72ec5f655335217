import { expect, test } from 'vitest';
import { beside } from './beside';

const page = { width: 1080, height: 754 };
const card = { width: 430, height: 160 };
const note = (left: number, top: number) => ({ left, top, right: left + 100, bottom: top + 80 });

test('a card stands under its note', () => {
  expect(beside(note(500, 200), card, page)).toEqual({ left: 335, top: 292 });
});

test('a card stands over a note that has no room below', () => {
  expect(beside(note(500, 560), card, page)).toEqual({ left: 335, top: 388 });
});

test('a card stays within the page', () => {
  expect(beside(note(0, 200), card, page)?.left).toBe(12);
  expect(beside(note(1000, 200), card, page)?.left).toBe(638);
});

test('a card does not stand by a note that is out of sight', () => {
  expect(beside(note(-300, 200), card, page)).toBeNull();
});
