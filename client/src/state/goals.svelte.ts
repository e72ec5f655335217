// How far the goals are reached, as the board goes on.
import type { ID } from '$protocol/board/item';
import type { GoalAnalysis } from '$protocol/method/analysis';
import { read } from '$protocol/method/analyse';
import { matrixOf } from '$protocol/method/cells';
import { goals, servicesWithoutGoal } from '$protocol/method/goals';
import { LiveAnalysis } from './analysis.svelte';
import type { BoardState } from './board.svelte';
import { linksIn, optionsOf, type Option } from './links';

interface Reach {
  readonly goals: readonly GoalAnalysis[];
  readonly aimless: readonly ID[];
}

/** How far one goal is reached. */
export interface Aim {
  readonly reached: readonly Option[];
  readonly unreached: readonly Option[];
  readonly withoutMeans: boolean;
}

export class Goals {
  readonly #state: BoardState;
  readonly #live: LiveAnalysis<Reach>;

  constructor(state: BoardState) {
    this.#state = state;
    this.#live = new LiveAnalysis(state, ['goal', 'assessment', 'service', 'segment'], (board) => ({
      goals: goals(matrixOf(read(board))),
      aimless: servicesWithoutGoal(board),
    }));
  }

  /** Services that no goal names. */
  get aimless(): readonly ID[] {
    return this.#live.latest.aimless;
  }

  of(id: ID): Aim {
    const goal = this.#state.items.itemOf(id, 'goal');
    const found = this.#live.latest.goals.find(({ goalId }) => goalId === id);
    const meant = goal ? linksIn(goal, 'segmentIds') : [];
    const groups = optionsOf(this.#state, 'segmentIds').filter((one) => meant.includes(one.id));
    const reached = new Set(found?.reachedSegmentIds);
    return {
      reached: groups.filter((one) => reached.has(one.id)),
      unreached: groups.filter((one) => !reached.has(one.id)),
      withoutMeans: (goal?.serviceIds ?? []).length === 0,
    };
  }

  /** Follows the board until what it returns is called. */
  watch(): () => void {
    return this.#live.watch();
  }
}
