// The ways in which the page shows a board: where each is offered, and whose work it is (bar/faces.ts: what it is called).
import type { Component } from 'svelte';
import type { Phase } from '$protocol/board/item';
import type { BoardState } from '../state/board.svelte';
import type { ViewName } from '../state/chrome.svelte';
import type { ViewParts } from './viewParts';

export interface View {
  /** Absent: the canvas, which comes with the page. */
  readonly load?: () => Promise<{ default: Component<Record<string, never>> }>;
  /** Phases in which everyone is offered it; absent: all. Facilitators prepare and look back in any. */
  readonly phases?: readonly Phase[];
  /** Phases that it is shown in until somebody chooses another. */
  readonly own?: readonly Phase[];
}

/** By way of a table that is not among what a first picture weighs. */
function late(name: keyof ViewParts) {
  return async () => (await import('./viewParts')).viewParts[name]();
}

export const views: Readonly<Record<ViewName, View>> = {
  board: {},
  list: { load: late('list') },
  cards: {
    load: late('cards'),
    phases: ['free', 'segment', 'place', 'assess', 'goals', 'feedback', 'experiment', 'closed'],
    own: ['segment', 'place'],
  },
  matrix: {
    load: late('matrix'),
    phases: ['free', 'assess', 'goals', 'feedback', 'experiment', 'closed'],
    own: ['assess'],
  },
  findings: {
    load: late('findings'),
    phases: ['free', 'assess', 'goals', 'feedback', 'experiment', 'closed'],
  },
  goals: {
    load: late('goals'),
    phases: ['free', 'assess', 'goals', 'feedback', 'experiment', 'closed'],
    own: ['goals'],
  },
  experiments: {
    load: late('experiments'),
    phases: ['free', 'assess', 'goals', 'feedback', 'experiment', 'closed'],
    own: ['experiment'],
  },
  feedback: {
    load: late('feedback'),
    phases: ['free', 'feedback', 'experiment', 'closed'],
    own: ['feedback'],
  },
  result: {
    load: late('result'),
    phases: ['closed'],
    own: ['closed'],
  },
};

const names = Object.keys(views) as readonly ViewName[];

function ownView(phase: Phase | undefined): ViewName {
  return names.find((name) => phase && views[name].own?.includes(phase)) ?? 'board';
}

/** Those that the reader may choose from now. */
export function offered({ board, can }: BoardState): ViewName[] {
  return names.filter((name) => {
    const { phases } = views[name];
    return !phases || can.facilitate || (board && phases.includes(board.phase));
  });
}

/** The one that is shown: what was chosen, until a phase begins whose work is done elsewhere; else the phase's own. */
export function viewOf(state: BoardState): ViewName {
  const own = ownView(state.board?.phase);
  const { chosen } = state.chrome;
  return chosen && ownView(chosen.phase) === own && offered(state).includes(chosen.view)
    ? chosen.view
    : own;
}
