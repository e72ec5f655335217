// Where segments lie, and how much is written of them. Twin of groups.go; the statistics of groups are those of board.
import type { DescriptionCompleteness, SegmentPosition } from './analysis';
import type { Reading } from './analyse';

/** The segments' places on the axis: where somebody has put them, else the median of their group. */
export function segmentPositions({ segments, places }: Reading): SegmentPosition[] {
  return segments.map(({ id }) => {
    const tenths = places.get(id);
    return { segmentId: id, position: tenths === undefined ? null : tenths / 10 };
  });
}

/** How much is written of the segments under the headings. */
export function descriptionCompleteness({ board, segments }: Reading): DescriptionCompleteness {
  const headings = board.ofType('heading');
  const missing = segments.flatMap(({ id, descriptions }) =>
    headings
      .filter((heading) => (descriptions?.[heading.id] ?? '').trim() === '')
      .map((heading) => ({ segmentId: id, headingId: heading.id })),
  );
  const total = segments.length * headings.length;
  return { filled: total - missing.length, total, missing };
}
