// What goals and experiments name: services, segments, goals.
import type { Experiment, Goal, ID } from '$protocol/board/item';
import { newID } from './actions';
import type { BoardState } from './board.svelte';
import { goalName } from './findingWords';
import type { Links } from './grounds';
import { t } from './locale.svelte';

export type LinkField = 'serviceIds' | 'segmentIds' | 'goalIds';

export interface Option {
  readonly id: ID;
  readonly name: string;
}

/** What may be named in a field, as people know it. */
export function optionsOf({ items }: BoardState, field: LinkField): readonly Option[] {
  switch (field) {
    case 'serviceIds':
      return items.ofType('service');
    case 'segmentIds':
      return items
        .ofType('segment')
        .map(({ id, name = '' }) => ({ id, name: name.trim() || t('group.unnamedTitle') }));
    case 'goalIds':
      return items.ofType('goal').map(({ id }) => ({ id, name: goalName(items.board, id) }));
    default:
      return field satisfies never;
  }
}

export function linksIn(item: Goal | Experiment, field: LinkField): readonly ID[] {
  switch (field) {
    case 'serviceIds':
      return item.serviceIds ?? [];
    case 'segmentIds':
      return item.segmentIds ?? [];
    case 'goalIds':
      return item.type === 'experiment' ? (item.goalIds ?? []) : [];
    default:
      return field satisfies never;
  }
}

export function setLinks(
  { actions }: BoardState,
  { id }: Goal | Experiment,
  field: LinkField,
  ids: readonly ID[],
): void {
  actions.attempt({ do: 'edit', id, fields: { [field]: ids.length > 0 ? ids : null } });
}

/** Makes a goal that nothing is said of; undefined where it may not be. */
export function makeGoal({ actions }: BoardState): ID | undefined {
  const id = newID();
  return actions.attempt({ do: 'create', item: { type: 'goal', id } }) && id;
}

/** Plans an experiment; undefined where it may not be. */
export function makeExperiment(
  { actions }: BoardState,
  title = '',
  { services, segments, goals }: Links = { services: [], segments: [], goals: [] },
): ID | undefined {
  const id = newID();
  const item: Experiment = {
    type: 'experiment',
    id,
    status: 'planned',
    title,
    serviceIds: services,
    segmentIds: segments,
    goalIds: goals,
  };
  return actions.attempt({ do: 'create', item }) && id;
}
