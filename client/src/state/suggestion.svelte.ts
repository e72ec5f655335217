// A division of the notes into groups, as the method suggests it, and what is said alike: seen before anything is done.
import type { ID, Note } from '$protocol/board/item';
import type { Op } from '$protocol/board/op';
import { value10 } from '$protocol/board/value';
import type { Candidate, SimilarNotes, SuggestedGroups } from '$protocol/method/analysis';
import { similar } from '$protocol/method/similar';
import { suggest } from '$protocol/method/suggest';
import { newID } from './actions';
import type { BoardState } from './board.svelte';
import { t } from './locale.svelte';

interface Placed {
  readonly note: Note;
  readonly tenths: number;
}

export class Suggestion {
  readonly #state: BoardState;
  #k: number | undefined = $state();

  readonly #placed: readonly Placed[] = $derived.by(() => {
    const { items } = this.#state;
    const axis = items.axis();
    return items.ofType('note').flatMap((note) => {
      const tenths = value10(axis, note.x, note.y);
      return tenths === null ? [] : [{ note, tenths }];
    });
  });

  readonly #suggested: SuggestedGroups = $derived.by(() =>
    suggest(
      this.#placed.map(({ tenths }) => tenths),
      this.#state.board?.thresholds?.['minNotes'] ?? 3,
    ),
  );

  /** The most alike first. */
  readonly similar: readonly SimilarNotes[] = $derived.by(() =>
    similar(
      this.#state.items.ofType('note'),
      this.#state.board?.thresholds?.['similarText'] ?? 0.5,
    ),
  );

  constructor(state: BoardState) {
    this.#state = state;
  }

  get candidates(): readonly Candidate[] {
    return this.#suggested.candidates;
  }

  /** The number of groups at which notes lie clearest in their own. */
  get clearest(): number | null {
    return this.#suggested.chosenK;
  }

  /** The division that is looked at: the clearest one until another is. */
  get shown(): Candidate | undefined {
    const k = this.#k ?? this.clearest;
    return this.candidates.find((one) => one.k === k) ?? this.candidates[0];
  }

  choose(k: number): void {
    this.#k = k;
  }

  /** Values between the groups, 0–100. */
  get breaks(): readonly number[] {
    const clusters = this.shown?.clusters ?? [];
    return clusters.slice(1).map(({ from }, i) => (from + (clusters[i]?.to ?? from)) / 2);
  }

  /** Notes that would come into a group by it: those that are in none. */
  get loose(): number {
    return this.#placed.filter(({ note }) => note.groupId === undefined).length;
  }

  /** Makes its groups, of notes that are in none, as one deed. */
  accept(): boolean {
    const { session, live } = this.#state;
    const ops = (this.shown?.clusters ?? []).flatMap(({ from, to }): Op[] => {
      const notes = this.#placed
        .filter(({ note, tenths }) => {
          return note.groupId === undefined && tenths >= from * 10 && tenths <= to * 10;
        })
        .map(({ note }): ID => note.id);
      return notes.length === 0 ? [] : [{ do: 'group', notes, group: newID() }];
    });
    const [first] = ops;
    const refusal = first && session.may(first);
    if (!first) return false;
    if (refusal) {
      this.#state.refuse(first, refusal, [], true);
      return false;
    }
    session.push(ops);
    live.say(t('sug.accepted', { n: ops.length }));
    return true;
  }
}
