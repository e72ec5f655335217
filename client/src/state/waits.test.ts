import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { silentMs } from './connection';
import { Waits } from './waits';

const told: (readonly string[])[] = [];
let waits: Waits;

beforeEach(() => {
  vi.useFakeTimers();
  told.length = 0;
  waits = new Waits((ids) => told.push(ids));
});
afterEach(() => vi.useRealTimers());

test('what waits long is told, and told again once it does no more', () => {
  waits.changed(['a'], () => true, Date.now());
  vi.advanceTimersByTime(silentMs - 1);
  expect(waits.has('a')).toBe(false);
  vi.advanceTimersByTime(1);
  expect(waits.has('a')).toBe(true);
  waits.changed(['a'], () => false, Date.now());
  expect(waits.has('a')).toBe(false);
  expect(told).toEqual([['a'], ['a']]);
});

test('what waits shortly is never told', () => {
  waits.changed(['a'], () => true, Date.now());
  vi.advanceTimersByTime(silentMs / 2);
  waits.changed(['a'], () => false, Date.now());
  vi.advanceTimersByTime(silentMs * 2);
  expect(told).toEqual([]);
});

test('each waits by its own clock', () => {
  waits.changed(['a'], () => true, Date.now());
  vi.advanceTimersByTime(silentMs / 2);
  waits.changed(['b'], () => true, Date.now());
  vi.advanceTimersByTime(silentMs / 2);
  expect([waits.has('a'), waits.has('b')]).toEqual([true, false]);
  vi.advanceTimersByTime(silentMs / 2);
  expect(waits.has('b')).toBe(true);
});
