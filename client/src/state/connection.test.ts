import { describe, expect, test } from 'vitest';
import type { Status } from '../sync/types';
import { look, returnMs, type Connection } from './connection';

const open: Status = {
  link: 'open',
  since: 1000,
  waiting: 0,
  saved: true,
  locking: false,
  freezing: false,
  disk: true,
  kept: true,
  full: false,
};
const lost: Status = { ...open, link: 'lost', waiting: 3, saved: false };
const fine: Connection = { type: 'fine' };

describe('a connection', () => {
  test('that is gone for less than 2 s looks as before, and is looked at again', () => {
    expect(look(fine, lost, 1500)).toEqual({ shown: fine, again: 3000 });
  });

  test('that is gone for longer is said to be lost, with what waits', () => {
    expect(look(fine, lost, 3000)).toEqual({ shown: { type: 'lost', waiting: 3, full: false } });
  });

  test('that came back stays lost until all that waited is saved', () => {
    const shown = look(fine, lost, 3000).shown;
    const back = look(shown, { ...open, since: 9000, saved: false, waiting: 1 }, 9100);
    expect(back.shown).toEqual({ type: 'lost', waiting: 1, full: false });
  });

  test('that came back is told for a while, however long the saving took', () => {
    const shown = look(fine, lost, 3000).shown;
    const now = { ...open, since: 9000 };
    const back = look(shown, now, 30_000);
    expect(back).toEqual({
      shown: { type: 'back', until: 30_000 + returnMs },
      again: 30_000 + returnMs,
    });
    expect(look(back.shown, now, 31_000).shown).toEqual(back.shown);
    expect(look(back.shown, now, 30_000 + returnMs).shown).toEqual(fine);
  });

  test('whose loss was never shown is not said to be back', () => {
    expect(look(fine, { ...open, since: 2500 }, 2600)).toEqual({ shown: fine });
  });

  test('to a server that cannot save says so at once', () => {
    expect(look(fine, { ...open, disk: false, waiting: 2 }, 1001).shown).toEqual({
      type: 'unsaved',
      waiting: 2,
    });
  });

  test('that is being opened says so only when it takes long', () => {
    const opening: Status = { ...open, link: 'connecting' };
    const before: Connection = { type: 'opening', long: false };
    expect(look(before, opening, 1000)).toEqual({ shown: before, again: 3000 });
    expect(look(before, opening, 3000).shown).toEqual({ type: 'opening', long: true });
  });

  test.each([
    ['revoked', 'revoked'],
    ['deleted', 'deleted'],
    ['version', 'version'],
    ['unknown', 'unknown'],
    ['too_large', 'unknown'],
  ] as const)('that was ended with %s says why: %s', (bye, why) => {
    expect(look(fine, { ...open, link: 'stopped', bye }, 1001).shown).toEqual({
      type: 'stopped',
      why,
    });
  });
});
