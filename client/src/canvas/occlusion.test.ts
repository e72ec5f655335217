import { describe, expect, test } from 'vitest';
import { seenSpots } from './occlusion';

const surface = { width: 400, height: 300 };

describe('what is seen of a pile', () => {
  test('all of it where nothing overlaps, in its order', () => {
    const spots = [
      { x: 50, y: 50 },
      { x: 150, y: 50 },
      { x: 50, y: 150 },
    ];
    expect(seenSpots(spots, 38, 30, surface)).toEqual(spots);
  });

  test('one that peeps out is seen, one that is wholly covered is not', () => {
    const top = { x: 100, y: 100 };
    const hidden = { x: 100, y: 100 };
    const peeping = { x: 112, y: 100 };
    // The uppermost two together hide the lowest.
    const seen = seenSpots(
      [hidden, peeping, top, { x: 94, y: 94 }, { x: 106, y: 106 }],
      60,
      60,
      surface,
    );
    expect(seen).toContain(peeping);
    expect(
      seenSpots(
        [
          { x: 100, y: 100 },
          { x: 100, y: 100 },
          { x: 104, y: 104 },
        ],
        20,
        20,
        surface,
      ),
    ).toHaveLength(3);
    expect(
      seenSpots([hidden, { x: 100, y: 100 }, { x: 100, y: 100 }], 64, 64, surface).length,
    ).toBeLessThanOrEqual(3);
  });

  test('nothing is left out of which a px is seen', () => {
    const seed = Date.now() % 1e9;
    let state = seed || 1;
    const random = (n: number) => (state = (state * 48_271) % 2_147_483_647) % n;
    const spots = Array.from({ length: 3000 }, (_, i) => ({ i, x: random(400), y: random(300) }));
    const seen = new Set(seenSpots(spots, 38, 30, surface).map((s) => s.i));
    expect(seen.size).toBeLessThan(2000);
    // Paint them all, then see whose px are left.
    const canvas = new Int32Array(surface.width * surface.height).fill(-1);
    for (const { i, x, y } of spots) {
      for (let py = Math.max(0, y - 15); py < Math.min(surface.height, y + 15); py++) {
        for (let px = Math.max(0, x - 19); px < Math.min(surface.width, x + 19); px++) {
          canvas[py * surface.width + px] = i;
        }
      }
    }
    for (const i of new Set(canvas))
      if (i >= 0) expect(seen.has(i), `seed ${seed}, spot ${i}`).toBe(true);
  });
});
