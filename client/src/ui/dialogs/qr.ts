// QR codes as the data of one path.
import { correction, generate } from 'lean-qr';

export interface QrPath {
  /** Modules along a side, without the light edge that a reader needs around. */
  readonly size: number;
  /** One subpath per run of dark modules, in units of a module. */
  readonly d: string;
}

/** A code for a link on a screen: it survives a finger on it, yet its modules stay large. */
export function qrPath(text: string): QrPath {
  const { size, get } = read(text);
  let d = '';
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (!get(x, y)) continue;
      const start = x;
      while (get(x + 1, y)) x++;
      d += `M${start} ${y}h${x + 1 - start}v1H${start}z`;
    }
  }
  return { size, d };
}

function read(text: string) {
  const code = generate(text, {
    minCorrectionLevel: correction.M,
    maxCorrectionLevel: correction.Q,
  });
  return { size: code.size, get: (x: number, y: number) => code.get(x, y) };
}
