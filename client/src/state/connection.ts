// How a board stands towards its server, as people are told: nothing for gaps under 2 s, never a surprise.
import type { Status } from '../sync/types';

/** Gaps shorter than this are not worth showing. ms */
export const silentMs = 2000;
/** How long the return is told. ms */
export const returnMs = 3000;

export type Connection =
  /** For the first time; `long` once it has taken a while. */
  | { readonly type: 'opening'; readonly long: boolean }
  | { readonly type: 'fine' }
  | { readonly type: 'lost'; readonly waiting: number; readonly full: boolean }
  /** After a loss that was shown, for a moment: until ms of the same clock. */
  | { readonly type: 'back'; readonly until: number }
  /** Connected, but the server's disk takes nothing. */
  | { readonly type: 'unsaved'; readonly waiting: number }
  /** Not coming back by itself. */
  | { readonly type: 'stopped'; readonly why: 'revoked' | 'unknown' | 'deleted' | 'version' };

export interface Looked {
  readonly shown: Connection;
  /** When to look again though nothing happens: ms of the same clock; undefined: not before something does. */
  readonly again?: number;
}

/** What to show now, given what was shown before. `now` is of the clock of `status.since`. */
export function look(before: Connection, status: Status, now: number): Looked {
  const age = now - status.since;
  switch (status.link) {
    case 'connecting':
      return age < silentMs
        ? { shown: { type: 'opening', long: false }, again: status.since + silentMs }
        : { shown: { type: 'opening', long: true } };
    case 'stopped':
      return { shown: { type: 'stopped', why: why(status) } };
    case 'lost': {
      const { waiting, full } = status;
      if (before.type === 'lost' || age >= silentMs)
        return { shown: { type: 'lost', waiting, full } };
      return { shown: before, again: status.since + silentMs };
    }
    case 'open': {
      if (!status.disk) return { shown: { type: 'unsaved', waiting: status.waiting } };
      // The return is told once all that waited is saved.
      if (before.type === 'lost' && !status.saved) {
        return { shown: { type: 'lost', waiting: status.waiting, full: status.full } };
      }
      if (before.type === 'lost' || before.type === 'unsaved') {
        const until = now + returnMs;
        return { shown: { type: 'back', until }, again: until };
      }
      if (before.type === 'back' && now < before.until) {
        return { shown: before, again: before.until };
      }
      return { shown: { type: 'fine' } };
    }
    default:
      status.link satisfies never;
      return { shown: before };
  }
}

function why({ bye }: Status): 'revoked' | 'unknown' | 'deleted' | 'version' {
  switch (bye) {
    case 'revoked':
    case 'deleted':
    case 'version':
      return bye;
    default:
      return 'unknown';
  }
}
