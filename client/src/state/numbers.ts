// Numbers as people type and read them.

const most = 1e9;

/** A typed number greater than 0; undefined when it is none. Comma and point are alike, spaces may part thousands. */
export function readPositive(typed: string): number | undefined {
  const number = readNumber(typed);
  return number !== undefined && number > 0 && number <= most ? number : undefined;
}

/** A typed number from 0 on; undefined when it is none. */
export function readNumber(typed: string): number | undefined {
  const text = typed.replace(/\s/g, '').replace(',', '.');
  return /^\d{1,10}(\.\d{1,6})?$/.test(text) ? Number(text) : undefined;
}

/** A number as its reader may go on typing it. */
export function typedNumber(number: number | undefined, language: string): string {
  const text = number === undefined ? '' : String(number);
  return language === 'en' ? text : text.replace('.', ',');
}
