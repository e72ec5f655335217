// Lines that become notes.

export interface Line {
  readonly text: string;
  /** Its place on the axis in tenths, if the line begins with one. */
  readonly tenths?: number;
}

const bullet = /^\s*(?:[-–—•*·]|\d+[.)])\s+/u;
const place = /^(\d{1,3}(?:[.,]\d)?) *[;:|\t]\s*(?=\S)/u;

/**
 * One line is one note; bullets and empty lines fall away. With an axis, a line may begin with its place, 0–100, and a
 * semicolon, colon, bar or tab: "27; Soittaa itse". A number alone is part of the text: "3 lasta".
 */
export function readLines(text: string, axis: boolean): Line[] {
  const lines: Line[] = [];
  for (const line of text.normalize('NFC').split(/\r?\n/)) {
    const bare = line.replace(bullet, '').trim();
    if (bare === '') continue;
    const found = axis ? place.exec(bare) : null;
    const tenths = found ? Math.round(Number((found[1] ?? '').replace(',', '.')) * 10) : NaN;
    if (found && tenths >= 0 && tenths <= 1000) {
      lines.push({ text: bare.slice(found[0].length).trim(), tenths });
    } else {
      lines.push({ text: bare });
    }
  }
  return lines;
}

/** A typed place in tenths; undefined when it is no number 0–100. Comma and point are alike. */
export function readTenths(typed: string): number | undefined {
  const text = typed.trim().replace(',', '.');
  if (!/^\d{1,3}(\.\d+)?$/.test(text)) return undefined;
  const tenths = Math.round(Number(text) * 10);
  return tenths <= 1000 ? tenths : undefined;
}
