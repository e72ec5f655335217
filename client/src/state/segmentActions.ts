// What can be done to segment cards, as verbs; texts are written in place (ui/together.ts).
import type { Heading, Segment } from '$protocol/board/item';
import { newID } from './actions';
import type { BoardState } from './board.svelte';

export function makeHeading({ actions }: BoardState, name: string): void {
  actions.attempt({ do: 'create', item: { type: 'heading', id: newID(), name } });
}

export function nameHeading({ actions }: BoardState, { id, name }: Heading, to: string): void {
  if (to !== name) actions.attempt({ do: 'text', id, field: 'name', from: name, to });
}

/** Puts a segment where it belongs, in tenths; undefined: where the middle of its group is. */
export function placeSegment(
  { actions }: BoardState,
  { id, position }: Segment,
  tenths: number | undefined,
): void {
  if (tenths === position) return;
  actions.attempt({ do: 'edit', id, fields: { position: tenths ?? null } });
}
