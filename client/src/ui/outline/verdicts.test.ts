import { describe, expect, test } from 'vitest';
import type { Board, Note } from '$protocol/board/item';
import { may } from '$protocol/board/predict';
import type { Me } from '$protocol/board/rights';
import { State } from '$protocol/board/state';
import { allowed } from '../../state/allowed';
import { verdict, type Deed } from './verdicts';

const stamp = { by: 'pf', time: 5 };
const mine: Note = { id: 'n1', type: 'note', x: 100, y: 100, text: 'a', authorId: 'p1' };
const theirs: Note = { ...mine, id: 'n2', authorId: 'p2', groupId: 'g1' };

function board(fields: Partial<Board> = {}, notes: readonly Note[] = [mine, theirs]): State {
  const state = new State();
  state.set('board', { id: 'board', type: 'board', title: 't', phase: 'describe', ...fields });
  state.set('g1', { id: 'g1', type: 'group', name: 'Alku' });
  for (const note of notes) state.set(note.id, note);
  return state;
}

const participant: Me = { id: 'p1', role: 'participant', mine: new Set() };

function code(state: State, deed: Deed, note: Note, me: Me = participant): string | null {
  const can = allowed(me, state.settings());
  const found = verdict(deed, note, can, (op) => may(state, me, op));
  return typeof found === 'string' ? found : (found?.code ?? null);
}

describe('what a reader may do to a note', () => {
  test('is what the phase lets them do, and the rest never', () => {
    const state = board();
    expect(code(state, 'text', mine)).toBeNull();
    expect(code(state, 'place', theirs)).toBeNull();
    expect(code(state, 'group', mine)).toBe('never');
    expect(code(board({ phase: 'group' }), 'group', mine)).toBeNull();
    expect(code(board({ phase: 'group' }), 'place', mine)).toBe('never');
  });

  test('stops at what belongs to others, with the reason', () => {
    expect(code(board(), 'text', theirs)).toBe('not_yours');
    expect(code(board(), 'delete', theirs)).toBe('not_yours');
  });

  test('stops at a lock, a pin and a freeze, with the reason', () => {
    expect(code(board({ lock: { ...stamp, level: 'closed' } }), 'text', mine)).toBe('board_locked');
    expect(code(board({ lock: { ...stamp, level: 'closed' } }), 'group', mine)).toBe('never');
    const pinned = { ...mine, pinned: stamp };
    expect(code(board({}, [pinned]), 'place', pinned)).toBe('pinned');
    const state = board();
    const frozen = { ...stamp, texts: false, hash: '' };
    state.set('s1', { id: 's1', type: 'segment', groupId: 'g1', frozen });
    expect(code(state, 'place', theirs)).toBe('frozen');
    expect(code(state, 'place', mine)).toBeNull();
  });

  test('is nothing for a viewer', () => {
    const viewer: Me = { id: 'p9', role: 'viewer', mine: new Set() };
    for (const deed of ['text', 'perspective', 'place', 'group', 'ungroup', 'delete'] as const) {
      expect(code(board({ phase: 'free' }), deed, theirs, viewer)).toBe('never');
    }
  });

  test('leaves a full text to be shortened', () => {
    const full = { ...mine, text: 'a'.repeat(1000) };
    expect(code(board({}, [full]), 'text', full)).toBeNull();
  });

  test('changes nothing on the board', () => {
    const state = board({ phase: 'free' });
    for (const deed of ['text', 'perspective', 'place', 'group', 'ungroup', 'delete'] as const) {
      code(state, deed, theirs);
    }
    expect(state.item('n2')).toBe(theirs);
    expect(state.item('new')).toBeUndefined();
  });
});
