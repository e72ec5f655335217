// The order of a list while somebody works in it.

/**
 * The sorted ids, or, while the list is held, as they stood before: what a row's value is must not carry the row away from
 * under the hand. What is new stands after the row that it follows when sorted; what has gone is left out.
 */
export function heldOrder(
  before: readonly string[],
  sorted: readonly string[],
  held: boolean,
): readonly string[] {
  if (!held) return sorted;
  const there = new Set(sorted);
  const order = before.filter((id) => there.has(id));
  const known = new Set(order);
  for (const [i, id] of sorted.entries()) {
    if (known.has(id)) continue;
    const after = i === 0 ? -1 : order.indexOf(sorted[i - 1] ?? '');
    order.splice(after + 1, 0, id);
    known.add(id);
  }
  return order;
}

/** A list's order, which it remembers for as long as it is held. */
export class HeldOrder {
  #order: readonly string[] = [];

  of(sorted: readonly string[], held: boolean): readonly string[] {
    this.#order = heldOrder(this.#order, sorted, held);
    return this.#order;
  }
}
