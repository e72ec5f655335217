// What somebody may want. Twin of op.go.
import type { Criterion, ID, Item, LockLevel, Phase, Role, Side, Target, Value } from './item';
import type { Change } from './change';

/** Per item, the fields as the author of an undo last saw them. */
export type Was = Readonly<Record<ID, Readonly<Record<string, Value | null>>>>;

/** Fields to set; null removes one. */
export type Fields = Readonly<Record<string, Value | null>>;

/** [note, x, y]: where its centre goes, in board units. */
export type Place = readonly [ID, number, number];

export type Op =
  | { readonly do: 'create'; readonly item: Item }
  | { readonly do: 'edit'; readonly id: ID; readonly fields: Fields; readonly was?: Was }
  | {
      readonly do: 'text';
      readonly id: ID;
      readonly field: string;
      readonly from: string;
      readonly to: string;
    }
  | { readonly do: 'move'; readonly moves: readonly Place[]; readonly was?: Was }
  | { readonly do: 'group'; readonly notes: readonly ID[]; readonly group: ID; readonly was?: Was }
  | { readonly do: 'ungroup'; readonly notes: readonly ID[]; readonly was?: Was }
  | { readonly do: 'delete'; readonly ids: readonly ID[]; readonly was?: Was }
  | { readonly do: 'restore'; readonly ids: readonly ID[] }
  | {
      readonly do: 'assess';
      readonly service: ID;
      readonly segment: ID;
      readonly serves?: boolean;
      readonly criterion?: Criterion;
      readonly vote?: number | null;
      readonly rating?: number | null;
      readonly was?: Was;
    }
  | { readonly do: 'lock'; readonly level: LockLevel }
  | { readonly do: 'pin'; readonly ids: readonly ID[]; readonly on: boolean }
  | { readonly do: 'freeze'; readonly segments: readonly ID[]; readonly texts: boolean }
  | { readonly do: 'unfreeze'; readonly segments: readonly ID[] }
  | { readonly do: 'phase'; readonly to: Phase }
  | { readonly do: 'rights'; readonly rights: Fields }
  | { readonly do: 'board'; readonly fields: Fields; readonly was?: Was }
  | { readonly do: 'private'; readonly on: boolean }
  | { readonly do: 'reveal' }
  | { readonly do: 'milestone'; readonly name: string }
  | { readonly do: 'rewind'; readonly milestone: ID; readonly changes?: readonly Change[] }
  | { readonly do: 'blank'; readonly id: ID }
  | { readonly do: 'approve'; readonly ids: readonly ID[] }
  | { readonly do: 'decide'; readonly proposal: ID; readonly accept: boolean }
  | { readonly do: 'join'; readonly name: string; readonly kind?: 'tablet' | 'remote' }
  | {
      readonly do: 'rename';
      readonly participant?: ID;
      readonly name: string;
      readonly side?: Side;
    }
  | {
      readonly do: 'link';
      readonly id: ID;
      readonly role?: Role;
      readonly name?: string;
      readonly as?: string;
      readonly question?: string;
      readonly target?: Target;
      readonly revoke?: boolean;
    };
