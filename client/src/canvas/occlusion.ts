// Which of many notes are seen at all: painting those that lie wholly under others is painting for nothing.

export interface Spot {
  /** Centre, px. */
  readonly x: number;
  readonly y: number;
}

const cellPx = 8;

/**
 * The spots of which something is seen, in their order: from the lowest to the topmost, all `width` × `height` px, on a surface of
 * the given size. A spot is left out only if everything of it is surely hidden.
 */
export function seenSpots<T extends Spot>(
  spots: readonly T[],
  width: number,
  height: number,
  surface: { readonly width: number; readonly height: number },
): T[] {
  const columns = Math.ceil(surface.width / cellPx);
  const rows = Math.ceil(surface.height / cellPx);
  const taken = new Uint8Array(columns * rows);
  const seen: T[] = [];
  for (let i = spots.length - 1; i >= 0; i--) {
    const spot = spots[i];
    if (!spot) continue;
    const left = spot.x - width / 2;
    const top = spot.y - height / 2;
    // It touches these cells, and fills the inner ones.
    const firstColumn = Math.max(0, Math.floor(left / cellPx));
    const lastColumn = Math.min(columns - 1, Math.floor((left + width) / cellPx));
    const firstRow = Math.max(0, Math.floor(top / cellPx));
    const lastRow = Math.min(rows - 1, Math.floor((top + height) / cellPx));
    let open = false;
    for (let r = firstRow; r <= lastRow; r++) {
      for (let c = firstColumn; c <= lastColumn; c++) {
        if (taken[r * columns + c] === 1) continue;
        open = true;
        const inside =
          c * cellPx >= left + 1 &&
          (c + 1) * cellPx <= left + width - 1 &&
          r * cellPx >= top + 1 &&
          (r + 1) * cellPx <= top + height - 1;
        if (inside) taken[r * columns + c] = 1;
      }
    }
    if (open) seen.push(spot);
  }
  return seen.reverse();
}
