// The fitted text of a note at a level. Fitting is remembered, since notes come into view again and again.

import type { LevelSize } from './level';
import { fit, hyphenated, remembered, type Fitted, type Measure } from './text';

/** No text on a note is smaller, at a root font of 16 px. */
const leastPx = 11.5;
const mostRemembered = 6000;

export class Typesetter {
  private fits = new Map<string, Fitted>();
  private measure: Measure;

  constructor(
    private readonly raw: Measure,
    private language: string,
  ) {
    this.measure = remembered(raw);
  }

  /** Another language, or fonts that have loaded: everything is measured anew. */
  reset(language: string): void {
    this.language = language;
    this.fits = new Map();
    this.measure = remembered(this.raw);
  }

  lettersPx(size: LevelSize, textScale: number): number {
    return Math.max(leastPx * textScale, size.font * 0.8);
  }

  /** `locked`: a lock stands beside the letters. */
  fit(text: string, letters: string, locked: boolean, size: LevelSize, textScale: number): Fitted {
    const key = `${size.width}|${locked ? 1 : 0}|${letters}|${text}`;
    const known = this.fits.get(key);
    if (known) return known;
    const lettersPx = this.lettersPx(size, textScale);
    // The letters are bolder than the text that is measured.
    const lettersWidth = letters === '' ? 0 : this.measure(letters, lettersPx) * 1.1;
    const lockWidth = locked ? 18 * textScale : 0;
    const corner = lettersWidth + lockWidth;
    const fitted = fit(
      hyphenated(text, this.language),
      {
        width: size.width - 2 * size.inset,
        height: size.height - 2 * size.inset,
        fontPx: size.font,
        leading: size.leading,
        corner: corner === 0 ? 0 : corner + 5,
        leastPx: leastPx * textScale,
      },
      this.measure,
    );
    if (this.fits.size >= mostRemembered) this.fits.clear();
    this.fits.set(key, fitted);
    return fitted;
  }
}
