// Creating, editing, writing, moving: what is done to one item. Twin of apply_item.go.
import { textOf, withFields } from './apply';
import { refuse } from './change';
import { inOrder } from './experiment';
import { limits, type Item, type ItemType, type Value } from './item';
import type { Fields, Op, Was } from './op';
import { cell, cellOf } from './predict_cell';
import type { Right } from './rights';
import { fieldOf, schemaOf, type Field } from './schema';
import { cleanText, mergeText } from './text';
import { firstNo, type No, type Tx } from './tx';
import { points, splitPath, valid, validAt } from './validate';

type OpOf<D extends Op['do']> = Extract<Op, { do: D }>;

/** The types that the op create makes, and by which right; absent: that of facilitators. */
function creatable(type: string): { readonly right: Right | undefined } | undefined {
  switch (type) {
    case 'note':
      return { right: 'add' };
    case 'perspective':
    case 'heading':
    case 'category':
      return { right: undefined };
    default: {
      const schema = schemaOf(type);
      return schema?.made === true ? { right: schema.right } : undefined;
    }
  }
}

export function create(t: Tx, op: OpOf<'create'>): No | null {
  const { id, type } = op.item;
  const made = creatable(type);
  const schema = schemaOf(type);
  if (made === undefined || schema === undefined) {
    return refuse('invalid', { field: 'type' });
  }
  const no = t.newID(id) ?? t.require(made.right);
  if (no !== null) {
    return no;
  }
  const fields: Record<string, Value> = {};
  for (const [name, given] of Object.entries(op.item as unknown as Fields).sort(byName)) {
    const known = fieldOf(type, name);
    if (known === undefined || known.own === true || given == null) {
      continue;
    }
    const checked = valid(known, given, t.typeOf);
    if ('value' in checked) {
      if (checked.value !== null) {
        fields[name] = checked.value;
      }
    } else if (
      checked.no.code !== 'gone' ||
      checked.no.reason?.id === undefined ||
      !t.s.wasHere(checked.no.reason.id)
    ) {
      // Else what it points at was deleted before it came: the item stands, alone.
      return checked.no;
    }
  }
  for (const field of schema.fields.values()) {
    if (field.need === true && !Object.hasOwn(fields, field.name)) {
      return refuse('invalid', { field: field.name });
    }
  }
  const next = { id, type, ...fields } as unknown as Item;
  const untimely = inOrder(next, fields) ?? t.room(1);
  if (untimely !== null) {
    return untimely;
  }
  if (type === 'note') {
    fields['z'] = t.s.counter('z') + 1;
  }
  if (schema.fields.has('authorId')) {
    fields['authorId'] = t.me.id;
  }
  if (schema.fields.has('order') && !Object.hasOwn(fields, 'order')) {
    fields['order'] = t.s.counter(type) + 1;
  }
  t.put({ id, type, ...fields } as unknown as Item);
  return null;
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}

/** The field of a path that somebody may edit, and the right it takes; undefined if nobody may. */
function editableField(
  type: ItemType,
  path: string,
): { readonly field: Field; readonly right: Right | undefined } | undefined {
  const field = fieldOf(type, splitPath(path).name);
  return field === undefined || field.own === true
    ? undefined
    : { field, right: field.right ?? schemaOf(type)?.right };
}

export function edit(t: Tx, op: OpOf<'edit'>): No | null {
  const found = t.item(op.id);
  if ('no' in found) {
    return found.no;
  }
  switch (found.item.type) {
    case 'board':
    case 'link':
    case 'participant':
      return refuse('invalid', { id: op.id });
    default:
      return editFields(t, found.item, op.fields, op.was);
  }
}

/** edit, once it is known that the item may be edited at all. */
export function editFields(t: Tx, item: Item, fields: Fields, was: Was | undefined): No | null {
  const paths = Object.keys(fields).sort();
  if (paths.length === 0) {
    return refuse('invalid', { field: 'fields' });
  }
  const no =
    firstNo(paths, (path) =>
      editableField(item.type, path) === undefined
        ? refuse('invalid', { id: item.id, field: path })
        : null,
    ) ??
    editable(t, item, paths) ??
    firstNo(paths, (path) => t.require(editableField(item.type, path)?.right, item));
  if (no !== null) {
    return no;
  }
  const kept: Record<string, Value | null> = {};
  for (const path of paths) {
    const checked = validAt(item.type, path, fields[path], t.typeOf);
    if ('no' in checked) {
      return { ...checked.no, reason: { id: item.id, ...checked.no.reason } };
    }
    const changed = t.changedSince(item, was, path);
    if (changed !== null) {
      t.tell(changed);
      continue;
    }
    kept[path] = checked.value;
    if (item.type === 'segment' && path === 'position') {
      kept['byHand'] = checked.value === null ? null : true;
    }
  }
  const untimely = inOrder(withFields(item, kept), kept);
  if (untimely !== null) {
    return untimely;
  }
  t.setFields(item.id, kept);
  nameAlike(t, item, kept);
  return null;
}

/** Refuses what a freeze or a pin holds. A freeze without texts leaves a segment's descriptions and figures to be edited. */
function editable(t: Tx, item: Item, paths: readonly string[]): No | null {
  if (item.type === 'note' && paths.every((path) => path === 'comment')) {
    return null;
  }
  const no = t.untouched(item);
  if (no?.code !== 'frozen' || item.type !== 'segment') {
    return no;
  }
  const held = paths.some((path) => {
    const { name } = splitPath(path);
    return (
      name === 'name' ||
      name === 'position' ||
      (name === 'descriptions' && item.frozen?.texts === true)
    );
  });
  return held ? no : null;
}

/** Keeps the names of a group and of its segment the same. */
export function nameAlike(t: Tx, item: Item, fields: Fields): void {
  const name = fields['name'];
  if (name === undefined) {
    return;
  }
  if (item.type === 'group') {
    for (const segment of t.s.referring(item.id, 'segment')) {
      t.setFields(segment.id, { name });
    }
  } else if (item.type === 'segment' && item.groupId !== undefined) {
    t.setFields(item.groupId, { name });
  }
}

export function text(t: Tx, op: OpOf<'text'>): No | null {
  const place = cellOf(op.id);
  if (place !== undefined && op.field === 'comment' && t.s.item(op.id) === undefined) {
    const made = cell(t, place.service, place.segment);
    if ('no' in made) {
      return made.no;
    }
  }
  const found = t.item(op.id);
  if ('no' in found) {
    return found.no;
  }
  const { item } = found;
  const known = editableField(item.type, op.field);
  const { key } = splitPath(op.field);
  let field = fieldOf(item.type, splitPath(op.field).name);
  if (key !== undefined && field?.elem !== undefined) {
    const no = points(field, key, t.typeOf);
    if (no !== null) {
      return refuse(no.code, { ...no.reason, field: op.field });
    }
    field = field.elem;
  }
  const written = field?.kind === 'text' || field?.kind === 'line';
  if (known === undefined || !written || item.type === 'board') {
    return refuse('invalid', { id: item.id, field: op.field });
  }
  const merged = mergeText(cleanText(op.from), cleanText(op.to), textOf(item, op.field));
  const no = editable(t, item, [op.field]) ?? t.require(known.right, item);
  if (no !== null) {
    return no;
  }
  const checked = validAt(item.type, op.field, merged, t.typeOf);
  if ('no' in checked) {
    return { ...checked.no, reason: { ...checked.no.reason, id: item.id } };
  }
  t.setFields(item.id, { [op.field]: checked.value });
  nameAlike(t, item, { [op.field]: checked.value });
  return null;
}

export function move(t: Tx, op: OpOf<'move'>): No | null {
  if (op.moves.length === 0) {
    return refuse('invalid', { field: 'moves' });
  }
  const ids = op.moves.map(([id]) => id);
  const no =
    firstNo(
      op.moves,
      ([id, x, y]) =>
        t.missing(id, 'note') ??
        (Math.max(Math.abs(x), Math.abs(y)) > limits.coordinate
          ? refuse('invalid', { id, field: 'moves' })
          : null),
    ) ??
    t.each(ids, (note) => t.untouched(note)) ??
    t.each(ids, (note) => t.require('move', note));
  if (no !== null) {
    return no;
  }
  for (const [id, x, y] of op.moves) {
    const note = t.s.item(id);
    const changed = note === undefined ? null : t.changedSince(note, op.was, 'x', 'y');
    if (changed !== null) {
      t.tell(changed);
      continue;
    }
    t.setFields(id, { x, y, z: t.s.counter('z') + 1 });
  }
  return null;
}
