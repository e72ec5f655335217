// Lines that become services.
import { limits } from '$protocol/board/item';
import { cleanLine, textLength } from '$protocol/board/text';
import type { ServiceLine } from './matrixActions';

const bullet = /^\s*(?:[-–—•*·]|\d+[.)])\s+/u;

export interface ServicesRead {
  readonly lines: readonly ServiceLine[];
  /** The first name that is longer than one may be. */
  readonly tooLong: string | undefined;
}

/**
 * One line is one service; bullets and empty lines fall away. A line may begin with its category and a semicolon or tab, as
 * the columns of a spreadsheet come: "Neuvonta; Sosiaaliohjaus".
 */
export function readServices(text: string): ServicesRead {
  const lines: ServiceLine[] = [];
  for (const line of text.normalize('NFC').split(/\r?\n/)) {
    const bare = line.replace(bullet, '');
    const [first = '', ...rest] = bare.split(/[;\t]/).map(cleanLine);
    const name = rest.find((part) => part !== '');
    if (name !== undefined && first !== '') lines.push({ name, category: first });
    else if (first !== '' || name !== undefined) lines.push({ name: name ?? first });
  }
  const names = lines.flatMap(({ name, category = '' }) => [name, category]);
  return { lines, tooLong: names.find((name) => textLength(name) > limits.name) };
}
