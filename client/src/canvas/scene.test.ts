import { describe, expect, test } from 'vitest';
import { insidePath, pathBox, Scene } from './scene';
import type { NoteView } from './types';

function note(id: string, x: number, y: number, z = 0): NoteView {
  return { id, text: '', x, y, z, colour: 1, letters: '' };
}

const everywhere = { left: -1e6, right: 1e6, top: -1e6, bottom: 1e6 };

describe('scene', () => {
  test('a preview is shown and found where it is, the board’s place comes back after it', () => {
    const scene = new Scene();
    scene.load([note('a', 0, 0)]);
    scene.preview('a', 5000, 100);
    expect(scene.get('a')).toMatchObject({ x: 5000, y: 100, previewed: true });
    expect(scene.grid.within({ left: 4900, right: 5100, top: 0, bottom: 200 })).toHaveLength(1);
    scene.endPreview('a');
    expect(scene.get('a')).toMatchObject({ x: 0, y: 0, previewed: false });
  });

  test('a change under a preview shows at its end', () => {
    const scene = new Scene();
    scene.load([note('a', 0, 0)]);
    scene.preview('a', 50, 50);
    expect(scene.put(note('a', 900, 900))).toMatchObject({ x: 0 });
    expect(scene.get('a')).toMatchObject({ x: 50, y: 50 });
    scene.endPreview('a');
    expect(scene.get('a')).toMatchObject({ x: 900, y: 900 });
  });

  test('stacks by z, then by id, after every change', () => {
    const scene = new Scene();
    scene.load([note('b', 0, 0, 1), note('a', 0, 0, 1), note('c', 0, 0, 0)]);
    const order = () =>
      scene
        .stacked()
        .map((n) => n.id)
        .join('');
    expect(order()).toBe('cab');
    scene.put(note('c', 0, 0, 5));
    expect(order()).toBe('abc');
    scene.put(note('d', 0, 0, 2));
    expect(order()).toBe('abdc');
    scene.remove('b');
    expect(order()).toBe('adc');
  });

  test('a removed note is nowhere', () => {
    const scene = new Scene();
    scene.load([note('a', 0, 0), note('b', 10, 10)]);
    expect(scene.remove('a')?.id).toBe('a');
    expect(scene.remove('a')).toBeNull();
    expect(scene.grid.within(everywhere).map((n) => n.id)).toEqual(['b']);
    expect(scene.bounds()).toEqual({ left: 10, top: 10, right: 10, bottom: 10 });
  });

  test('loading keeps the notes that stay, so that what is shown of them stays', () => {
    const scene = new Scene();
    scene.load([note('a', 0, 0), note('b', 5, 5)]);
    const before = scene.get('a');
    scene.preview('a', 700, 700);
    scene.load([note('a', 20, 30), note('c', 1, 1)]);
    expect(scene.get('a')).toBe(before);
    expect(before).toMatchObject({ x: 20, y: 30, previewed: false });
    expect(scene.get('b')).toBeUndefined();
    expect(scene.grid.within(everywhere)).toHaveLength(2);
  });

  test('loading replaces everything', () => {
    const scene = new Scene();
    scene.load([note('a', 0, 0)]);
    scene.load([note('b', 1, 1)]);
    expect(scene.size).toBe(1);
    expect(scene.grid.within(everywhere).map((n) => n.id)).toEqual(['b']);
    scene.load([]);
    expect(scene.bounds()).toBeNull();
  });
});

describe('lasso', () => {
  const square = [
    { x: 0, y: 0 },
    { x: 100, y: 0 },
    { x: 100, y: 100 },
    { x: 0, y: 100 },
  ];

  test('takes what has its centre inside', () => {
    const things = [
      { x: 50, y: 50 },
      { x: 150, y: 50 },
      { x: 50, y: -1 },
      { x: 99, y: 99 },
    ];
    expect(insidePath(things, square)).toEqual([things[0], things[3]]);
  });

  test('follows a path that turns inward, and takes nothing with a line', () => {
    const notch = [{ x: 50, y: 0 }, ...square.slice(1), { x: 0, y: 0 }, { x: 40, y: 60 }];
    expect(insidePath([{ x: 40, y: 20 }], notch)).toHaveLength(0);
    expect(
      insidePath(
        [{ x: 50, y: 0 }],
        [
          { x: 0, y: 0 },
          { x: 100, y: 0 },
        ],
      ),
    ).toHaveLength(0);
    expect(insidePath([{ x: 5, y: 5 }], [])).toHaveLength(0);
  });

  test('knows its box', () => {
    expect(pathBox(square)).toEqual({ left: 0, top: 0, right: 100, bottom: 100 });
  });
});
