// What the views are called, and their icons.
import type { ViewName } from '../../state/chrome.svelte';
import type { PlainKey } from '../../state/words/dictionary';
import {
  flag,
  flaskConical,
  layoutGrid,
  listTree,
  messageSquareText,
  presentation,
  scanSearch,
  stickyNote,
  table2,
} from '../icons';

export const faces: Readonly<Record<ViewName, { readonly name: PlainKey; readonly d: string }>> = {
  board: { name: 'out.board', d: stickyNote },
  list: { name: 'out.list', d: listTree },
  cards: { name: 'seg.view', d: layoutGrid },
  matrix: { name: 'mx.view', d: table2 },
  findings: { name: 'find.title', d: scanSearch },
  goals: { name: 'goal.view', d: flag },
  feedback: { name: 'fb.view', d: messageSquareText },
  experiments: { name: 'exp.title', d: flaskConical },
  result: { name: 'report.view', d: presentation },
};
