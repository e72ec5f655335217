import { describe, expect, it } from 'vitest';
import { cleanLine, cleanText, mergeText, textLength } from './text';

describe('mergeText', () => {
  it.each([
    ['nobody else changed it', 'kissa', 'kissat', 'kissa', 'kissat'],
    ['both made the same change', 'kissa', 'kissat', 'kissat', 'kissat'],
    ['its author changed nothing', 'kissa', 'kissa', 'koira', 'koira'],
    ['two places', 'yksi kaksi kolme', 'YKSI kaksi kolme', 'yksi kaksi KOLME', 'YKSI kaksi KOLME'],
    ['insertions at one place', 'ab', 'aXb', 'aYb', 'aYXb'],
    [
      'a deletion around an insertion',
      'yksi kaksi kolme',
      'yksi kolme',
      'yksi kak-si kolme',
      'yksi kak-si kolme',
    ],
    [
      'overlapping words',
      'iso kissa nukkuu',
      'iso koira nukkuu',
      'iso kala nukkuu',
      'iso kaloira nukkuu',
    ],
    ['emoji that share their first unit', 'a😀b', 'a😁b', 'a😀bc', 'a😁bc'],
  ])('%s', (_, from, to, current, want) => {
    expect(mergeText(from, to, current)).toBe(want);
  });

  it('never splits a surrogate pair, and loses nothing that either inserted', () => {
    const seed = Number(process.env['JANA_SEED'] ?? Math.floor(Math.random() * 1e9));
    const random = generator(seed);
    for (let i = 0; i < 5_000; i++) {
      const base = word(random, 'abc 😀😁👩', 8);
      const to = typed(random, base, '12');
      const current = typed(random, base, '89');
      const merged = mergeText(base, to, current);
      const told = `seed ${seed}: ${JSON.stringify([base, to, current, merged])}`;
      expect(/\p{Surrogate}/u.test(merged), told).toBe(false);
      for (const digits of [/[12]/g, /[89]/g]) {
        const kept = (to + current).match(digits) ?? [];
        expect((merged.match(digits) ?? []).sort(), told).toEqual(kept.sort());
      }
      expect(mergeText(base, base, current), told).toBe(current);
      expect(mergeText(base, to, base), told).toBe(to);
    }
  });
});

describe('cleanText', () => {
  it('removes control characters but line feeds, and piles of marks', () => {
    expect(cleanText('a\u0000\tb\r\nc\u007f\u0085')).toBe('ab\nc');
    expect(textLength(cleanText(`e${'\u0301'.repeat(30)}x`))).toBe(22);
  });

  it('carries no lone surrogate', () => {
    expect(cleanText('a\ud83db\ude00c😀')).toBe('a\ufffdb\ufffdc😀');
  });

  it('makes a name one line that runs one way', () => {
    expect(cleanLine(' a\nb\u202e\u2066 ')).toBe('a b');
  });
});

/** mulberry32: small, and the same everywhere. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function word(random: () => number, letters: string, most: number): string {
  const all = Array.from(letters);
  return Array.from(
    { length: Math.floor(random() * most) },
    () => all[Math.floor(random() * all.length)],
  ).join('');
}

/** What a text becomes when somebody selects some of it and types. */
function typed(random: () => number, text: string, letters: string): string {
  const runes = Array.from(text);
  const at = Math.floor(random() * (runes.length + 1));
  const end = at + Math.floor(random() * (runes.length - at + 1));
  return [...runes.slice(0, at), ...word(random, letters, 4), ...runes.slice(end)].join('');
}
