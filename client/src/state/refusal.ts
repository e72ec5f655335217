// Why something did not happen, in words: which rule, who set it, since when, and what became of the thing.
import type { Code, Reason } from '$protocol/board/change';
import type { Phase } from '$protocol/board/item';
import type { Op } from '$protocol/board/op';
import { locale, t } from './locale.svelte';
import { phaseNames } from './words/names';

/** The picture that stands for a rule. */
export type RuleIcon = 'snowflake' | 'lock' | 'pin' | 'phase' | 'person' | 'gone' | 'warning';

export interface RefusalWords {
  readonly icon: RuleIcon;
  readonly title: string;
  /** Sentences: who set the rule and since when, then what happened to the thing. */
  readonly text: string;
}

/** What the sentences need to know besides the refusal. */
export interface Circumstances {
  readonly op: Op['do'];
  readonly code: Code;
  readonly reason?: Reason | undefined;
  /** The name of who set the rule, if they are known. */
  readonly by?: string | undefined;
  readonly set?: number | undefined;
  readonly phase?: Phase | undefined;
  readonly viewer: boolean;
  readonly undo: boolean;
  /** The text in it is kept as a draft. */
  readonly draft: boolean;
  /** How many notes went back where they were. */
  readonly back: number;
}

/** The sentences of a refusal, in the language of the page. */
export function refusalWords(c: Circumstances): RefusalWords {
  const { icon, title, since } = rule(c);
  const text = [since, became(c)].filter((sentence) => sentence !== '').join(' ');
  return { icon, title, text };
}

function became(c: Circumstances): string {
  if (c.draft) return t('refuse.textKept');
  if (c.code === 'changed_since' || c.undo) return t('refuse.left');
  if (c.back > 0) return t('refuse.back', { n: c.back });
  return t('refuse.nothing');
}

interface Rule {
  readonly icon: RuleIcon;
  readonly title: string;
  readonly since: string;
}

function rule(c: Circumstances): Rule {
  const name = c.by ?? t('refuse.someone');
  const at = c.set === undefined ? undefined : locale.time(c.set);
  const say = (icon: RuleIcon, title: string, since = ''): Rule => ({ icon, title, since });
  switch (c.code) {
    case 'frozen':
      return say(
        'snowflake',
        c.undo ? t('undo.frozen') : t('refuse.frozen'),
        at === undefined ? '' : t('freeze.since', { name, t: at }),
      );
    case 'board_locked':
      return say(
        'lock',
        t('refuse.locked'),
        at === undefined ? '' : t('lock.since', { name, t: at }),
      );
    case 'pinned':
      return say(
        'pin',
        t('refuse.pinned'),
        at === undefined ? '' : t('refuse.pinnedSince', { name, t: at }),
      );
    case 'phase':
      return say(
        'phase',
        phaseRule(c.op),
        at === undefined || c.phase === undefined
          ? ''
          : t('refuse.phaseSince', { name, p: t(phaseNames[c.phase]), t: at }),
      );
    case 'not_yours':
      return say('person', t('refuse.own'));
    case 'forbidden':
      return say('person', c.viewer ? t('refuse.forbidden') : t('refuse.forbiddenFacilitator'));
    case 'revoked':
      return say('person', t('refuse.revoked'));
    case 'gone':
      return say(
        'gone',
        t('refuse.gone'),
        at === undefined ? '' : t('refuse.goneSince', { name, t: at }),
      );
    case 'exists':
      return say('warning', t('refuse.exists'));
    case 'invalid':
      return say('warning', untimely(c.reason?.field) ?? t('refuse.invalid'));
    case 'too_long':
      return say('warning', t('refuse.tooLong', { n: c.reason?.limit ?? 0 }));
    case 'full':
      return say('warning', t('refuse.full', { n: c.reason?.limit ?? 0 }));
    case 'too_fast':
      return say('warning', t('refuse.tooFast'));
    case 'changed_since':
      return say(
        'person',
        c.by === undefined ? t('refuse.changedBySomeone') : t('refuse.changedSince', { name }),
      );
    case 'closed':
      return say('warning', t('refuse.closed'));
    default:
      c.code satisfies never;
      return say('warning', t('refuse.invalid'));
  }
}

/** What an experiment lacks for what was wanted of it. */
function untimely(field: string | undefined): string | undefined {
  switch (field) {
    case 'successCriterion':
      return t('exp.needsCriterion');
    case 'learnt':
      return t('exp.needsLearnt');
    case 'decision':
      return t('exp.needsDecision');
    default:
      return undefined;
  }
}

function phaseRule(op: Op['do']): string {
  switch (op) {
    case 'create':
    case 'restore':
      return t('refuse.phase.add');
    case 'edit':
    case 'text':
      return t('refuse.phase.edit');
    case 'move':
      return t('refuse.phase.move');
    case 'delete':
      return t('refuse.phase.delete');
    case 'group':
    case 'ungroup':
      return t('refuse.phase.group');
    default:
      return t('refuse.phase.other');
  }
}
