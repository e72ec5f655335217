// Snapshots of a board, as lists show them.
import type { Board, ID } from '$protocol/board/item';

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
