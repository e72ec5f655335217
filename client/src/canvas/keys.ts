// What the keys mean while a note or the board has the focus. Pure: a key gives the next state and an act, or null when it isn't ours.

import type { Direction } from './grid';
import type { Command } from './types';

/** A lifted note is moved by keys; `typed`: the value that is being typed, empty for none. */
export type KeyState =
  { readonly type: 'rest' } | { readonly type: 'lifted'; readonly typed: string };

export interface KeyInput {
  readonly key: string;
  /** Ctrl, or Command on a Mac. */
  readonly ctrl: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
}

export type KeyAct =
  | { readonly type: 'go'; readonly direction: Direction; readonly extend: boolean }
  | { readonly type: 'lift' }
  /** Along the axis, in tenths of the value. */
  | { readonly type: 'nudge'; readonly tenths: number }
  /** Across it, by rows. */
  | { readonly type: 'step'; readonly rows: number }
  /** The value typed so far, in tenths. */
  | { readonly type: 'aim'; readonly tenths: number }
  | { readonly type: 'putDown' }
  | { readonly type: 'putBack' }
  | { readonly type: 'enter' }
  | { readonly type: 'value' }
  | { readonly type: 'pan'; readonly dx: number; readonly dy: number }
  | { readonly type: 'zoom'; readonly factor: number }
  | { readonly type: 'whole' }
  | { readonly type: 'escape' }
  | { readonly type: 'command'; readonly command: Command };

const directions: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};
const panPx = 120;
const zoomStep = 1.25;
const letters: Readonly<Record<string, Command>> = {
  n: 'new',
  g: 'group',
  p: 'perspective',
  o: 'outline',
  '?': 'help',
};

export function press(
  state: KeyState,
  input: KeyInput,
  letterKeys: boolean,
): { readonly state: KeyState; readonly act: KeyAct | null } {
  if (state.type === 'lifted') return pressLifted(state.typed, input);
  const act = actAt(input, letterKeys);
  return { state: act?.type === 'lift' ? { type: 'lifted', typed: '' } : state, act };
}

function pressLifted(
  typed: string,
  { key, shift, ctrl, alt }: KeyInput,
): { state: KeyState; act: KeyAct | null } {
  const stay = (act: KeyAct | null, now = ''): { state: KeyState; act: KeyAct | null } => ({
    state: { type: 'lifted', typed: now },
    act,
  });
  if (ctrl || alt) return stay(null, typed);
  const by = shift ? 100 : 10;
  switch (key) {
    case 'ArrowLeft':
      return stay({ type: 'nudge', tenths: -by });
    case 'ArrowRight':
      return stay({ type: 'nudge', tenths: by });
    case 'ArrowUp':
      return stay({ type: 'step', rows: -1 });
    case 'ArrowDown':
      return stay({ type: 'step', rows: 1 });
    case 'Enter':
    case ' ':
      return { state: { type: 'rest' }, act: { type: 'putDown' } };
    case 'Escape':
      return { state: { type: 'rest' }, act: { type: 'putBack' } };
    case 'Backspace': {
      const shorter = typed.slice(0, -1);
      return stay(aimed(shorter), shorter);
    }
    default: {
      if (!/^[0-9.,]$/.test(key)) return stay(null, typed);
      const longer = typed + key.replace('.', ',');
      return /^(100|\d{1,2})?(,\d?)?$/.test(longer)
        ? stay(aimed(longer), longer)
        : stay(null, typed);
    }
  }
}

function aimed(typed: string): KeyAct | null {
  const [whole = '', part = ''] = typed.split(',');
  if (whole === '') return null;
  return { type: 'aim', tenths: Math.min(1000, Number(whole) * 10 + Number(part)) };
}

function actAt({ key, ctrl, shift, alt }: KeyInput, letterKeys: boolean): KeyAct | null {
  const direction = directions[key];
  if (direction) {
    if (ctrl) return null;
    if (alt) {
      const [dx, dy] = { left: [1, 0], right: [-1, 0], up: [0, 1], down: [0, -1] }[direction] as [
        number,
        number,
      ];
      return { type: 'pan', dx: dx * panPx, dy: dy * panPx };
    }
    return { type: 'go', direction, extend: shift };
  }
  if (alt) return null;
  if (ctrl) return withCtrl(key.toLowerCase(), shift);
  switch (key) {
    case ' ':
      return { type: 'lift' };
    case 'Enter':
      return { type: 'enter' };
    case '=':
      return { type: 'value' };
    case '+':
      return { type: 'zoom', factor: zoomStep };
    case '-':
      return { type: 'zoom', factor: 1 / zoomStep };
    case '0':
      return { type: 'whole' };
    case 'Escape':
      return { type: 'escape' };
    case 'Delete':
    case 'Backspace':
      return { type: 'command', command: 'delete' };
    default: {
      const command = letterKeys ? letters[key.toLowerCase()] : undefined;
      return command ? { type: 'command', command } : null;
    }
  }
}

function withCtrl(key: string, shift: boolean): KeyAct | null {
  switch (key) {
    case 'z':
      return { type: 'command', command: shift ? 'redo' : 'undo' };
    case 'y':
      return { type: 'command', command: 'redo' };
    case 'a':
      return { type: 'command', command: 'selectAll' };
    case 'd':
      return { type: 'command', command: 'duplicate' };
    default:
      return null;
  }
}
