// What others did, told to those who do not see it happen: what changes the work for all in a sentence, notes in sums.
import { boardID, type ID, type Item } from '$protocol/board/item';
import type { Change } from '$protocol/board/change';
import { cellOf } from '$protocol/board/predict_cell';
import type { Changes } from '$protocol/message';
import type { Live } from './live.svelte';
import { t } from './locale.svelte';
import type { Toast } from './toast.svelte';
import { phaseNames } from './words/names';

/** The board after the entry has landed, and how to tell. */
export interface Narrated {
  readonly session: { readonly board: { item(id: ID): Item | undefined } };
  readonly live: Live;
  readonly toast: Toast;
  name(id: ID | undefined): string | undefined;
}

export function narrate({ by, changes }: Changes, to: Narrated): void {
  const { live, session, toast } = to;
  const { board } = session;
  const who = to.name(by) ?? t('refuse.someone');
  const notes: ID[] = [];
  const said = new Set<string>();
  let emptied = 0;
  for (const change of changes) {
    const id = 'put' in change ? change.put.id : 'set' in change ? change.set.id : change.remove;
    const item = board.item(id);
    if ('remove' in change && cellOf(id)) {
      if (isEmptied(id, board)) emptied++;
      continue;
    }
    const sentence = id === boardID ? ofBoard(change, item, who) : ofSegment(change, item, who);
    if (sentence !== undefined) said.add(sentence);
    else if (item?.type === 'note' || ('remove' in change && id !== boardID)) notes.push(id);
  }
  // Who sees all cells go empty wonders why; one alone is somebody's undo.
  if (emptied > 1) {
    const sentence = t('live.emptied', { name: who, n: emptied });
    toast.show(sentence);
    said.add(sentence);
  }
  if (said.size > 0) live.say([...said].join(' '));
  else live.others(notes);
}

function ofBoard(change: Change, board: Item | undefined, name: string): string | undefined {
  if (!('set' in change) || board?.type !== 'board') return undefined;
  if ('phase' in change.set) return t('live.phase', { name, p: t(phaseNames[board.phase]) });
  if ('private' in change.set) return board.private ? t('live.private') : t('private.done');
  if (!('lock' in change.set)) return undefined;
  switch (board.lock?.level) {
    case 'closed':
      return t('live.locked', { name });
    case 'text':
      return t('live.texts', { name });
    default:
      return t('live.unlocked', { name });
  }
}

function ofSegment(change: Change, segment: Item | undefined, name: string): string | undefined {
  if (!('set' in change) || !('frozen' in change.set) || segment?.type !== 'segment') {
    return undefined;
  }
  return segment.frozen ? t('live.frozen', { name }) : t('live.thawed', { name });
}

/** Whether a cell that is gone went without its service and its segment. */
function isEmptied(id: ID, board: Narrated['session']['board']): boolean {
  const { service = '', segment = '' } = cellOf(id) ?? {};
  return board.item(service) !== undefined && board.item(segment) !== undefined;
}
