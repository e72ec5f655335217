// What became of an op. Twin of change.go and entry.go.
import type { ID, Item, Value } from './item';

/** A fact about one item. In `set`, null removes a field and a key may be a path into a map field. */
export type Change =
  | { readonly put: Item }
  | { readonly set: { readonly id: ID; readonly [field: string]: Value | null } }
  | { readonly remove: ID };

export type Code =
  | 'board_locked'
  | 'phase'
  | 'frozen'
  | 'pinned'
  | 'not_yours'
  | 'forbidden'
  | 'revoked'
  | 'gone'
  | 'exists'
  | 'invalid'
  | 'too_long'
  | 'full'
  | 'too_fast'
  | 'changed_since'
  | 'closed';

/** Points at what a refusal is about. */
export interface Reason {
  readonly id?: ID;
  readonly field?: string;
  readonly limit?: number;
}

/** The fate of one op that did not happen. */
export interface Refusal {
  /** Index of the op in its push. */
  readonly op: number;
  readonly code: Code;
  readonly reason?: Reason;
  /** The participant who set the rule, and when in ms since 1970. */
  readonly by?: ID;
  readonly set?: number;
}

/** A refusal of the op at work. */
export function refuse(
  code: Code,
  reason?: Reason,
): { readonly code: Code; readonly reason?: Reason } {
  return reason === undefined ? { code } : { code, reason };
}

/** What became of a push; seq 0 when it is so old that only its having been ordered is known. */
export interface Fate {
  readonly n: number;
  readonly seq: number;
  readonly refused?: readonly Refusal[];
}
