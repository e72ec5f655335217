import { describe, expect, test } from 'vitest';
import { Grid, nearestInDirection, notesAt, type Direction, type Placed } from './grid';

interface Thing extends Placed {
  x: number;
  y: number;
}

function thing(id: string, x: number, y: number, z = 0): Thing {
  return { id, x, y, z };
}

function ids(things: readonly Placed[]): string[] {
  return things.map((t) => t.id).sort();
}

describe('grid', () => {
  test('finds what lies in the box, edges included, and nothing else', () => {
    const grid = new Grid<Thing>();
    for (const t of [thing('a', 0, 0), thing('b', 511, 0), thing('c', 512, 0), thing('d', -1, -1)])
      grid.add(t);
    expect(ids(grid.within({ left: 0, top: 0, right: 512, bottom: 10 }))).toEqual(['a', 'b', 'c']);
    expect(ids(grid.within({ left: -1, top: -1, right: 0, bottom: 0 }))).toEqual(['a', 'd']);
  });

  test('a random history gives what a list gives', () => {
    const seed = Date.now() % 1e9;
    let state = seed || 1;
    const random = (n: number) => (state = (state * 48_271) % 2_147_483_647) % n;
    const grid = new Grid<Thing>();
    const all = new Map<string, Thing>();
    for (let step = 0; step < 3000; step++) {
      const id = `n${random(300)}`;
      const known = all.get(id);
      const place = () => random(12_000) - 2000;
      if (!known) {
        const t = thing(id, place(), place());
        all.set(id, t);
        grid.add(t);
      } else if (random(4) === 0) {
        all.delete(id);
        grid.remove(known);
      } else {
        known.x = place();
        known.y = place();
        grid.move(known);
      }
      if (step % 50 !== 0) continue;
      const left = place();
      const top = place();
      const box = { left, top, right: left + random(9000), bottom: top + random(3000) };
      const want = [...all.values()].filter(
        (t) => t.x >= box.left && t.x <= box.right && t.y >= box.top && t.y <= box.bottom,
      );
      expect(ids(grid.within(box)), `seed ${seed}, step ${step}`).toEqual(ids(want));
      expect(grid.size).toBe(all.size);
    }
  });
});

describe('what is under a finger', () => {
  const half = () => ({ width: 50, height: 30 });
  const reach = () => ({ width: 60, height: 44 });

  test('the topmost of those that lie there', () => {
    const notes = [thing('low', 0, 0, 1), thing('high', 20, 0, 9), thing('middle', 10, 0, 5)];
    expect(notesAt(notes, { x: 0, y: 0 }, half, reach).map((n) => n.id)).toEqual([
      'high',
      'middle',
      'low',
    ]);
  });

  test('a note that is hit before a higher one that is only near', () => {
    const notes = [thing('hit', 0, 0, 1), thing('near', 105, 0, 9)];
    expect(notesAt(notes, { x: 48, y: 0 }, half, reach).map((n) => n.id)).toEqual(['hit', 'near']);
  });

  test('of those that are near the nearest', () => {
    const notes = [thing('a', 0, 0, 9), thing('b', 112, 0, 1)];
    expect(notesAt(notes, { x: 59, y: 0 }, half, reach).map((n) => n.id)).toEqual(['b', 'a']);
    expect(notesAt(notes, { x: 0, y: 45 }, half, reach)).toEqual([]);
  });
});

describe('arrow keys', () => {
  const notes = [
    thing('centre', 500, 500),
    thing('right', 900, 520),
    thing('aside', 560, 900),
    thing('left', 100, 500),
    thing('up', 480, 100),
    thing('far', 3000, 510),
  ];
  const from = notes[0] ?? thing('none', 0, 0);
  const go = (direction: Direction) => nearestInDirection(notes, from, direction, 0.1, 0.1)?.id;

  test.each([
    ['right', 'right'],
    ['left', 'left'],
    ['up', 'up'],
    ['down', 'aside'],
  ] as const)('%s goes to the nearest there', (direction, id) => {
    expect(go(direction)).toBe(id);
  });

  test('at the edge there is nothing further', () => {
    expect(nearestInDirection(notes, notes[5] ?? from, 'right', 1, 1)).toBeNull();
  });

  test('every note can be reached, even where many share one place', () => {
    const crowd = Array.from({ length: 40 }, (_, i) =>
      thing(`n${i + 10}`, (i % 3) * 100, (i % 2) * 100),
    );
    const reached = new Set<Thing>();
    const open = crowd.slice(0, 1);
    for (let at = open.pop(); at; at = open.pop()) {
      if (reached.has(at)) continue;
      reached.add(at);
      for (const direction of ['left', 'right', 'up', 'down'] as const) {
        const next = nearestInDirection(crowd, at, direction, 1, 1);
        if (next) open.push(next);
      }
    }
    expect(reached.size).toBe(40);
  });
});
