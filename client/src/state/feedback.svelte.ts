// The feedback wall as those at the board have it: what has been said, by kind, and what waits for a facilitator.
import type { Feedback, ID, Target } from '$protocol/board/item';
import { newID } from './actions';
import type { BoardState } from './board.svelte';
import { t } from './locale.svelte';

export type Kind = Feedback['kind'];
export const kinds: readonly Kind[] = ['plus', 'minus', 'idea', 'question'];

export class FeedbackNotes {
  readonly #state: BoardState;
  /** What notes are shown of; undefined for all. */
  about: Target | undefined = $state.raw();

  /** The newest first. */
  readonly #all: readonly Feedback[] = $derived.by(() =>
    [...this.#state.items.ofType('feedback')].reverse(),
  );

  readonly waiting: readonly Feedback[] = $derived(
    this.#all.filter((note) => note.waiting === true),
  );

  readonly shown: readonly Feedback[] = $derived(
    this.#all.filter(
      (note) =>
        note.waiting !== true &&
        (this.about === undefined || (note.target?.id ?? 'board') === this.about.id),
    ),
  );

  constructor(state: BoardState) {
    this.#state = state;
  }

  /** What there is feedback on, or could be. */
  get targets(): readonly (Target & { readonly name: string })[] {
    const { items } = this.#state;
    return [
      { type: 'board', id: 'board', name: t('fb.onAll') },
      ...items.ofType('service').map(({ id, name }) => ({ type: 'service', id, name })),
      ...items.ofType('segment').map(({ id, name = '' }) => ({ type: 'segment', id, name })),
    ];
  }

  of(kind: Kind): readonly Feedback[] {
    return this.shown.filter((note) => note.kind === kind);
  }

  /** Undefined for what is about everything. */
  nameOf(target: Target | undefined): string | undefined {
    const { items } = this.#state;
    const found =
      items.itemOf(target?.id, 'service')?.name ?? items.itemOf(target?.id, 'segment')?.name;
    return found === undefined || found === '' ? undefined : found;
  }

  give(kind: Kind, text: string, target: Target): boolean {
    const item: Feedback = { type: 'feedback', id: newID(), kind, text, target };
    return this.#state.actions.attempt({ do: 'create', item }) !== undefined;
  }

  approve(ids: readonly ID[]): void {
    if (!this.#state.actions.attempt({ do: 'approve', ids })) return;
    this.#state.live.say(t('fb.approved', { n: ids.length }));
  }

  remove(id: ID): void {
    const { actions, toast } = this.#state;
    if (!actions.attempt({ do: 'delete', ids: [id] })) return;
    toast.show(t('fb.removed'), { label: t('undo.do'), run: () => actions.undo() });
  }
}
