import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RefusedOp } from '../sync/types';
import { Refusals } from './refusals.svelte';

const refusedMove = (n: number, id: string): RefusedOp => ({
  n,
  op: { do: 'move', moves: [[id, 1, 2]] },
  code: 'frozen',
  reason: { id: 's.g1' },
  by: 'p1',
  set: 5,
  undo: false,
});

let refusals: Refusals;

beforeEach(() => {
  vi.useFakeTimers();
  refusals = new Refusals();
});
afterEach(() => vi.useRealTimers());

describe('cards', () => {
  test('of one rule that come together are one, with all that was refused', () => {
    refusals.told(refusedMove(1, 'n1'), 1000);
    refusals.told(refusedMove(2, 'n2'), 1200);
    expect(refusals.cards).toHaveLength(1);
    expect(refusals.cards[0]?.items).toEqual(['n1', 'n2']);
    expect(refusals.cards[0]?.retry).toEqual([
      { do: 'move', moves: [['n1', 1, 2]] },
      { do: 'move', moves: [['n2', 1, 2]] },
    ]);
  });

  test('of different rules, or long apart, are several', () => {
    refusals.told(refusedMove(1, 'n1'), 1000);
    refusals.told({ ...refusedMove(2, 'n1'), code: 'pinned' }, 1100);
    refusals.told({ ...refusedMove(3, 'n1'), code: 'pinned' }, 9000);
    expect(refusals.cards).toHaveLength(3);
  });

  test('of an op that was refused in part are about that part', () => {
    refusals.told(
      {
        n: 1,
        op: { do: 'delete', ids: ['n1', 'n2', 'n3'] },
        code: 'not_yours',
        reason: { id: 'n2' },
        undo: false,
      },
      0,
    );
    expect(refusals.cards[0]?.items).toEqual(['n2']);
    expect(refusals.cards[0]?.retry).toEqual([{ do: 'delete', ids: ['n2'] }]);
  });

  test('of an undo, or of what has not begun, offer no second try', () => {
    refusals.told({ ...refusedMove(1, 'n1'), undo: true }, 0);
    refusals.foreseen(
      { do: 'move', moves: [['n1', 1, 2]] },
      { op: 0, code: 'pinned' },
      ['n1'],
      false,
      1,
    );
    expect(refusals.cards.map(({ retry }) => retry)).toEqual([[], []]);
  });

  test('leave 20 s after they were last touched', () => {
    refusals.told(refusedMove(1, 'n1'), 0);
    vi.advanceTimersByTime(19_000);
    refusals.touch(refusals.cards[0]?.id ?? 0);
    vi.advanceTimersByTime(19_000);
    expect(refusals.cards).toHaveLength(1);
    vi.advanceTimersByTime(1_000);
    expect(refusals.cards).toHaveLength(0);
  });
});
