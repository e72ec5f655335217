// How something to talk about is said: in a row of the list, and whole.
import type { ID } from '$protocol/board/item';
import type { Shown } from '$protocol/board/state';
import type { Finding } from '$protocol/method/findings';
import { sentence } from '$protocol/method/sentences';
import type { Entry, SectionName } from './findings.svelte';
import { locale, t } from './locale.svelte';
import { criterionNames } from './words/criteria';
import type { PlainKey } from './words/dictionary';

export const sectionNames: Readonly<Record<SectionName, PlainKey>> = {
  gap: 'find.gap',
  need: 'find.needGap',
  thin: 'status.thin',
  unreached: 'find.unreached',
  mistargeted: 'find.mistargeted',
  pileup: 'status.pileup',
  overlap: 'find.overlap',
  goal: 'find.goal',
  aimless: 'find.aimless',
  discuss: 'find.discuss',
};

export interface Row {
  /** Where it is, before what it is about. */
  readonly lead: string;
  readonly subject: string;
  readonly tail: string;
  readonly more: string;
}

function row(parts: Partial<Row>): Row {
  return { lead: '', subject: '', tail: '', more: '', ...parts };
}

function nameOf(board: Shown, id: ID | undefined): string {
  const item = id === undefined ? undefined : board.item(id);
  return (item && 'name' in item ? (item.name ?? '').trim() : '') || t('group.unnamedTitle');
}

function names(board: Shown, ids: readonly ID[] = []): string {
  return ids.map((id) => nameOf(board, id)).join(', ');
}

function percent(share: number): string {
  return t('mx.percent', { n: Math.floor(share * 100 + 0.5 + 1e-9) });
}

export function rowOf(board: Shown, entry: Entry): Row {
  switch (entry.type) {
    case 'finding':
      return findingRow(board, entry.finding);
    case 'aimless':
      return row({ subject: nameOf(board, entry.service) });
    case 'ratings':
      return row({
        lead: nameOf(board, entry.segment),
        subject: nameOf(board, entry.service),
        more: entry.disputed
          .map(
            ({ criterion, agreement }) => `${t(criterionNames[criterion])} ${percent(agreement)}`,
          )
          .join(', '),
      });
    case 'note':
      return row({
        subject: board.itemOf(entry.note, 'note')?.text ?? t('note.empty'),
        more: t('find.agreement', { p: percent(entry.agreement) }),
      });
    default:
      return entry satisfies never;
  }
}

function findingRow(board: Shown, finding: Finding): Row {
  const { segmentId, categoryId, serviceIds, figures } = finding;
  const services = names(board, serviceIds);
  const shares = t('find.shares', {
    supply: percent(figures['supplyShare'] ?? 0),
    need: percent(figures['needShare'] ?? 0),
  });
  switch (finding.kind) {
    case 'gap':
      return row({ subject: nameOf(board, segmentId), more: shares });
    case 'need':
      return row({
        lead: nameOf(board, segmentId),
        subject: nameOf(board, categoryId),
        more: needMore(finding, services),
      });
    case 'thin':
    case 'pileup':
      return row({
        subject: nameOf(board, segmentId),
        tail: t('find.covering', { n: serviceIds.length }),
        more: shares,
      });
    case 'unreached':
    case 'mistargeted':
      return row({
        subject: services,
        more: [
          t('find.meant', { s: names(board, finding.intendedSegmentIds) }),
          finding.kind === 'unreached'
            ? ''
            : t('find.covers', { s: names(board, finding.coveredSegmentIds) }),
        ].join(' '),
      });
    case 'overlap':
      return row({
        lead: nameOf(board, segmentId),
        subject: t('find.several', { name: nameOf(board, categoryId), n: serviceIds.length }),
        more: services,
      });
    case 'goal':
      return row({ subject: goalName(board, finding.goalId), more: t('find.goalMore') });
    default:
      return finding.kind satisfies never;
  }
}

function needMore({ severity }: Finding, services: string): string {
  switch (severity) {
    case 'weak':
      return t('find.need.weak', { services });
    case 'unknown':
      return t('find.need.unknown', { services });
    case 'missing':
    case undefined:
      return t('find.need.missing');
    default:
      return severity satisfies never;
  }
}

export function goalName(board: Shown, goal: ID | undefined): string {
  return (board.itemOf(goal, 'goal')?.text ?? '').trim() || t('goal.unwritten');
}

/** The whole of it, as the report says it too. */
export function saying(board: Shown, entry: Entry): string {
  switch (entry.type) {
    case 'finding':
      return sentence(board, entry.finding, locale.language);
    case 'aimless':
      return t('find.aimlessSay', { service: nameOf(board, entry.service) });
    case 'ratings':
      return t('find.ratingsSay', {
        service: nameOf(board, entry.service),
        segment: nameOf(board, entry.segment),
      });
    case 'note':
      return t('find.noteSay', { text: board.itemOf(entry.note, 'note')?.text ?? '' });
    default:
      return entry satisfies never;
  }
}

/** The name that an experiment about it begins with. */
export function shortly(board: Shown, entry: Entry): string {
  const { lead, subject } = rowOf(board, entry);
  return lead === '' ? subject : `${lead}: ${subject}`;
}
