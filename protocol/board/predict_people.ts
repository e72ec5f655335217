// People and the links they come by. Twin of apply_people.go.
import { refuse } from './change';
import { boardID, limits, sides, type Link, type Target } from './item';
import type { Op } from './op';
import { fieldOf } from './schema';
import { cleanLine, textLength } from './text';
import { firstNo, type No, type Tx } from './tx';
import { valid } from './validate';

type OpOf<D extends Op['do']> = Extract<Op, { do: D }>;

const maxLinks = 500;

export function rename(t: Tx, op: OpOf<'rename'>): No | null {
  const id = op.participant === undefined || op.participant === '' ? t.me.id : op.participant;
  const name = cleanLine(op.name);
  const no = t.missing(id, 'participant');
  if (no !== null) {
    return no;
  }
  if (name === '') {
    return refuse('invalid', { id, field: 'name' });
  }
  if (textLength(name) > limits.name) {
    return refuse('too_long', { id, field: 'name', limit: limits.name });
  }
  const { side } = op;
  if (side !== undefined && (t.s.settings()?.sides !== true || !sides.includes(side))) {
    return refuse('invalid', { id, field: 'side' });
  }
  t.setFields(id, { name, ...(side === undefined ? {} : { side }) });
  return null;
}

export function link(t: Tx, op: OpOf<'link'>): No | null {
  const there = t.s.item(op.id);
  if (there !== undefined && there.type !== 'link') {
    return refuse('exists', { id: op.id });
  }
  const name = cleanLine(op.name ?? '');
  const as = cleanLine(op.as ?? '');
  if (Math.max(textLength(name), textLength(as)) > limits.name) {
    return refuse('too_long', { field: 'name', limit: limits.name });
  }
  const question = cleanLine(op.question ?? '');
  if (textLength(question) > limits.name) {
    return refuse('too_long', { field: 'question', limit: limits.name });
  }
  if (op.revoke === true) {
    if (there === undefined) {
      return refuse('gone', { id: op.id });
    }
    if (there.owner === true) {
      return refuse('forbidden', { id: op.id });
    }
    if (there.revoked === undefined) {
      t.setFields(op.id, { revoked: t.stamp({}) });
    }
    return null;
  }
  if (there !== undefined) {
    t.setFields(op.id, {
      name: name === '' ? null : name,
      ...(question === '' || there.role !== 'visitor' ? {} : { question }),
    });
    return null;
  }
  const no = t.newID(op.id);
  if (no !== null) {
    return no;
  }
  const { role } = op;
  if (role === undefined || !['facilitator', 'participant', 'viewer', 'visitor'].includes(role)) {
    return refuse('invalid', { field: 'role' });
  }
  const asks = role === 'visitor';
  if (asks ? question === '' : question !== '' || op.target !== undefined) {
    return refuse('invalid', { field: 'question' });
  }
  if (t.s.idsOf('link').size >= maxLinks) {
    return refuse('full', { limit: maxLinks });
  }
  const about = asks ? targetOf(t, op.target ?? { type: 'board', id: boardID }) : undefined;
  if (about !== undefined && 'no' in about) {
    return about.no;
  }
  const made: Link = {
    id: op.id,
    type: 'link',
    role,
    ...(name === '' ? {} : { name }),
    ...(as === '' ? {} : { as }),
    ...(about === undefined ? {} : { question, target: about.target }),
    made: t.stamp({}),
  };
  t.put(made);
  return null;
}

/** What a link asks visitors about. */
function targetOf(t: Tx, target: Target): { readonly target: Target } | { readonly no: No } {
  const field = fieldOf('feedback', 'target');
  const checked = field && valid(field, target, t.typeOf);
  return checked === undefined || 'no' in checked
    ? { no: checked?.no ?? refuse('invalid', { field: 'target' }) }
    : { target: checked.value as unknown as Target };
}

/** Shows everybody feedback that waits for a facilitator. Twin of apply_feedback.go. */
export function approve(t: Tx, op: OpOf<'approve'>): No | null {
  if (op.ids.length === 0) {
    return refuse('invalid', { field: 'ids' });
  }
  const no = firstNo(op.ids, (id) => t.missing(id, 'feedback'));
  if (no !== null) {
    return no;
  }
  for (const id of op.ids) {
    const item = t.s.itemOf(id, 'feedback');
    if (item?.waiting === true) {
      const { waiting: _, ...shown } = item;
      t.put(shown);
    }
  }
  return null;
}
