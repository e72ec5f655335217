// The order of an experiment: what counts as success is said before it starts, what was learnt before it is done, and that
// before anything is decided. Twin of experiment.go.
import { refuse } from './change';
import type { Experiment, Item } from './item';
import type { Fields } from './op';
import type { No } from './tx';

/** What an experiment may lack. */
export type Untold = 'successCriterion' | 'learnt' | 'decision';

/**
 * The text or decision that an experiment of this status and decision still lacks. Texts that are emptied later are not held
 * against it: words come and go while people write.
 */
export function untold(experiment: Omit<Experiment, 'id' | 'type'>): Untold | undefined {
  const { status, decision, successCriterion, learnt } = experiment;
  const decided = decision !== undefined;
  if ((status === 'running' || status === 'done') && !said(successCriterion)) {
    return 'successCriterion';
  }
  if ((status === 'done' || decided) && !said(learnt)) {
    return 'learnt';
  }
  return status === 'done' && !decided ? 'decision' : undefined;
}

function said(text: string | undefined): boolean {
  return text !== undefined && text.trim() !== '';
}

/** Refuses to give an experiment a status or a decision that it is not ready for. next is what it would be. */
export function inOrder(next: Item, fields: Fields): No | null {
  if (next.type !== 'experiment') {
    return null;
  }
  const field =
    Object.hasOwn(fields, 'status') || Object.hasOwn(fields, 'decision') ? untold(next) : undefined;
  return field === undefined ? null : refuse('invalid', { id: next.id, field });
}
