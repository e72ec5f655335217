// The list of boards that a browser knows, with what it can be narrowed to.
import type { Known } from './known';
import { stages, type BoardStage } from './sheet';

/** What boards are looked for; an empty one asks for nothing. */
export interface Wanted {
  readonly stage: BoardStage | '';
  readonly topic: string;
}

/** Whom a board is about and what, as its sheet says. */
export function topicsOf({ about }: Known): readonly string[] {
  return [...(about?.targetGroup ? [about.targetGroup] : []), ...(about?.tags ?? [])];
}

/** Stages and topics that some of the boards have. */
export function choicesOf(boards: readonly Known[]): {
  readonly stages: readonly BoardStage[];
  readonly topics: readonly string[];
} {
  return {
    stages: stages.filter((stage) => boards.some(({ about }) => about?.stage === stage)),
    topics: [...new Set(boards.flatMap(topicsOf))].sort((a, b) => a.localeCompare(b)),
  };
}

export function chosen(boards: readonly Known[], { stage, topic }: Wanted): Known[] {
  return boards.filter(
    (board) =>
      (stage === '' || board.about?.stage === stage) &&
      (topic === '' || topicsOf(board).includes(topic)),
  );
}
