/** Numbers in [0, 1) that a seed decides: mulberry32. */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A seed for a test that prints it: JANA_SEED repeats one. */
export function seedOf(): number {
  return Number(process.env['JANA_SEED'] ?? Math.floor(Math.random() * 1e9));
}
