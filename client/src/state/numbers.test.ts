import { expect, test } from 'vitest';
import { readPositive, typedNumber } from './numbers';

test.each([
  ['2', 2],
  ['0,5', 0.5],
  [' 1 250 ', 1250],
  ['1.25', 1.25],
])('%s is the number %d', (typed, number) => {
  expect(readPositive(typed)).toBe(number);
});

test.each(['', '0', '-1', '1,2,3', 'kaksi', '1e3', '2000000000'])('%s is none', (typed) => {
  expect(readPositive(typed)).toBeUndefined();
});

test('a number is written as its reader types it', () => {
  expect(typedNumber(0.5, 'fi')).toBe('0,5');
  expect(typedNumber(0.5, 'en')).toBe('0.5');
  expect(typedNumber(undefined, 'fi')).toBe('');
});
