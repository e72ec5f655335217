// Words of the matrix: keys of those for the criteria and their scale, and names that may break.
import type { Criterion } from '$protocol/board/item';
import { hyphenated } from '../../canvas/text';
import type { Key } from '../../state/words/dictionary';

export { criterionNames as crits } from '../../state/words/criteria';

export const asks = {
  availability: 'crit.availability.ask',
  sufficiency: 'crit.sufficiency.ask',
  timeliness: 'crit.timeliness.ask',
  targeting: 'crit.targeting.ask',
  resources: 'crit.resources.ask',
} as const satisfies Record<Criterion, Key>;

export const scale = ['scale.0', 'scale.1', 'scale.2', 'scale.3', 'scale.4'] as const;

/** A name with soft hyphens in words of so many letters or more: where the table has room for them, it breaks none. */
export function breakable(name: string, letters: number): string {
  const long = new RegExp(`\\p{L}{${letters},}`, 'gu');
  return name.replace(long, (word) => hyphenated(word, 'fi'));
}
