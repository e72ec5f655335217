import { describe, expect, test } from 'vitest';
import { press, type KeyAct, type KeyState } from './keys';

function typing(...keys: string[]): { acts: (KeyAct | null)[]; state: KeyState } {
  let state: KeyState = { type: 'rest' };
  const acts: (KeyAct | null)[] = [];
  for (const name of keys) {
    const parts = name.split('+');
    const key = name.endsWith('++') ? '+' : (parts.at(-1) ?? '');
    const held = {
      ctrl: parts.includes('Ctrl'),
      shift: parts.includes('Shift'),
      alt: parts.includes('Alt'),
    };
    const pressed = press(state, { key: key === 'Space' ? ' ' : key, ...held }, true);
    state = pressed.state;
    acts.push(pressed.act);
  }
  return { acts, state };
}

const last = (...keys: string[]) => typing(...keys).acts.at(-1);

describe('at rest', () => {
  test.each([
    ['ArrowLeft', { type: 'go', direction: 'left', extend: false }],
    ['Shift+ArrowDown', { type: 'go', direction: 'down', extend: true }],
    ['Alt+ArrowRight', { type: 'pan', dx: -120, dy: 0 }],
    ['Enter', { type: 'enter' }],
    ['=', { type: 'value' }],
    ['0', { type: 'whole' }],
    ['Escape', { type: 'escape' }],
    ['Delete', { type: 'command', command: 'delete' }],
    ['n', { type: 'command', command: 'new' }],
    ['Ctrl+z', { type: 'command', command: 'undo' }],
    ['Ctrl+Shift+Z', { type: 'command', command: 'redo' }],
    ['Ctrl+a', { type: 'command', command: 'selectAll' }],
  ])('%s', (key, act) => {
    expect(last(key)).toEqual(act);
  });

  test.each(['Ctrl+c', 'Ctrl+v', 'Tab', 'F5', 'Alt+n', 'x', 'Ctrl+ArrowLeft'])(
    '%s is not ours',
    (key) => {
      expect(last(key)).toBeNull();
    },
  );

  test('letters can be switched off, the rest stays', () => {
    const input = { ctrl: false, shift: false, alt: false };
    expect(press({ type: 'rest' }, { key: 'n', ...input }, false).act).toBeNull();
    expect(press({ type: 'rest' }, { key: 'Delete', ...input }, false).act).not.toBeNull();
  });
});

describe('a lifted note', () => {
  test('moves by ones and tens, and across the axis by rows', () => {
    expect(typing('Space', 'ArrowRight', 'Shift+ArrowLeft', 'ArrowDown').acts).toEqual([
      { type: 'lift' },
      { type: 'nudge', tenths: 10 },
      { type: 'nudge', tenths: -100 },
      { type: 'step', rows: 1 },
    ]);
  });

  test.each([
    [['2', '7'], 270],
    [['4', '2', ',', '5'], 425],
    [['4', '2', '.', '5'], 425],
    [['1', '0', '0'], 1000],
    [['1', '0', '0', ',', '5'], 1000],
    [['2', '7', 'Backspace'], 20],
    [['9', '9', '9'], 990], // a third digit does nothing
  ])('typed %j aims at %i tenths', (keys, tenths) => {
    const { acts } = typing('Space', ...keys);
    expect(acts.findLast((a) => a?.type === 'aim')).toEqual({ type: 'aim', tenths });
  });

  test('arrows begin a typed value anew', () => {
    expect(typing('Space', '2', 'ArrowLeft', '5').acts.at(-1)).toEqual({ type: 'aim', tenths: 50 });
  });

  test('Enter and Space put it down, Escape puts it back, and then keys mean what they did', () => {
    for (const [key, act] of [
      ['Enter', 'putDown'],
      ['Space', 'putDown'],
      ['Escape', 'putBack'],
    ] as const) {
      const { acts, state } = typing('Space', key);
      expect(acts.at(-1)).toEqual({ type: act });
      expect(state).toEqual({ type: 'rest' });
    }
  });

  test('letters do nothing while it is in hand', () => {
    expect(last('Space', 'n')).toBeNull();
    expect(last('Space', 'Delete')).toBeNull();
  });
});
