// Ops as they travel: composed texts, and no more in one push than the server takes.
import { limits } from '$protocol/board/item';
import type { Op } from '$protocol/board/op';

/** The server takes frames of 64 KiB; the rest is for what is around the ops. */
const maxBytes = 60 << 10;

/** The ops with their texts in NFC, but for what says how a text was: that is compared as it is. */
export function composed(ops: readonly Op[]): readonly Op[] {
  return ops.map((op) => JSON.parse(JSON.stringify(op), compose) as Op);
}

function compose(this: unknown, key: string, value: unknown): unknown {
  return typeof value === 'string' && key !== 'from' ? value.normalize('NFC') : value;
}

/** The ops in as many pushes as they need. */
export function packed(ops: readonly Op[]): readonly (readonly Op[])[] {
  const pushes: Op[][] = [];
  let bytes = Infinity;
  for (const op of ops) {
    const size = new TextEncoder().encode(JSON.stringify(op)).length + 1;
    const last = pushes.at(-1);
    if (last === undefined || last.length === limits.ops || bytes + size > maxBytes) {
      pushes.push([op]);
      bytes = size;
    } else {
      last.push(op);
      bytes += size;
    }
  }
  return pushes;
}
