// What a facilitator says, looks for and does then in a phase: the board's own texts, else the page's in the reader's language.
import type { Board, Phase } from '$protocol/board/item';
import { t } from './locale.svelte';
import type { PlainKey } from './words/dictionary';

export const cardParts = ['say', 'look', 'then'] as const;
export type CardPart = (typeof cardParts)[number];
type Worked = Exclude<Phase, 'free'>;

const texts: Readonly<Record<Worked, Readonly<Record<CardPart, PlainKey>>>> = {
  describe: { say: 'card.describe.say', look: 'card.describe.look', then: 'card.describe.then' },
  group: { say: 'card.group.say', look: 'card.group.look', then: 'card.group.then' },
  name: { say: 'card.name.say', look: 'card.name.look', then: 'card.name.then' },
  segment: { say: 'card.segment.say', look: 'card.segment.look', then: 'card.segment.then' },
  place: { say: 'card.place.say', look: 'card.place.look', then: 'card.place.then' },
  assess: { say: 'card.assess.say', look: 'card.assess.look', then: 'card.assess.then' },
  goals: { say: 'card.goals.say', look: 'card.goals.look', then: 'card.goals.then' },
  feedback: { say: 'card.feedback.say', look: 'card.feedback.look', then: 'card.feedback.then' },
  experiment: {
    say: 'card.experiment.say',
    look: 'card.experiment.look',
    then: 'card.experiment.then',
  },
  closed: { say: 'card.closed.say', look: 'card.closed.look', then: 'card.closed.then' },
};

export const cardNames = {
  say: 'phase.say',
  look: 'phase.look',
  then: 'phase.then',
} as const satisfies Record<CardPart, PlainKey>;

/** The text that a phase comes with; free work has none. */
export function readyText(phase: Phase, part: CardPart): string {
  return phase === 'free' ? '' : t(texts[phase][part]);
}

export function cardText(board: Board | undefined, phase: Phase, part: CardPart): string {
  return board?.cards?.[`${phase}.${part}`] ?? readyText(phase, part);
}
