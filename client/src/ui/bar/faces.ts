// What the views are called, and their icons.
import type { ViewName } from '../../state/chrome.svelte';
import type { PlainKey } from '../../state/words/dictionary';
import {
  layoutGrid,
  listTree,
  messageSquareText,
  presentation,
  stickyNote,
  table2,
} from '../icons';

export const faces: Readonly<Record<ViewName, { readonly name: PlainKey; readonly d: string }>> = {
  board: { name: 'out.board', d: stickyNote },
  list: { name: 'out.list', d: listTree },
  cards: { name: 'seg.view', d: layoutGrid },
  matrix: { name: 'mx.view', d: table2 },
  feedback: { name: 'fb.view', d: messageSquareText },
  result: { name: 'report.view', d: presentation },
};
