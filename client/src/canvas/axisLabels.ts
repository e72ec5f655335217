// Where the groups' names go above the axis: over their medians, aside where they would touch something, in a second row, or nowhere.

export interface Label {
  readonly centre: number;
  readonly width: number;
}

export interface LabelPlace {
  readonly row: 0 | 1;
  readonly centre: number;
}

interface Span {
  readonly left: number;
  readonly right: number;
}

const gapPx = 14;
/** Further from its median a name would seem to be another's. */
const mostAsidePx = 44;

/**
 * Labels from left to right by centre; each gets a place or null. All in px from the start of the axis; `length` is that of the
 * axis, `taken` what stands in the second row already.
 */
export function placeLabels(
  labels: readonly Label[],
  length: number,
  taken: readonly Span[],
): (LabelPlace | null)[] {
  const rows: Span[][] = [[], [...taken]];
  return labels.map(({ centre, width }) => {
    for (const row of [0, 1] as const) {
      const spans = rows[row] ?? [];
      const at = nearest(centre, width, length, spans);
      if (at === null) continue;
      spans.push({ left: at - width / 2, right: at + width / 2 });
      return { row, centre: at };
    }
    return null;
  });
}

/** The centre nearest to the wanted one at which nothing is touched. */
function nearest(
  wanted: number,
  width: number,
  length: number,
  spans: readonly Span[],
): number | null {
  const half = width / 2;
  const least = half + 8;
  const most = length - half - 8;
  const edges = spans.flatMap((s) => [s.left - gapPx - half, s.right + gapPx + half]);
  const free = [wanted, least, most, ...edges].filter(
    (c) =>
      c >= least &&
      c <= most &&
      Math.abs(c - wanted) <= mostAsidePx &&
      spans.every((s) => c + half + gapPx <= s.left + 0.01 || c - half - gapPx >= s.right - 0.01),
  );
  free.sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted) || a - b);
  return free[0] ?? null;
}
