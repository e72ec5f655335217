// The work on one push in the browser: what its ops would change, and what would refuse them. Twin of the tx of apply.go,
// of which it is a prediction: it knows nothing that is hidden from this viewer, and little of what came before them.
import { get, land, same, type Landed } from './apply';
import { refuse, type Change, type Code, type Reason, type Refusal } from './change';
import { limits, type Board, type ID, type Item, type ItemOf, type ItemType } from './item';
import type { Stamp, Value } from './item';
import type { Fields, Op, Was } from './op';
import { reachOf, type Me, type Right } from './rights';
import type { State } from './state';
import { validID, type Lookup } from './validate';

/** Why the op at work does not happen. */
export type No = Omit<Refusal, 'op'>;

/** A refusal that names who set the rule, and when. */
export function refuseBy(stamp: Stamp | undefined, code: Code, reason?: Reason): No {
  const no = refuse(code, reason);
  return stamp === undefined ? no : { ...no, by: stamp.by, set: stamp.time };
}

interface Savepoint {
  readonly steps: number;
  readonly landed: number;
}

export class Tx {
  readonly landed: Landed[] = [];
  readonly refusals: Refusal[] = [];
  /** Index of the op at work. */
  op = 0;
  /** Which type an item of an id has. */
  readonly typeOf: Lookup = (id) => this.s.item(id)?.type;

  constructor(
    readonly s: State,
    readonly me: Me,
    /** ms since 1970 by the server's clock, for stamps. */
    readonly time: number,
  ) {}

  get board(): Board | undefined {
    return this.s.settings();
  }

  mark(): Savepoint {
    return { steps: this.s.mark(), landed: this.landed.length };
  }

  rollback(to: Savepoint): void {
    this.s.rollback(to.steps);
    this.landed.length = to.landed;
  }

  /** Makes a change happen and notes it. */
  land(change: Change): void {
    this.landed.push(land(this.s, change, this.me.id));
  }

  put(item: Item): void {
    this.land({ put: item });
  }

  remove(id: ID): void {
    this.land({ remove: id });
  }

  /** Sets what differs from what is there; nothing happens if nothing does. */
  setFields(id: ID, fields: Fields): void {
    const item = this.s.item(id);
    if (item === undefined) {
      return;
    }
    const kept = Object.entries(fields).filter(([path, value]) => !same(get(item, path), value));
    if (kept.length > 0) {
      this.land({ set: { id, ...Object.fromEntries(kept) } });
    }
  }

  /** Says who does this, and when. */
  stamp<More extends Readonly<Record<string, Value>>>(
    more: More,
  ): { readonly by: ID; readonly time: number } & More {
    return { by: this.me.id, time: this.time, ...more };
  }

  /** Reports what an op left alone while the rest of it happened. */
  tell(no: No): void {
    this.refusals.push({ op: this.op, ...no });
  }

  /** Refuses a missing item, and an id of another type. */
  item(id: ID, type?: ItemType): { readonly item: Item } | { readonly no: No } {
    const item = this.s.item(id);
    if (item === undefined) {
      return { no: refuse('gone', { id }) };
    }
    return type === undefined || item.type === type ? { item } : { no: refuse('invalid', { id }) };
  }

  /** Refuses what is missing, or of another type. */
  missing(id: ID, type?: ItemType): No | null {
    const found = this.item(id, type);
    return 'no' in found ? found.no : null;
  }

  /** The first refusal of a check of some items. */
  each(ids: readonly ID[], check: (item: Item) => No | null): No | null {
    return firstNo(ids, (id) => {
      const item = this.s.item(id);
      return item === undefined ? null : check(item);
    });
  }

  /** Asks what can be said before any item is looked at: the role, the link, the board lock. */
  admit(op: Op): No | null {
    if (op.do === 'join' || this.me.role === 'viewer' || this.me.role === 'visitor') {
      return refuse('forbidden');
    }
    if (this.me.role === 'facilitator') {
      return this.admitLink();
    }
    switch (op.do) {
      case 'lock':
      case 'pin':
      case 'freeze':
      case 'unfreeze':
      case 'phase':
      case 'rights':
      case 'board':
      case 'private':
      case 'reveal':
      case 'milestone':
      case 'rewind':
      case 'blank':
      case 'approve':
      case 'decide':
      case 'link':
        return refuse('forbidden');
      case 'rename':
        return op.participant !== undefined &&
          op.participant !== '' &&
          op.participant !== this.me.id
          ? refuse('forbidden')
          : this.admitLink();
      default:
    }
    const no = this.admitLink();
    if (no !== null) {
      return no;
    }
    const lock = this.board?.lock;
    const bound =
      lock?.level === 'closed' || (lock?.level === 'text' && op.do !== 'edit' && op.do !== 'text');
    return bound ? refuseBy(lock, 'board_locked') : null;
  }

  /** Refuses who comes by a link that is closed. Only facilitators see links: others are told by the server. */
  admitLink(): No | null {
    const link = this.s.itemOf(this.me.link, 'link');
    if (link?.revoked !== undefined) {
      return refuseBy(link.revoked, 'revoked');
    }
    return link !== undefined && link.role !== this.me.role ? refuse('forbidden') : null;
  }

  /** Asks for a right of the phase, over an item where it may be owned. Absent: a right of facilitators alone. */
  require(right: Right | undefined, item?: Item): No | null {
    if (this.me.role === 'facilitator') {
      return null;
    }
    if (right === undefined) {
      return refuse('forbidden');
    }
    const { board } = this;
    if (board === undefined) {
      return null;
    }
    if (
      board.lock?.level === 'text' &&
      right !== 'edit' &&
      right !== 'card' &&
      right !== 'comment'
    ) {
      return refuseBy(board.lock, 'board_locked');
    }
    switch (reachOf(board, right)) {
      case 'all':
        return null;
      case 'own':
        return item === undefined ||
          get(item, 'authorId') === this.me.id ||
          this.me.mine.has(item.id)
          ? null
          : refuse('not_yours', { id: item.id });
      case 'none':
        return refuseBy(board.phaseSet, 'phase');
    }
  }

  /** The frozen segment that binds an item. */
  frozenBy(item: Item): ItemOf<'segment'> | undefined {
    if (item.type === 'segment') {
      return item.frozen === undefined ? undefined : item;
    }
    const group = item.type === 'note' ? item.groupId : item.type === 'group' ? item.id : undefined;
    if (group === undefined) {
      return undefined;
    }
    for (const id of this.s.referrers(group)) {
      const segment = this.s.itemOf(id, 'segment');
      if (segment?.frozen !== undefined) {
        return segment;
      }
    }
    return undefined;
  }

  /** Refuses what touches a frozen segment or a pinned item. */
  untouched(item: Item): No | null {
    const segment = this.frozenBy(item);
    if (segment !== undefined) {
      return refuseBy(segment.frozen, 'frozen', { id: segment.id });
    }
    return item.pinned === undefined ? null : refuseBy(item.pinned, 'pinned', { id: item.id });
  }

  /** The first field in which an item differs from what the author of an undo saw; all that they saw if none is named. */
  changedSince(item: Item, was: Was | undefined, ...fields: string[]): No | null {
    const saw = was !== undefined && Object.hasOwn(was, item.id) ? was[item.id] : undefined;
    if (saw === undefined) {
      return null;
    }
    for (const field of fields.length > 0 ? fields : Object.keys(saw).sort()) {
      if (Object.hasOwn(saw, field) && !same(get(item, field), saw[field])) {
        return refuse('changed_since', { id: item.id, field });
      }
    }
    return null;
  }

  /** Refuses an id that cannot be given to a new item. */
  newID(id: ID): No | null {
    if (!validID(id)) {
      return refuse('invalid', { field: 'id' });
    }
    if (this.s.item(id) !== undefined) {
      return refuse('exists', { id });
    }
    return this.s.wasHere(id) ? refuse('gone', { id }) : null;
  }

  /** Refuses n more items on a full board. */
  room(n: number): No | null {
    const held = this.s.size - this.s.idsOf('participant').size - this.s.idsOf('link').size;
    return held + n > limits.items ? refuse('full', { limit: limits.items }) : null;
  }
}

/** The first refusal of a check. */
export function firstNo<T>(all: Iterable<T>, check: (one: T) => No | null): No | null {
  for (const one of all) {
    const no = check(one);
    if (no !== null) {
      return no;
    }
  }
  return null;
}
