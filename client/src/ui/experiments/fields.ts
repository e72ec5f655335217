// The texts of an experiment, in the order in which they are thought of.
import type { PlainKey } from '../../state/words/dictionary';

export type TextField = 'hypothesis' | 'trial' | 'measure' | 'successCriterion' | 'learnt';

export const texts: readonly {
  readonly field: TextField;
  readonly name: PlainKey;
  readonly hint: PlainKey;
}[] = [
  { field: 'hypothesis', name: 'exp.hypothesis', hint: 'exp.hypothesisHint' },
  { field: 'trial', name: 'exp.trial', hint: 'exp.trialHint' },
  { field: 'measure', name: 'exp.measure', hint: 'exp.measureHint' },
  { field: 'successCriterion', name: 'exp.criterion', hint: 'exp.criterionHint' },
  { field: 'learnt', name: 'exp.learnt', hint: 'exp.learntHint' },
];
