// The keys of the page, as the list of keys shows them. What they do is in canvas/keys.ts, board/BoardKeys.svelte
// and matrix/grid.ts.
import type { Key } from '../../state/words/dictionary';

/** The words of keys; none of them has holes. */
type Word = Extract<Key, `keys.${string}`>;

/** Caps pressed together: ["Ctrl", "Z"]. A cap with a word of its own is a key of the dictionary. */
type Press = readonly string[];

export interface KeyRow {
  /** One way or several. */
  readonly presses: readonly Press[];
  readonly does: Word;
  /** A letter alone, which can be switched off. */
  readonly letter?: true;
}

export interface KeySection {
  readonly title: Word;
  readonly rows: readonly KeyRow[];
}

const board: KeySection = {
  title: 'keys.board',
  rows: [
    { presses: [['N']], does: 'keys.new', letter: true },
    { presses: [['←'], ['→'], ['↑'], ['↓']], does: 'keys.nearest' },
    { presses: [['keys.space']], does: 'keys.lift' },
    { presses: [['←'], ['→'], ['Shift', '←'], ['Shift', '→']], does: 'keys.move' },
    { presses: [['=']], does: 'keys.value' },
    { presses: [['Enter']], does: 'keys.edit' },
    {
      presses: [
        ['Shift', '←'],
        ['Shift', '→'],
      ],
      does: 'keys.extend',
    },
    { presses: [['Ctrl', 'A']], does: 'keys.all' },
    { presses: [['G']], does: 'keys.group', letter: true },
    { presses: [['P']], does: 'keys.perspective', letter: true },
    { presses: [['Del']], does: 'keys.delete' },
    {
      presses: [
        ['Ctrl', 'C'],
        ['Ctrl', 'V'],
        ['Ctrl', 'D'],
      ],
      does: 'keys.copy',
    },
    {
      presses: [
        ['Alt', '←'],
        ['Alt', '→'],
      ],
      does: 'keys.pan',
    },
    { presses: [['+'], ['−'], ['0']], does: 'keys.zoom' },
  ],
};

const list: KeySection = {
  title: 'keys.list',
  rows: [
    { presses: [['↑'], ['↓']], does: 'keys.listNote' },
    { presses: [['←'], ['→'], ['Shift', '←'], ['Shift', '→']], does: 'keys.listValue' },
    { presses: [['Enter']], does: 'keys.edit' },
    { presses: [['G']], does: 'keys.group', letter: true },
    { presses: [['Del']], does: 'keys.delete' },
  ],
};

const services: KeySection = {
  title: 'keys.services',
  rows: [
    { presses: [['←'], ['→'], ['↑'], ['↓']], does: 'keys.cells' },
    { presses: [['Home'], ['End']], does: 'keys.rowEnds' },
    {
      presses: [
        ['Ctrl', 'Home'],
        ['Ctrl', 'End'],
      ],
      does: 'keys.corners',
    },
    { presses: [['Enter']], does: 'keys.openCell' },
    { presses: [['0'], ['4'], ['?']], does: 'keys.answer' },
  ],
};

const anywhere: KeySection = {
  title: 'keys.anywhere',
  rows: [
    {
      presses: [
        ['Ctrl', 'Z'],
        ['Ctrl', 'Shift', 'Z'],
      ],
      does: 'keys.undo',
    },
    { presses: [['O']], does: 'keys.outline', letter: true },
    { presses: [['?']], does: 'keys.help', letter: true },
    { presses: [['Esc']], does: 'keys.escape' },
  ],
};

const facilitator: KeySection = {
  title: 'keys.facilitator',
  rows: [
    { presses: [['Alt', 'N']], does: 'keys.phase' },
    { presses: [['Alt', 'L']], does: 'keys.lock' },
  ],
};

/** The sections that concern a reader. On a Mac Command stands in Control's place. */
export function keySections(facilitates: boolean, mac: boolean): KeySection[] {
  const sections = [board, list, services, anywhere, ...(facilitates ? [facilitator] : [])];
  if (!mac) return sections;
  return sections.map(({ title, rows }) => ({
    title,
    rows: rows.map((row) => ({ ...row, presses: row.presses.map(onMac) })),
  }));
}

const macCaps: Readonly<Record<string, string>> = { Ctrl: '⌘', Alt: '⌥', Shift: '⇧', Del: '⌫' };

function onMac(press: Press): Press {
  return press.map((cap) => macCaps[cap] ?? cap);
}
