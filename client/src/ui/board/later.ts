// What a board needs soon after its first picture: fetched once that stands, so that it is there when it is asked for, also
// when the connection has gone.
import { locale } from '../../state/locale.svelte';
import { views } from '../views';

export const later = {
  input: () => import('../../canvas/input'),
  dock: () => import('./Dock.svelte'),
  zoom: () => import('./ZoomCorner.svelte'),
  barEnd: () => import('../bar/BarEnd.svelte'),
  views: () => import('../bar/ViewMenu.svelte'),
  cards: () => import('./Cards.svelte'),
  keys: () => import('./BoardKeys.svelte'),
  selection: () => import('./SelectionBar.svelte'),
  reading: () => import('./ReadingCard.svelte'),
  strip: () => import('./ConnectionStrip.svelte'),
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
    const parts = [...Object.values(later), ...Object.values(views).map(({ load }) => load)];
    void Promise.allSettled([locale.whole(), ...parts.map((load) => load?.())]);
  }, quietMs);
  return () => clearTimeout(timer);
}

/** A page that is hidden has no frames to wait for. ms */
const hiddenMs = 1000;

/** Runs something once what is shown now stands. Returns what calls that off. */
export function afterPicture(run: () => void): () => void {
  let timer = setTimeout(run, hiddenMs);
  // A frame's callback comes before its picture, a timer set in it after.
  const frame = requestAnimationFrame(() => {
    clearTimeout(timer);
    timer = setTimeout(run);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
