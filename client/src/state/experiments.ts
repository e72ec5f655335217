// The order of experiments: what comes after what, and what that takes.
import { untold, type Untold } from '$protocol/board/experiment';
import type { Experiment } from '$protocol/board/item';
import type { BoardState } from './board.svelte';
import type { PlainKey } from './words/dictionary';

export type Status = NonNullable<Experiment['status']>;
export type Decision = NonNullable<Experiment['decision']>;

export const statuses: readonly Status[] = ['planned', 'running', 'done'];
export const decisions: readonly Decision[] = ['continue', 'adapt', 'stop'];

export const statusNames: Readonly<Record<Status, PlainKey>> = {
  planned: 'exp.planned',
  running: 'exp.running',
  done: 'exp.done',
};

export const decisionNames: Readonly<Record<Decision, PlainKey>> = {
  continue: 'exp.continue',
  adapt: 'exp.adapt',
  stop: 'exp.stop',
};

/** What is missing, as it is asked for. */
export const untoldNames: Readonly<Record<Untold, PlainKey>> = {
  successCriterion: 'exp.needsCriterion',
  learnt: 'exp.needsLearnt',
  decision: 'exp.needsDecision',
};

export function statusOf({ status = 'planned' }: Experiment): Status {
  return status;
}

/** The one so many steps on. */
export function statusBeside(experiment: Experiment, by: number): Status | undefined {
  return statuses[statuses.indexOf(statusOf(experiment)) + by];
}

/** What it lacks for its next status; where it is done, for that. */
export function lacks(experiment: Experiment): Untold | undefined {
  const next = statusBeside(experiment, 1) ?? 'done';
  return untold(experiment) ?? untold({ ...experiment, status: next });
}

export function setStatus({ actions }: BoardState, { id }: Experiment, status: Status): void {
  actions.attempt({ do: 'edit', id, fields: { status } });
}

export function decide({ actions }: BoardState, { id }: Experiment, decision: Decision): void {
  actions.attempt({ do: 'edit', id, fields: { decision } });
}
