// Keys of the words for the criteria.
import type { Criterion } from '$protocol/board/item';
import type { Key } from './dictionary';

export const criterionNames = {
  availability: 'crit.availability',
  sufficiency: 'crit.sufficiency',
  timeliness: 'crit.timeliness',
  targeting: 'crit.targeting',
  resources: 'crit.resources',
} as const satisfies Record<Criterion, Key>;
