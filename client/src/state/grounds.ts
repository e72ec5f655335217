// What something to talk about rests on, from the cells to the notes, and what has been said and tried about it.
import type { Experiment, Feedback, Goal, ID } from '$protocol/board/item';
import type { Shown } from '$protocol/board/state';
import type { Finding } from '$protocol/method/findings';
import { trace, type Trace } from '$protocol/method/trace';
import type { Entry } from './findings.svelte';

/** What an experiment or a goal names. */
export interface Links {
  readonly services: readonly ID[];
  readonly segments: readonly ID[];
  readonly goals: readonly ID[];
}

export interface Related {
  readonly feedback: readonly Feedback[];
  readonly goals: readonly Goal[];
  readonly experiments: readonly Experiment[];
}

export function groundsOf(board: Shown, entry: Entry): Trace {
  switch (entry.type) {
    case 'finding':
      return trace(board, entry.finding);
    case 'aimless': {
      const meant = board.itemOf(entry.service, 'service')?.intendedSegmentIds;
      return trace(board, about(entry.id, [entry.service], { intendedSegmentIds: meant ?? [] }));
    }
    case 'ratings':
      return trace(board, about(entry.id, [entry.service], { segmentId: entry.segment }));
    case 'note': {
      const group = board.itemOf(entry.note, 'note')?.groupId;
      const segments = group === undefined ? [] : board.referring(group, 'segment');
      return {
        cells: [],
        segmentIds: segments.map(({ id }) => id),
        groupIds: group === undefined ? [] : [group],
        noteIds: [entry.note],
      };
    }
    default:
      return entry satisfies never;
  }
}

/** Rests on the cells of services for segments, as a finding about them does. */
function about(id: string, serviceIds: readonly ID[], more: Partial<Finding>): Finding {
  return { id, kind: 'mistargeted', serviceIds, figures: {}, ...more };
}

/** What an experiment that tries something about it would name. */
export function linksOf(board: Shown, entry: Entry): Links {
  const { segmentIds } = groundsOf(board, entry);
  const services = servicesOf(entry);
  return {
    services,
    segments: segmentIds,
    goals: goalsAbout(board, entry, services, segmentIds).map(({ id }) => id),
  };
}

function servicesOf(entry: Entry): readonly ID[] {
  switch (entry.type) {
    case 'finding':
      return entry.finding.serviceIds;
    case 'aimless':
    case 'ratings':
      return [entry.service];
    case 'note':
      return [];
    default:
      return entry satisfies never;
  }
}

/** Goals that name a service of it and, where it is about segments, one of these; of a goal without means, that one. */
function goalsAbout(
  board: Shown,
  entry: Entry,
  services: readonly ID[],
  segments: readonly ID[],
): readonly Goal[] {
  const goal = entry.type === 'finding' ? board.itemOf(entry.finding.goalId, 'goal') : undefined;
  return goal ? [goal] : board.ofType('goal').filter((one) => names(one, services, segments));
}

/** Whether something names one of the services; without services, one of the segments. */
function names(
  { serviceIds = [], segmentIds = [] }: Goal | Experiment,
  services: readonly ID[],
  segments: readonly ID[],
): boolean {
  return services.length > 0
    ? serviceIds.some((id) => services.includes(id))
    : segmentIds.some((id) => segments.includes(id));
}

export function relatedTo(board: Shown, entry: Entry): Related {
  const services = servicesOf(entry);
  const { segmentIds } = groundsOf(board, entry);
  const subjects = new Set([...services, ...segmentIds]);
  return {
    feedback: feedbackOn(board, subjects),
    goals: goalsAbout(board, entry, services, segmentIds),
    experiments: board.ofType('experiment').filter((one) => names(one, services, segmentIds)),
  };
}

/** All that is said and tried about one service. */
export function relatedToService(board: Shown, service: ID): Related {
  return {
    feedback: feedbackOn(board, new Set([service])),
    goals: board.ofType('goal').filter((one) => names(one, [service], [])),
    experiments: board.ofType('experiment').filter((one) => names(one, [service], [])),
  };
}

/** What visitors said and waits for approval is for facilitators to read elsewhere. */
function feedbackOn(board: Shown, subjects: ReadonlySet<ID>): readonly Feedback[] {
  return board
    .ofType('feedback')
    .filter(({ target, waiting }) => waiting !== true && target && subjects.has(target.id));
}
