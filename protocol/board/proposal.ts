// What waits for facilitators to decide. Twin of proposal.go, as far as a browser does it.
import type { Proposal } from './item';
import type { Op } from './op';

/** The op that was proposed, without what it saw; undefined if that cannot be read. */
export function proposedOp({ op }: Proposal): Op | undefined {
  try {
    const { was: _, ...wanted } = JSON.parse(op ?? '') as Op & { readonly was?: unknown };
    return wanted;
  } catch {
    return undefined;
  }
}
