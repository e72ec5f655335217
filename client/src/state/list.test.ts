import { expect, test } from 'vitest';
import { readLines, readTenths } from './list';

test('each line is a note, without bullets, numbers and empty lines', () => {
  expect(readLines('- Asuu yksin\r\n\n2) Soittaa itse\n  •  Hakee apua ', true)).toEqual([
    { text: 'Asuu yksin' },
    { text: 'Soittaa itse' },
    { text: 'Hakee apua' },
  ]);
});

test('a number before a separator is the place, any other number is text', () => {
  expect(
    readLines('27; Soittaa itse\n31,5\tHakee apua\n3 lasta kotona\n140; liikaa', true),
  ).toEqual([
    { text: 'Soittaa itse', tenths: 270 },
    { text: 'Hakee apua', tenths: 315 },
    { text: '3 lasta kotona' },
    { text: '140; liikaa' },
  ]);
});

test('without an axis a place is text', () => {
  expect(readLines('27; Soittaa itse', false)).toEqual([{ text: '27; Soittaa itse' }]);
});

test.each([
  ['27', 270],
  [' 37,8 ', 378],
  ['37.84', 378],
  ['0', 0],
  ['100', 1000],
])('%s is a place', (typed, tenths) => {
  expect(readTenths(typed)).toBe(tenths);
});

test.each(['', '101', '-1', 'kaksi', '1e1', '100,1'])('%s is no place', (typed) => {
  expect(readTenths(typed)).toBeUndefined();
});
