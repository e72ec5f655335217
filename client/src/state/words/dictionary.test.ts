import { describe, expect, test } from 'vitest';
import { t } from '../locale.svelte';
import { fill, translation, type Dictionary, type Plural } from './dictionary';
import { en } from './en';
import { fi } from './fi';
import { en as firstEn } from './first/en';
import { fi as firstFi } from './first/fi';
import { sv as firstSv } from './first/sv';
import { sv } from './sv';

function texts(entry: string | Plural | undefined): string[] {
  if (entry === undefined) return [];
  return typeof entry === 'string' ? [entry] : [entry.one, entry.other];
}

function holes(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();
}

const parts: readonly [string, Dictionary, Dictionary][] = [
  ['sv', fi, sv],
  ['en', fi, en],
  ['first sv', firstFi, firstSv],
  ['first en', firstFi, firstEn],
];

describe.each(parts)('the dictionary %s', (_, source, translated) => {
  test('has the keys of the source, in its order', () => {
    expect(Object.keys(translated)).toEqual(Object.keys(source));
  });

  test.each(Object.keys(source))('says %s whole', (key) => {
    const ours = texts(translated[key]);
    const theirs = texts(source[key]);
    expect(ours.length).toBe(theirs.length);
    for (const [i, text] of ours.entries()) {
      expect(text.trim()).not.toBe('');
      expect(holes(text)).toEqual(holes(theirs[i] ?? ''));
    }
  });
});

test('no word is both among the first and the rest', () => {
  expect(Object.keys(fi).filter((key) => Object.hasOwn(firstFi, key))).toEqual([]);
});

describe('a text', () => {
  const plural = (n: number): Intl.LDMLPluralRule => (n === 1 ? 'one' : 'other');
  const number = (n: number) => `<${n}>`;

  test('is filled with names as they are and numbers as they are written', () => {
    expect(fill('{name} · {v}', { name: 'Etä 2', v: 12 }, plural, number)).toBe('Etä 2 · <12>');
  });

  test('takes the form that its n asks for', () => {
    const entry = { one: '{n} lappu', other: '{n} lappua' };
    expect(fill(entry, { n: 1 }, plural, number)).toBe('<1> lappu');
    expect(fill(entry, { n: 2 }, plural, number)).toBe('<2> lappua');
  });

  test('leaves braces in what it is filled with alone', () => {
    expect(fill('{a}{b}', { a: '{b}', b: 'x' }, plural, number)).toBe('{b}x');
  });
});

// Never called: what stands below is for the type checker, which stops when one of these compiles.
export function notCompiled(): void {
  // @ts-expect-error a key that is not in the source
  t('note.unheard');
  // @ts-expect-error a hole without its value
  t('note.value');
  // @ts-expect-error a value of another name
  t('note.value', { n: 1 });
  // @ts-expect-error a value without a hole
  t('note.new', { n: 1 });
  // @ts-expect-error a translation that lacks keys
  translation<typeof fi>()({ 'note.edit': 'Redigera' });
  // @ts-expect-error a translation that lacks a hole
  translation<typeof firstFi>()({ ...firstFi, 'note.value': 'Place' } as const);
  // @ts-expect-error a translation without the plural of the source
  translation<typeof firstFi>()({ ...firstFi, 'note.count': '{n} notes' } as const);
}
