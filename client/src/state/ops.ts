// Ops taken apart: which notes one is about, and the same op for fewer of them.
import type { ID, Item, Note } from '$protocol/board/item';
import type { Op } from '$protocol/board/op';

/** The items that an op is about, in its order. */
export function subjects(op: Op): readonly ID[] {
  switch (op.do) {
    case 'create':
      return [op.item.id];
    case 'edit':
    case 'text':
    case 'blank':
      return [op.id];
    case 'move':
      return op.moves.map(([id]) => id);
    case 'group':
    case 'ungroup':
      return op.notes;
    case 'delete':
    case 'restore':
    case 'pin':
      return op.ids;
    default:
      return [];
  }
}

/** The op for some of its items alone. Ops about a single item stay as they are. */
export function narrowed(op: Op, to: ReadonlySet<ID>): Op {
  const some = (ids: readonly ID[]) => ids.filter((id) => to.has(id));
  switch (op.do) {
    case 'move':
      return { ...op, moves: op.moves.filter(([id]) => to.has(id)) };
    case 'group':
    case 'ungroup':
      return { ...op, notes: some(op.notes) };
    case 'delete':
    case 'restore':
    case 'pin':
      return { ...op, ids: some(op.ids) };
    default:
      return op;
  }
}

/** A note like another one, at another place. Its group is joined by an op of its own. */
export function copyOf(note: Note, id: ID, x: number, y: number): Item {
  return {
    type: 'note',
    id,
    x,
    y,
    ...(note.text === undefined ? {} : { text: note.text }),
    ...(note.perspectiveId === undefined ? {} : { perspectiveId: note.perspectiveId }),
    ...(note.kind === undefined ? {} : { kind: note.kind }),
  };
}
