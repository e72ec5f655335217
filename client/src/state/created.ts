// From a board that was just made to its page, and what to say when none was.
import { CallFailed, type Created, type Fault } from './api';
import { boardAddress } from './link';
import { randomSecret, type KnownBoards } from './known';
import { t } from './locale.svelte';

/** Keeps the facilitator's key, which is nowhere else yet, and goes to the board. */
export function enterCreated(known: KnownBoards, { id, title, keys }: Created): void {
  known.put({
    id,
    title,
    role: 'facilitator',
    key: keys.facilitator,
    shared: keys.participant,
    me: randomSecret(),
    unkept: true,
    opened: Date.now(),
  });
  location.assign(boardAddress(id, keys.participant));
}

/** What to tell about a call that failed. */
export function failureText(error: unknown): string {
  if (!(error instanceof CallFailed)) throw error;
  switch (error.code) {
    case 'network':
      return t('problem.network');
    case 'too_large':
      return t('problem.tooLarge');
    case 'bad_json':
      return t('problem.notJson');
  }
  if (error.status === 429 || error.status === 503) return t('problem.busy');
  return t('problem.other', { code: error.code });
}

/** What is wrong at one place of a file. */
export function faultText({ code }: Fault): string {
  switch (code) {
    case 'exists':
      return t('fault.exists');
    case 'gone':
      return t('fault.gone');
    case 'too_long':
      return t('fault.tooLong');
    case 'full':
      return t('fault.full');
    default:
      return t('fault.invalid');
  }
}
