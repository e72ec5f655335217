import { describe, expect, test } from 'vitest';
import { limits } from '$protocol/board/item';
import { readList } from './paste';

describe('a pasted list', () => {
  test('becomes a note per line, with the places that lines begin with', () => {
    const { lines, placed } = readList('- Soittaa itse\n\n27; Asioi yksin\r\n3 lasta', true, 10);
    expect(lines).toEqual([
      { text: 'Soittaa itse' },
      { text: 'Asioi yksin', tenths: 270 },
      { text: '3 lasta' },
    ]);
    expect(placed).toBe(1);
  });

  test('knows no places on a board without an axis', () => {
    expect(readList('27; Asioi yksin', false, 10)).toMatchObject({
      lines: [{ text: '27; Asioi yksin' }],
      placed: 0,
    });
  });

  test('counts the lines that no note holds, in code points', () => {
    const fits = '😀'.repeat(limits.noteText);
    expect(readList(`${fits}\n${fits}a\nb`, false, 10).tooLong).toBe(1);
  });

  test('tells how many notes the board has no room for', () => {
    expect(readList('a\nb\nc', false, 2).over).toBe(1);
    expect(readList('a\nb\nc', false, 3).over).toBe(0);
  });
});
