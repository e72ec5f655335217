// Texts: how two who wrote into one are merged, and what is taken out of what is typed. Twin of text.go.

/**
 * Merges a stretch of typing, from → to, into a text that somebody else may have changed meanwhile. It works in code
 * points and keeps words rather than deletes them: where both changed the same stretch, both stay.
 */
export function mergeText(from: string, to: string, current: string): string {
  if (current === from || current === to) {
    return to;
  }
  if (to === from) {
    return current;
  }
  const b = Array.from(from);
  const theirs = difference(b, Array.from(to));
  const ours = difference(b, Array.from(current));
  if (ours.end <= theirs.start) {
    return join(
      b.slice(0, ours.start),
      ours.inserted,
      b.slice(ours.end, theirs.start),
      theirs.inserted,
      b.slice(theirs.end),
    );
  }
  if (theirs.end <= ours.start) {
    return join(
      b.slice(0, theirs.start),
      theirs.inserted,
      b.slice(theirs.end, ours.start),
      ours.inserted,
      b.slice(ours.end),
    );
  }
  const end = Math.max(ours.end, theirs.end);
  return join(
    b.slice(0, ours.start),
    ours.inserted,
    b.slice(ours.end, end),
    theirs.inserted,
    b.slice(end),
  );
}

/** Says that inserted stands in place of [start, end) of a text; all in code points. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly inserted: readonly string[];
}

/** Cuts the longest common prefix off two texts, then the longest common suffix of what is left. */
export function difference(before: readonly string[], after: readonly string[]): Replacement {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) {
    start++;
  }
  let tail = 0;
  while (
    tail < before.length - start &&
    tail < after.length - start &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail++;
  }
  return { start, end: before.length - tail, inserted: after.slice(start, after.length - tail) };
}

function join(...parts: readonly (readonly string[])[]): string {
  return parts.map((part) => part.join('')).join('');
}

/** How many combining marks may follow one another. */
const maxCombining = 20;

/**
 * Removes control characters but the line feed, and combining marks beyond maxCombining in a row. A lone surrogate, which
 * no UTF-8 can carry, becomes U+FFFD.
 */
export function cleanText(text: string): string {
  let marks = 0;
  let out = '';
  for (const rune of text) {
    const code = rune.codePointAt(0) ?? 0;
    if ((code < 0x20 && rune !== '\n') || (code >= 0x7f && code < 0xa0)) {
      continue;
    }
    if (code >= 0x300 && /\p{Mn}/u.test(rune)) {
      marks++;
      if (marks > maxCombining) {
        continue;
      }
    } else {
      marks = 0;
    }
    out += code >= 0xd800 && code < 0xe000 ? '\ufffd' : rune;
  }
  return out;
}

/** cleanText for names: one line, without bidirectional overrides. */
export function cleanLine(text: string): string {
  return cleanText(text)
    .replace(/\n/g, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .trim();
}

/** The length of a text in code points. */
export function textLength(text: string): number {
  let n = 0;
  for (const _ of text) {
    n++;
  }
  return n;
}
