// Snapshots of a board, as lists show them.
import type { Board, ID } from '$protocol/board/item';
import { t } from '../../state/locale.svelte';

export interface Snapshot {
  readonly id: ID;
  /** Empty for those that a freeze made. */
  readonly name: string;
  readonly freeze: boolean;
  readonly by: ID;
  /** ms since 1970. */
  readonly time: number;
}

/** The newest first. */
export function snapshotsOf(milestones: Board['milestones']): Snapshot[] {
  return Object.entries(milestones ?? {})
    .sort(([, a], [, b]) => b.seq - a.seq)
    .map(([id, { name = '', what, by, time }]) => ({
      id,
      name,
      freeze: what === 'freeze',
      by,
      time,
    }));
}

/** What a snapshot is called. */
export function titleOf({ name }: Snapshot): string {
  return name || t('snap.freeze');
}

/** A name for the round that ends which no snapshot has yet. */
export function roundName(snapshots: readonly Snapshot[]): string {
  const taken = new Set(snapshots.map(({ name }) => name));
  for (let n = 1; ; n++) {
    const name = t('round.nth', { n });
    if (!taken.has(name)) return name;
  }
}
