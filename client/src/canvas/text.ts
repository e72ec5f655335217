// How a text is made to fit into a note: where Finnish words break, how small the type gets, where it is cut.
// The browser wraps the result by itself; this only has to know beforehand how it will.

/** Width in px of a text in one line. */
export type Measure = (text: string, fontPx: number) => number;

export interface Fitted {
  /** With soft hyphens, and cut with "…" if it had to be. */
  readonly text: string;
  readonly fontPx: number;
  readonly cut: boolean;
}

/** The room for a text, px. */
export interface Room {
  readonly width: number;
  readonly height: number;
  /** Of the type at full size. */
  readonly fontPx: number;
  readonly leading: number;
  /** Taken from the first line by letters and lock. */
  readonly corner: number;
  /** Type is never smaller. */
  readonly leastPx: number;
}

const steps = [1, 0.9, 0.82];
/** A line may reach so far into the padding below: only the space under its letters does. */
const spill = 1;
/** The browser's own sum of widths may differ by that much. */
const slack = 0.5;

export function fit(text: string, room: Room, measure: Measure): Fitted {
  let smallest: Fitted = { text: '', fontPx: room.fontPx, cut: false };
  for (const step of steps) {
    const fontPx = Math.max(room.leastPx, room.fontPx * step);
    const most = Math.max(1, Math.floor((room.height + spill) / (fontPx * room.leading)));
    const lines = breakLines(text, room, fontPx, measure, most + 1);
    if (lines.length <= most) return { text, fontPx, cut: false };
    smallest = { text: cut(text, lines, most, room, fontPx, measure), fontPx, cut: true };
    if (fontPx === room.leastPx) break;
  }
  return smallest;
}

/** Text up to the last line that has room, shortened until "…" has room too. */
function cut(
  text: string,
  lines: readonly Line[],
  most: number,
  room: Room,
  fontPx: number,
  measure: Measure,
): string {
  const last = lines[most - 1] ?? { start: 0, end: 0 };
  const width = lineWidth(room, most - 1);
  let line = text.slice(last.start, last.end).trimEnd();
  while (line !== '' && measure(bare(line) + '…', fontPx) > width) {
    line = line.slice(0, -1).replace(/[\s\u00ad,;:.–-]+$|[\ud800-\udbff]$/u, '');
  }
  return text.slice(0, last.start) + line.replace(/\u00ad$/, '') + '…';
}

interface Line {
  readonly start: number;
  readonly end: number;
}

function lineWidth(room: Room, line: number): number {
  return room.width - slack - (line === 0 ? room.corner : 0);
}

/** Lines as offsets into the text, at most so many. A line break ends a line; spaces at its end don't count. */
function breakLines(
  text: string,
  room: Room,
  fontPx: number,
  measure: Measure,
  most: number,
): Line[] {
  const lines: Line[] = [];
  const space = measure(' ', fontPx);
  for (const paragraph of text.matchAll(/[^\n]*(\n|$)/g)) {
    if (paragraph[0] === '' && (paragraph.index > 0 || text === '')) break;
    let start = paragraph.index;
    let used = 0;
    for (const word of paragraph[0].matchAll(/[^ \t\n]+/g)) {
      let from = paragraph.index + word.index;
      const end = from + word[0].length;
      while (from < end) {
        const gap = used === 0 ? 0 : space;
        const left = lineWidth(room, lines.length) - used - gap;
        const rest = text.slice(from, end);
        const width = measure(bare(rest), fontPx);
        if (width <= left) {
          used += gap + width;
          break;
        }
        const part = longestPart(rest, left, fontPx, measure, used === 0);
        from += part;
        // A part of a word that had room belongs to this line, else the line ends before the word.
        lines.push({ start, end: from });
        if (lines.length >= most) return lines;
        start = from;
        used = 0;
      }
    }
    lines.push({ start, end: paragraph.index + paragraph[0].length });
    if (lines.length >= most) return lines;
  }
  return lines;
}

/** How much of a word goes on a line with so much room: up to a place where it may break, or anywhere if it must. */
function longestPart(
  word: string,
  room: number,
  fontPx: number,
  measure: Measure,
  must: boolean,
): number {
  let best = 0;
  for (const at of word.matchAll(/\u00ad|[-–/](?=\p{L})/gu)) {
    const end = at.index + at[0].length;
    const shown = bare(word.slice(0, at.index)) + (at[0] === '\u00ad' ? '-' : at[0]);
    if (measure(shown, fontPx) > room) break;
    best = end;
  }
  if (best > 0 || !must) return best;
  for (const letter of word) {
    if (best > 0 && measure(bare(word.slice(0, best + letter.length)), fontPx) > room) break;
    best += letter.length;
  }
  return best;
}

function bare(text: string): string {
  return text.replaceAll('\u00ad', '');
}

const longWord = /\p{L}{9,}/gu;
const vowel = /[aeiouyäöåüéáàâ]/iu;
/** Other languages break elsewhere; only words that would not go on a line at all are broken by the rule. */
const longestUnbroken = 16;

/**
 * Soft hyphens by the Finnish rule: before a consonant that a vowel follows, at least three letters after the beginning and four
 * before the end, in words of nine letters or more.
 */
export function hyphenated(text: string, language: string): string {
  return text.replace(longWord, (word) => {
    if (language !== 'fi' && word.length < longestUnbroken) return word;
    const letters = Array.from(word);
    let result = '';
    for (const [i, letter] of letters.entries()) {
      const next = letters[i + 1];
      if (
        i >= 3 &&
        letters.length - i >= 4 &&
        next !== undefined &&
        !vowel.test(letter) &&
        vowel.test(next)
      ) {
        result += '\u00ad';
      }
      result += letter;
    }
    return result;
  });
}

/** Remembers what was measured: boards say the same words again and again. */
export function remembered(measure: Measure): Measure {
  const sizes = new Map<number, Map<string, number>>();
  return (text, fontPx) => {
    let widths = sizes.get(fontPx);
    if (!widths) sizes.set(fontPx, (widths = new Map<string, number>()));
    let width = widths.get(text);
    if (width === undefined) widths.set(text, (width = measure(text, fontPx)));
    return width;
  };
}
