// What a board is made of. Twin of item.go and schema.go.

/** Names an item, unique on its board over all types and for ever. */
export type ID = string;

/** The id of the one item of type board. */
export const boardID: ID = 'board';

/** What a field holds. Absent fields are undefined here and null in a change. */
export type Value =
  string | number | boolean | readonly string[] | { readonly [key: string]: Value };

/** Who set something, and when in ms since 1970. */
export interface Stamp {
  readonly by: ID;
  readonly time: number;
}

export type Role = 'facilitator' | 'participant' | 'viewer' | 'visitor';
export type Language = 'fi' | 'sv' | 'en';
export type LockLevel = 'open' | 'text' | 'closed';
export type Phase =
  | 'free'
  | 'describe'
  | 'group'
  | 'name'
  | 'segment'
  | 'place'
  | 'assess'
  | 'goals'
  | 'feedback'
  | 'experiment'
  | 'closed';
export type Side = 'staff' | 'customer' | 'partner';
export type Criterion = 'availability' | 'sufficiency' | 'timeliness' | 'targeting' | 'resources';

interface Base {
  readonly id: ID;
  readonly pinned?: Stamp;
}

/** The board's own settings; one on each board, with the id "board". */
export interface Board extends Base {
  readonly type: 'board';
  readonly title: string;
  readonly language?: Language;
  readonly description?: string;
  readonly targetGroup?: string;
  readonly place?: string;
  readonly region?: string;
  readonly organiser?: string;
  readonly stage?: 'draft' | 'inUse' | 'closed';
  readonly tags?: readonly string[];
  /** Files of the exports that others than facilitators may have once the board is closed. */
  readonly downloads?: readonly string[];
  readonly durationMinutes?: number;
  /** ms since 1970; a board that is brought back from a file is as old as it was. */
  readonly created?: number;
  readonly authors?: 'facilitators' | 'all';
  /** Participants are asked on which side they are. */
  readonly sides?: boolean;
  readonly thresholds?: Readonly<Record<string, number>>;
  /** What the facilitator's cards say, by "<phase>.say", "<phase>.look" and "<phase>.then"; absent: the page's own text. */
  readonly cards?: Readonly<Record<string, string>>;
  readonly phase: Phase;
  readonly phaseSet?: Stamp;
  /** Rights of the present phase that differ from its preset. */
  readonly rights?: Readonly<Record<string, 'all' | 'own' | 'none'>>;
  readonly lock?: Stamp & { readonly level: LockLevel };
  /** Private writing is on. */
  readonly private?: Stamp;
  readonly milestones?: Readonly<
    Record<ID, Stamp & { readonly name?: string; readonly what?: 'freeze'; readonly seq: number }>
  >;
}

export interface Participant extends Base {
  readonly type: 'participant';
  readonly name: string;
  readonly role: Role;
  readonly link?: ID;
  readonly kind?: 'tablet' | 'remote';
  readonly side?: Side;
}

/** A link by which people come; only facilitators are sent these. */
export interface Link extends Base {
  readonly type: 'link';
  readonly role: Role;
  readonly name?: string;
  /** Whoever comes by it is this participant. */
  readonly as?: string;
  /** What visitors are asked, and about what. */
  readonly question?: string;
  readonly target?: Target;
  /** The first link of the board, which alone may delete it. */
  readonly owner?: boolean;
  readonly made?: Stamp;
  readonly revoked?: Stamp;
}

export interface Axis extends Base {
  readonly type: 'axis';
  readonly title?: string;
  readonly minLabel?: string;
  readonly maxLabel?: string;
  /** Board x of the values 0 and 100. */
  readonly x0: number;
  readonly x1: number;
  /** A note is placed when its centre lies in bandTop ≤ y ≤ bandBottom. */
  readonly bandTop: number;
  readonly bandBottom: number;
  readonly zones?: number;
}

export interface Perspective extends Base {
  readonly type: 'perspective';
  readonly name: string;
  readonly letters?: string;
  readonly order?: number;
}

/** A sticky note; (x, y) is its centre in board units. */
export interface Note extends Base {
  readonly type: 'note';
  readonly text?: string;
  readonly perspectiveId?: ID;
  readonly groupId?: ID;
  readonly authorId?: ID;
  readonly x: number;
  readonly y: number;
  /** Stacking: the highest lies on top. */
  readonly z?: number;
  readonly kind?: 'quote';
  /** What others say to it. */
  readonly comment?: string;
  readonly placements?: Readonly<Record<ID, number>>;
}

export interface Group extends Base {
  readonly type: 'group';
  readonly name?: string;
  readonly order?: number;
}

export interface Segment extends Base {
  readonly type: 'segment';
  readonly name?: string;
  readonly groupId?: ID;
  readonly customers?: number;
  readonly needFactor?: number;
  readonly needs?: readonly ID[];
  /** By heading id. */
  readonly descriptions?: Readonly<Record<ID, string>>;
  /** Place on the axis in tenths, 0–1000. */
  readonly position?: number;
  readonly byHand?: boolean;
  readonly frozen?: Stamp & { readonly texts: boolean; readonly hash: string };
  readonly order?: number;
}

export interface Heading extends Base {
  readonly type: 'heading';
  readonly name: string;
  readonly order?: number;
}

export interface Category extends Base {
  readonly type: 'category';
  readonly name: string;
  readonly order?: number;
}

export interface Service extends Base {
  readonly type: 'service';
  readonly name: string;
  readonly description?: string;
  readonly categoryId?: ID;
  readonly weight?: number;
  readonly intendedSegmentIds?: readonly ID[];
  readonly order?: number;
}

/** A cell of the service matrix; its id is a.<service>.<segment>. */
export interface Assessment extends Base {
  readonly type: 'assessment';
  readonly serviceId: ID;
  readonly segmentId: ID;
  readonly serves?: boolean;
  /** Agreed figures 0–4. */
  readonly ratings?: Readonly<Partial<Record<Criterion, number>>>;
  /** By criterion, then participant: 0–4. */
  readonly votes?: Readonly<Partial<Record<Criterion, Readonly<Record<ID, number>>>>>;
  readonly comment?: string;
}

export interface Goal extends Base {
  readonly type: 'goal';
  readonly text?: string;
  readonly indicator?: string;
  readonly serviceIds?: readonly ID[];
  readonly segmentIds?: readonly ID[];
  readonly order?: number;
}

/** What feedback is about. */
export interface Target {
  readonly type: string;
  readonly id: ID;
}

export interface Feedback extends Base {
  readonly type: 'feedback';
  readonly kind: 'plus' | 'minus' | 'idea' | 'question';
  readonly text?: string;
  readonly target?: Target;
  readonly authorId?: ID;
  /** A visitor's, which facilitators alone see until one of them approves of it. */
  readonly waiting?: boolean;
  readonly order?: number;
}

export interface Experiment extends Base {
  readonly type: 'experiment';
  readonly title?: string;
  readonly hypothesis?: string;
  readonly trial?: string;
  readonly measure?: string;
  readonly successCriterion?: string;
  readonly learnt?: string;
  readonly serviceIds?: readonly ID[];
  readonly segmentIds?: readonly ID[];
  readonly goalIds?: readonly ID[];
  readonly status?: 'planned' | 'running' | 'done';
  readonly decision?: 'continue' | 'adapt' | 'stop';
  readonly order?: number;
}

export interface Vote extends Base {
  readonly type: 'vote';
  readonly question?: string;
  readonly dotsPerPerson?: number;
  readonly maxPerItem?: number;
  readonly hiddenUntilClosed?: boolean;
  readonly itemType?: string;
  readonly itemIds?: readonly ID[];
  readonly order?: number;
}

export interface Ballot extends Base {
  readonly type: 'ballot';
  readonly voteId: ID;
  readonly voterId?: ID;
  readonly dots?: Readonly<Record<ID, number>>;
  readonly rejected?: boolean;
}

/** Something that could not happen and waits for facilitators to decide. */
export interface Proposal extends Base {
  readonly type: 'proposal';
  /** The op as JSON, of the push (by, client, n). */
  readonly op?: string;
  readonly by?: ID;
  readonly client?: string;
  readonly n?: number;
  /** What it was refused for. */
  readonly code?: string;
  /** It had lost its place in the order. */
  readonly rescued?: boolean;
  readonly made?: Stamp;
}

/** Anything on a board. */
export type Item =
  | Board
  | Participant
  | Link
  | Axis
  | Perspective
  | Note
  | Group
  | Segment
  | Heading
  | Category
  | Service
  | Assessment
  | Goal
  | Feedback
  | Experiment
  | Vote
  | Ballot
  | Proposal;

export type ItemType = Item['type'];
export type ItemOf<T extends ItemType> = Extract<Item, { type: T }>;

/** Limits of a board. A text is counted in code points. */
export const limits = {
  noteText: 1000,
  description: 4000,
  feedback: 300,
  card: 500,
  tags: 20,
  name: 120,
  items: 10_000,
  participants: 500,
  ops: 200,
  coordinate: 1_000_000,
} as const;

/** Sides that people may say they come from, where a board asks. */
export const sides: readonly Side[] = ['staff', 'customer', 'partner'];

export const criteria: readonly Criterion[] = [
  'availability',
  'sufficiency',
  'timeliness',
  'targeting',
  'resources',
];

/** The phases in the order of a workshop, after free. */
export const phases: readonly Phase[] = [
  'free',
  'describe',
  'group',
  'name',
  'segment',
  'place',
  'assess',
  'goals',
  'feedback',
  'experiment',
  'closed',
];
