// Items that stand in an order of their own, and one of them moved.
import type { ID } from '$protocol/board/item';

export interface Ordered {
  readonly id: ID;
  readonly order?: number;
}

/** The orders to set so that an item stands so many places on; nothing where there is no such place. */
export function reordered(
  items: readonly Ordered[],
  id: ID,
  by: number,
): { readonly id: ID; readonly order: number }[] {
  const from = items.findIndex((item) => item.id === id);
  const to = from + by;
  const moved = items[from];
  if (moved === undefined || to < 0 || to >= items.length) return [];
  const next: Ordered[] = items.filter((item) => item !== moved);
  next.splice(to, 0, moved);
  // The places they have are kept, so that others between them stay where they are.
  const places = items.map(({ order }) => order ?? 0);
  const apart = places.every((place, i) => i === 0 || place > (places[i - 1] ?? place));
  return next
    .map((item, i) => ({ item, order: apart ? (places[i] ?? i) : i + 1 }))
    .filter(({ item, order }) => item.order !== order)
    .map(({ item, order }) => ({ id: item.id, order }));
}
