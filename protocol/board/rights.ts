// What a phase lets participants do. Twin of rights.go.
import type { Board, ID, Phase, Role } from './item';

/** Names what the phase allows participants to do: the columns of the table of phases. */
export type Right =
  /** Make notes. */
  | 'add'
  /** Edit, delete, move notes: "all", "own", "none". */
  | 'edit'
  | 'delete'
  | 'move'
  /** Group, ungroup, name. */
  | 'group'
  /** Write a segment's descriptions. */
  | 'card'
  /** Place a segment on the axis. */
  | 'place'
  | 'assess'
  | 'goals'
  | 'experiment'
  | 'feedback'
  | 'comment';

/** How far a right goes. A right that knows no owner has all or none. */
export type Reach = 'all' | 'own' | 'none';

/** Rights in their order on screen. */
export const rights: readonly Right[] = [
  'add',
  'edit',
  'delete',
  'move',
  'group',
  'card',
  'place',
  'assess',
  'goals',
  'experiment',
  'feedback',
  'comment',
];

type Preset = Readonly<Partial<Record<Right, Reach>>>;

/** What each phase allows; what is missing is none. */
const presets: Readonly<Record<Phase, Preset>> = {
  free: Object.fromEntries(rights.map((right) => [right, 'all'])),
  describe: { add: 'all', edit: 'own', delete: 'own', move: 'all', comment: 'all' },
  group: { edit: 'own', group: 'all', comment: 'all' },
  name: { edit: 'own', group: 'all', comment: 'all' },
  segment: { card: 'all', place: 'all', comment: 'all' },
  place: { card: 'all', place: 'all', comment: 'all' },
  assess: { assess: 'all', goals: 'all', comment: 'all' },
  goals: { assess: 'all', goals: 'all', comment: 'all' },
  feedback: { goals: 'all', experiment: 'all', feedback: 'all', comment: 'all' },
  experiment: { goals: 'all', experiment: 'all', feedback: 'all', comment: 'all' },
  closed: {},
};

/** How far a right goes for participants on this board now. */
export function reachOf(board: Board, right: Right): Reach {
  const over = board.rights;
  if (over !== undefined && Object.hasOwn(over, right)) {
    return over[right] ?? 'none';
  }
  return presets[board.phase][right] ?? 'none';
}

/** How far a right goes in a phase before any was changed. */
export function presetOf(phase: Phase, right: Right): Reach {
  return presets[phase][right] ?? 'none';
}

/** Whether a right may be set to reach. */
export function validReach(right: Right, reach: unknown): reach is Reach {
  return (
    reach === 'all' ||
    reach === 'none' ||
    (reach === 'own' && (right === 'edit' || right === 'delete' || right === 'move'))
  );
}

/** Who acts, as the server told them. */
export interface Me {
  readonly id: ID;
  readonly role: Role;
  readonly link?: ID;
  /** Notes that are theirs although they do not name an author. */
  readonly mine: ReadonlySet<ID>;
}
