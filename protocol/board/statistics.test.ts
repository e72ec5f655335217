import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Axis, Group, ID, Item, Perspective } from './item';
import { State } from './state';
import {
  closeTo,
  noteCounts,
  statistics,
  zoneGrid,
  type NoteCounts,
  type Statistics,
} from './statistics';
import { value10, xOf10, zoneOf } from './value';

interface Fixture {
  readonly axis: Axis;
  readonly perspectives: readonly Perspective[];
  readonly groups: readonly Group[];
  readonly notes: readonly {
    readonly id: ID;
    readonly x: number;
    readonly y: number;
    readonly groupId: ID | null;
    readonly value: number | null;
  }[];
}

interface Expected {
  readonly noteCounts: NoteCounts;
  readonly zoneGrid: Readonly<Record<ID, readonly number[]>>;
  readonly groups: readonly Statistics[];
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`./fixture/${name}`, import.meta.url), 'utf8'));
}

describe('the Keski-Uusimaa workshop', () => {
  const fixture = read('keski-uusimaa.json') as Fixture;
  const expected = read('keski-uusimaa.expected.json') as Expected;
  const board = new State();

  beforeAll(() => {
    const add = (
      type: string,
      { id, ...fields }: object & { readonly id: ID },
      order: number,
    ): void => {
      board.set(id, { ...fields, id, type, order } as unknown as Item);
    };
    add('axis', fixture.axis, 0);
    fixture.perspectives.forEach((item, i) => add('perspective', item, i + 1));
    fixture.groups.forEach((item, i) => add('group', item, i + 1));
    fixture.notes.forEach(({ groupId, ...note }, i) =>
      add('note', Object.assign(note, groupId === null ? {} : { groupId }), i),
    );
  });

  it('places every note at its value', () => {
    for (const note of fixture.notes) {
      const tenths = value10(fixture.axis, note.x, note.y);
      expect([note.id, tenths === null ? null : tenths / 10]).toEqual([note.id, note.value]);
    }
  });

  it('finds the groups that lie close to each other', () => {
    const all = expected.groups.map(({ groupId }) => statistics(board, groupId));
    expect(all.map((one) => closeTo(one, all))).toEqual([[], [], ['g6'], [], [], ['g3']]);
    const at = (groupId: ID, median: number | null): Statistics => ({
      ...statistics(board, 'g1'),
      groupId,
      median,
    });
    const low = at('low', 2.1);
    // Less than 5 apart as floats only.
    expect(closeTo(low, [low, at('high', 7.1), at('none', null)])).toEqual([]);
    expect(closeTo(low, [low, at('high', 7)])).toEqual(['high']);
    expect(closeTo(at('none', null), [low])).toEqual([]);
  });

  it('has the statistics and checks of each group', () => {
    for (const want of expected.groups) {
      const got = statistics(board, want.groupId);
      expect({ ...got, mean: round4(got.mean) }).toEqual(want);
    }
  });

  it('has its notes counted, and by zone', () => {
    expect(noteCounts(board)).toEqual(expected.noteCounts);
    expect(zoneGrid(board)).toEqual(expected.zoneGrid);
  });

  it('fails a group without valued notes only for being small, of the numeric checks', () => {
    board.set('g7', { id: 'g7', type: 'group', name: ' Solmujen AVAAJAT ' });
    const { median, notes, failedChecks } = statistics(board, 'g7');
    board.set('g7', undefined);
    expect({ median, notes, failedChecks }).toEqual({
      median: null,
      notes: 0,
      failedChecks: ['duplicate_name', 'too_few_notes'],
    });
  });
});

function round4(value: number | null): number | null {
  return value === null ? null : Math.floor(value * 1e4 + 0.5) / 1e4;
}

describe('value', () => {
  const axis: Axis = { id: 'ax', type: 'axis', x0: 200, x1: 10200, bandTop: 500, bandBottom: 5900 };

  it.each([
    [1600, 140],
    [100, 0],
    [3333, 313],
    [10_201, 1000],
    [204, 0],
    [205, 1],
  ])('of x = %d is %d tenths', (x, tenths) => {
    expect(value10(axis, x, 500)).toBe(tenths);
    expect(value10(axis, x, 5900)).toBe(tenths);
  });

  it('is none outside the band', () => {
    expect(value10(axis, 1600, 499)).toBeNull();
    expect(value10(axis, 1600, 5901)).toBeNull();
    expect(value10(undefined, 1600, 1000)).toBeNull();
  });

  it('comes back from the x of every typed tenth, on axes of any width', () => {
    for (const x1 of [1200, 1201, 3333, 10_200, 1_000_000]) {
      const on = { ...axis, x1 };
      for (let tenths = 0; tenths <= 1000; tenths++) {
        expect([x1, value10(on, xOf10(on, tenths), 1000)]).toEqual([x1, tenths]);
      }
    }
  });

  it('100 lies in the last zone', () => {
    expect([0, 199, 200, 999, 1000].map((tenths) => zoneOf(tenths, 5))).toEqual([0, 0, 1, 4, 4]);
  });
});
