// Keys of the words for the phases.
import type { Phase } from '$protocol/board/item';
import type { Key } from './dictionary';

export const phaseNames = {
  free: 'phase.free',
  describe: 'phase.describe',
  group: 'phase.group',
  name: 'phase.name',
  segment: 'phase.segment',
  place: 'phase.place',
  assess: 'phase.assess',
  goals: 'phase.goals',
  feedback: 'phase.feedback',
  experiment: 'phase.experiment',
  closed: 'phase.closed',
} as const satisfies Record<Phase, Key>;

export const phaseHints = {
  free: 'phase.free.hint',
  describe: 'phase.describe.hint',
  group: 'phase.group.hint',
  name: 'phase.name.hint',
  segment: 'phase.segment.hint',
  place: 'phase.place.hint',
  assess: 'phase.assess.hint',
  goals: 'phase.goals.hint',
  feedback: 'phase.feedback.hint',
  experiment: 'phase.experiment.hint',
  closed: 'phase.closed.hint',
} as const satisfies Record<Phase, Key>;
