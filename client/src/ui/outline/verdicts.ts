// What the reader may do to a note, as a row of the outline and its menu show it.
import type { Refusal } from '$protocol/board/change';
import type { ID, Note } from '$protocol/board/item';
import type { Op } from '$protocol/board/op';
import type { Allowed } from '../../state/allowed';

export type Deed = 'text' | 'perspective' | 'place' | 'group' | 'ungroup' | 'delete';

/** null: it may be. A refusal: something stops it for now. 'never': neither role nor phase allows it. */
export type Verdict = Refusal | null | 'never';

type Rights = Pick<Allowed, 'edit' | 'move' | 'group' | 'delete'>;

/** `may` tells what stops an op, `can` what the phase leaves. `group`: an id that no item has, as of a new group. */
export function verdict(
  deed: Deed,
  note: Note,
  can: Rights,
  may: (op: Op) => Refusal | null,
  group: ID = 'new',
): Verdict {
  // Asked first: a lock hides that the phase would not allow it either.
  if (!granted(deed, can)) return 'never';
  const refusal = may(trial(deed, note, group));
  switch (refusal?.code) {
    case undefined:
      return null;
    case 'forbidden':
    case 'revoked':
    case 'phase':
      return 'never';
    // A text that is full can be shortened.
    case 'too_long':
      return null;
    default:
      return refusal ?? null;
  }
}

function granted(deed: Deed, can: Rights): boolean {
  switch (deed) {
    case 'text':
    case 'perspective':
      return can.edit !== 'none';
    case 'place':
      return can.move !== 'none';
    case 'group':
    case 'ungroup':
      return can.group;
    case 'delete':
      return can.delete !== 'none';
    default:
      deed satisfies never;
      return false;
  }
}

/** The least that the deed could be. */
export function trial(deed: Deed, { id, text = '', perspectiveId, x, y }: Note, group: ID): Op {
  switch (deed) {
    case 'text':
      return { do: 'text', id, field: 'text', from: text, to: `${text}.` };
    case 'perspective':
      return { do: 'edit', id, fields: { perspectiveId: perspectiveId ?? null } };
    case 'place':
      return { do: 'move', moves: [[id, x, y]] };
    case 'group':
      return { do: 'group', notes: [id], group };
    case 'ungroup':
      return { do: 'ungroup', notes: [id] };
    case 'delete':
      return { do: 'delete', ids: [id] };
    default:
      deed satisfies never;
      return { do: 'delete', ids: [id] };
  }
}
