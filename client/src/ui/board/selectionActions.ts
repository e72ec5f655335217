// What can be done to the selected notes, in the order of the phase's work. What the phase's rights never allow is absent.
import type { BoardState } from '../../state/board.svelte';
import { t } from '../../state/locale.svelte';
import {
  arrowRight,
  copy,
  group,
  lassoSelect,
  locate,
  merge,
  messageSquareText,
  pin,
  pinOff,
  target,
  trash2,
  ungroup,
} from '../icons';

export interface SelectionAction {
  readonly id: string;
  readonly label: string;
  readonly d: string;
  /** It is switched on. */
  readonly on?: boolean;
  readonly run: () => void;
}

/** `list`: of rows, not of notes that lie somewhere: there is no place to tap. */
export function selectionActions(board: BoardState, list: boolean): SelectionAction[] {
  const { can, chrome, items, selection } = board;
  const ids = [...selection.ids];
  const notes = ids.map((id) => items.itemOf(id, 'note')).filter((note) => note !== undefined);
  const axis = items.axis() !== undefined;
  const pinned = notes.length > 0 && notes.every((note) => note.pinned !== undefined);
  const found: SelectionAction[] = [];
  if (can.group) {
    found.push(
      {
        id: 'new',
        label: t('group.new'),
        d: group,
        run: () => {
          const made = board.actions.group(ids);
          if (made !== undefined) chrome.nameGroup(made);
        },
      },
      { id: 'into', label: t('group.into'), d: arrowRight, run: () => chrome.pick('group') },
    );
    if (notes.some(({ groupId }) => groupId !== undefined)) {
      found.push({
        id: 'out',
        label: t('group.out'),
        d: ungroup,
        run: () => board.actions.ungroup(ids),
      });
    }
  }
  if (can.move !== 'none' && !list) {
    found.push({
      id: 'move',
      label: t('note.move'),
      d: locate,
      on: selection.placing,
      run: () => (selection.placing ? selection.stopPlacing() : selection.startPlacing()),
    });
  }
  if (can.edit !== 'none' && items.count('perspective') > 0) {
    found.push({
      id: 'perspective',
      label: t('note.perspective'),
      d: merge,
      run: () => chrome.pick('perspective'),
    });
  }
  if (can.edit !== 'none') {
    const quotes = notes.length > 0 && notes.every(({ kind }) => kind === 'quote');
    found.push({
      id: 'quote',
      label: quotes ? t('note.notQuote') : t('note.quote'),
      d: messageSquareText,
      run: () => board.actions.setQuote(ids, !quotes),
    });
  }
  if (can.delete !== 'none') {
    found.push({
      id: 'delete',
      label: t('note.delete'),
      d: trash2,
      run: () => board.actions.remove(ids),
    });
  }
  found.push({
    id: 'more',
    label: t('select.more'),
    d: lassoSelect,
    on: selection.more,
    run: () => selection.startMore(),
  });
  if (can.move !== 'none' && axis) {
    found.push({
      id: 'value',
      label: t('note.valueSet'),
      d: target,
      run: () => chrome.typeValue(ids[0]),
    });
  }
  if (can.add) {
    found.push({
      id: 'duplicate',
      label: t('note.duplicate'),
      d: copy,
      run: () => selection.select(board.actions.duplicate(ids), 'replace'),
    });
  }
  if (can.facilitate) {
    found.push({
      id: 'pin',
      label: pinned ? t('note.unpin') : t('note.pin'),
      d: pinned ? pinOff : pin,
      run: () => board.actions.pin(ids, !pinned),
    });
  }
  return found;
}
