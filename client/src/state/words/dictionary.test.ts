import { describe, expect, test } from 'vitest';
import { t } from '../locale.svelte';
import { dictionary, fill, type Dictionary, type Plural } from './dictionary';
import { en } from './en';
import { fi } from './fi';
import { sv } from './sv';

const source: Dictionary = fi;

function texts(entry: string | Plural): string[] {
  return typeof entry === 'string' ? [entry] : [entry.one, entry.other];
}

function holes(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();
}

describe.each([
  ['sv', sv],
  ['en', en],
] as const)('the dictionary %s', (_, translation) => {
  test('has the keys of the source, in its order', () => {
    expect(Object.keys(translation)).toEqual(Object.keys(source));
  });

  test.each(Object.keys(source) as (keyof Dictionary)[])('says %s whole', (key) => {
    const ours = texts(translation[key]);
    const theirs = texts(source[key]);
    expect(ours.length).toBe(theirs.length);
    for (const [i, text] of ours.entries()) {
      expect(text.trim()).not.toBe('');
      expect(holes(text)).toEqual(holes(theirs[i] ?? ''));
    }
  });
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
  dictionary({ 'note.new': 'Ny lapp' });
  // @ts-expect-error a translation that lacks a hole
  dictionary({ ...fi, 'note.value': 'Place' } as const);
  // @ts-expect-error a translation without the plural of the source
  dictionary({ ...fi, 'note.count': '{n} notes' } as const);
}
