// Notes that may say the same. Twin of similar.go.
import type { ItemOf } from '../board/item';
import { byID } from '../board/state';
import type { SimilarNotes } from './analysis';
import { atLeast } from './thresholds';

/** Words long enough to say what a text is about. */
const words = /\p{L}{4,}/gu;
const stemLetters = 6;
const minSharedStems = 2;
const maxSimilarPairs = 1000;
/** How often two notes may be found to share a stem. Nobody reads on where so much is alike, and the notes of a whole board
 * could otherwise be compared for minutes. */
const maxMeetings = 4_000_000;

/** Say nothing of what a note is about. */
const stopWords: ReadonlySet<string> = new Set(
  'että jotta koska kuin kun mutta myös niin joka jotka mikä mitä hän hänen vain vielä aina ovat olla eikä'.split(
    ' ',
  ),
);

/** Finds the notes that may say the same: of whose words at least the share limit is common, the most alike first. */
export function similar(notes: readonly ItemOf<'note'>[], limit: number): SimilarNotes[] {
  const all: SimilarNotes[] = [];
  const before: { readonly id: string; readonly size: number; shared: number }[] = [];
  /** Stem → the notes before that have it. */
  const having = new Map<string, number[]>();
  let meetings = 0;
  for (const { id, text = '' } of [...notes].sort(byID)) {
    const stems = stemsOf(text);
    const met = new Set<number>();
    for (const stem of stems) {
      const those = having.get(stem) ?? [];
      having.set(stem, those);
      for (const j of those) {
        const other = before[j];
        if (other !== undefined) {
          other.shared++;
        }
        met.add(j);
      }
      meetings += those.length;
      those.push(before.length);
    }
    for (const j of [...met].sort((a, b) => a - b)) {
      const other = before[j];
      if (other !== undefined) {
        const similarity = other.shared / (stems.size + other.size - other.shared);
        if (
          other.shared >= minSharedStems &&
          atLeast(similarity, limit) &&
          all.length < maxSimilarPairs
        ) {
          all.push({ noteIds: [other.id, id], similarity });
        }
        other.shared = 0;
      }
    }
    if (meetings > maxMeetings || all.length === maxSimilarPairs) {
      break;
    }
    before.push({ id, size: stems.size, shared: 0 });
  }
  const byIDs = ({ noteIds: [a, b] }: SimilarNotes, other: SimilarNotes): number =>
    byID({ id: a }, { id: other.noteIds[0] }) || byID({ id: b }, { id: other.noteIds[1] });
  return all.sort((a, b) => b.similarity - a.similarity || byIDs(a, b));
}

/** The beginnings of the words that say what a text is about: a poor man's stems, for languages that inflect. */
function stemsOf(text: string): Set<string> {
  const stems = new Set<string>();
  for (const [word] of text.toLowerCase().normalize('NFC').matchAll(words)) {
    if (!stopWords.has(word)) {
      stems.add([...word].slice(0, stemLetters).join(''));
    }
  }
  return stems;
}
