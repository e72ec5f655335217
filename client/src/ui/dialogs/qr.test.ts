import { describe, expect, test } from 'vitest';
import { generate } from 'lean-qr';
import { qrPath } from './qr';

/** The modules that a path paints, as rows of # and spaces. */
function painted({ size, d }: { size: number; d: string }): string[] {
  const rows = Array.from({ length: size }, () => new Array<string>(size).fill(' '));
  for (const [, x, y, width] of d.matchAll(/M(\d+) (\d+)h(\d+)v1H\1z/g)) {
    for (let i = 0; i < Number(width); i++) {
      const row = rows[Number(y)];
      if (row) row[Number(x) + i] = '#';
    }
  }
  return rows.map((row) => row.join(''));
}

describe('a QR code as a path', () => {
  const link = 'http://192.168.1.20:8080/b/keskiuusimaa#AbCdEfGhIjKlMnOpQrStUv';

  test('has the three eyes that a reader looks for', () => {
    const rows = painted(qrPath(link));
    const eye = ['#######', '#     #', '# ### #', '# ### #', '# ### #', '#     #', '#######'];
    const at = (x: number, y: number) => eye.map((_, i) => rows[y + i]?.slice(x, x + 7));
    const far = rows.length - 7;
    expect(at(0, 0)).toEqual(eye);
    expect(at(far, 0)).toEqual(eye);
    expect(at(0, far)).toEqual(eye);
  });

  test('paints the modules of its code and no others', () => {
    const { size, d } = qrPath(link);
    const dark = painted({ size, d }).join('').replaceAll(' ', '').length;
    const subpaths = d.match(/M/g)?.length ?? 0;
    expect(d).toMatch(/^(M\d+ \d+h\d+v1H\d+z)+$/);
    expect(subpaths).toBeLessThan(dark);
    // Of every ten modules of a code four to six are dark.
    expect(dark / size ** 2).toBeGreaterThan(0.4);
    expect(dark / size ** 2).toBeLessThan(0.6);
  });

  test('mends more than the least that a code must, and stays within what a camera reads across a room', () => {
    const { size } = qrPath(link);
    expect(size).toBeGreaterThanOrEqual(generate(link).size);
    expect(size).toBeLessThanOrEqual(41);
  });
});
