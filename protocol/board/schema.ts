// What a field of an item may hold and who may set it. Twin of schema.go.
import { criteria, limits, phases, sides, type ItemType } from './item';
import type { Right } from './rights';

export type Kind =
  /** Several lines. */
  | 'text'
  | 'line'
  | 'integer'
  | 'decimal'
  | 'flag'
  | 'enum'
  /** The id of an item, or ids of items. */
  | 'ref'
  | 'refs'
  /** Short texts. */
  | 'lines'
  /** Key → value. */
  | 'map'
  /** An object that Apply writes. */
  | 'stamp';

export interface Field {
  readonly name: string;
  readonly kind: Kind;
  /** Code points of a text, entries of a list or map. */
  readonly limit?: number;
  readonly min?: number;
  readonly max?: number;
  readonly values?: readonly string[];
  /** What a ref may point at, and what the keys of a map are ids of. */
  readonly of?: readonly ItemType[];
  /** The keys that a map may have, if it is not keyed by ids. */
  readonly keys?: readonly string[];
  /** What a map holds. */
  readonly elem?: Field;
  /** Must be present. */
  readonly need?: boolean;
  /** Set by Apply alone, never by create or edit. */
  readonly own?: boolean;
  /** To edit it; absent: that of its type. */
  readonly right?: Right;
}

/** What an item of a type consists of. */
export interface Schema {
  readonly fields: ReadonlyMap<string, Field>;
  /** To create and edit it; absent: for facilitators alone. */
  readonly right?: Right;
  /** Participants may make it with the op create. */
  readonly made?: boolean;
  /** The op delete may remove it. */
  readonly deletable?: boolean;
  /** What cannot be without it, by the field that refers to it. */
  readonly with?: readonly { readonly type: ItemType; readonly field: string }[];
}

const maxList = 1000;

type More = Partial<Field>;
const ours: More = { own: true };
const needed: More = { need: true };

const field = (name: string, kind: Kind, more: More = {}): Field => ({ name, kind, ...more });
const text = (name: string, limit: number, more: More = {}): Field =>
  field(name, 'text', { limit, ...more });
const line = (name: string, more: More = {}): Field =>
  field(name, 'line', { limit: limits.name, ...more });
const coord = (name: string, more: More = {}): Field =>
  field(name, 'integer', { min: -limits.coordinate, max: limits.coordinate, need: true, ...more });
const integer = (name: string, min: number, max: number, more: More = {}): Field =>
  field(name, 'integer', { min, max, ...more });
/** More than nothing by so much that shares of it are numbers still. */
const positive = (name: string, more: More = {}): Field =>
  field(name, 'decimal', { min: 1e-6, max: 1e9, ...more });
const choice = (name: string, values: readonly string[], more: More = {}): Field =>
  field(name, 'enum', { values, ...more });
const flag = (name: string, more: More = {}): Field => field(name, 'flag', more);
const ref = (name: string, of: readonly ItemType[], more: More = {}): Field =>
  field(name, 'ref', of.length > 0 ? { of, ...more } : more);
const refs = (name: string, of: readonly ItemType[], more: More = {}): Field =>
  field(name, 'refs', of.length > 0 ? { of, limit: 500, ...more } : { limit: 500, ...more });
const stamp = (name: string): Field => field(name, 'stamp', ours);
const mapOf = (name: string, elem: Field, more: More = {}): Field =>
  field(name, 'map', { elem, limit: maxList, ...more });

const order = integer('order', -limits.coordinate, limits.coordinate);
const score = integer('', 0, 4);

export const thresholds = [
  'minNotes',
  'minPerspectives',
  'maxIqr',
  'coverScore',
  'thinRatio',
  'pileRatio',
  'minPileCount',
  'minAssessedShare',
  'weakRating',
  'weakProfile',
  'minPrecision',
  'minRecall',
  'discussAgreement',
  'similarText',
] as const;

/** Of what a facilitator says, looks for and does then in each phase, where that is another text than the page's own. */
const cardKeys = phases.flatMap((phase) => [`${phase}.say`, `${phase}.look`, `${phase}.then`]);

/** Fields that an item of any type may have. */
const shared = [stamp('pinned')];

function schema(fields: readonly Field[], more: Omit<Schema, 'fields'> = {}): Schema {
  return {
    fields: new Map([...fields, ...shared].map((f) => [f.name, f])),
    ...more,
  };
}

/** The table of all item types. */
export const schemas: Readonly<Record<ItemType, Schema>> = {
  board: schema([
    line('title', needed),
    choice('language', ['fi', 'sv', 'en']),
    text('description', limits.description),
    line('targetGroup'),
    line('place'),
    line('region'),
    line('organiser'),
    choice('stage', ['draft', 'inUse', 'closed']),
    field('tags', 'lines', { limit: limits.tags }),
    field('downloads', 'lines', { limit: 30 }),
    integer('durationMinutes', 1, 100_000),
    integer('created', 0, Number.MAX_SAFE_INTEGER, ours),
    choice('authors', ['facilitators', 'all']),
    flag('sides'),
    mapOf('cards', text('', limits.card), { keys: cardKeys }),
    mapOf('thresholds', field('', 'decimal', { min: 0, max: 1e6 }), { keys: thresholds }),
    choice('phase', phases, ours),
    stamp('phaseSet'),
    stamp('rights'),
    stamp('lock'),
    stamp('private'),
    stamp('milestones'),
  ]),
  participant: schema([
    line('name', ours),
    choice('role', ['facilitator', 'participant', 'viewer', 'visitor'], ours),
    ref('link', ['link'], ours),
    choice('kind', ['tablet', 'remote'], ours),
    choice('side', sides, ours),
  ]),
  link: schema([
    choice('role', ['facilitator', 'participant', 'viewer', 'visitor'], ours),
    line('name', ours),
    line('as', ours),
    line('question', ours),
    field('target', 'stamp', ours),
    flag('owner', ours),
    stamp('made'),
    stamp('revoked'),
  ]),
  axis: schema([
    line('title'),
    line('minLabel'),
    line('maxLabel'),
    coord('x0', ours),
    coord('x1', ours),
    coord('bandTop', ours),
    coord('bandBottom', ours),
    integer('zones', 1, 20),
  ]),
  perspective: schema([line('name', needed), line('letters', { limit: 3 }), order], {
    deletable: true,
  }),
  note: schema(
    [
      text('text', limits.noteText),
      ref('perspectiveId', ['perspective']),
      ref('groupId', ['group'], ours),
      ref('authorId', [], ours),
      coord('x'),
      coord('y'),
      integer('z', 0, Number.MAX_SAFE_INTEGER, ours),
      choice('kind', ['quote']),
      text('comment', limits.noteText, { right: 'comment' }),
      mapOf('placements', field('', 'decimal', { min: 0, max: 100 }), ours),
    ],
    { right: 'edit', made: true, deletable: true },
  ),
  group: schema([line('name'), { ...order, ...ours }], { right: 'group', deletable: true }),
  segment: schema(
    [
      line('name', { right: 'group' }),
      ref('groupId', ['group'], ours),
      positive('customers', { right: 'assess' }),
      positive('needFactor', { right: 'assess' }),
      refs('needs', ['category'], { right: 'assess' }),
      mapOf('descriptions', text('', limits.description), { of: ['heading'], right: 'card' }),
      integer('position', 0, 1000, { right: 'place' }),
      flag('byHand', ours),
      stamp('frozen'),
      order,
    ],
    {
      right: 'card',
      made: true,
      deletable: true,
      with: [{ type: 'assessment', field: 'segmentId' }],
    },
  ),
  heading: schema([line('name', needed), order], { deletable: true }),
  category: schema([line('name', needed), order], { deletable: true }),
  service: schema(
    [
      line('name', needed),
      text('description', limits.description),
      ref('categoryId', ['category']),
      positive('weight'),
      refs('intendedSegmentIds', ['segment']),
      order,
    ],
    {
      right: 'assess',
      made: true,
      deletable: true,
      with: [{ type: 'assessment', field: 'serviceId' }],
    },
  ),
  assessment: schema(
    [
      ref('serviceId', ['service'], { ...ours, ...needed }),
      ref('segmentId', ['segment'], { ...ours, ...needed }),
      flag('serves', ours),
      mapOf('ratings', score, { keys: criteria, ...ours }),
      mapOf('votes', mapOf('', score), { keys: criteria, ...ours }),
      text('comment', limits.description),
    ],
    { right: 'assess', deletable: true },
  ),
  goal: schema(
    [
      text('text', limits.noteText),
      text('indicator', limits.noteText),
      refs('serviceIds', ['service']),
      refs('segmentIds', ['segment']),
      order,
    ],
    { right: 'goals', made: true, deletable: true },
  ),
  feedback: schema(
    [
      text('text', limits.feedback),
      choice('kind', ['plus', 'minus', 'idea', 'question'], needed),
      field('target', 'stamp'),
      ref('authorId', [], ours),
      flag('waiting', ours),
      order,
    ],
    { right: 'feedback', made: true, deletable: true },
  ),
  experiment: schema(
    [
      line('title'),
      text('hypothesis', limits.noteText),
      text('trial', limits.noteText),
      text('measure', limits.noteText),
      text('successCriterion', limits.noteText),
      text('learnt', limits.noteText),
      refs('serviceIds', ['service']),
      refs('segmentIds', ['segment']),
      refs('goalIds', ['goal']),
      choice('status', ['planned', 'running', 'done']),
      choice('decision', ['continue', 'adapt', 'stop']),
      order,
    ],
    { right: 'experiment', made: true, deletable: true },
  ),
  vote: schema(
    [
      line('question'),
      integer('dotsPerPerson', 1, 100),
      integer('maxPerItem', 1, 100),
      flag('hiddenUntilClosed'),
      line('itemType'),
      refs('itemIds', []),
      order,
    ],
    { deletable: true, with: [{ type: 'ballot', field: 'voteId' }] },
  ),
  ballot: schema([
    ref('voteId', ['vote'], { ...ours, ...needed }),
    ref('voterId', [], ours),
    mapOf('dots', integer('', 0, 1000), ours),
    flag('rejected', ours),
  ]),
  proposal: schema(
    [
      { ...text('op', 64 * 1024), ...ours },
      ref('by', [], ours),
      line('client', ours),
      integer('n', 0, Number.MAX_SAFE_INTEGER, ours),
      line('code', ours),
      flag('rescued', ours),
      stamp('made'),
    ],
    { deletable: true },
  ),
};

/** The schema of a type; undefined for one that boards do not hold. */
export function schemaOf(type: string): Schema | undefined {
  return Object.hasOwn(schemas, type) ? schemas[type as ItemType] : undefined;
}

export function fieldOf(type: string, name: string): Field | undefined {
  return schemaOf(type)?.fields.get(name);
}
