// What writing on a board takes, joined: the ops of this tab, the verbs, the hands on the canvas. Those who only look never
// fetch it.
import type { BoardSurface } from '../canvas/types';
import { Author } from '../sync/author';
import { Actions } from './actions';
import type { BoardState } from './board.svelte';
import { Hands, type Others } from './hands';
import type { NoteViews } from './noteViews';

export class Writer {
  readonly actions: Actions;
  readonly #state: BoardState;

  constructor(state: BoardState) {
    this.#state = state;
    state.session.write((parts) => new Author(parts));
    this.actions = new Actions(state);
  }

  hands(surface: BoardSurface, views: NoteViews, others: Others): Hands {
    return new Hands(this.#state, surface, views, others);
  }
}
