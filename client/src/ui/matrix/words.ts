// Keys of the words for the criteria and their scale.
import type { Criterion } from '$protocol/board/item';
import type { Key } from '../../state/words/dictionary';

export const crits = {
  availability: 'crit.availability',
  sufficiency: 'crit.sufficiency',
  timeliness: 'crit.timeliness',
  targeting: 'crit.targeting',
  resources: 'crit.resources',
} as const satisfies Record<Criterion, Key>;

export const asks = {
  availability: 'crit.availability.ask',
  sufficiency: 'crit.sufficiency.ask',
  timeliness: 'crit.timeliness.ask',
  targeting: 'crit.targeting.ask',
  resources: 'crit.resources.ask',
} as const satisfies Record<Criterion, Key>;

export const scale = ['scale.0', 'scale.1', 'scale.2', 'scale.3', 'scale.4'] as const;
