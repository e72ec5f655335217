// The groups of the board with their statistics: for the axis, the panel and the outline. What is computed of a group is
// computed again when something of it changed, not when anything did.
import type { ID, Note, Segment } from '$protocol/board/item';
import type { Shown } from '$protocol/board/state';
import { value10 } from '$protocol/board/value';
import { closeTo, statistics, type Statistics } from '$protocol/board/statistics';
import type { GroupColour, GroupView, Spread } from '../canvas/types';
import { locale, t } from './locale.svelte';
import { Signal } from './signal.svelte';

/** A group as lists show it. Values are 0–100. */
export interface GroupFacts {
  readonly id: ID;
  readonly number: number;
  readonly colour: GroupColour;
  /** Empty while it has none. */
  readonly name: string;
  /** All of its notes, placed or not. */
  readonly count: number;
  readonly statistics: Statistics;
  readonly segment: Segment | undefined;
  /** Another group whose middle is so near that the two may be one. */
  readonly closeTo: ID | undefined;
}

function colour(number: number): GroupColour {
  return (((((number - 1) % 7) + 7) % 7) + 1) as GroupColour;
}

/** The number that a group is called by. */
export function groupNumber(board: Shown, id: ID): number {
  const order = board.itemOf(id, 'group')?.order;
  return order ?? board.ofType('group').findIndex((group) => group.id === id) + 1;
}

/** Keeps the facts of all groups; the board tells it what changed. */
export class Groups {
  readonly #board: Shown;
  readonly #signal = new Signal();
  readonly #statistics = new Map<ID, Statistics>();
  /** In which group each note was when it last changed. */
  readonly #groupOf = new Map<ID, ID>();
  #outliers: ReadonlyMap<ID, ID> = new Map();
  readonly #all = $derived.by(() => this.#find());

  constructor(board: Shown) {
    this.#board = board;
  }

  /** All groups by their numbers. */
  all(): readonly GroupFacts[] {
    return this.#all;
  }

  #find(): readonly GroupFacts[] {
    this.#signal.read();
    const groups = this.#board.ofType('group');
    const facts = groups.map((group, i): GroupFacts => {
      const number = group.order ?? i + 1;
      return {
        id: group.id,
        number,
        colour: colour(number),
        name: (group.name ?? '').trim(),
        count: this.#board.referring(group.id, 'note').length,
        statistics: this.#of(group.id),
        segment: this.#board.referring(group.id, 'segment')[0],
        closeTo: undefined,
      };
    });
    const all = facts.map(({ statistics }) => statistics);
    return facts.map((one) => ({ ...one, closeTo: closeTo(one.statistics, all)[0] }));
  }

  get(id: ID): GroupFacts | undefined {
    return this.#all.find((group) => group.id === id);
  }

  /** Notes that lie far from their group, with the group. */
  outliers(): ReadonlyMap<ID, ID> {
    this.#signal.read();
    return this.#outliers;
  }

  /** Takes in what changed; returns the notes whose being an outlier changed, or nothing when no group did. */
  changed(ids: Iterable<ID>): ReadonlySet<ID> | undefined {
    const dirty = new Set<ID>();
    let all = false;
    for (const id of ids) {
      const item = this.#board.item(id);
      const before = this.#groupOf.get(id);
      if (before !== undefined) dirty.add(before);
      this.#groupOf.delete(id);
      switch (item?.type) {
        case 'note':
          if (item.groupId !== undefined) {
            dirty.add(item.groupId);
            this.#groupOf.set(id, item.groupId);
          }
          break;
        case 'segment':
          if (item.groupId !== undefined) dirty.add(item.groupId);
          break;
        // A name is compared with the others'; thresholds and perspectives count for all.
        case 'group':
        case 'board':
        case 'axis':
        case 'perspective':
          all = true;
          break;
        default:
          if (item === undefined && this.#statistics.has(id)) all = true;
      }
    }
    if (all) this.#statistics.clear();
    for (const id of dirty) this.#statistics.delete(id);
    if (!all && dirty.size === 0) return undefined;
    const changed = this.#findOutliers();
    this.#signal.changed();
    return changed;
  }

  #of(id: ID): Statistics {
    let known = this.#statistics.get(id);
    if (known === undefined) {
      known = statistics(this.#board, id);
      this.#statistics.set(id, known);
    }
    return known;
  }

  #findOutliers(): ReadonlySet<ID> {
    const before = this.#outliers;
    const now = new Map<ID, ID>();
    for (const group of this.#board.idsOf('group')) {
      for (const note of this.#of(group).outlierNoteIds) now.set(note, group);
    }
    this.#outliers = now;
    const changed = new Set<ID>();
    for (const [note, group] of now) if (before.get(note) !== group) changed.add(note);
    for (const note of before.keys()) if (!now.has(note)) changed.add(note);
    return changed;
  }
}

/** Where its notes lie: least and most without outliers. Undefined while none has a value. */
export function spreadOf(board: Shown, facts: GroupFacts): Spread | undefined {
  const { q1, median, q3, min, max, outlierNoteIds } = facts.statistics;
  if (q1 === null || median === null || q3 === null || min === null || max === null) {
    return undefined;
  }
  const values = valuesOf(board, facts.id);
  const stray = new Set(outlierNoteIds);
  const kept = values.filter(({ note }) => !stray.has(note.id)).map(({ value }) => value);
  return {
    least: Math.min(q1, ...kept),
    q1,
    median,
    q3,
    most: Math.max(q3, ...kept),
    outliers: values.filter(({ note }) => stray.has(note.id)).map(({ value }) => value),
  };
}

function valuesOf(board: Shown, group: ID): { readonly note: Note; readonly value: number }[] {
  const axis = board.axis();
  return board.referring(group, 'note').flatMap((note) => {
    const tenths = value10(axis, note.x, note.y);
    return tenths === null ? [] : [{ note, value: tenths / 10 }];
  });
}

/** A value 0–100 as captions say it: rounded half up to whole. */
export function whole(value: number): string {
  return locale.number(Math.floor(value + 0.5));
}

/** The group as the axis shows it. */
export function groupView(board: Shown, facts: GroupFacts): GroupView {
  const { id, number, colour, name, count, segment } = facts;
  const { median } = facts.statistics;
  return {
    id,
    number,
    colour,
    name,
    caption:
      median === null
        ? t('note.count', { n: count })
        : t('group.caption', { v: whole(median), n: count }),
    frozen: segment?.frozen === undefined ? undefined : t('freeze.chip'),
    draft: name === '',
    spread: spreadOf(board, facts),
  };
}
