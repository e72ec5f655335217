import { expect, test } from 'vitest';
import type { Note } from '$protocol/board/item';
import { putNotes, takeNotes, type Clip } from './clipboard';

function clip(data: Record<string, string> = {}): Clip {
  return {
    getData: (type) => data[type] ?? '',
    setData: (type, value) => void (data[type] = value),
  };
}

const notes: Note[] = [
  {
    type: 'note',
    id: 'n1',
    x: 100,
    y: 200,
    text: 'Soittaa itse',
    perspectiveId: 'p1',
    groupId: 'g1',
  },
  { type: 'note', id: 'n2', x: 300, y: 400, kind: 'quote' },
];

test('notes come back as they were, without ids and groups', () => {
  const data = {};
  putNotes(clip(data), notes);
  expect(takeNotes(clip(data), (was) => was)).toEqual({
    type: 'notes',
    notes: [
      { type: 'note', id: '', x: 100, y: 200, text: 'Soittaa itse', perspectiveId: 'p1' },
      { type: 'note', id: '', x: 300, y: 400, kind: 'quote' },
    ],
  });
});

test('other programs get lines', () => {
  const data: Record<string, string> = {};
  putNotes(clip(data), notes);
  expect(data['text/plain']).toBe('Soittaa itse\n');
});

test('a perspective of another board is left behind for the one that new notes get here', () => {
  const data = {};
  putNotes(clip(data), notes);
  const taken = (here: string | undefined) => {
    const pasted = takeNotes(clip(data), () => here);
    return pasted.type === 'notes' ? pasted.notes.map((note) => note.perspectiveId) : [];
  };
  expect(taken('p7')).toEqual(['p7', 'p7']);
  expect(taken(undefined)).toEqual([undefined, undefined]);
});

test.each([['[{"x":1e308,"y":0}]'], ['{"x":1}'], ['[null, 3]'], ['not JSON']])(
  '%s is no note: the text counts',
  (data) => {
    expect(
      takeNotes(clip({ 'application/x-jana-notes': data, 'text/plain': 'teksti' }), (was) => was),
    ).toEqual({ type: 'text', text: 'teksti' });
  },
);

test('an empty clipboard is nothing', () => {
  expect(takeNotes(clip(), (was) => was)).toEqual({ type: 'nothing' });
});
