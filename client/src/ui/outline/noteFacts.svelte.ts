// A note as a row shows it, and what the reader may do to it.
import type { ID, Note } from '$protocol/board/item';
import type { LaneView } from '../../canvas/types';
import type { BoardState } from '../../state/board.svelte';
import { lanes } from '../../state/noteViews';
import { t } from '../../state/locale.svelte';
import { reasonText } from './reasons';
import { verdict, type Deed, type Verdict } from './verdicts';

const deeds = ['text', 'perspective', 'place', 'group', 'ungroup', 'delete'] as const;

export class NoteFacts {
  readonly #board: BoardState;
  readonly #id: () => ID;
  readonly note: Note | undefined = $derived.by(() => this.#board.items.itemOf(this.#id(), 'note'));
  /** Its perspective, as it is drawn. */
  readonly lane: LaneView | undefined = $derived.by(() =>
    lanes(this.#board.items.ofType('perspective')).find(
      ({ id }) => id === this.note?.perspectiveId,
    ),
  );
  readonly text: string = $derived.by(() => (this.note?.text ?? '').trim() || t('note.empty'));
  /** It lies far from its group. */
  readonly stray: boolean = $derived.by(() => this.#board.groups.outliers().has(this.#id()));
  readonly verdicts: Readonly<Record<Deed, Verdict>> = $derived.by(() => this.#judge());
  /** There is something that its reader could do to it. */
  readonly open: boolean = $derived.by(
    () => this.#board.can.add || deeds.some((deed) => this.verdicts[deed] !== 'never'),
  );

  constructor(board: BoardState, id: () => ID) {
    this.#board = board;
    this.#id = id;
  }

  /** Why it may not be done for now, as a sentence; empty when it may be. */
  why(deed: Deed): string {
    const found = this.verdicts[deed];
    if (found === null || found === 'never') return '';
    return reasonText(found, this.#board.name(found.by));
  }

  #judge(): Readonly<Record<Deed, Verdict>> {
    const { can, items, session } = this.#board;
    // What verdicts hang on besides the note and our rights: the lock, and what is frozen.
    items.settings();
    items.count('segment');
    const { note } = this;
    const of = (deed: Deed) =>
      note ? verdict(deed, note, can, (op) => session.may(op)) : ('never' as const);
    return {
      text: of('text'),
      perspective: of('perspective'),
      place: of('place'),
      group: of('group'),
      ungroup: of('ungroup'),
      delete: of('delete'),
    };
  }
}
