// The cells of the service matrix. Twin of apply_cell.go.
import { get } from './apply';
import { cellID } from './cell';
import { refuse } from './change';
import { criteria, type Assessment, type ID, type Item, type Value } from './item';
import type { Op } from './op';
import type { No, Tx } from './tx';

type OpOf<D extends Op['do']> = Extract<Op, { do: D }>;

/** Takes the id of a cell apart; undefined if it is none. A segment's id may hold a dot itself. */
export function cellOf(id: ID): { readonly service: ID; readonly segment: ID } | undefined {
  const parts = /^a\.([^.]*)\.(.*)$/s.exec(id);
  return parts === null ? undefined : { service: parts[1] ?? '', segment: parts[2] ?? '' };
}

/** Finds the cell of a service and a segment, and makes it if it is missing. */
export function cell(
  t: Tx,
  service: ID,
  segment: ID,
): { readonly item: Item } | { readonly no: No } {
  const no = t.missing(service, 'service') ?? t.missing(segment, 'segment') ?? t.require('assess');
  if (no !== null) {
    return { no };
  }
  const id = cellID(service, segment);
  if (t.s.item(id) === undefined) {
    const full = t.room(1);
    if (full !== null) {
      return { no: full };
    }
    const made: Assessment = { id, type: 'assessment', serviceId: service, segmentId: segment };
    t.put(made);
  }
  return t.item(id);
}

export function assess(t: Tx, op: OpOf<'assess'>): No | null {
  const scores = [op.vote, op.rating].filter((score) => score !== undefined);
  const criterion = op.criterion;
  if (
    scores.length > 0 !== (criterion !== undefined) ||
    (criterion !== undefined && !criteria.includes(criterion))
  ) {
    return refuse('invalid', { field: 'criterion' });
  }
  if (op.serves === undefined && scores.length === 0) {
    return refuse('invalid', { field: 'serves' });
  }
  if (scores.some((score) => score !== null && (score < 0 || score > 4))) {
    return refuse('invalid', { field: criterion ?? '' });
  }
  const found = cell(t, op.service, op.segment);
  if ('no' in found) {
    return found.no;
  }
  const { item } = found;
  const fields: Record<string, Value | null> = {};
  if (op.serves !== undefined) {
    fields['serves'] = op.serves;
  } else if (get(item, 'serves') === undefined) {
    fields['serves'] = true;
  }
  if (op.vote !== undefined) {
    fields[`votes/${criterion ?? ''}/${t.me.id}`] = op.vote;
  }
  if (op.rating !== undefined) {
    fields[`ratings/${criterion ?? ''}`] = op.rating;
  }
  const kept = Object.entries(fields).filter(([path]) => {
    const no = t.changedSince(item, op.was, path);
    if (no !== null) {
      t.tell(no);
    }
    return no === null;
  });
  t.setFields(item.id, Object.fromEntries(kept));
  return null;
}
