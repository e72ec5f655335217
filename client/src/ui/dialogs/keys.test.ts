import { describe, expect, test } from 'vitest';
import { press, type KeyInput } from '../../canvas/keys';
import { fi } from '../../state/words/fi';
import { keySections } from './keys';

const caps: Readonly<Record<string, string>> = {
  '←': 'ArrowLeft',
  '→': 'ArrowRight',
  '↑': 'ArrowUp',
  '↓': 'ArrowDown',
  '−': '-',
  Del: 'Delete',
  'keys.space': ' ',
};

function input(caps_: readonly string[]): KeyInput {
  const key = caps_.at(-1) ?? '';
  return {
    key: caps[key] ?? key.toLowerCase().replace(/^enter$/, 'Enter'),
    ctrl: caps_.includes('Ctrl'),
    shift: caps_.includes('Shift'),
    alt: caps_.includes('Alt'),
  };
}

/** What the page or its clipboard hears, not the canvas. */
const elsewhere = [
  ['Ctrl', 'C'],
  ['Ctrl', 'V'],
].map((one) => one.join());

describe('the list of keys', () => {
  const [board] = keySections(true, false);

  test.each(
    board?.rows.flatMap(({ presses, does }) => presses.map((one) => ({ one, does }))) ?? [],
  )('names only keys that the canvas knows: $one for $does', ({ one, does }) => {
    if (elsewhere.includes(one.join())) return;
    const state = does === 'keys.move' ? 'lifted' : 'rest';
    const { act } = press(
      state === 'rest' ? { type: 'rest' } : { type: 'lifted', typed: '' },
      input(one),
      true,
    );
    expect(act, `${one.join(' ')} does nothing`).not.toBeNull();
  });

  test('marks the letters that can be switched off, and no others', () => {
    for (const { presses, letter } of board?.rows ?? []) {
      for (const one of presses) {
        if (elsewhere.includes(one.join())) continue;
        const silent = press({ type: 'rest' }, input(one), false).act === null;
        expect(silent, one.join(' ')).toBe(letter === true);
      }
    }
  });

  test('shows the keys of facilitators to them alone', () => {
    const titles = (facilitates: boolean) =>
      keySections(facilitates, false).map(({ title }) => title);
    expect(titles(true)).toContain('keys.facilitator');
    expect(titles(false)).not.toContain('keys.facilitator');
  });

  test('has Command in the place of Control on a Mac', () => {
    const all = keySections(true, true).flatMap(({ rows }) => rows.flatMap((row) => row.presses));
    expect(all.flat()).not.toContain('Ctrl');
    expect(all).toContainEqual(['⌘', 'Z']);
  });

  test('has words for every cap that is none', () => {
    const words = keySections(true, false)
      .flatMap(({ rows }) => rows.flatMap((row) => row.presses.flat()))
      .filter((cap) => cap.includes('.'));
    expect(words.filter((word) => !Object.hasOwn(fi, word))).toEqual([]);
  });
});
