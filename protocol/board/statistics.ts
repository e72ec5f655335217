// Statistics of groups, and where the notes of the perspectives lie. Twin of statistics.go; the field names are those of
// fixtures/*.expected.json.
import type { ID, Item, Note } from './item';
import type { Shown } from './state';
import { textLength } from './text';
import { value10, zoneOf } from './value';

/** Why a group is not ready to be a segment. */
export type Check =
  'unnamed' | 'duplicate_name' | 'too_few_notes' | 'too_few_perspectives' | 'too_wide';

/** Those of one group: over its notes that have a value. Values are 0–100, null while there are none. */
export interface Statistics {
  readonly groupId: ID;
  /** How many notes have a value. */
  readonly notes: number;
  readonly min: number | null;
  readonly q1: number | null;
  readonly median: number | null;
  readonly q3: number | null;
  readonly max: number | null;
  readonly iqr: number | null;
  readonly mean: number | null;
  /** Of every perspective of the board. */
  readonly perspectiveCounts: Readonly<Record<ID, number>>;
  /** How many perspectives the notes show. */
  readonly perspectives: number;
  readonly missingPerspectives: readonly ID[];
  /** Notes beyond 1.5 interquartile ranges from the middle half. */
  readonly outlierNoteIds: readonly ID[];
  readonly ready: boolean;
  readonly failedChecks: readonly Check[];
}

const slack = 1e-9;

/** Computes those of a group. Quantiles are R's type 7 (Excel's PERCENTILE.INC). */
export function statistics(board: Shown, group: ID): Statistics {
  const axis = board.axis();
  // In tenths, of which sums and quarters are exact.
  const valued: { readonly note: Note; readonly tenths: number }[] = [];
  const counts = new Map(board.ofType('perspective').map((p) => [p.id, 0]));
  for (const note of board.referring(group, 'note')) {
    const tenths = value10(axis, note.x, note.y);
    if (tenths === null) {
      continue;
    }
    valued.push({ note, tenths });
    if (note.perspectiveId !== undefined) {
      counts.set(note.perspectiveId, (counts.get(note.perspectiveId) ?? 0) + 1);
    }
  }
  const sorted = valued.map(({ tenths }) => tenths).sort((a, b) => a - b);
  const [q1, median, q3] = [quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)];
  const iqr = q3 - q1;
  const value = (tenths: number | undefined): number | null =>
    sorted.length === 0 || tenths === undefined ? null : tenths / 10;
  const missing = [...counts].filter(([, n]) => n === 0).map(([id]) => id);
  const perspectives = counts.size - missing.length;
  const failed = failedChecks(board, group, {
    notes: sorted.length,
    perspectives,
    of: counts.size,
    iqr: iqr / 10,
  });
  return {
    groupId: group,
    notes: sorted.length,
    min: value(sorted[0]),
    q1: value(q1),
    median: value(median),
    q3: value(q3),
    max: value(sorted.at(-1)),
    iqr: value(iqr),
    mean: value(sorted.reduce((sum, tenths) => sum + tenths, 0) / sorted.length),
    perspectiveCounts: Object.fromEntries(counts),
    perspectives,
    missingPerspectives: missing,
    outlierNoteIds: valued
      .filter(({ tenths }) => tenths < q1 - 1.5 * iqr || tenths > q3 + 1.5 * iqr)
      .map(({ note }) => note.id),
    ready: failed.length === 0,
    failedChecks: failed,
  };
}

/** How near two medians have to be for their groups to look alike. */
const near = 5;

/** The groups of those told whose median is so near to that of one that they may be one: a question to ask, which stops
 * nothing. */
export function closeTo(one: Statistics, all: readonly Statistics[]): readonly ID[] {
  const { median } = one;
  if (median === null) {
    return [];
  }
  return all
    .filter(
      (other) =>
        other.groupId !== one.groupId &&
        other.median !== null &&
        Math.abs(other.median - median) < near - slack,
    )
    .map((other) => other.groupId);
}

function failedChecks(
  board: Shown,
  group: ID,
  g: {
    readonly notes: number;
    readonly perspectives: number;
    readonly of: number;
    readonly iqr: number;
  },
): Check[] {
  const failed: Check[] = [];
  const name = nameOf(board.item(group));
  if (textLength(name) < 2) {
    failed.push('unnamed');
  }
  if (
    name !== '' &&
    board.ofType('group').some((other) => other.id !== group && nameOf(other) === name)
  ) {
    failed.push('duplicate_name');
  }
  if (g.notes < threshold(board, 'minNotes', 3) - slack) {
    failed.push('too_few_notes');
  }
  if (g.notes === 0) {
    return failed;
  }
  if (g.perspectives < Math.min(threshold(board, 'minPerspectives', 3), g.of) - slack) {
    failed.push('too_few_perspectives');
  }
  if (g.iqr > threshold(board, 'maxIqr', 20) + slack) {
    failed.push('too_wide');
  }
  return failed;
}

/** As names are compared: trimmed, whatever their case. */
function nameOf(item: Item | undefined): string {
  return item?.type === 'group' ? (item.name ?? '').trim().toLowerCase() : '';
}

function threshold(board: Shown, name: string, otherwise: number): number {
  return board.settings()?.thresholds?.[name] ?? otherwise;
}

/** Of sorted values: linear interpolation at (n−1)·p. 0 of none. */
function quantile(sorted: readonly number[], p: number): number {
  const h = (sorted.length - 1) * p;
  const low = sorted[Math.floor(h)] ?? 0;
  const high = sorted[Math.min(Math.floor(h) + 1, sorted.length - 1)] ?? 0;
  return low + (h - Math.floor(h)) * (high - low);
}

/** How many notes of each perspective lie in each zone of the axis. Empty without an axis. */
export function zoneGrid(board: Shown): Readonly<Record<ID, readonly number[]>> {
  const axis = board.axis();
  if (axis === undefined) {
    return {};
  }
  const zones = axis.zones ?? 5;
  const grid = new Map(
    board.ofType('perspective').map((p) => [p.id, new Array<number>(zones).fill(0)]),
  );
  for (const note of board.ofType('note')) {
    const tenths = value10(axis, note.x, note.y);
    const row = note.perspectiveId === undefined ? undefined : grid.get(note.perspectiveId);
    if (tenths !== null && row !== undefined) {
      const zone = zoneOf(tenths, zones);
      row[zone] = (row[zone] ?? 0) + 1;
    }
  }
  return Object.fromEntries(grid);
}

export interface NoteCounts {
  readonly total: number;
  readonly onAxis: number;
  /** Outside the band: without a value. */
  readonly parked: number;
  readonly ungrouped: number;
  readonly byPerspective: Readonly<Record<ID, number>>;
}

/** What there is of notes. */
export function noteCounts(board: Shown): NoteCounts {
  const axis = board.axis();
  const byPerspective = new Map(board.ofType('perspective').map((p) => [p.id, 0]));
  let onAxis = 0;
  let ungrouped = 0;
  const notes = board.ofType('note');
  for (const note of notes) {
    onAxis += value10(axis, note.x, note.y) === null ? 0 : 1;
    ungrouped += note.groupId === undefined ? 1 : 0;
    if (note.perspectiveId !== undefined) {
      byPerspective.set(note.perspectiveId, (byPerspective.get(note.perspectiveId) ?? 0) + 1);
    }
  }
  return {
    total: notes.length,
    onAxis,
    parked: notes.length - onAxis,
    ungrouped,
    byPerspective: Object.fromEntries(byPerspective),
  };
}
