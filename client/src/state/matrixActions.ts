// What can be done to the service matrix, as verbs: assessing a cell, and saying what services and segments there are.
import type { Category, Criterion, ID, Item, Segment, Service } from '$protocol/board/item';
import { criteria, limits } from '$protocol/board/item';
import type { Fields, Op } from '$protocol/board/op';
import { cellID } from '$protocol/board/cell';
import { thresholdsOf } from '$protocol/method/thresholds';
import { newID } from './actions';
import type { BoardState } from './board.svelte';
import { outcome, votesOf } from './cells';
import type { CellPlace } from './chrome.svelte';
import { t } from './locale.svelte';
import { reordered, type Ordered } from './order';

/** What a dialog knows of a service; texts as they are typed. */
export interface ServiceFields {
  readonly name: string;
  readonly description: string;
  readonly categoryId: ID | undefined;
  readonly weight: number;
  readonly intendedSegmentIds: readonly ID[];
}

export interface SegmentFields {
  readonly name: string;
  readonly customers: number | undefined;
  readonly needFactor: number | undefined;
  readonly needs: readonly ID[];
}

/** A line of a pasted list. */
export interface ServiceLine {
  readonly name: string;
  readonly category?: string;
}

export class MatrixActions {
  readonly #state: BoardState;

  constructor(state: BoardState) {
    this.#state = state;
  }

  serves({ service, segment }: CellPlace, serves: boolean): void {
    this.#do([{ do: 'assess', service, segment, serves }]);
  }

  /** A participant's answer is their own vote, a facilitator's is what was agreed. null: cannot say. */
  answer({ service, segment }: CellPlace, criterion: Criterion, figure: number | null): void {
    const said = this.#state.can.facilitate ? { rating: figure } : { vote: figure };
    this.#do([{ do: 'assess', service, segment, criterion, ...said }]);
  }

  /** Agrees on the middle of the votes for every criterion that has some. */
  agree({ service, segment }: CellPlace): void {
    const { board } = this.#state.session;
    const cell = board.itemOf(cellID(service, segment), 'assessment');
    const limits = thresholdsOf(board);
    this.#do(
      criteria.flatMap((criterion): Op[] => {
        const rating = outcome(votesOf(cell, criterion), limits)?.agreeable;
        if (rating === undefined || cell?.ratings?.[criterion] === rating) return [];
        return [{ do: 'assess', service, segment, criterion, rating }];
      }),
    );
  }

  makeService({ name, description, ...rest }: ServiceFields): boolean {
    const text = description.trim() === '' ? {} : { description };
    const { categoryId, weight, intendedSegmentIds } = rest;
    return this.#create([
      {
        type: 'service',
        id: newID(),
        name,
        weight,
        intendedSegmentIds,
        ...text,
        ...(categoryId === undefined ? {} : { categoryId }),
      },
    ]);
  }

  /** Categories that a list names and that neither stand on the board nor are the reader's to make. */
  lacking(lines: readonly ServiceLine[]): readonly string[] {
    if (this.#state.can.facilitate) return [];
    const known = this.#categories();
    const named = lines.flatMap(({ category }) => category ?? []);
    return [...new Set(named.filter((name) => !known.has(alike(name))))];
  }

  /** Makes services of a list, with the categories that are new where the reader may make some. */
  makeServices(lines: readonly ServiceLine[]): boolean {
    const known = this.#categories();
    const made: Category[] = [];
    const categoryOf = (name: string | undefined): { categoryId?: ID } => {
      if (name === undefined) return {};
      const id = known.get(alike(name));
      if (id !== undefined) return { categoryId: id };
      if (!this.#state.can.facilitate) return {};
      const category: Category = { type: 'category', id: newID(), name };
      made.push(category);
      known.set(alike(name), category.id);
      return { categoryId: category.id };
    };
    const services = lines.map(({ name, category }): Service => {
      return { type: 'service', id: newID(), name, ...categoryOf(category) };
    });
    return this.#create([...made, ...services]);
  }

  editService(before: Service, after: ServiceFields): void {
    this.#edit(before, after, {
      categoryId: after.categoryId,
      weight: after.weight,
      intendedSegmentIds: after.intendedSegmentIds,
    });
    this.#write(before.id, 'description', before.description, after.description);
  }

  makeSegment({ name, customers, needFactor, needs }: SegmentFields): boolean {
    return this.#create([
      {
        type: 'segment',
        id: newID(),
        name,
        needs,
        ...(customers === undefined ? {} : { customers }),
        ...(needFactor === undefined ? {} : { needFactor }),
      },
    ]);
  }

  editSegment(before: Segment, { name, ...figures }: SegmentFields): void {
    this.#edit(before, { name }, figures);
  }

  /** The category of that name, which is made if there is none; undefined where it may not be. */
  makeCategory(name: string): ID | undefined {
    const known = this.#categories().get(alike(name));
    if (known !== undefined) return known;
    const id = newID();
    return this.#create([{ type: 'category', id, name }]) ? id : undefined;
  }

  nameCategory(category: Category, name: string): void {
    this.#write(category.id, 'name', category.name, name);
  }

  /** Moves one of some items that stand in an order. */
  reorder(items: readonly Ordered[], id: ID, by: number): void {
    this.#do(
      reordered(items, id, by).map((one): Op => {
        return { do: 'edit', id: one.id, fields: { order: one.order } };
      }),
    );
  }

  remove(id: ID, name: string): void {
    const { actions, live, toast } = this.#state;
    if (!actions.attempt({ do: 'delete', ids: [id] })) return;
    const text = t('live.removed', { name });
    live.say(text);
    toast.show(text, { label: t('undo.do'), run: () => actions.undo() });
  }

  /** What differs goes out: a name as a text, so that two who write it are merged. */
  #edit(before: Service | Segment, { name }: { readonly name: string }, after: object): void {
    const fields: Record<string, Fields[string]> = {};
    for (const [field, value] of Object.entries(after) as [string, Fields[string] | undefined][]) {
      const now = (before as unknown as Fields)[field];
      if (!same(now, value)) fields[field] = value ?? null;
    }
    if (Object.keys(fields).length > 0) this.#do([{ do: 'edit', id: before.id, fields }]);
    this.#write(before.id, 'name', before.name, name);
  }

  #write(id: ID, field: string, from = '', to: string): void {
    if (from !== to) this.#do([{ do: 'text', id, field, from, to }]);
  }

  #categories(): Map<string, ID> {
    const { board } = this.#state.session;
    return new Map(board.ofType('category').map(({ id, name }) => [alike(name), id]));
  }

  #create(items: readonly Item[]): boolean {
    return this.#do(items.map((item): Op => ({ do: 'create', item })));
  }

  /** Sends ops in one go, or tells why the first may not be. Those after it may need it: they are not asked for. */
  #do(ops: readonly Op[]): boolean {
    const { session } = this.#state;
    const [first] = ops;
    if (!first) return false;
    const refusal = session.may(first);
    if (refusal) {
      this.#state.refuse(first, refusal, [], true);
      return false;
    }
    for (let i = 0; i < ops.length; i += limits.ops) session.push(ops.slice(i, i + limits.ops));
    return true;
  }
}

function alike(name: string): string {
  return name.trim().toLowerCase();
}

/** Nothing and an empty list are alike. */
function same(now: Fields[string] | undefined, next: Fields[string] | undefined): boolean {
  const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
  if (Array.isArray(now) || Array.isArray(next)) {
    return list(now).join() === list(next).join();
  }
  return (now ?? null) === (next ?? null);
}
