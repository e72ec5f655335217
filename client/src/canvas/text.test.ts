import { describe, expect, test } from 'vitest';
import { fit, hyphenated, remembered, type Room } from './text';

/** Every letter is half as wide as the type is high. */
const measure = (text: string, fontPx: number) => Array.from(text).length * fontPx * 0.5;
const shown = (text: string) => text.replaceAll('\u00ad', '·');

describe('where words break', () => {
  test.each([
    ['virastoon', 'viras·toon'],
    ['kuukausia', 'kuu·kausia'],
    ['täyttämään', 'täyt·tä·mään'],
    ['muutoksiin', 'muu·tok·siin'],
    ['viranomaisasiat', 'vira·no·mai·sa·siat'],
    ['tarvitsee', 'tar·vitsee'],
    ['lyhyt', 'lyhyt'],
    ['kahdeksa', 'kahdeksa'], // eight letters
    ['LÄÄKÄRISSÄ', 'LÄÄ·KÄ·RISSÄ'],
    ['kävi 123456789 kertaa', 'kävi 123456789 kertaa'],
  ])('%s', (word, broken) => {
    expect(shown(hyphenated(word, 'fi'))).toBe(broken);
  });

  test('other languages break only what is longer than a line', () => {
    expect(shown(hyphenated('information', 'en'))).toBe('information');
    expect(shown(hyphenated('arbetslöshetsförsäkring', 'sv'))).toContain('·');
  });

  test('taking the soft hyphens out gives the text back', () => {
    const text = 'Ääni 𝓐𝓑𝓒𝓓𝓔𝓕𝓖𝓗𝓘𝓙 perhetyöntekijä 👩‍👧 ja niin edelleen';
    expect(hyphenated(text, 'fi').replaceAll('\u00ad', '')).toBe(text);
  });
});

const room: Room = { width: 100, height: 80, fontPx: 20, leading: 1, corner: 0, leastPx: 11.5 };

describe('fitting', () => {
  test('what fits stays as it is', () => {
    expect(fit('yksi kaksi kolme', room, measure)).toEqual({
      text: 'yksi kaksi kolme',
      fontPx: 20,
      cut: false,
    });
    expect(fit('', room, measure)).toEqual({ text: '', fontPx: 20, cut: false });
  });

  test('more text makes smaller type in three steps, then it is cut', () => {
    const words = (n: number) => Array.from({ length: n }, () => 'sanasto').join(' ');
    const sizes = [4, 5, 9, 10].map((n) => fit(words(n), { ...room, height: 81 }, measure));
    expect(sizes.map((f) => [f.fontPx, f.cut])).toEqual([
      [20, false],
      [16.4, false],
      [16.4, true],
      [16.4, true],
    ]);
  });

  test('type is never smaller than the least, and then not tried again', () => {
    const small = fit('sana '.repeat(40), { ...room, fontPx: 12 }, measure);
    expect(small.fontPx).toBe(11.5);
    expect(small.cut).toBe(true);
  });

  test('what is cut ends in … within its last line', () => {
    const { text } = fit(
      'aaaa bbbb cccc dddd eeee ffff',
      { ...room, height: 20, fontPx: 11.5 },
      measure,
    );
    expect(text).toBe('aaaa bbbb cccc…');
    const tight = fit(
      'aaaaaaa bbbbbbbbb cccc',
      { ...room, height: 20, fontPx: 11.5, width: 90 },
      measure,
    );
    expect(tight.text).toBe('aaaaaaa…');
  });

  test('the letters take room from the first line only', () => {
    const one = { ...room, height: 20, fontPx: 11.5 };
    expect(fit('aaaa bbbb cccc', one, measure).cut).toBe(false);
    expect(fit('aaaa bbbb cccc', { ...one, corner: 30 }, measure).cut).toBe(true);
    expect(fit('aaaa bbbb cccc', { ...one, corner: 30, height: 40 }, measure).cut).toBe(false);
  });

  test('a long word breaks at its soft hyphens, and the hyphen needs room', () => {
    const two = { ...room, width: 66, height: 24, fontPx: 11.5 };
    expect(fit('tarvitsevatko', two, measure).cut).toBe(false);
    expect(fit('tar\u00advit\u00adse\u00advatko', { ...two, width: 50 }, measure).cut).toBe(false);
    expect(fit('tar\u00advit\u00adse\u00advatko', { ...two, width: 40 }, measure).cut).toBe(true);
  });

  test('line breaks are kept', () => {
    expect(fit('a\nb\nc\nd', room, measure).cut).toBe(false);
    expect(fit('a\nb\nc\nd\ne\nf', room, measure)).toMatchObject({
      text: 'a\nb\nc\nd…',
      cut: true,
    });
  });

  test('never cuts through a surrogate pair', () => {
    for (let width = 20; width < 120; width += 7) {
      const { text } = fit('👍👍👍👍👍👍👍👍👍👍👍👍👍👍', { ...room, width, height: 20 }, measure);
      expect(text).not.toMatch(/[\ud800-\udfff]/u);
    }
  });
});

test('a width is measured once per size', () => {
  let asked = 0;
  const counted = remembered((text, fontPx) => {
    asked++;
    return measure(text, fontPx);
  });
  expect([counted('sana', 10), counted('sana', 10), counted('sana', 20)]).toEqual([20, 20, 40]);
  expect(asked).toBe(2);
});
