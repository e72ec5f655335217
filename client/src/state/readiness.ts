// Why a group is not ready to be a segment, in words.
import type { Check, Statistics } from '$protocol/board/statistics';
import type { GroupFacts } from './groups.svelte';
import { locale, t } from './locale.svelte';

/** One sentence for each check that fails; empty when it is ready. */
export function reasons({ statistics: s }: GroupFacts): string[] {
  return s.failedChecks.map((check) => reason(check, s));
}

function reason(check: Check, { perspectives, iqr }: Statistics): string {
  switch (check) {
    case 'unnamed':
      return t('group.unnamed');
    case 'duplicate_name':
      return t('group.duplicate');
    case 'too_few_notes':
      return t('group.fewNotes');
    case 'too_few_perspectives':
      return t('group.fewPerspectives', { n: perspectives });
    case 'too_wide':
      return t('group.wide', { v: locale.tenths(Math.floor((iqr ?? 0) * 10 + 0.5)) });
    default:
      check satisfies never;
      return '';
  }
}
