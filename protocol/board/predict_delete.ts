// Deleting, bringing back, and erasing for good. Twin of apply_delete.go.
import { get, textOf, withFields } from './apply';
import { refuse } from './change';
import { boardID, type ID, type Item, type Value } from './item';
import type { Fields, Op } from './op';
import { dissolve } from './predict_group';
import { nameAlike } from './predict_item';
import type { Right } from './rights';
import { fieldOf, schemaOf, schemas } from './schema';
import { references } from './state';
import { firstNo, refuseBy, type No, type Tx } from './tx';

type OpOf<D extends Op['do']> = Extract<Op, { do: D }>;

export function remove(t: Tx, op: OpOf<'delete'>): No | null {
  if (op.ids.length === 0) {
    return refuse('invalid', { field: 'ids' });
  }
  const no =
    firstNo(
      op.ids,
      (id) =>
        t.missing(id) ??
        t.each([id], (item) =>
          schemas[item.type].deletable === true ? null : refuse('invalid', { id }),
        ),
    ) ??
    t.each(op.ids, (item) => deletable(t, item)) ??
    t.each(op.ids, (item) => t.require(rightToDelete(item), item));
  if (no !== null) {
    return no;
  }
  for (const id of op.ids) {
    const item = t.s.item(id);
    if (item === undefined) {
      continue; // an earlier one of the list took it along
    }
    const changed = t.changedSince(item, op.was);
    if (changed !== null) {
      t.tell(changed);
      continue;
    }
    removeWith(t, item);
  }
  return null;
}

function rightToDelete(item: Item): Right | undefined {
  return item.type === 'note' ? 'delete' : schemas[item.type].right;
}

/** Refuses what a freeze or a pin holds. */
function deletable(t: Tx, item: Item): No | null {
  const no = t.untouched(item);
  if (no !== null || item.type !== 'heading') {
    return no;
  }
  return firstNo(t.s.referring(item.id, 'segment'), (segment) =>
    segment.frozen?.texts === true ? refuseBy(segment.frozen, 'frozen', { id: segment.id }) : null,
  );
}

/** Removes an item, what cannot be without it, and every reference to it. */
function removeWith(t: Tx, item: Item): void {
  const dependents = schemaOf(item.type)?.with ?? [];
  for (const id of [...t.s.referrers(item.id)].sort()) {
    const referrer = t.s.item(id);
    if (referrer === undefined) {
      continue;
    }
    if (dependents.some((d) => d.type === referrer.type && textOf(referrer, d.field) === item.id)) {
      t.remove(id);
    } else {
      t.setFields(id, withoutReference(referrer, item.id));
    }
  }
  t.remove(item.id);
  if (item.type === 'note' && item.groupId !== undefined) {
    dissolve(t, item.groupId);
  }
}

/** What to set so that an item no longer refers to id. */
function withoutReference(item: Item, id: ID): Fields {
  const fields: Record<string, Value | null> = {};
  for (const name of Object.keys(item)) {
    const known = fieldOf(item.type, name);
    const value = get(item, name);
    if (known === undefined || value === undefined) {
      continue;
    }
    if (known.kind === 'ref' && known.of !== undefined && value === id) {
      fields[name] = null;
    } else if (known.kind === 'refs' && Array.isArray(value)) {
      const rest = (value as readonly ID[]).filter((other) => other !== id);
      if (rest.length < value.length) {
        fields[name] = rest.length === 0 ? null : rest;
      }
    } else if (known.kind === 'map' && known.of !== undefined) {
      if (get(item, `${name}/${id}`) !== undefined) {
        fields[`${name}/${id}`] = null;
      }
    } else if (name === 'target' && get(item, 'target/id') === id) {
      fields[name] = { type: 'board', id: boardID };
    }
  }
  return fields;
}

export function restore(t: Tx, op: OpOf<'restore'>): No | null {
  if (op.ids.length === 0) {
    return refuse('invalid', { field: 'ids' });
  }
  const graves: Item[] = [];
  for (const id of op.ids) {
    if (t.s.item(id) !== undefined) {
      return refuse('exists', { id });
    }
    const tomb = t.s.tomb(id);
    if (tomb === undefined) {
      return refuse('gone', { id });
    }
    if (graves.includes(tomb.item)) {
      return refuse('invalid', { id });
    }
    graves.push(tomb.item);
  }
  const no =
    firstNo(graves, (item) => t.untouched(item)) ??
    firstNo(
      graves,
      (item) =>
        t.require(rightToDelete(item), item) ??
        (t.me.role === 'facilitator' || t.s.tomb(item.id)?.by === t.me.id
          ? null
          : refuse('not_yours', { id: item.id })),
    ) ??
    t.room(graves.length);
  if (no !== null) {
    return no;
  }
  for (const grave of graves) {
    const item = attached(t, grave);
    if (item === undefined) {
      return refuse('gone', { id: grave.id });
    }
    t.put(item);
  }
  for (const grave of graves) {
    rejoin(t, grave.id);
  }
  return null;
}

/** Gives segments the group back that they have lost by its removal, and the group the name that they have now. */
function rejoin(t: Tx, group: ID): void {
  for (const id of t.s.parted(group)) {
    const segment = t.s.itemOf(id, 'segment');
    if (segment === undefined || segment.groupId !== undefined || t.untouched(segment) !== null) {
      continue;
    }
    t.setFields(id, { groupId: group });
    t.setFields(group, { name: segment.name ?? null });
  }
}

/** A removed item as it can come back: without references to what is gone. Undefined when it cannot be without one. */
function attached(t: Tx, grave: Item): Item | undefined {
  let item = grave;
  for (const id of references(grave)) {
    if (t.s.item(id) !== undefined) {
      continue;
    }
    for (const field of schemas[item.type].fields.values()) {
      if (field.kind === 'ref' && field.need === true && textOf(item, field.name) === id) {
        return undefined;
      }
    }
    item = withFields(item, withoutReference(item, id));
  }
  return item;
}

/** Erases an item's texts from what is shown; only the server can erase them for good. */
export function blank(t: Tx, op: OpOf<'blank'>): No | null {
  const item = t.s.item(op.id);
  if (item === undefined) {
    return t.s.wasHere(op.id) ? null : refuse('gone', { id: op.id });
  }
  if (item.type === 'board' || item.type === 'link' || item.type === 'participant') {
    return refuse('invalid', { id: op.id });
  }
  t.setFields(item.id, texts(item));
  if (item.type === 'group' || item.type === 'segment') {
    nameAlike(t, item, { name: null });
  }
  return null;
}

/** The fields of an item that hold what somebody wrote, each with null. */
function texts(item: Item): Fields {
  const fields: Record<string, null> = {};
  for (const name of Object.keys(item)) {
    const known = fieldOf(item.type, name);
    if (known?.kind === 'text' || known?.kind === 'line' || known?.elem?.kind === 'text') {
      fields[name] = null;
    }
  }
  return fields;
}
