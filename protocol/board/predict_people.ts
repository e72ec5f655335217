// People and the links they come by. Twin of apply_people.go.
import { refuse } from './change';
import { limits, type Link } from './item';
import type { Op } from './op';
import { cleanLine, textLength } from './text';
import type { No, Tx } from './tx';

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
  t.setFields(id, { name });
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
    t.setFields(op.id, { name: name === '' ? null : name });
    return null;
  }
  const no = t.newID(op.id);
  if (no !== null) {
    return no;
  }
  if (op.role !== 'facilitator' && op.role !== 'participant' && op.role !== 'viewer') {
    return refuse('invalid', { field: 'role' });
  }
  if (t.s.idsOf('link').size >= maxLinks) {
    return refuse('full', { limit: maxLinks });
  }
  const made: Link = {
    id: op.id,
    type: 'link',
    role: op.role,
    ...(name === '' ? {} : { name }),
    ...(as === '' ? {} : { as }),
    made: t.stamp({}),
  };
  t.put(made);
  return null;
}
