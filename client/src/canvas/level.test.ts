import { describe, expect, test } from 'vitest';
import { chooseLevel, coveredShare, sizeOf, type Places } from './level';

function places(...points: readonly (readonly [number, number])[]): Places {
  return {
    x: Float64Array.from(points, (p) => p[0]),
    y: Float64Array.from(points, (p) => p[1]),
  };
}

/** n × n notes, a step apart. */
function field(n: number, stepX: number, stepY: number): Places {
  return places(
    ...Array.from(
      { length: n * n },
      (_, i) => [(i % n) * stepX, Math.floor(i / n) * stepY] as const,
    ),
  );
}

describe('covered share', () => {
  test('a note under another of the same place is covered, the upper one is not', () => {
    expect(coveredShare(places([0, 0], [0, 0]), 100, 80, 0.5)).toBe(0.5);
  });

  test('half is not more than half', () => {
    expect(coveredShare(places([0, 0], [50, 0]), 100, 80, 0.5)).toBe(0);
    expect(coveredShare(places([0, 0], [24, 0]), 100, 80, 0.5)).toBe(0.5);
  });

  test('two notes together cover what neither covers alone', () => {
    expect(coveredShare(places([0, 0], [-50, 0], [50, 0]), 100, 80, 0.5)).toBeCloseTo(1 / 3);
  });

  test('notes further apart than a note do not matter', () => {
    expect(coveredShare(field(20, 101, 81), 100, 80, 0.5)).toBe(0);
  });

  test('an even sample tells the share of many', () => {
    // Every second note lies on the one before it.
    const pairs = places(
      ...Array.from({ length: 9000 }, (_, i) => [Math.floor(i / 2) * 200, 0] as const),
    );
    expect(coveredShare(pairs, 100, 80, 0.5)).toBeCloseTo(0.5, 1);
  });
});

/** 200 notes thrown evenly over 2,000 × 1,200 px, seen at a scale. */
function thrown(scale: number): Places {
  let seed = 20_261_121;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  return places(
    ...Array.from(
      { length: 200 },
      () => [random() * 2000 * scale, random() * 1200 * scale] as const,
    ),
  );
}

describe('level', () => {
  test('a level that is left out unlooked at would not have been chosen', () => {
    for (const scale of [0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.5]) {
      const chosen = chooseLevel(thrown(scale), 1, null);
      for (const level of ['large', 'medium', 'small', 'compact'] as const) {
        if (level === chosen) break;
        const { width, height } = sizeOf(level, 1);
        const part = level === 'large' ? 1 / 4 : 1 / 2;
        const share = coveredShare(thrown(scale), width, height, part);
        expect(share, `${level} at ${scale}`).toBeGreaterThan(level === 'compact' ? 0.45 : 1 / 3);
      }
    }
  });

  test('two notes of one place are read: being smaller would not part them', () => {
    expect(chooseLevel(places([500, 300], [500, 300]), 1, null)).toBe('large');
    expect(chooseLevel(places([500, 300], [500, 300], [520, 310]), 1, null)).not.toBe('far');
  });

  test('few notes are large, and none are large', () => {
    expect(chooseLevel(places([0, 0], [400, 0]), 1, null)).toBe('large');
    expect(chooseLevel(places(), 1, 'small')).toBe('large');
  });

  test('the closer they lie, the smaller they are', () => {
    const met = [...Array(190).keys()].map((i) => chooseLevel(thrown(2 - i / 100), 1, null));
    expect([...new Set(met)]).toEqual(['large', 'medium', 'small', 'compact', 'far']);
    const order = ['large', 'medium', 'small', 'compact', 'far'];
    expect(met.map((l) => order.indexOf(l))).toEqual(
      met.map((l) => order.indexOf(l)).sort((a, b) => a - b),
    );
  });

  test('a small change of zoom changes nothing: a level is taken at a higher zoom than it is left', () => {
    const left = new Map<string, number>();
    const taken = new Map<string, number>();
    let level = chooseLevel(thrown(2), 1, null);
    for (let zoom = 2; zoom > 0.1; zoom -= 0.01) {
      const chosen = chooseLevel(thrown(zoom), 1, level);
      if (chosen !== level) left.set(level, zoom);
      level = chosen;
    }
    expect(level).toBe('far');
    for (let zoom = 0.1; zoom < 2; zoom += 0.01) {
      const chosen = chooseLevel(thrown(zoom), 1, level);
      if (chosen !== level) taken.set(chosen, zoom);
      level = chosen;
    }
    const both = [...taken].filter(([name]) => left.has(name));
    expect(both.length).toBeGreaterThanOrEqual(3);
    for (const [name, zoom] of both) expect(zoom).toBeGreaterThan((left.get(name) ?? 9) * 1.05);
  });

  test('larger text needs more room', () => {
    expect(chooseLevel(thrown(1), 1, null)).not.toBe('far');
    expect(chooseLevel(thrown(1), 3, null)).toBe('far');
  });
});
