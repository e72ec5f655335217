import { beforeEach, describe, expect, test } from 'vitest';
import type { Code } from '$protocol/board/change';
import { locale } from './locale.svelte';
import { refusalWords, type Circumstances } from './refusal';

const set = new Date();
set.setHours(14, 32);

const base: Circumstances = {
  op: 'move',
  code: 'frozen',
  by: 'Maija Lehto',
  set: set.getTime(),
  viewer: false,
  undo: false,
  draft: false,
  back: 1,
};

const codes: readonly Code[] = [
  'board_locked',
  'phase',
  'frozen',
  'pinned',
  'not_yours',
  'forbidden',
  'revoked',
  'gone',
  'exists',
  'invalid',
  'too_long',
  'full',
  'too_fast',
  'changed_since',
  'closed',
];

beforeEach(async () => {
  await locale.whole();
  await locale.use('fi');
});

describe('a refusal', () => {
  test('says which rule, who set it, since when, and what became of the note', () => {
    expect(refusalWords(base)).toEqual({
      icon: 'snowflake',
      title: 'Tämä segmentti on jäädytetty',
      text: 'Maija Lehto jäädytti segmentit klo 14.32. Lappu palasi paikalleen.',
    });
  });

  test('of a lock names the facilitator where the name is not known', () => {
    const words = refusalWords({ ...base, code: 'board_locked', by: undefined });
    expect(words.text).toBe('Fasilitaattori lukitsi taulun klo 14.32. Lappu palasi paikalleen.');
  });

  test('of several notes counts them', () => {
    expect(refusalWords({ ...base, back: 3 }).text).toContain('3 lappua palasi paikoilleen.');
  });

  test('of a text says that it is kept', () => {
    const words = refusalWords({ ...base, op: 'text', draft: true, back: 0 });
    expect(words.text).toContain('Kirjoittamasi teksti on tallessa luonnoksena.');
  });

  test.each([
    ['create', 'Tässä vaiheessa lappuja ei lisätä.'],
    ['text', 'Tässä vaiheessa lappuja ei muokata.'],
    ['move', 'Tässä vaiheessa lappuja ei siirretä.'],
    ['delete', 'Tässä vaiheessa lappuja ei poisteta.'],
    ['group', 'Tässä vaiheessa ei ryhmitellä eikä nimetä.'],
    ['lock', 'Tämä ei kuulu tähän vaiheeseen.'],
  ] as const)('of %s by the phase says so: %s', (op, title) => {
    expect(refusalWords({ ...base, op, code: 'phase', phase: 'group' })).toMatchObject({
      icon: 'phase',
      title,
    });
  });

  test('of an undo says that the work of others was left alone', () => {
    const words = refusalWords({ ...base, code: 'changed_since', by: 'Etä 2', undo: true });
    expect(words).toMatchObject({
      title: 'Etä 2 on muuttanut tätä sinun jälkeesi',
      text: 'Muiden työ jäi ennalleen.',
    });
  });

  test('tells a limit', () => {
    const words = refusalWords({ ...base, code: 'too_long', reason: { limit: 1000 }, draft: true });
    expect(words.title).toBe('Tähän mahtuu 1\u00a0000 merkkiä.');
  });

  test('tells a viewer and a participant apart', () => {
    const forbidden = { ...base, code: 'forbidden' } as const;
    expect(refusalWords({ ...forbidden, viewer: true }).title).toContain('vain katsella');
    expect(refusalWords(forbidden).title).toContain('fasilitaattorin');
  });

  test.each(['fi', 'sv', 'en'] as const)(
    'has a sentence for every code in %s',
    async (language) => {
      await locale.use(language);
      const titles = codes.map((code) => refusalWords({ ...base, code, phase: 'group' }).title);
      expect(new Set(titles).size).toBe(codes.length);
      for (const title of titles) expect(title).not.toMatch(/[{}]|^$/);
    },
  );
});
