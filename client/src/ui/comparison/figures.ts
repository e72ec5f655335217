// How figures of two boards are said.
import type { Turn } from '../../state/comparison';
import { t } from '../../state/locale.svelte';

/** A figure as people read it; undefined: there is none. */
type Said = string | undefined;

/** "3 → 5", or one figure where it is the same, or there was nothing before or is nothing after. */
export interface Figure {
  readonly name: string;
  readonly text: string;
  readonly changed: boolean;
}

export function whole(figure: number | null): Said {
  return figure === null ? undefined : String(Math.floor(figure + 0.5 + 1e-9));
}

export function percent(share: number): Said {
  return t('mx.percent', { n: Math.floor(share * 100 + 0.5 + 1e-9) });
}

/** The figure of a name, if there is one on either board. */
export function figure<At>(name: string, turn: Turn<At>, say: (at: At) => Said): Figure[] {
  const { before, after } = turn;
  const was = before === null ? undefined : say(before);
  const is = after === null ? undefined : say(after);
  if (before === null || after === null || was === is) {
    const text = is ?? was;
    return text === undefined ? [] : [{ name, text, changed: false }];
  }
  return [{ name, text: t('cmp.turn', { a: was ?? '–', b: is ?? '–' }), changed: true }];
}
