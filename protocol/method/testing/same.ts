// Compares analyses, for tests.

/** By how much a figure may be off, for those that are written with 4 decimals. */
const tolerance = 0.0001 + 1e-9;

/** Where two values differ, numbers by more than the tolerance. */
export function differences(path: string, got: unknown, want: unknown): string[] {
  if (typeof got === 'number' && typeof want === 'number') {
    return Math.abs(got - want) <= tolerance ? [] : [`${path}: got ${got}, want ${want}`];
  }
  if (Array.isArray(got) && Array.isArray(want) && got.length === want.length) {
    return want.flatMap((value, i) => differences(`${path}/${i}`, got[i], value));
  }
  if (isObject(got) && isObject(want)) {
    const names = new Set([...Object.keys(got), ...Object.keys(want)]);
    return [...names].flatMap((name) => differences(`${path}/${name}`, got[name], want[name]));
  }
  return got === want ? [] : [`${path}: got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value without the members of objects that are not wanted. */
export function only(got: unknown, want: unknown): unknown {
  if (Array.isArray(got) && Array.isArray(want) && got.length === want.length) {
    return got.map((value, i) => only(value, want[i]));
  }
  if (isObject(got) && isObject(want)) {
    return Object.fromEntries(
      Object.keys(want)
        .filter((name) => Object.hasOwn(got, name))
        .map((name) => [name, only(got[name], want[name])]),
    );
  }
  return got;
}
