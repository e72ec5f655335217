// What the outline can be cut down to.
import { noteCounts } from '$protocol/board/statistics';
import type { Shown } from '$protocol/board/state';
import type { Key } from '../../state/words/dictionary';

export interface OutlinePart {
  readonly part: 'all' | 'lone' | 'parked';
  readonly name: Extract<Key, 'out.all' | 'out.lone' | 'out.parked'>;
  readonly count: number;
}

/** Nothing is parked where there is no axis. */
export function partsOf(board: Shown): OutlinePart[] {
  const { total, ungrouped, parked } = noteCounts(board);
  const parts: OutlinePart[] = [
    { part: 'all', name: 'out.all', count: total },
    { part: 'lone', name: 'out.lone', count: ungrouped },
  ];
  return board.axis() ? [...parts, { part: 'parked', name: 'out.parked', count: parked }] : parts;
}
