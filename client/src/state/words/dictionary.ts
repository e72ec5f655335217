// What a dictionary is, and what the type checker asks of one: a missing key, hole or argument does not compile.
import type { fi } from './fi';

/** A text that differs with the argument n; Finnish, Swedish and English know no other forms than these. */
export interface Plural {
  readonly one: string;
  readonly other: string;
}

export type Key = keyof typeof fi;
export type Dictionary = Readonly<Record<Key, string | Plural>>;

/** The names between braces: "{n} of {all}" → "n" | "all". */
type Holes<Text> = Text extends `${string}{${infer Hole}}${infer Rest}`
  ? Hole | Holes<Rest>
  : never;
type HolesOf<Entry> = Entry extends string ? Holes<Entry> : Holes<Entry[keyof Entry]>;

/** What must be told along with a key: nothing, or a value for each hole. */
export type Arguments<K extends Key> = [HolesOf<(typeof fi)[K]>] extends [never]
  ? []
  : [values: Readonly<Record<HolesOf<(typeof fi)[K]>, string | number>>];

/** The same key, with exactly the holes of the source and a plural where the source has one. */
type Translated<D> = {
  readonly [K in Key]: K extends keyof D
    ? [HolesOf<D[K]>] extends [HolesOf<(typeof fi)[K]>]
      ? [HolesOf<(typeof fi)[K]>] extends [HolesOf<D[K]>]
        ? (typeof fi)[K] extends string
          ? string
          : Plural
        : never
      : never
    : string | Plural;
};

/** Holds a translation to the source. */
export function dictionary<const D extends Dictionary>(translation: D & Translated<D>): Dictionary {
  return translation;
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
