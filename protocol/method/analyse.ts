// What a board says of its notes, segments and services. Twin of analyse.go. A browser holds the notes that its own
// participant writes in private, and counts them; over HTTP nobody's are.
import type { ID, Item, ItemOf } from '../board/item';
import type { Shown } from '../board/state';
import { noteCounts, statistics, zoneGrid, type Statistics } from '../board/statistics';
import { value10 } from '../board/value';
import { placementConsensus, ratingConsensus } from './agreement';
import type { Analysis, Thresholds } from './analysis';
import { matrixOf, states, weakCells } from './cells';
import { feedbackOf } from './feedback';
import { goals, servicesWithoutGoal } from './goals';
import { descriptionCompleteness, segmentPositions } from './groups';
import { needGaps, overlaps } from './needs';
import { balance } from './segments';
import { overlappingPairs, targeting } from './services';
import { similar } from './similar';
import { suggest } from './suggest';
import { thresholdsOf } from './thresholds';
import { voteRounds } from './votes';

/** Up to which size a matrix is worth looking at. The items of a board would do for millions of cells. */
const maxCells = 20_000;

/** Whether a board has more services times segments than are analysed. */
export function tooLarge(board: Shown): boolean {
  return board.idsOf('service').size * board.idsOf('segment').size > maxCells;
}

/** Tells what a board says. A board that is too large is better not asked. */
export function analyse(board: Shown): Analysis {
  const on = read(board);
  const m = matrixOf(on);
  return {
    thresholds: on.limits,
    noteCounts: noteCounts(board),
    zoneGrid: zoneGrid(board),
    groups: on.groups,
    suggestedGroups: suggest(placed(board), on.limits.minNotes),
    similarNotes: similar(board.ofType('note'), on.limits.similarText),
    placementConsensus: placementConsensus(on),
    segmentPositions: segmentPositions(on),
    descriptionCompleteness: descriptionCompleteness(on),
    cells: m.cells.flat().map(({ cell }) => cell),
    cellStates: states(m),
    ...balance(m),
    overlaps: overlaps(m),
    needGaps: needGaps(m),
    services: targeting(m),
    overlappingPairs: overlappingPairs(m),
    weakCells: weakCells(m),
    impactGoals: goals(m),
    servicesWithoutGoal: servicesWithoutGoal(board),
    ratingConsensus: ratingConsensus(m),
    feedback: feedbackOf(board),
    voteRounds: voteRounds(board),
  };
}

/** A board sorted for the analysis. */
export interface Reading {
  readonly board: Shown;
  readonly limits: Thresholds;
  /** Those of the groups, in their order. */
  readonly groups: readonly Statistics[];
  /** In the order of the axis; those without a place behind, in their own. */
  readonly segments: readonly ItemOf<'segment'>[];
  /** Of the segments on the axis, in tenths. */
  readonly places: ReadonlyMap<ID, number>;
}

export function read(board: Shown): Reading {
  const groups = board.ofType('group').map(({ id }) => statistics(board, id));
  const medians = new Map(groups.map(({ groupId, median }) => [groupId, median]));
  const places = new Map<ID, number>();
  const segments = board.ofType('segment');
  for (const { id, position, groupId } of segments) {
    const median = groupId === undefined ? null : (medians.get(groupId) ?? null);
    if (position !== undefined) {
      places.set(id, position);
    } else if (median !== null) {
      places.set(id, tenthsOf(median));
    }
  }
  return { board, limits: thresholdsOf(board), groups, segments: sorted(segments, places), places };
}

/** A median as a segment's place, in tenths. */
function tenthsOf(median: number): number {
  return Math.floor(median * 10 + 0.5 + 1e-9);
}

function sorted(
  segments: readonly ItemOf<'segment'>[],
  places: ReadonlyMap<ID, number>,
): ItemOf<'segment'>[] {
  const placed = segments.filter(({ id }) => places.has(id));
  const place = ({ id }: Item): number => places.get(id) ?? 0;
  placed.sort((a, b) => place(a) - place(b) || (a.id < b.id ? -1 : 1));
  return [...placed, ...segments.filter(({ id }) => !places.has(id))];
}

/** The values of all notes on the axis, in tenths. */
export function placed(board: Shown): number[] {
  const axis = board.axis();
  return board.ofType('note').flatMap(({ x, y }) => value10(axis, x, y) ?? []);
}
