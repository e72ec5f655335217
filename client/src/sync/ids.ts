// Ids made in the browser.

/** Fills bytes with randomness fit for secrets: crypto.getRandomValues, which pages without a secure context have too. */
export type Fill = (bytes: Uint8Array<ArrayBuffer>) => unknown;

const letters = 'abcdefghijklmnopqrstuvwxyz234567';

/** An id for an item, tab or draft: 16 base32 characters, 80 random bits. */
export function makeID(fill: Fill): string {
  return base32(fill, 16);
}

/** What a browser is known by on one board (`me`): 128 random bits, to be kept and shown to nobody. */
export function makeSecret(fill: Fill): string {
  return base32(fill, 26);
}

function base32(fill: Fill, length: number): string {
  const bytes = new Uint8Array(length);
  fill(bytes);
  return Array.from(bytes, (byte) => letters.charAt(byte & 31)).join('');
}
