// What a note's menu offers: what neither role nor phase allows is absent, what is held for now is there with the reason.
import type { ID } from '$protocol/board/item';
import type { BoardState } from '../../state/board.svelte';
import { t } from '../../state/locale.svelte';
import {
  arrowRight,
  copy,
  inbox,
  lassoSelect,
  merge,
  messageCircle,
  messageSquareText,
  penLine,
  pin,
  pinOff,
  trash2,
  ungroup,
} from '../icons';
import type { NoteFacts } from './noteFacts.svelte';
import type { Deed } from './verdicts';

export interface NoteDeed {
  readonly id: string;
  readonly label: string;
  readonly d: string;
  /** Why not for now; doing it all the same shows the whole refusal. */
  readonly why?: string;
  readonly danger?: boolean;
  readonly run: () => void;
}

export function noteDeeds(
  board: BoardState,
  id: ID,
  facts: NoteFacts,
  write: () => void,
): NoteDeed[] {
  const { can, chrome, items, selection } = board;
  const { note, verdicts } = facts;
  if (!note) return [];
  const found: NoteDeed[] = [];
  const add = (deed: Deed, one: Omit<NoteDeed, 'why'>) => {
    const no = verdicts[deed];
    // What is somebody else's is not offered; what is held for now is, with the reason.
    if (no === 'never' || no?.code === 'not_yours') return;
    found.push({ ...one, why: facts.why(deed) });
  };
  const pinned = note.pinned !== undefined;
  const free = can.locked === 'open';
  add('text', { id: 'text', label: t('note.edit'), d: penLine, run: write });
  add('group', {
    id: 'into',
    label: t('group.into'),
    d: arrowRight,
    run: () => chrome.pick('group'),
  });
  if (note.groupId !== undefined) {
    add('ungroup', {
      id: 'out',
      label: t('group.out'),
      d: ungroup,
      run: () => board.actions.ungroup([id]),
    });
  }
  if (items.count('perspective') > 0) {
    add('perspective', {
      id: 'perspective',
      label: t('note.perspective'),
      d: merge,
      run: () => chrome.pick('perspective'),
    });
  }
  const quote = note.kind === 'quote';
  add('text', {
    id: 'quote',
    label: quote ? t('note.notQuote') : t('note.quote'),
    d: messageSquareText,
    run: () => board.actions.setQuote([id], !quote),
  });
  if (can.comment) {
    found.push({
      id: 'comment',
      label: t('note.comment'),
      d: messageCircle,
      run: () => chrome.open({ type: 'comment', note: id }),
    });
  }
  if (items.axis() !== undefined) {
    add('place', {
      id: 'park',
      label: t('note.park'),
      d: inbox,
      run: () => board.actions.park([id]),
    });
  }
  if (can.add && free) {
    found.push({
      id: 'duplicate',
      label: t('note.duplicate'),
      d: copy,
      run: () => void board.actions.duplicate([id]),
    });
  }
  if (free && (can.group || can.delete !== 'none')) {
    found.push({
      id: 'more',
      label: t('select.more'),
      d: lassoSelect,
      run: () => selection.startMore(),
    });
  }
  if (can.facilitate) {
    found.push({
      id: 'pin',
      label: pinned ? t('note.unpin') : t('note.pin'),
      d: pinned ? pinOff : pin,
      run: () => board.actions.pin([id], !pinned),
    });
  }
  add('delete', {
    id: 'delete',
    label: t('note.delete'),
    d: trash2,
    danger: true,
    run: () => board.actions.remove([id]),
  });
  if (can.facilitate) {
    found.push({
      id: 'blank',
      label: t('note.blank'),
      d: trash2,
      danger: true,
      run: () => chrome.open({ type: 'blank', note: id }),
    });
  }
  return found;
}
