// What came in from visitors. Twin of feedback.go.
import type { Shown } from '../board/state';
import type { FeedbackResult } from './analysis';

/** Counts it, by kind and by what it is about. */
export function feedbackOf(board: Shown): FeedbackResult {
  const none = { plus: 0, minus: 0, idea: 0, question: 0 };
  const byKind = { ...none };
  const byTarget = new Map<string, typeof none>();
  for (const { kind, target, waiting } of board.ofType('feedback')) {
    // Facilitators' browsers hold it.
    if (waiting === true) {
      continue;
    }
    const about =
      target === undefined || target.type === 'board' ? 'board' : `${target.type}:${target.id}`;
    const counts = byTarget.get(about) ?? { ...none };
    byTarget.set(about, counts);
    counts[kind]++;
    byKind[kind]++;
  }
  return { byKind, byTarget: Object.fromEntries(byTarget) };
}
