// One board in one page: joins the session with what the reader has selected, chosen and been told. Verbs are in
// actions.ts and come with what writing takes, the canvas is driven by stage.svelte.ts; here things only come together.
import type { Refusal } from '$protocol/board/change';
import type { Board, ID, Side } from '$protocol/board/item';
import type { Op } from '$protocol/board/op';
import type { Me } from '$protocol/board/rights';
import type { Mode, View } from '../canvas/types';
import type { Draft, RefusedOp, Session, Status } from '../sync/types';
import type { Actions } from './actions';
import { allowed, modeOf, type Allowed } from './allowed';
import { Chrome } from './chrome.svelte';
import { look, type Connection } from './connection';
import { Groups } from './groups.svelte';
import { Items } from './items.svelte';
import { noted, welcomed, type Entrance, type Known, type KnownBoards } from './known';
import { Live } from './live.svelte';
import { locale } from './locale.svelte';
import { People } from './people.svelte';
import { Refusals } from './refusals.svelte';
import { Selection } from './selection.svelte';
import type { Settings } from './settings.svelte';
import { Toast } from './toast.svelte';
import type { Writer } from './writer';

/** Told after everything here knows of a change: the items, and the notes that became or ceased to be outliers. */
export type Watcher = (ids: ReadonlySet<ID>, outliers: ReadonlySet<ID>) => void;

const none: ReadonlySet<ID> = new Set();

export class BoardState {
  readonly id: ID;
  readonly session: Session;
  readonly settings: Settings;
  readonly items: Items;
  readonly groups: Groups;
  readonly people: People;
  readonly selection = new Selection();
  readonly refusals = new Refusals();
  readonly toast = new Toast();
  readonly live = new Live();
  readonly chrome = new Chrome();
  /** When the first picture stands: what is fetched for later waits for that. */
  readonly drawn: Promise<void>;

  readonly #known: KnownBoards;
  readonly #entrance: Entrance;
  readonly #undoings: (() => void)[] = [];
  readonly #watchers = new Set<Watcher>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writer: Writer | undefined;
  #fetching: Promise<Writer> | undefined;
  #drawn: () => void = () => undefined;

  #me: Me | undefined = $state.raw();
  #status: Status = $state.raw() as Status;
  #connection: Connection = $state.raw({ type: 'opening', long: false });
  #drafts: readonly Draft[] = $state.raw([]);
  #canUndo = $state(false);
  #canRedo = $state(false);
  #perspective: ID | undefined = $state();
  #memory: Known = $state.raw() as Known;
  #view: View | undefined = $state.raw();

  readonly can: Allowed = $derived.by(() => allowed(this.#me, this.items.settings()));
  readonly mode: Mode = $derived.by(() =>
    modeOf(this.can, this.items.settings(), {
      selectMore: this.selection.more,
      placing: this.selection.placing,
    }),
  );
  /** The perspective that a new note gets. */
  readonly perspective: ID | undefined = $derived.by(() => {
    const all = this.items.ofType('perspective');
    return all.find(({ id }) => id === this.#perspective)?.id ?? all[0]?.id;
  });

  constructor(
    id: ID,
    entrance: Entrance,
    session: Session,
    known: KnownBoards,
    settings: Settings,
  ) {
    this.id = id;
    this.session = session;
    this.settings = settings;
    this.#entrance = entrance;
    this.#known = known;
    this.#memory = entrance.known;
    this.#status = session.status;
    this.items = new Items(session.board);
    this.groups = new Groups(session.board);
    this.people = new People(session);
    this.drawn = new Promise((resolve) => (this.#drawn = resolve));
    this.#listen();
    this.#look();
  }

  get me(): Me | undefined {
    return this.#me;
  }

  /** Whether the reader may ever write here. */
  get writes(): boolean {
    return this.#me?.role === 'facilitator' || this.#me?.role === 'participant';
  }

  /** The verbs of those who write: they come with `writing`, for which every part of the page that needs them waits. */
  get actions(): Actions {
    if (!this.#writer) throw new Error('what writing takes has not come');
    return this.#writer.actions;
  }

  get board(): Board | undefined {
    return this.items.settings();
  }

  get status(): Status {
    return this.#status;
  }

  get connection(): Connection {
    return this.#connection;
  }

  /** Texts that wait for their author's decision. */
  get drafts(): readonly Draft[] {
    return this.#drafts;
  }

  get canUndo(): boolean {
    return this.#canUndo;
  }

  get canRedo(): boolean {
    return this.#canRedo;
  }

  /** A lock was asked for and is not held yet. */
  get locking(): boolean {
    return this.#status.locking;
  }

  /** Something was to be frozen, or not any more, and that is not held yet. */
  get freezing(): boolean {
    return this.#status.freezing;
  }

  /** The key by which we are here. */
  get key(): string {
    return this.#entrance.key;
  }

  /** What this browser remembers of the board. */
  get memory(): Known {
    return this.#memory;
  }

  get view(): View | undefined {
    return this.#view;
  }

  sees(view: View): void {
    this.#view = view;
  }

  /** The first picture stands. */
  stands(): void {
    this.#drawn();
  }

  choosePerspective(id: ID): void {
    this.#perspective = id;
  }

  remember(fields: Partial<Omit<Known, 'id'>>): void {
    this.#memory = { ...this.#memory, ...fields };
    this.#known.put(this.#memory);
  }

  name(id: ID | undefined): string | undefined {
    return this.people.name(id);
  }

  /** Our own name; empty as long as we have none. */
  get ownName(): string {
    return this.items.itemOf(this.#me?.id, 'participant')?.name ?? this.#memory.name ?? '';
  }

  /** Participants are asked on which side they are. */
  get asksSide(): boolean {
    return this.board?.sides === true && this.#me?.role === 'participant';
  }

  /** The side that we have said we are on. */
  get ownSide(): Side | undefined {
    return this.items.itemOf(this.#me?.id, 'participant')?.side;
  }

  /** Tells at once what an op would be refused for. `again`: the op is what was wanted, not only its beginning. */
  refuse(op: Op, refusal: Refusal, items: readonly ID[], again = false): void {
    this.refusals.foreseen(op, refusal, items, again, Date.now());
  }

  /** Fetches what writing takes with its words, once; nothing for those who only look. What could not be had is tried again by the next. */
  async writing(): Promise<Writer | undefined> {
    if (!this.writes) return undefined;
    this.#fetching ??= Promise.all([import('./writer'), locale.whole()]).then(
      ([{ Writer }]) => (this.#writer = new Writer(this)),
    );
    try {
      return await this.#fetching;
    } catch (error) {
      this.#fetching = undefined;
      throw error;
    }
  }

  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  close(): void {
    for (const undo of this.#undoings) undo();
    clearTimeout(this.#timer);
    this.live.stop();
    this.refusals.stop();
    this.toast.close();
    void this.session.close();
  }

  #listen(): void {
    const { session } = this;
    this.#undoings.push(
      session.on('items', (ids) => this.#changed(ids)),
      session.on('me', (me) => this.#welcome(me)),
      session.on('status', (status) => {
        this.#status = status;
        this.#look();
      }),
      session.on('people', () => this.people.changed()),
      session.on('refused', (refused) => this.#refused(refused)),
      session.on('drafts', (drafts) => (this.#drafts = drafts)),
      session.on('undo', ({ canUndo, canRedo }) => {
        this.#canUndo = canUndo;
        this.#canRedo = canRedo;
      }),
      session.on('entry', ({ entry, own }) => {
        if (!own) void import('./narrator').then(({ narrate }) => narrate(entry, this));
      }),
    );
    this.#drafts = session.drafts.all();
    if (session.me) this.#welcome(session.me);
  }

  #changed(ids: ReadonlySet<ID>): void {
    this.items.changed(ids);
    const outliers = this.groups.changed(ids) ?? none;
    const gone = [...ids].filter((id) => this.session.board.item(id) === undefined);
    this.selection.drop(gone);
    if ([...ids].some((id) => this.session.board.item(id)?.type === 'participant')) {
      this.people.changed();
    }
    const settings = this.session.board.settings();
    const news = settings && noted(this.#memory, settings);
    if (news) this.remember(news);
    for (const watcher of this.#watchers) watcher(ids, outliers);
  }

  #welcome(me: Me): void {
    this.#me = me;
    const title = this.session.board.settings()?.title ?? this.#memory.title;
    this.#memory = welcomed(this.#memory, this.#entrance.key, me.role, title, Date.now());
    this.#known.put(this.#memory);
  }

  #refused(refused: RefusedOp): void {
    this.refusals.told(refused, Date.now());
  }

  #look(): void {
    const now = Date.now();
    const { shown, again } = look(this.#connection, this.#status, now);
    this.#connection = shown;
    clearTimeout(this.#timer);
    if (again !== undefined) this.#timer = setTimeout(() => this.#look(), again - now + 1);
  }
}
