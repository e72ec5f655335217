import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
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

const root = fileURLToPath(new URL('../..', import.meta.url));

function says(code: string, key: string): boolean {
  return code.includes(`'${key}'`);
}

test('every word is said somewhere', () => {
  const code = readdirSync(root, { withFileTypes: true, recursive: true })
    .filter(({ name }) => /\.(svelte|ts)$/.test(name) && !name.includes('.test.'))
    .map(({ name, parentPath }) => join(parentPath, name))
    .filter((file) => !/words.(first.)?(fi|sv|en)\.ts$/.test(file))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const all = [...Object.keys(firstFi), ...Object.keys(fi)];
  expect(all.filter((key) => !says(code, key))).toEqual([]);
});

/** Every file that comes with one, since it imports it, or imports what imports it. */
function comesWith(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  const imports = /^\s*(?:import|export) (?!type\b)(?:[^'"]*? from )?'(\.[^']+)';/gm;
  for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(imports)) {
    const target = join(dirname(file), path);
    const there = [target, `${target}.ts`].find((name) => /\.\w+$/.test(name) && existsSync(name));
    if (there !== undefined) comesWith(there, found);
  }
  return found;
}

test("a board's first picture says no word that comes later", () => {
  const files = [...comesWith(join(root, 'ui/App.svelte'))];
  comesWith(join(root, 'ui/board/BoardPage.svelte')).forEach((file) => files.push(file));
  const code = files
    .filter((file) => !file.includes('/words/') || file.endsWith('names.ts'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  expect(files.length).toBeGreaterThan(40);
  expect(Object.keys(fi).filter((key) => says(code, key))).toEqual([]);
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
