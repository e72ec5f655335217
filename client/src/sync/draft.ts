// What of a refused op was written by hand, and is to be kept.
import { get } from '$protocol/board/apply';
import type { Refusal } from '$protocol/board/change';
import type { ID } from '$protocol/board/item';
import type { Fields, Op } from '$protocol/board/op';
import { fieldOf } from '$protocol/board/schema';
import type { Shown } from '$protocol/board/state';
import type { Draft } from './types';

interface Written {
  readonly item: ID;
  readonly field: string;
  readonly from: string;
  readonly text: string;
}

/** The draft of a refused op; undefined if nobody wrote anything in it. What continues an earlier draft takes its place. */
export function draftOf(
  op: Op,
  refused: Refusal,
  board: Shown,
  earlier: readonly Draft[],
  fresh: { readonly key: string; readonly time: number },
): Draft | undefined {
  const written = writing(op, board);
  if (written === undefined) {
    return undefined;
  }
  const continued = earlier.find(
    ({ op: before, item, field }) =>
      before.do === 'text' &&
      op.do === 'text' &&
      item === op.id &&
      field === op.field &&
      before.to === op.from,
  );
  if (continued?.op.do === 'text' && op.do === 'text') {
    return { ...continued, text: op.to, op: { ...continued.op, to: op.to } };
  }
  return { ...written, ...fresh, refused, op };
}

function writing(op: Op, board: Shown): Written | undefined {
  switch (op.do) {
    case 'text':
      return { item: op.id, field: op.field, from: op.from, text: op.to };
    case 'create':
      return firstText(op.item.type, op.item.id, op.item as unknown as Fields, () => '');
    case 'edit': {
      const item = board.item(op.id);
      const before = (path: string): string => {
        const value = item && get(item, path);
        return typeof value === 'string' ? value : '';
      };
      return item && firstText(item.type, op.id, op.fields, before);
    }
    default:
      return undefined;
  }
}

function firstText(
  type: string,
  item: ID,
  fields: Fields,
  before: (path: string) => string,
): Written | undefined {
  for (const [field, text] of Object.entries(fields)) {
    const known = fieldOf(type, field.split('/')[0] ?? '');
    const kind = known?.elem?.kind ?? known?.kind;
    if ((kind === 'text' || kind === 'line') && typeof text === 'string' && text !== '') {
      return { item, field, from: before(field), text };
    }
  }
  return undefined;
}
