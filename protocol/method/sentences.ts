// What findings are said with. Twin of sentences.go; the sentences themselves stand in sentences.json, by language and key. A
// key that ends in .one is for one of what is counted, in .other for any other number.
import type { ID, Language } from '../board/item';
import type { Shown } from '../board/state';
import type { Finding } from './findings';
import sentences from './sentences.json';

type Words = Readonly<Partial<Record<string, string>>>;

/** Says a finding, in the names that things have on the board. */
export function sentence(board: Shown, finding: Finding, language: Language): string {
  const words: Words = sentences[language];
  const unnamed = words['unnamed'] ?? '';
  const name = (id: ID): string => {
    const item = board.item(id);
    return (item !== undefined && 'name' in item ? item.name : '') || unnamed;
  };
  const names = (ids: readonly ID[] = []): string => {
    const all = ids.map(name);
    const last = all.pop() ?? '';
    return all.length === 0 ? last : all.join(', ') + (words['and'] ?? '') + last;
  };
  const percent = (figure: string): string => {
    const whole = Math.floor((finding.figures[figure] ?? 0) * 100 + 0.5 + 1e-9);
    return (words['percent'] ?? '').replace('{n}', String(whole));
  };
  const goal = board.itemOf(finding.goalId, 'goal')?.text ?? '';
  const filled: Readonly<Record<string, () => string>> = {
    segment: () => name(finding.segmentId ?? ''),
    category: () => name(finding.categoryId ?? ''),
    services: () => names(finding.serviceIds),
    goal: () => goal.trim().replace(/\.$/, '') || unnamed,
    intended: () => names(finding.intendedSegmentIds),
    covered: () => names(finding.coveredSegmentIds),
    count: () => String(finding.serviceIds.length),
    supply: () => percent('supplyShare'),
    need: () => percent('needShare'),
  };
  return template(words, finding).replace(
    /\{(\w+)\}/g,
    (all, place: string) => filled[place]?.() ?? all,
  );
}

/** The sentence of a finding before it is filled in. */
function template(words: Words, { kind, severity, serviceIds }: Finding): string {
  const key = severity === undefined ? kind : `${kind}.${severity}`;
  const number = serviceIds.length === 1 ? 'one' : 'other';
  return words[`${key}.${number}`] ?? words[key] ?? '';
}
