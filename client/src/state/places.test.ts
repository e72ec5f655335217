import { describe, expect, test } from 'vitest';
import type { Axis, Note } from '$protocol/board/item';
import { State } from '$protocol/board/state';
import { value10 } from '$protocol/board/value';
import { freeSpots, Rows } from './places';

const axis: Axis = {
  type: 'axis',
  id: 'ax',
  x0: 200,
  x1: 10_200,
  bandTop: 500,
  bandBottom: 2300,
};

function board(...notes: Note[]): State {
  const state = new State();
  state.set('ax', axis);
  state.set('p1', { type: 'perspective', id: 'p1', name: 'Itsenäisyys', order: 1 });
  state.set('p2', { type: 'perspective', id: 'p2', name: 'Minäkuva', order: 2 });
  for (const note of notes) state.set(note.id, note);
  return state;
}

describe('a note that is given a value', () => {
  test('lies at that value in the lane of its perspective', () => {
    const spot = new Rows(board(), axis).at(378, 'p2');
    expect(value10(axis, spot.x, spot.y)).toBe(378);
    expect(spot.y).toBeGreaterThan(1400);
  });

  test('takes another row than the notes beside it, and than those given before', () => {
    const there: Note = { type: 'note', id: 'n1', x: 5200, y: 950 };
    const rows = new Rows(board(there), axis);
    const ys = [rows.at(500, 'p1').y, rows.at(505, 'p1').y, rows.at(510, 'p1').y];
    expect(new Set([there.y, ...ys]).size).toBe(4);
  });

  test('is not in its own way', () => {
    const rows = new Rows(board(), axis);
    const alone = rows.at(500, 'p1');
    const there: Note = { type: 'note', id: 'n1', ...alone };
    expect(new Rows(board(there), axis).at(500, 'p1', 'n1')).toEqual(alone);
  });
});

test('parked notes lie under the band, side by side', () => {
  const rows = new Rows(board(), axis);
  const spots = [rows.parked(), rows.parked()];
  for (const { x, y } of spots) expect(value10(axis, x, y)).toBeNull();
  expect(spots[0]?.x).not.toBe(spots[1]?.x);
});

test('on a free board new notes lie under what is there', () => {
  const there: Note = { type: 'note', id: 'n1', x: 40, y: 300 };
  const spots = freeSpots([there], 3);
  expect(spots).toHaveLength(3);
  for (const { y } of spots) expect(y).toBeGreaterThan(300);
  expect(new Set(spots.map(({ x, y }) => `${x} ${y}`)).size).toBe(3);
});
