// The letters by which a perspective is called in the room.
import type { Perspective } from '$protocol/board/item';

const most = 3;

/**
 * The letters of each perspective, in the order given: its own, or the shortest beginning of its name that no other name
 * begins with. Names that begin alike for three letters get the number of their place.
 */
export function letters(perspectives: readonly Perspective[]): string[] {
  const names = perspectives.map(({ name }) => Array.from(name.trim().toUpperCase()));
  return perspectives.map(({ letters: own, name }, i) => {
    if (own !== undefined && own !== '') return own;
    const mine = names[i] ?? [];
    for (let n = 1; n <= Math.min(most, mine.length); n++) {
      const begins = mine.slice(0, n).join('');
      const alike = names.some((other, j) => j !== i && other.slice(0, n).join('') === begins);
      if (!alike) return cased(Array.from(name.trim()).slice(0, n));
    }
    return `${mine[0] ?? ''}${i + 1}`;
  });
}

function cased([first = '', ...rest]: readonly string[]): string {
  return first.toUpperCase() + rest.join('').toLowerCase();
}
