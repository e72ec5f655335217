// Where a card stands that is about one note.
import type { Box } from '../../canvas/point';

interface Size {
  readonly width: number;
  readonly height: number;
}

const gap = 12;
/** Kept clear under the bar and the axis, and over the dock. px */
const above = 96;
const below = 92;

/** Under the note, or over it where there is no room, wholly in sight; null when the note is not. px of the page part. */
export function beside(
  note: Box,
  card: Size,
  page: Size,
): { readonly left: number; readonly top: number } | null {
  const seen =
    note.right > 0 && note.left < page.width && note.bottom > 0 && note.top < page.height;
  if (!seen) return null;
  const middle = (note.left + note.right) / 2;
  const left = clamp(middle - card.width / 2, gap, page.width - card.width - gap);
  const under = note.bottom + gap;
  const over = note.top - card.height - gap;
  const fits = under + card.height <= page.height - below;
  const top = clamp(fits ? under : over, above, page.height - card.height - below);
  return { left: Math.round(left), top: Math.round(top) };
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
