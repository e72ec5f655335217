// Tells the canvas what the board shows.
import { boardID, type ID } from '$protocol/board/item';
import type { BoardSurface, Command, Intent } from '../canvas/types';
import type { BoardState } from './board.svelte';
import { groupNumber, groupView } from './groups.svelte';
import type { Hands } from './hands';
import { Intents } from './intents';
import { t } from './locale.svelte';
import { NoteViews, lanes } from './noteViews';
import { presenceViews, previewMs, type Doing } from './presence';
import { surfaceWords } from './surfaceWords';
import { Waits } from './waits';

/** So long what was written in private may be on its way. */
const revealMs = 3000;

export class Stage {
  readonly #state: BoardState;
  readonly #surface: BoardSurface;
  readonly #views: NoteViews;
  readonly #waits: Waits;
  readonly #doings = new Map<string, Doing>();
  readonly #undoings: (() => void)[] = [];
  readonly #intents: Intents;
  /** Of those who write, once that part has come. */
  #hands: Hands | undefined;
  /** What was done before it came, in its order. */
  #asked: ((hands: Hands) => void)[] = [];
  #ended = false;
  #stale: ReturnType<typeof setTimeout> | undefined;
  #loaded = false;
  #private = false;
  /** When private writing ended, ms since 1970. */
  #revealed = 0;

  /** Call it within an effect: what it starts ends with that. */
  constructor(state: BoardState, surface: BoardSurface) {
    const { session } = state;
    this.#state = state;
    this.#surface = surface;
    this.#waits = new Waits((ids) => this.#put(ids));
    this.#views = new NoteViews(session.board, {
      waiting: (id) => this.#waits.has(id),
      outlier: (id) => this.#outlier(id),
    });
    this.#intents = new Intents(state, (work) => this.#write(work));
    this.#undoings.push(
      state.watch((ids, outliers) => this.#changed(ids, outliers)),
      session.on('waiting', (ids) =>
        this.#waits.changed(ids, (id) => session.waiting(id).size > 0, Date.now()),
      ),
      session.on('presence', (keys) => this.#present(keys)),
      session.on('refused', ({ op, draft }) => {
        surface.glide(op.do === 'move' ? op.moves.map(([id]) => id) : []);
        if (draft && draft.item === this.#hands?.writing.id) this.#hands.writing.abandon();
      }),
    );
    this.#load();
    this.#present(session.presence.keys());
    this.#tellShape();
  }

  destroy(): void {
    for (const undo of this.#undoings) undo();
    clearTimeout(this.#stale);
    this.#waits.stop();
    this.#hands?.writing.abandon();
    this.#ended = true;
  }

  /** What somebody wants on the canvas. */
  take(intent: Intent): void {
    this.#intents.take(intent);
  }

  command(command: Command): void {
    this.#intents.command(command);
  }

  /** Begins a new note in the middle of what is in sight. */
  writeNew(): void {
    this.#write((hands) => hands.write());
  }

  /** Opens the field over a note. Call it while a tap is being handled, or no keyboard comes. */
  edit(id: ID): void {
    this.#write((hands) => hands.edit(id));
  }

  /** Fetches what writing takes, for those who write, and does what was asked of it meanwhile. */
  async startWriting(): Promise<void> {
    try {
      const writer = await this.#state.writing();
      if (writer === undefined || this.#ended) return;
      this.#hands ??= writer.hands(this.#surface, this.#views, {
        doings: this.#doings,
        name: (key) => this.#state.name(person(key)),
      });
      for (const work of this.#asked.splice(0)) work(this.#hands);
    } finally {
      // Could not be had: whoever wants it asks again.
      this.#asked = [];
    }
  }

  #write(work: (hands: Hands) => void): void {
    if (this.#hands) {
      work(this.#hands);
      return;
    }
    this.#asked.push(work);
    void this.startWriting().catch(() => undefined);
  }

  #changed(ids: ReadonlySet<ID>, outliers: ReadonlySet<ID>): void {
    const touched = this.#views.touched(ids);
    const { board } = this.#state.session;
    this.#reveal(ids);
    // A join or a recovery brings everything at once; a phase may show or hide the tags of outliers.
    if (touched === 'all' || !this.#loaded || touched.size > board.idsOf('note').size / 2) {
      this.#load();
    } else {
      this.#put(touched);
      this.#put(outliers);
      if (ids.has(boardID)) this.#put(this.#state.groups.outliers().keys());
    }
    const writing = this.#hands?.writing;
    if (writing?.id === undefined || writing.unmade !== undefined) return;
    if (ids.has(writing.id) && board.item(writing.id) === undefined) writing.abandon();
  }

  /** What others wrote in private drops in, in the order of its value. Who reveals it sees it end a little before it comes. */
  #reveal(ids: ReadonlySet<ID>): void {
    const { session, me } = this.#state;
    const ended = this.#private;
    this.#private = session.board.settings()?.private !== undefined;
    if (ended && !this.#private) this.#revealed = Date.now();
    if (this.#private || Date.now() - this.#revealed > revealMs) return;
    const notes = [...ids].flatMap((id) => session.board.itemOf(id, 'note') ?? []);
    const others = notes.filter(({ authorId }) => authorId !== me?.id);
    if (others.length > 0) {
      this.#surface.dropIn(others.sort((a, b) => a.x - b.x).map(({ id }) => id));
    }
  }

  #load(): void {
    const { board } = this.#state.session;
    this.#loaded = board.idsOf('note').size > 0;
    const unmade = this.#hands?.writing.unmade;
    const notes = board.ofType('note');
    this.#surface.load((unmade ? [...notes, unmade] : notes).map((note) => this.#views.view(note)));
  }

  #put(ids: Iterable<ID>): void {
    const { board } = this.#state.session;
    for (const id of ids) {
      const note = board.itemOf(id, 'note');
      if (note) this.#surface.put(this.#views.view(note));
      else if (id !== this.#hands?.writing.unmade?.id) this.#surface.remove(id);
    }
  }

  #outlier(id: ID): string | undefined {
    const { groups, session } = this.#state;
    const phase = session.board.settings()?.phase;
    const group = groups.outliers().get(id);
    if (group === undefined || (phase !== 'group' && phase !== 'name')) return undefined;
    return `${groupNumber(session.board, group)} · ${t('group.outlier')}`;
  }

  #present(keys: Iterable<string>): void {
    const { session } = this.#state;
    const now = Date.now();
    for (const key of keys) {
      const presence = session.presence.get(key);
      if (presence) this.#doings.set(key, { presence, seen: now });
      else this.#doings.delete(key);
    }
    this.#showPresence();
    clearTimeout(this.#stale);
    if ([...this.#doings.values()].some(({ presence }) => presence.drag?.length)) {
      this.#stale = setTimeout(() => this.#showPresence(), previewMs + 50);
    }
  }

  #showPresence(): void {
    const words = {
      name: (key: string) => this.#state.name(person(key)) ?? t('people.nameless'),
      moving: (name: string) => t('note.moving', { name }),
      writing: (name: string) => t('note.writing', { name }),
    };
    const { notes, cursors } = presenceViews(
      this.#doings,
      words,
      this.#state.people.count(),
      Date.now(),
    );
    this.#surface.setPresence(notes, cursors);
  }

  /** What changes seldom: read again whenever what it reads does, the language included. */
  #tellShape(): void {
    const { items, groups, selection, settings } = this.#state;
    const surface = this.#surface;
    $effect(() => {
      const axis = items.axis();
      surface.setAxis(
        axis
          ? {
              x0: axis.x0,
              x1: axis.x1,
              bandTop: axis.bandTop,
              bandBottom: axis.bandBottom,
              zones: axis.zones ?? 5,
              minLabel: axis.minLabel ?? '',
              maxLabel: axis.maxLabel ?? '',
            }
          : null,
      );
    });
    $effect(() => surface.setLanes(lanes(items.ofType('perspective'))));
    $effect(() => surface.setGhosts(this.#state.chrome.ghosts));
    $effect(() => {
      const shown = items.settings()?.phase === 'describe' ? [] : groups.all();
      surface.setGroups(shown.map((group) => groupView(items.board, group)));
    });
    $effect(() => surface.setMode(this.#state.mode));
    $effect(() => surface.setSelection(selection.ids, selection.open));
    $effect(() => this.#state.session.present({ selected: [...selection.ids] }));
    $effect(() => {
      surface.setOptions({
        words: surfaceWords(this.#state),
        language: items.settings()?.language ?? 'fi',
        letterKeys: settings.letterKeys,
      });
    });
  }
}

/** The participant of a "<participant>.<client>". */
function person(key: string): ID {
  return key.slice(0, key.indexOf('.'));
}
