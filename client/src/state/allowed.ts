// What the reader may do on this board now, for what is on screen: what the phase never allows is absent; what a lock, a
// pin or a freeze stops for now is there, with its lock.
import type { Board, LockLevel } from '$protocol/board/item';
import { reachOf, type Me, type Reach } from '$protocol/board/rights';
import type { Mode } from '../canvas/types';

export interface Allowed {
  /** Steers: phases, locks, freezing, links. */
  readonly facilitate: boolean;
  readonly add: boolean;
  readonly edit: Reach;
  readonly delete: Reach;
  readonly move: Reach;
  readonly group: boolean;
  /** Write what segments are like. */
  readonly card: boolean;
  /** Put segments in their places on the axis. */
  readonly place: boolean;
  /** Assess services, and say what there is of them. */
  readonly assess: boolean;
  /** Give feedback. */
  readonly feedback: boolean;
  /** Make segments that come of no group. */
  readonly segment: boolean;
  /** Say what is aimed at. */
  readonly goals: boolean;
  /** Plan experiments, and say what became of them. */
  readonly experiment: boolean;
  /** Comment on notes, whoever wrote them. */
  readonly comment: boolean;
  /** The board's lock as it binds the reader. */
  readonly locked: LockLevel;
}

const nothing: Allowed = {
  facilitate: false,
  add: false,
  edit: 'none',
  delete: 'none',
  move: 'none',
  group: false,
  card: false,
  place: false,
  assess: false,
  feedback: false,
  segment: false,
  goals: false,
  experiment: false,
  comment: false,
  locked: 'open',
};

/** Without a board, or with the rights of a viewer: nothing. */
export function allowed(me: Me | undefined, board: Board | undefined): Allowed {
  if (me === undefined || board === undefined) return nothing;
  switch (me.role) {
    case 'facilitator':
      return {
        facilitate: true,
        add: true,
        edit: 'all',
        delete: 'all',
        move: 'all',
        group: true,
        card: true,
        place: true,
        assess: true,
        feedback: true,
        segment: true,
        goals: true,
        experiment: true,
        comment: true,
        locked: 'open',
      };
    case 'participant':
      return {
        facilitate: false,
        add: reachOf(board, 'add') !== 'none',
        edit: reachOf(board, 'edit'),
        delete: reachOf(board, 'delete'),
        move: reachOf(board, 'move'),
        group: reachOf(board, 'group') !== 'none',
        card: reachOf(board, 'card') !== 'none',
        place: reachOf(board, 'place') !== 'none',
        assess: reachOf(board, 'assess') !== 'none',
        feedback: reachOf(board, 'feedback') !== 'none',
        segment: reachOf(board, 'card') !== 'none' && reachOf(board, 'group') !== 'none',
        goals: reachOf(board, 'goals') !== 'none',
        experiment: reachOf(board, 'experiment') !== 'none',
        comment: reachOf(board, 'comment') !== 'none',
        locked: board.lock?.level ?? 'open',
      };
    case 'viewer':
    case 'visitor':
      return nothing;
    default:
      me.role satisfies never;
      return nothing;
  }
}

/** What the reader has switched on for their next taps. */
export interface Tool {
  readonly selectMore: boolean;
  readonly placing: boolean;
}

/** What taps and drags mean. In the phases group and name a drag says where a note belongs, for facilitators too. */
export function modeOf(can: Allowed, board: Board | undefined, tool: Tool): Mode {
  const phase = board?.phase;
  const belongs = phase === 'group' || phase === 'name';
  return {
    drag: belongs ? (can.group ? 'belongs' : 'none') : can.move === 'none' ? 'none' : 'move',
    holdToGroup: phase === 'free' && can.group,
    create: can.add && can.locked === 'open' && !tool.placing,
    selectMore: tool.selectMore,
    placing: tool.placing,
  };
}
