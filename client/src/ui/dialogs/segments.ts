// Segments as the freeze dialog lists them: those that may be frozen, and those that are.
import type { ID, Segment } from '$protocol/board/item';
import type { GroupColour } from '../../canvas/types';
import type { GroupFacts } from '../../state/groups.svelte';

export interface SegmentRow {
  readonly id: ID;
  readonly name: string;
  /** Of its group; absent where that is gone. */
  readonly group?: { readonly number: number; readonly colour: GroupColour };
  /** How many notes a freeze of it holds. */
  readonly notes: number;
  readonly frozen: Segment['frozen'];
}

/** All segments in their order, each with its group. */
export function segmentRows(
  segments: readonly Segment[],
  groups: readonly GroupFacts[],
): SegmentRow[] {
  return segments.map(({ id, name, groupId, frozen }) => {
    const group = groups.find((one) => one.id === groupId);
    const { number, colour, count = 0 } = group ?? {};
    return {
      id,
      name: (group?.name ?? name ?? '').trim(),
      notes: count,
      frozen,
      ...(number === undefined || colour === undefined ? {} : { group: { number, colour } }),
    };
  });
}
