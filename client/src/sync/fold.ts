// When two pushes that wait may become one.
import type { Op } from '$protocol/board/op';

/** What stands for both pushes, neither of which has been sent; undefined if both are needed. */
export function fold(first: readonly Op[], then: readonly Op[]): readonly Op[] | undefined {
  const [a, b] = [first[0], then[0]];
  if (a === undefined || b === undefined || first.length > 1 || then.length > 1) {
    return undefined;
  }
  if (a.do === 'text' && b.do === 'text') {
    // Else the second was not written on top of the first.
    const continued = a.id === b.id && a.field === b.field && a.to === b.from;
    return continued ? [{ ...a, to: b.to }] : undefined;
  }
  if (a.do === 'move' && b.do === 'move' && a.was === undefined && b.was === undefined) {
    const alike =
      a.moves.length === b.moves.length && a.moves.every(([id], i) => id === b.moves[i]?.[0]);
    return alike ? then : undefined;
  }
  return undefined;
}
