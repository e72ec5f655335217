// Why something is held, in a sentence that stands beside it before anybody tries.
import type { Refusal } from '$protocol/board/change';
import { locale, t } from '../../state/locale.svelte';

/** `name`: of who set the rule, if they are known. */
export function reasonText({ code, set }: Refusal, name: string | undefined): string {
  const by = { name: name ?? t('refuse.someone'), t: set === undefined ? '' : locale.time(set) };
  switch (code) {
    case 'frozen':
      return set === undefined ? t('refuse.frozen') : t('freeze.sinceSegment', by);
    case 'board_locked':
      return set === undefined ? t('refuse.locked') : t('lock.since', by);
    case 'pinned':
      return set === undefined ? t('refuse.pinned') : t('refuse.pinnedSince', by);
    case 'not_yours':
      return t('refuse.own');
    default:
      return t('refuse.phase.other');
  }
}
