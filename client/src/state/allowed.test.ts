import { describe, expect, test } from 'vitest';
import type { Board, Phase, Role } from '$protocol/board/item';
import type { Me } from '$protocol/board/rights';
import { allowed, modeOf } from './allowed';

const board = (phase: Phase, more: Partial<Board> = {}): Board => ({
  type: 'board',
  id: 'board',
  title: 'Taulu',
  phase,
  ...more,
});
const me = (role: Role): Me => ({ id: 'p1', role, mine: new Set() });
const idle = { selectMore: false, placing: false };
const lock = { by: 'p2', time: 1 };

describe('what is allowed', () => {
  test('to a participant follows the phase', () => {
    expect(allowed(me('participant'), board('describe'))).toMatchObject({
      add: true,
      edit: 'own',
      move: 'all',
      group: false,
      facilitate: false,
    });
    expect(allowed(me('participant'), board('group'))).toMatchObject({
      add: false,
      move: 'none',
      group: true,
    });
  });

  test('to a participant follows rights that were changed', () => {
    const changed = board('group', { rights: { add: 'all', group: 'none' } });
    expect(allowed(me('participant'), changed)).toMatchObject({ add: true, group: false });
  });

  test('to a facilitator is everything, locked or not', () => {
    const locked = board('closed', { lock: { ...lock, level: 'closed' } });
    expect(allowed(me('facilitator'), locked)).toMatchObject({
      add: true,
      edit: 'all',
      locked: 'open',
      facilitate: true,
    });
  });

  test('to a viewer, or before the board has come, is nothing', () => {
    expect(allowed(me('viewer'), board('free')).add).toBe(false);
    expect(allowed(me('participant'), undefined).move).toBe('none');
    expect(allowed(undefined, board('free')).move).toBe('none');
  });
});

describe('a drag', () => {
  const drag = (role: Role, phase: Phase) =>
    modeOf(allowed(me(role), board(phase)), board(phase), idle).drag;

  test('moves where the phase lets notes be moved', () => {
    expect(drag('participant', 'describe')).toBe('move');
    expect(drag('participant', 'free')).toBe('move');
    expect(drag('participant', 'assess')).toBe('none');
    expect(drag('facilitator', 'assess')).toBe('move');
  });

  test('says where a note belongs while groups are made, for facilitators too', () => {
    expect(drag('participant', 'group')).toBe('belongs');
    expect(drag('facilitator', 'name')).toBe('belongs');
  });

  test('does nothing for a viewer', () => {
    expect(drag('viewer', 'group')).toBe('none');
    expect(drag('viewer', 'free')).toBe('none');
  });
});

test('a drag that is held makes groups in the phase free alone', () => {
  const mode = (phase: Phase) =>
    modeOf(allowed(me('participant'), board(phase)), board(phase), idle);
  expect(mode('free').holdToGroup).toBe(true);
  expect(mode('describe').holdToGroup).toBe(false);
});

test('a tap makes no note while the board is locked, nor while it is to place one', () => {
  const locked = board('describe', { lock: { ...lock, level: 'text' } });
  const can = allowed(me('participant'), locked);
  expect(can.add).toBe(true);
  expect(modeOf(can, locked, idle).create).toBe(false);
  const open = board('describe');
  const mode = (placing: boolean) =>
    modeOf(allowed(me('participant'), open), open, { selectMore: false, placing });
  expect(mode(false).create).toBe(true);
  expect(mode(true).create).toBe(false);
});
