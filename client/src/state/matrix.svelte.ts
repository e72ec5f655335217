// Services × segments as a table: which rows and columns there are, and in which order.
import type { Assessment, Category, ID, Segment, Service } from '$protocol/board/item';
import { cellID } from '$protocol/board/cell';
import type { Cell, SegmentAnalysis, Thresholds } from '$protocol/method/analysis';
import { read } from '$protocol/method/analyse';
import { assess, matrixOf } from '$protocol/method/cells';
import { balance } from '$protocol/method/segments';
import { thresholdsOf } from '$protocol/method/thresholds';
import { LiveAnalysis } from './analysis.svelte';
import type { BoardState } from './board.svelte';
import { percentOf } from './cells';
import type { CellPlace } from './chrome.svelte';
import { t } from './locale.svelte';

export interface Column {
  readonly id: ID;
  readonly name: string;
  /** Its place on the axis, 0–100. */
  readonly value: number | undefined;
  readonly segment: Segment;
}

/** The services of a category; those that have none come last. */
export interface Band {
  readonly category: Category | undefined;
  readonly services: readonly Service[];
}

export class Matrix {
  readonly #state: BoardState;
  readonly #balance: LiveAnalysis<readonly SegmentAnalysis[]>;

  /** Segments from the start of the axis; those without a place follow in their order. */
  readonly columns: readonly Column[] = $derived.by(() => {
    const { items, groups } = this.#state;
    items.count('segment');
    items.axis();
    groups.all();
    const { segments, places } = read(items.board);
    return segments.map((segment): Column => {
      const tenths = places.get(segment.id);
      return {
        id: segment.id,
        name: (segment.name ?? '').trim() || t('group.unnamedTitle'),
        value: tenths === undefined || items.axis() === undefined ? undefined : tenths / 10,
        segment,
      };
    });
  });

  readonly bands: readonly Band[] = $derived.by(() => {
    const { items } = this.#state;
    const services = items.ofType('service');
    const categories: (Category | undefined)[] = [...items.ofType('category'), undefined];
    return categories
      .map((category) => ({
        category,
        services: services.filter(({ categoryId }) => categoryId === category?.id),
      }))
      .filter((band) => band.services.length > 0);
  });

  readonly services: readonly Service[] = $derived(this.bands.flatMap(({ services }) => services));

  /** Customer groups that were given, as a museum has them, instead of segments that were found. */
  readonly given: boolean = $derived.by(() => {
    const { items } = this.#state;
    return items.count('group') === 0 && (this.columns.length > 0 || items.axis() === undefined);
  });

  constructor(state: BoardState) {
    this.#state = state;
    this.#balance = new LiveAnalysis(
      state,
      ['assessment', 'service', 'segment'],
      (board) => balance(matrixOf(read(board))).segments,
    );
  }

  readonly limits: Thresholds = $derived.by(() => {
    this.#state.items.settings();
    return thresholdsOf(this.#state.items.board);
  });

  /** How many cells are assessed, of how many. */
  get progress(): { readonly done: number; readonly all: number } {
    const all = this.columns.length * this.services.length;
    const shares = this.#balance.latest.map(({ assessedShare }) => assessedShare);
    const done = shares.reduce((sum, share) => sum + share, 0) * this.services.length;
    return { done: Math.round(done), all };
  }

  cell({ service, segment }: CellPlace): Assessment | undefined {
    return this.#state.items.itemOf(cellID(service, segment), 'assessment');
  }

  facts(at: CellPlace): Cell {
    const ref = { serviceId: at.service, segmentId: at.segment };
    return assess(this.cell(at), ref, this.limits).cell;
  }

  /** What a segment needs and is given, a moment after it changed. */
  balance(segment: ID): SegmentAnalysis | undefined {
    return this.#balance.latest.find(({ segmentId }) => segmentId === segment);
  }

  /** The largest share that a segment has of all need or of all supply. */
  get largestShare(): number {
    return Math.max(
      0,
      ...this.#balance.latest.flatMap(({ needShare, supplyShare }) => [needShare, supplyShare]),
    );
  }

  /** Follows the board until what it returns is called. */
  watch(): () => void {
    return this.#balance.watch();
  }

  intended({ service, segment }: CellPlace): boolean {
    const found = this.#state.items.itemOf(service, 'service');
    return found?.intendedSegmentIds?.includes(segment) === true;
  }

  /** The cell so many steps on: a service goes through all segments, then comes the next. Undefined beyond the ends. */
  beside({ service, segment }: CellPlace, by: number): CellPlace | undefined {
    const column = this.columns.findIndex(({ id }) => id === segment);
    const row = this.services.findIndex(({ id }) => id === service);
    const width = this.columns.length;
    const at = row * width + column + by;
    if (row < 0 || column < 0 || at < 0) return undefined;
    const [to, on] = [this.services[Math.floor(at / width)], this.columns[at % width]];
    return to && on && { service: to.id, segment: on.id };
  }

  /** "Talous- ja velkaneuvonta, Rinnallakulkua tarvitsevat: heikko, 25, tarkoitettu heille" */
  nameOf(at: CellPlace): string {
    const { items } = this.#state;
    const service = items.itemOf(at.service, 'service')?.name ?? '';
    const segment = items.itemOf(at.segment, 'segment')?.name ?? t('group.unnamedTitle');
    const parts = [
      this.stateName(at),
      percentOf(this.facts(at)),
      this.intended(at) ? t('mx.intended') : undefined,
    ];
    return `${service}, ${segment}: ${parts.filter((part) => part !== undefined).join(', ')}`;
  }

  stateName(at: CellPlace): string {
    const { state, covers } = this.facts(at);
    switch (state) {
      case 'served':
        return covers ? t('mx.covers') : t('mx.weak');
      case 'not_served':
        return t('mx.no');
      case 'unassessed':
        return t('mx.unassessed');
      default:
        return state satisfies never;
    }
  }
}
