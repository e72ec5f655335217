// What the server says of two rounds of a board: method/comparison.go, which has no twin here, since the page holds only the
// board as it is.
import type { ID, Language } from '$protocol/board/item';
import type { Status, TargetStatus } from '$protocol/method/analysis';
import type { Finding } from '$protocol/method/findings';
import { comparison } from './api';

/** A segment on one of the boards. Shares are 0–1, the position is 0–100. */
export interface SegmentAt {
  readonly name: string;
  readonly position: number | null;
  readonly notes: number;
  readonly status: Status;
  readonly coverCount: number;
  readonly supplyShare: number;
  readonly needShare: number;
}

/** A service on one of the boards. The score is 0–1. */
export interface ServiceAt {
  readonly name: string;
  readonly score: number | null;
  readonly coverCount: number;
  readonly targetStatus: TargetStatus;
}

/** What is on both boards, or null on the one where it is not. */
export interface Turn<At> {
  readonly before: At | null;
  readonly after: At | null;
}

export type SegmentTurn = Turn<SegmentAt> & { readonly segmentId: ID };
export type ServiceTurn = Turn<ServiceAt> & { readonly serviceId: ID };
/** Where a note lies on the axis, 0–100; null off it. */
export type NoteMove = Turn<number> & { readonly noteId: ID };
export type Said = Finding & { readonly sentence: string };

export interface Comparison {
  readonly segments: readonly SegmentTurn[];
  readonly services: readonly ServiceTurn[];
  readonly notes: {
    readonly new: readonly ID[];
    readonly gone: readonly ID[];
    /** The farthest first. */
    readonly moved: readonly NoteMove[];
    readonly regrouped: readonly unknown[];
  };
  readonly findings: Readonly<Record<'new' | 'ended' | 'staying', readonly Said[]>>;
}

/** `to` absent: the board as it is. */
export async function readComparison(
  id: ID,
  key: string,
  from: ID,
  to: ID | undefined,
  language: Language,
): Promise<Comparison> {
  const response = await comparison(id, key, from, to, language);
  return (await response.json()) as Comparison;
}

/** Services that are new, gone, or not as they were. */
export function changedServices({ services }: Comparison): readonly ServiceTurn[] {
  return services.filter(
    ({ before, after }) =>
      before?.score !== after?.score ||
      before?.coverCount !== after?.coverCount ||
      before?.targetStatus !== after?.targetStatus,
  );
}
