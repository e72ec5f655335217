// Parts of the page that were asked for and are on their way.

const coming = new Set<Promise<unknown>>();

/** Counts a part as on its way until it has come or could not be had. */
export function awaited<T>(part: Promise<T>): Promise<T> {
  const over = () => coming.delete(part);
  coming.add(part);
  void part.then(over, over);
  return part;
}

export function isComing(): boolean {
  return coming.size > 0;
}

/** When nothing is on its way. */
export async function allHere(): Promise<void> {
  while (coming.size > 0) await Promise.allSettled(coming);
}
