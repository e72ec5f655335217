// Values held against the schema. Twin of validate.go.
import { refuse, type Code, type Reason } from './change';
import { boardID, limits, type ID, type ItemType, type Value } from './item';
import { fieldOf, type Field } from './schema';
import { cleanLine, cleanText, textLength } from './text';

/** Tells which type an item of an id has; undefined if there is none. */
export type Lookup = (id: ID) => ItemType | undefined;

/** A value as it is kept, null for none; or why it cannot be. */
export type Checked =
  | { readonly value: Value | null }
  | { readonly no: { readonly code: Code; readonly reason?: Reason } };

const maxList = 1000;

/** The longest id. */
export const maxID = 40;

/** Checks a value against a field of the schema and gives it as it is kept: names cleaned, empty texts gone. */
export function valid(f: Field, v: unknown, lookup: Lookup): Checked {
  const bad: Checked = { no: refuse('invalid', { field: f.name }) };
  switch (f.kind) {
    case 'text':
    case 'line': {
      if (typeof v !== 'string') {
        return bad;
      }
      const text = f.kind === 'line' ? cleanLine(v) : cleanText(v);
      const limit = f.limit ?? 0;
      if (textLength(text) > limit) {
        return { no: refuse('too_long', { field: f.name, limit }) };
      }
      if (text === '') {
        return f.need === true ? bad : { value: null };
      }
      return { value: text };
    }
    case 'integer':
      return typeof v === 'number' && Number.isSafeInteger(v) && within(f, v) ? { value: v } : bad;
    case 'decimal':
      return typeof v === 'number' && within(f, v) ? { value: v } : bad;
    case 'flag':
      return typeof v === 'boolean' ? { value: v } : bad;
    case 'enum':
      return typeof v === 'string' && f.values?.includes(v) === true ? { value: v } : bad;
    case 'ref': {
      if (typeof v !== 'string' || v === '') {
        return bad;
      }
      const no = points(f, v, lookup);
      return no === null ? { value: v } : { no };
    }
    case 'refs':
    case 'lines':
      return validList(f, v, lookup);
    case 'map':
      return validMap(f, v, lookup);
    case 'stamp':
      if (!isMap(v) || Object.keys(v).length > maxList) {
        return bad;
      }
      return f.own === true ? { value: v as Value } : validTarget(f, v, lookup);
    default:
      return f.kind satisfies never;
  }
}

/** Checks what a feedback note is about, and keeps nothing besides. */
function validTarget(f: Field, v: Readonly<Record<string, unknown>>, lookup: Lookup): Checked {
  const { id, type } = v;
  if (type === 'board') {
    return { value: { id: boardID, type } }; // whatever it was called where it comes from
  }
  if (typeof id !== 'string' || typeof type !== 'string' || id === '' || type === '') {
    return { no: refuse('invalid', { field: f.name }) };
  }
  const found = lookup(id);
  if (found !== type) {
    return { no: refuse(found === undefined ? 'gone' : 'invalid', { id, field: f.name }) };
  }
  return { value: { id, type } };
}

function within(f: Field, n: number): boolean {
  return n >= (f.min ?? 0) && n <= (f.max ?? 0);
}

/** Refuses an id that is missing or of a type the field does not take. */
export function points(
  f: Field,
  id: ID,
  lookup: Lookup,
): { readonly code: Code; readonly reason?: Reason } | null {
  if (f.of === undefined) {
    return null;
  }
  const type = lookup(id);
  if (type === undefined) {
    return refuse('gone', { id, field: f.name });
  }
  return f.of.includes(type) ? null : refuse('invalid', { id, field: f.name });
}

function validList(f: Field, v: unknown, lookup: Lookup): Checked {
  const bad: Checked = { no: refuse('invalid', { field: f.name }) };
  if (!Array.isArray(v)) {
    return bad;
  }
  const limit = f.limit ?? 0;
  if (v.length > limit) {
    return { no: refuse('full', { field: f.name, limit }) };
  }
  const kept: string[] = [];
  for (const entry of v as unknown[]) {
    if (typeof entry !== 'string') {
      return bad;
    }
    let s = entry;
    if (f.kind === 'refs') {
      const no = points(f, s, lookup);
      if (no !== null) {
        return { no };
      }
    } else {
      s = cleanLine(s);
      if (textLength(s) > limits.name) {
        return { no: refuse('too_long', { field: f.name, limit: limits.name }) };
      }
    }
    if (s === '' || kept.includes(s)) {
      return bad;
    }
    kept.push(s);
  }
  return { value: kept.length === 0 ? null : kept };
}

function validMap(f: Field, v: unknown, lookup: Lookup): Checked {
  if (!isMap(v)) {
    return { no: refuse('invalid', { field: f.name }) };
  }
  const limit = f.limit ?? 0;
  const keys = Object.keys(v).sort();
  if (keys.length > limit) {
    return { no: refuse('full', { field: f.name, limit }) };
  }
  const kept: [string, Value][] = [];
  for (const key of keys) {
    const checked = validEntry(f, key, v[key], lookup);
    if ('no' in checked) {
      return checked;
    }
    if (checked.value !== null) {
      kept.push([key, checked.value]);
    }
  }
  return { value: kept.length === 0 ? null : Object.fromEntries(kept) };
}

/** Checks one key of a map field and what it holds. */
function validEntry(f: Field, key: string, v: unknown, lookup: Lookup): Checked {
  const path = `${f.name}/${key}`;
  const unknown = reserved.has(key) || (f.keys !== undefined && !f.keys.includes(key));
  if (unknown || key === '' || key.length > 2 * maxID || /[/\n]/.test(key)) {
    return { no: refuse('invalid', { field: path }) };
  }
  const no = points(f, key, lookup);
  if (no !== null) {
    return { no: refuse(no.code, { ...no.reason, field: path }) };
  }
  if (v == null || f.elem === undefined) {
    return { value: null };
  }
  return valid({ ...f.elem, name: path }, v, lookup);
}

/** Checks the value of a path, such as "descriptions/h1". null removes what is there. */
export function validAt(type: ItemType, path: string, v: unknown, lookup: Lookup): Checked {
  const { name, key } = splitPath(path);
  const f = fieldOf(type, name);
  if (f === undefined || (key !== undefined && f.kind !== 'map')) {
    return { no: refuse('invalid', { field: path }) };
  }
  if (key !== undefined) {
    return validEntry(f, key, v, lookup);
  }
  if (v == null) {
    return f.need === true ? { no: refuse('invalid', { field: path }) } : { value: null };
  }
  return valid(f, v, lookup);
}

/** The field of a path, and what follows it. */
export function splitPath(path: string): { readonly name: string; readonly key?: string } {
  const slash = path.indexOf('/');
  return slash < 0 ? { name: path } : { name: path.slice(0, slash), key: path.slice(slash + 1) };
}

/** Ids that an object of a browser has or is made by. */
const reserved: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Whether somebody may give an item this id. */
export function validID(id: unknown): id is ID {
  return typeof id === 'string' && /^[A-Za-z0-9_-]{1,40}$/.test(id) && !reserved.has(id);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
