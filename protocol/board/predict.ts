// What ops would change if the server applied them now, and what would refuse them. The facts correct it.
import type { Landed } from './apply';
import { refuse, type Refusal } from './change';
import type { Op } from './op';
import * as cells from './predict_cell';
import * as removal from './predict_delete';
import * as grouping from './predict_group';
import * as items from './predict_item';
import * as people from './predict_people';
import * as room from './predict_room';
import { proposedOp } from './proposal';
import type { Me } from './rights';
import type { State } from './state';
import { Tx, type No } from './tx';

/** What a push is expected to become. */
export interface Prediction {
  readonly landed: readonly Landed[];
  readonly refusals: readonly Refusal[];
}

/**
 * Lands on the state what a push would change, as far as it can be known here. The state can be rolled back to where it
 * was. time: ms since 1970 by the server's clock.
 */
export function predict(
  state: State,
  me: Me,
  push: { readonly ops: readonly Op[]; readonly whole?: boolean },
  time: number,
): Prediction {
  const t = new Tx(state, me, time);
  const start = t.mark();
  for (const [i, op] of push.ops.entries()) {
    t.op = i;
    const mark = t.mark();
    const told = t.refusals.length;
    const no = apply(t, op);
    if (no !== null) {
      t.rollback(mark);
      t.refusals.length = told;
      t.tell(no);
    }
    if (push.whole === true && t.refusals.length > 0) {
      t.rollback(start);
      break;
    }
  }
  return { landed: t.landed, refusals: t.refusals };
}

/** The refusal that an op would meet as things stand; null if it may be. Of an op that would happen in part: the first. */
export function may(state: State, me: Me, op: Op): Refusal | null {
  const mark = state.mark();
  const { refusals } = predict(state, me, { ops: [op] }, 0);
  state.rollback(mark);
  return refusals[0] ?? null;
}

/** Decides one op: null, or why not. */
function apply(t: Tx, op: Op): No | null {
  const no = t.admit(op);
  if (no !== null) {
    return no;
  }
  switch (op.do) {
    case 'create':
      return items.create(t, op);
    case 'edit':
      return items.edit(t, op);
    case 'text':
      return items.text(t, op);
    case 'move':
      return items.move(t, op);
    case 'group':
      return grouping.group(t, op);
    case 'ungroup':
      return grouping.ungroup(t, op);
    case 'delete':
      return removal.remove(t, op);
    case 'restore':
      return removal.restore(t, op);
    case 'assess':
      return cells.assess(t, op);
    case 'lock':
      return room.lock(t, op);
    case 'pin':
      return room.pin(t, op);
    case 'freeze':
      return room.freeze(t, op);
    case 'unfreeze':
      return room.unfreeze(t, op);
    case 'phase':
      return room.phase(t, op);
    case 'rights':
      return room.setRights(t, op);
    case 'board':
      return room.settings(t, op);
    case 'private':
      return room.privately(t, op);
    case 'reveal':
      return room.reveal(t);
    case 'milestone':
      return room.milestone(t, op);
    case 'rewind':
      return room.rewind(t, op);
    case 'blank':
      return removal.blank(t, op);
    case 'approve':
      return people.approve(t, op);
    case 'decide':
      return decide(t, op);
    case 'join':
      return refuse('forbidden');
    case 'rename':
      return people.rename(t, op);
    case 'link':
      return people.link(t, op);
    default:
      op satisfies never;
      return refuse('invalid');
  }
}

/** Does what was proposed whatever has changed since, or does not. Twin of proposal.go. */
function decide(t: Tx, op: Extract<Op, { do: 'decide' }>): No | null {
  const proposal = t.s.item(op.proposal);
  if (proposal === undefined) {
    return refuse('gone', { id: op.proposal });
  }
  if (proposal.type !== 'proposal') {
    return refuse('invalid', { id: op.proposal });
  }
  if (op.accept) {
    const wanted = proposedOp(proposal);
    const no =
      wanted === undefined || wanted.do === 'decide' ? refuse('invalid') : apply(t, wanted);
    if (no !== null) {
      return no;
    }
  }
  t.remove(op.proposal);
  return null;
}
