import { expect, test } from 'vitest';
import { isPlain, languages, Locale, preferred } from './locale.svelte';

test('the first of the asked languages that we speak is chosen', () => {
  expect(preferred(['de-DE', 'sv-FI', 'fi'])).toBe('sv');
  expect(preferred(['en-US'])).toBe('en');
  expect(preferred(['se', 'de'])).toBe('fi');
});

test('texts, plurals and numbers change with the language', async () => {
  const locale = new Locale();
  expect(locale.text('note.count', { n: 1 })).toBe('1 lappu');
  expect(locale.text('note.count', { n: 1200 })).toBe('1\u00a0200 lappua');
  expect(locale.tenths(378)).toBe('37,8');
  await locale.use('en');
  expect(locale.text('note.count', { n: 1200 })).toBe('1,200 notes');
  expect(locale.tenths(378)).toBe('37.8');
  expect(locale.tenths(400)).toBe('40');
});

test('plain numbers are those that every language writes and counts alike', () => {
  for (const { code } of languages) {
    const plural = new Intl.PluralRules(code);
    const number = new Intl.NumberFormat(code);
    for (let n = 0; isPlain(n); n++) {
      expect(plural.select(n), `${n} in ${code}`).toBe(n === 1 ? 'one' : 'other');
      expect(number.format(n)).toBe(String(n));
    }
  }
  expect([-1, 0.5, 1000, NaN].map(isPlain)).toEqual([false, false, false, false]);
});

test('the rest of the words comes when it is asked for, in every language chosen later', async () => {
  const locale = new Locale();
  expect(locale.text('note.edit')).toBe('');
  await locale.whole();
  expect(locale.text('note.edit')).toBe('Muokkaa');
  await locale.use('sv');
  expect(locale.text('note.edit')).toBe('Redigera');
  expect(locale.text('note.new')).toBe('Ny lapp');
});

test('of two switches in flight the last one asked for wins', async () => {
  const locale = new Locale();
  await Promise.all([locale.use('sv'), locale.use('fi')]);
  expect(locale.language).toBe('fi');
});

test('a time on another day says the day', () => {
  const locale = new Locale();
  const noon = new Date(2026, 10, 21, 14, 32).getTime();
  expect(locale.time(noon, noon + 60_000)).toBe('14.32');
  expect(locale.time(noon, noon + 86_400_000)).toBe('21.11. 14.32');
});
