// The picture of each section of findings, and its colour.
import type { SectionName } from '../../state/findings.svelte';
import { circle, copy, flag, layers, messageCircle, minus, target } from '../icons';

export const marks: Readonly<Record<SectionName, { readonly d: string; readonly tone: string }>> = {
  gap: { d: circle, tone: 'var(--gap)' },
  need: { d: circle, tone: 'var(--gap)' },
  thin: { d: minus, tone: 'var(--thin)' },
  unreached: { d: target, tone: 'var(--gap)' },
  mistargeted: { d: target, tone: 'var(--thin)' },
  pileup: { d: layers, tone: 'var(--pileup)' },
  overlap: { d: copy, tone: 'var(--ink-2)' },
  goal: { d: flag, tone: 'var(--gap)' },
  aimless: { d: flag, tone: 'var(--ink-2)' },
  discuss: { d: messageCircle, tone: 'var(--ink-2)' },
};
