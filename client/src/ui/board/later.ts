// What a board needs soon after its first picture: fetched once that stands, so that it is there when it is asked for, also
// when the connection has gone.
import { locale } from '../../state/locale.svelte';

export const later = {
  keys: () => import('./BoardKeys.svelte'),
  selection: () => import('./SelectionBar.svelte'),
  reading: () => import('./ReadingCard.svelte'),
  value: () => import('./ValueEntry.svelte'),
  refusal: () => import('./RefusalCards.svelte'),
  draft: () => import('./DraftCards.svelte'),
  privately: () => import('./PrivatePill.svelte'),
  empty: () => import('./EmptyBoard.svelte'),
};

/** ms */
const quietMs = 1500;

/** Fetches all of it when the page has come to rest. Returns what calls that off. */
export function preload(): () => void {
  const timer = setTimeout(() => {
    // What fails is asked for again when it is needed.
    void Promise.allSettled([locale.whole(), ...Object.values(later).map((load) => load())]);
  }, quietMs);
  return () => clearTimeout(timer);
}
