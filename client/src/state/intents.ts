// What people want on the canvas. What only looks at the board is done here; the rest is for the hands of those who write.
import type { Command, Intent } from '../canvas/types';
import type { BoardState } from './board.svelte';
import type { Hands } from './hands';

export class Intents {
  readonly #state: BoardState;
  readonly #write: (work: (hands: Hands) => void) => void;

  /** `write`: at once, or when what writing takes has come; never for those who only look. */
  constructor(state: BoardState, write: (work: (hands: Hands) => void) => void) {
    this.#state = state;
    this.#write = write;
  }

  take(intent: Intent): void {
    const { selection, session, chrome } = this.#state;
    switch (intent.type) {
      case 'select':
      case 'lasso':
        selection.select(intent.ids, intent.how);
        return;
      case 'open':
        selection.read(intent.id);
        return;
      case 'dismiss':
        chrome.typeValue(undefined);
        chrome.pick(undefined);
        selection.dismiss();
        return;
      case 'focus':
        selection.focus(intent.id);
        return;
      case 'view':
        this.#state.sees(intent.view);
        if (intent.view.settled) session.present({ view: intent.view.box });
        return;
      case 'cursor':
        session.present({ cursor: intent.at ? [intent.at.x, intent.at.y] : null });
        return;
      case 'command':
        this.command(intent.command);
        return;
      default:
        this.#write((hands) => hands.take(intent));
    }
  }

  /** A key that acts on what is selected, or on the note in focus. */
  command(command: Command): void {
    const { chrome, selection } = this.#state;
    switch (command) {
      case 'selectAll':
        this.#selectAll(selection.subjects[0]);
        return;
      case 'outline':
        chrome.choose('list', this.#state.board?.phase);
        return;
      case 'help':
        chrome.open({ type: 'keys' });
        return;
      default:
        this.#write((hands) => hands.command(command));
    }
  }

  /** All notes of the note's group, or of the board. */
  #selectAll(note: string | undefined): void {
    const { session, selection } = this.#state;
    const group = session.board.itemOf(note, 'note')?.groupId;
    const all =
      group === undefined
        ? session.board.idsOf('note')
        : session.board.referring(group, 'note').map(({ id }) => id);
    selection.select(all, 'replace');
  }
}
