// What a dictionary is, and what the type checker asks of one: a missing key, hole or argument does not compile.
import type { fi as first } from './first/fi';
import type { fi as rest } from './fi';

/** A text that differs with the argument n; Finnish, Swedish and English know no other forms than these. */
export interface Plural {
  readonly one: string;
  readonly other: string;
}

type Source = typeof first & typeof rest;

export type Key = keyof Source;
/** The words of one part: those that come first, or the rest. */
export type Dictionary = Readonly<Record<string, string | Plural>>;

/** The names between braces: "{n} of {all}" → "n" | "all". */
type Holes<Text> = Text extends `${string}{${infer Hole}}${infer Rest}`
  ? Hole | Holes<Rest>
  : never;
type HolesOf<Entry> = Entry extends string ? Holes<Entry> : Holes<Entry[keyof Entry]>;

/** What must be told along with a key: nothing, or a value for each hole. */
export type Arguments<K extends Key> = [HolesOf<Source[K]>] extends [never]
  ? []
  : [values: Readonly<Record<HolesOf<Source[K]>, string | number>>];

/** Keys with which nothing has to be told. */
export type PlainKey = { [K in Key]: Arguments<K> extends [] ? K : never }[Key];

/** The same keys, with exactly the holes of the source and a plural where the source has one. */
type Translated<S, D> = {
  readonly [K in keyof S]: K extends keyof D
    ? [HolesOf<D[K]>] extends [HolesOf<S[K]>]
      ? [HolesOf<S[K]>] extends [HolesOf<D[K]>]
        ? S[K] extends string
          ? string
          : Plural
        : never
      : never
    : string | Plural;
};

/** Holds a translation to its source. */
export function translation<S>() {
  return <const D extends Dictionary>(words: D & Translated<S, D>): Dictionary => words;
}

const hole = /\{(\w+)\}/g;

/** The text of a key with its holes filled; numbers come out as `number` writes them. */
export function fill(
  entry: string | Plural,
  values: Readonly<Record<string, string | number>>,
  plural: (n: number) => Intl.LDMLPluralRule,
  number: (n: number) => string,
): string {
  const n = values['n'];
  const text =
    typeof entry === 'string'
      ? entry
      : entry[typeof n === 'number' && plural(n) === 'one' ? 'one' : 'other'];
  return text.replace(hole, (_, name: string) => {
    const value = values[name] ?? '';
    return typeof value === 'number' ? number(value) : value;
  });
}
