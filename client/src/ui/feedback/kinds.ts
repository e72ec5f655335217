// How each kind of feedback is shown.
import type { Kind } from '../../state/wall.svelte';
import type { Key } from '../../state/words/dictionary';
import { circleQuestionMark, lightbulb, thumbsDown, thumbsUp } from '../icons';

export const kindIcons: Readonly<Record<Kind, string>> = {
  plus: thumbsUp,
  minus: thumbsDown,
  idea: lightbulb,
  question: circleQuestionMark,
};

export const kindWords = {
  plus: 'fb.plus',
  minus: 'fb.minus',
  idea: 'fb.idea',
  question: 'fb.question',
} as const satisfies Readonly<Record<Kind, Key>>;
