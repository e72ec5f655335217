// Reads a workshop-fixture/1 as an import makes a board of it, for tests: the importer itself is Go's alone.
import { cellID } from '../../board/cell';
import type { ID, Item, ItemType } from '../../board/item';
import { State } from '../../board/state';

type Fields = Readonly<Record<string, unknown>>;

/** The lists of a fixture that become items, what of, and what is written otherwise in them. */
const sections: readonly (readonly [string, ItemType, ((fields: Fields) => Fields)?])[] = [
  ['perspectives', 'perspective'],
  ['headings', 'heading'],
  ['categories', 'category'],
  ['groups', 'group'],
  ['notes', 'note', (note) => ({ ...note, placements: voters(note['placements']) })],
  ['segments', 'segment', (segment) => ({ ...segment, descriptions: described(segment) })],
  ['services', 'service'],
  ['assessments', 'assessment', (cell) => ({ ...cell, id: cellIDOf(cell), votes: voted(cell) })],
  ['impactGoals', 'goal'],
  ['feedback', 'feedback'],
  ['voteRounds', 'vote'],
];

export function boardOf(fixture: Fields): State {
  const board = new State();
  const put = (type: ItemType, fields: Fields): void => {
    const kept = Object.entries(fields).filter(([, v]) => v !== null && v !== undefined);
    const item = Object.fromEntries([...kept, ['type', type]]) as unknown as Item;
    board.set(item.id, item);
  };
  const settings = fixture['board'] as Fields;
  put('board', { ...settings, id: 'board', thresholds: fixture['thresholds'] });
  if (fixture['axis'] !== null) {
    put('axis', fixture['axis'] as Fields);
  }
  for (const [name, type, adapt] of sections) {
    for (const [i, fields] of listOf(fixture[name]).entries()) {
      const order =
        type === 'note' || type === 'assessment' || type === 'feedback' ? {} : { order: i + 1 };
      put(type, { ...order, ...(adapt?.(fields) ?? fields) });
    }
  }
  for (const { id, ballots } of listOf(fixture['voteRounds'])) {
    for (const ballot of listOf(ballots)) {
      const voter = ballot['voterId'] as ID;
      put('ballot', { ...ballot, id: `b.${id as ID}.${voter}`, voteId: id });
    }
  }
  return board;
}

function listOf(value: unknown): readonly Fields[] {
  return (value ?? []) as readonly Fields[];
}

function cellIDOf(cell: Fields): ID {
  return cellID(cell['serviceId'] as ID, cell['segmentId'] as ID);
}

function voters(list: unknown): Fields | undefined {
  return list === undefined
    ? undefined
    : Object.fromEntries((list as readonly number[]).map((v, i) => [`x${i + 1}`, v]));
}

function voted(cell: Fields): Fields {
  return Object.fromEntries(
    Object.entries((cell['votes'] ?? {}) as Fields).map(([name, list]) => [name, voters(list)]),
  );
}

function described(segment: Fields): Fields {
  return Object.fromEntries(
    listOf(segment['descriptions']).map(({ headingId, text }) => [headingId as ID, text]),
  );
}
