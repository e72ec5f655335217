// Keys of the words for the stages of a board.
import type { BoardStage } from '../sheet';
import type { Key } from './dictionary';

export const stageNames = {
  draft: 'stage.draft',
  inUse: 'stage.inUse',
  closed: 'stage.closed',
} as const satisfies Record<BoardStage, Key>;
