// Where the groups' names go above the axis: over their medians, aside where they would touch something, in a second row, or nowhere.

export interface Label {
  readonly centre: number;
  readonly width: number;
  /** Makes way before the others: a group without a name. */
  readonly minor?: boolean;
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
const polePx = 8;
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
  const first = labels.map((_, i) => i);
  const second: number[] = [];
  // Whoever's leaving helps the others most goes to the second row, until the rest stands near enough.
  for (let aside = mostAside(first, labels, length); aside > mostAsidePx;) {
    const minor = first.filter((i) => labels[i]?.minor === true);
    const best = (minor.length > 0 ? minor : first)
      .map((i) => ({ i, aside: mostAside(without(first, i), labels, length) }))
      .reduce((a, b) => (b.aside < a.aside ? b : a));
    first.splice(first.indexOf(best.i), 1);
    second.push(best.i);
    aside = best.aside;
  }
  const places: (LabelPlace | null)[] = labels.map(() => null);
  for (const [n, centre] of inRow(first, labels, length).entries())
    places[first[n] ?? 0] = { row: 0, centre };
  const spans = [...taken];
  for (const i of second.sort((a, b) => a - b)) {
    const label = labels[i];
    const centre = label && free(label, length, spans);
    if (!label || centre === undefined || centre === null) continue;
    spans.push({ left: centre - label.width / 2, right: centre + label.width / 2 });
    places[i] = { row: 1, centre };
  }
  return places;
}

function without(row: readonly number[], i: number): number[] {
  return row.filter((n) => n !== i);
}

/** How far the label that fares worst stands from its median; 0 for no labels. */
function mostAside(row: readonly number[], labels: readonly Label[], length: number): number {
  const centres = inRow(row, labels, length);
  return Math.max(0, ...row.map((i, n) => Math.abs((centres[n] ?? 0) - (labels[i]?.centre ?? 0))));
}

/** Centres of labels side by side: those that would touch share the shift among them. Too many run over the end. */
function inRow(row: readonly number[], labels: readonly Label[], length: number): number[] {
  /** Labels that touch each other: where the first begins, and where each would like that to be, in sum. */
  interface Cluster {
    left: number;
    width: number;
    wish: number;
    count: number;
  }
  const clusters: Cluster[] = [];
  const settle = (c: Cluster) => {
    const most = length - polePx - c.width;
    c.left = Math.max(polePx, Math.min(c.wish / c.count, most));
  };
  for (const i of row) {
    const label = labels[i];
    if (!label) continue;
    let last: Cluster = {
      left: 0,
      width: label.width,
      wish: label.centre - label.width / 2,
      count: 1,
    };
    settle(last);
    for (let before = clusters.at(-1); before && before.left + before.width + gapPx > last.left;) {
      clusters.pop();
      const offset = before.width + gapPx;
      last = {
        left: 0,
        width: offset + last.width,
        wish: before.wish + last.wish - last.count * offset,
        count: before.count + last.count,
      };
      settle(last);
      before = clusters.at(-1);
    }
    clusters.push(last);
  }
  const centres: number[] = [];
  let n = 0;
  for (const cluster of clusters) {
    let x = cluster.left;
    for (let k = 0; k < cluster.count; k++) {
      const width = labels[row[n++] ?? 0]?.width ?? 0;
      centres.push(x + width / 2);
      x += width + gapPx;
    }
  }
  return centres;
}

/** The nearest centre at which nothing is touched, null where there is none near enough. */
function free({ centre, width }: Label, length: number, spans: readonly Span[]): number | null {
  const half = width / 2;
  const least = half + polePx;
  const most = length - half - polePx;
  const edges = spans.flatMap((s) => [s.left - gapPx - half, s.right + gapPx + half]);
  const places = [centre, least, most, ...edges].filter(
    (c) =>
      c >= least &&
      c <= most &&
      Math.abs(c - centre) <= mostAsidePx &&
      spans.every((s) => c + half + gapPx <= s.left + 0.01 || c - half - gapPx >= s.right - 0.01),
  );
  places.sort((a, b) => Math.abs(a - centre) - Math.abs(b - centre) || a - b);
  return places[0] ?? null;
}
