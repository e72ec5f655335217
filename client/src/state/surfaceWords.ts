// The words that the canvas needs, in the language of the page.
import type { Shown } from '$protocol/board/state';
import type { NoteView, Words } from '../canvas/types';
import type { BoardState } from './board.svelte';
import { locale, t } from './locale.svelte';

export function surfaceWords({ items: { board } }: BoardState): Words {
  return {
    board: t('board.surface'),
    parked: t('note.parked'),
    writing: t('note.text'),
    value: (shown) => t('note.valueOf', { text: shown }),
    count: (n) => t('note.count', { n }),
    note: (note, tenths) => noteName(note, tenths, board),
  };
}

/** A note's accessible name: text, perspective, place, group, state; each a sentence of its own. */
function noteName(note: NoteView, tenths: number | null, board: Shown): string {
  const item = board.itemOf(note.id, 'note');
  const perspective = board.itemOf(item?.perspectiveId, 'perspective');
  const group = board.itemOf(note.groupId, 'group');
  const place = tenths === null ? t('note.parked') : t('note.value', { v: locale.tenths(tenths) });
  return [
    note.text.trim() || t('note.empty'),
    item?.kind === 'quote' ? t('note.quote') : undefined,
    item?.comment ? t('note.commented') : undefined,
    perspective?.name,
    board.axis() && place,
    group && t('note.inGroup', { name: group.name ?? t('group.unnamedTitle') }),
    note.outlier,
    note.pinned ? t('note.pinned') : undefined,
    note.frozen ? t('note.frozen') : undefined,
    note.waiting ? t('note.waiting') : undefined,
  ]
    .filter((part) => part !== undefined)
    .join('. ');
}
