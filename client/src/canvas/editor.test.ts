import { describe, expect, test } from 'vitest';
import { difference, editorPlace } from './editor';

describe('where the field stands', () => {
  const clear = { left: 50, top: 150, right: 1000, bottom: 700 };

  test('over its note', () => {
    const note = { left: 400, top: 300, right: 560, bottom: 408 };
    expect(editorPlace(note, 160, 108, clear)).toEqual({ x: 400, y: 300 });
  });

  test('clear of the chrome at each side', () => {
    const at = (left: number, top: number) =>
      editorPlace({ left, top, right: left + 100, bottom: top + 80 }, 200, 120, clear);
    expect(at(0, 400).x).toBe(62);
    expect(at(980, 400).x).toBe(788);
    expect(at(400, 100).y).toBe(162);
    expect(at(400, 690).y).toBe(568);
  });

  test('above the keyboard', () => {
    const note = { left: 400, top: 600, right: 560, bottom: 708 };
    expect(editorPlace(note, 160, 108, { ...clear, bottom: 380 }).y).toBe(260);
  });

  test('in a space that is too small its upper left corner is seen', () => {
    const note = { left: 400, top: 600, right: 560, bottom: 708 };
    expect(editorPlace(note, 160, 108, { left: 0, top: 0, right: 100, bottom: 60 })).toEqual({
      x: 12,
      y: 12,
    });
  });
});

describe('what differs between two texts', () => {
  test.each([
    ['', 'a'],
    ['sama', 'sama'],
    ['yksi kolme', 'yksi kaksi kolme'],
    ['aaa', 'aa'],
    ['aa', 'aaaa'],
    ['loppu pois', 'loppu'],
    ['👍a', '👎a'],
    ['a👍', 'a👎👍'],
    ['x\ud83d\udc4dy', 'x\ud83d\udc4e\ud83d\udc4dy'],
  ])('%j → %j', (before, after) => {
    const { start, end, words } = difference(before, after);
    expect(before.slice(0, start) + words + before.slice(end)).toBe(after);
    expect(words).not.toMatch(/[\ud800-\udfff]/u);
    expect(before.slice(0, start)).not.toMatch(/[\ud800-\udfff]/u);
  });

  test('is as short as it can be', () => {
    expect(difference('yksi kolme', 'yksi kaksi kolme')).toEqual({
      start: 6,
      end: 6,
      words: 'aksi k',
    });
  });
});
