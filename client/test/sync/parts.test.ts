// The small parts of sync.
import { describe, expect, it } from 'vitest';
import { Clock } from '../../src/sync/clock';
import { makeID, makeSecret } from '../../src/sync/ids';
import { maxUnanswered, Pace } from '../../src/sync/pace';
import { composed, packed } from '../../src/sync/packing';
import { Presences } from '../../src/sync/presence';
import { move, note } from './desk';
import { Time } from './time';

describe('ids', () => {
  it('are 16 base32 characters, secrets hold 128 random bits', () => {
    const fill = (bytes: Uint8Array<ArrayBuffer>): unknown => crypto.getRandomValues(bytes);
    const ids = new Set(Array.from({ length: 1000 }, () => makeID(fill)));
    expect(ids.size).toBe(1000);
    for (const id of ids) {
      expect(id).toMatch(/^[a-z2-7]{16}$/);
    }
    expect(makeSecret(fill)).toMatch(/^[a-z2-7]{26}$/);
  });
});

describe('clock', () => {
  it('believes the quickest answer most', () => {
    const time = new Time();
    const clock = new Clock(time);
    const start = time.now();
    clock.told(start + 5_000, start - 2_000);
    expect(clock.now()).toBe(start + 6_000);
    clock.told(start + 5_000, start - 20);
    expect(clock.now()).toBe(start + 5_010);
    clock.told(start + 9_000, start - 8_000);
    expect(clock.now()).toBe(start + 5_010);
  });
});

describe('pace', () => {
  it('lets a burst go and then 55 a second, a large push for more than one', async () => {
    const time = new Time();
    const pace = new Pace(time);
    const small = [move('n1', 1)];
    let sent = 0;
    while (pace.take(small) === 0) {
      sent++;
    }
    expect(sent).toBe(250);
    await time.pass(1000);
    sent = 0;
    while (pace.take(small) === 0) {
      sent++;
    }
    expect(sent).toBe(55);
    await time.pass(1000);
    expect(pace.take(Array.from({ length: 200 }, () => move('n1', 1)))).toBe(0);
    for (sent = 0; pace.take(small) === 0; sent++);
    expect(sent).toBe(44);
    expect(pace.take(small)).toBeGreaterThan(0);
    expect(maxUnanswered).toBe(8);
  });
});

describe('packing', () => {
  it('puts no more in a push than the server takes', () => {
    const ops = Array.from({ length: 450 }, (_, i) => move(`m${i}`, i));
    expect(packed(ops).map((part) => part.length)).toEqual([200, 200, 50]);
    const wordy = Array.from({ length: 100 }, (_, i) => ({
      do: 'create' as const,
      item: note(`m${i}`, i, '😀'.repeat(1000)),
    }));
    for (const part of packed(wordy)) {
      expect(new TextEncoder().encode(JSON.stringify(part)).length).toBeLessThan(64 << 10);
    }
    expect(packed(wordy).flat()).toEqual(wordy);
  });

  it('composes what is written, and leaves what is compared', () => {
    const text = 'a\u0308';
    const op = { do: 'text', id: 'n1', field: 'text', from: text, to: text } as const;
    expect(composed([op])).toEqual([{ ...op, to: 'ä' }]);
  });
});

describe('presence', () => {
  it('is whole numbers within bounds, and no endless lists', () => {
    const sent: object[] = [];
    const presences = new Presences(
      { backlog: 0, send: (messages) => sent.push(...messages) > 0 },
      new Time(),
    );
    presences.present({
      cursor: [1.6, 5e9],
      view: [0.2, -1e12, 10, 10],
      drag: Array.from({ length: 300 }, (_, i) => [`n${i}`, 0.5, -3e6] as const),
      selected: Array.from({ length: 600 }, (_, i) => `n${i}`),
      editing: null,
    });
    expect(sent).toMatchObject([{ cursor: [2, 1_000_000], view: [0, -10_000_000, 10, 10] }]);
    const [first] = sent as { drag: unknown[]; selected: unknown[]; editing?: unknown }[];
    expect([first?.drag.length, first?.selected.length]).toEqual([200, 500]);
    expect(first?.drag[0]).toEqual(['n0', 1, -1_000_000]);
    expect(first && 'editing' in first).toBe(false);
  });

  it('waits while what was sent has not left', async () => {
    const time = new Time();
    const sent: object[] = [];
    const way = { backlog: 1 << 20, send: (m: readonly object[]) => sent.push(...m) > 0 };
    const presences = new Presences(way, time);
    presences.present({ cursor: [1, 1] });
    await time.pass(500);
    expect(sent).toEqual([]);
    way.backlog = 0;
    await time.pass(50);
    expect(sent).toEqual([{ type: 'presence', cursor: [1, 1] }]);
  });
});
