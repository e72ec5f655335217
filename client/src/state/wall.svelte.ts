// The feedback wall as a visitor has it: a question, one note to write, and what others have said. What was written is kept
// on the device until the server has it.
import type { Feedback, ID } from '$protocol/board/item';
import { textLength } from '$protocol/board/text';
import { makeID, type Fill } from '../sync/ids';
import { CallFailed, giveFeedback, wallSheet, type WallSheet } from './api';
import { readJSON, type Store } from './storage';

export type Kind = Feedback['kind'];
export const kinds: readonly Kind[] = ['plus', 'minus', 'idea', 'question'];

/** What stands in the way. busy and network pass; the others do not. */
export type Trouble = 'network' | 'busy' | 'closed' | 'unknown';

/** The note at hand. n grows with every note that has arrived. */
interface Draft {
  readonly client: string;
  readonly n: number;
  readonly kind: Kind | null;
  readonly text: string;
  /** It may have reached the server as it is, and must not change. */
  readonly sent: boolean;
}

const retryMs = 3_000;

function isDraft(value: unknown): value is Draft {
  const draft = value as Partial<Draft> | null;
  return (
    typeof draft === 'object' &&
    typeof draft?.client === 'string' &&
    typeof draft.n === 'number' &&
    typeof draft.text === 'string' &&
    typeof draft.sent === 'boolean' &&
    (draft.kind === null || kinds.includes(draft.kind as Kind))
  );
}

export class Wall {
  #sheet: WallSheet | undefined = $state.raw();
  #trouble: Trouble | undefined = $state();
  #thanks = $state(false);
  #draft: Draft;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  constructor(
    private readonly id: ID,
    private readonly key: string,
    private readonly store: Store,
    fill: Fill = (bytes) => crypto.getRandomValues(bytes),
  ) {
    const draft =
      readJSON(store, this.#name, isDraft) ??
      ({ client: makeID(fill), n: 1, kind: null, text: '', sent: false } satisfies Draft);
    this.#draft = $state.raw(draft);
  }

  get sheet(): WallSheet | undefined {
    return this.#sheet;
  }

  get trouble(): Trouble | undefined {
    return this.#trouble;
  }

  /** The last note has arrived, and no other was begun. */
  get thanks(): boolean {
    return this.#thanks;
  }

  get kind(): Kind | null {
    return this.#draft.kind;
  }

  get text(): string {
    return this.#draft.text;
  }

  get length(): number {
    return textLength(this.#draft.text);
  }

  /** It is on its way. */
  get sending(): boolean {
    return this.#draft.sent;
  }

  choose(kind: Kind): void {
    this.#keep({ ...this.#draft, kind });
  }

  write(text: string): void {
    this.#keep({ ...this.#draft, text });
  }

  another(): void {
    this.#thanks = false;
  }

  /** Asks what there is, and goes on with a note that was on its way. Returns what ends that. */
  open(): () => void {
    void this.#load();
    if (this.#draft.sent) void this.#give();
    const online = () => this.#draft.sent && void this.#give();
    window.addEventListener('online', online);
    return () => {
      this.#ended = true;
      clearTimeout(this.#timer);
      window.removeEventListener('online', online);
    };
  }

  send(): void {
    const { kind, text, sent } = this.#draft;
    if (sent || kind === null || text.trim() === '') return;
    this.#keep({ ...this.#draft, sent: true });
    void this.#give();
  }

  get #name(): string {
    return `jana.wall.${this.id}`;
  }

  #keep(draft: Draft): void {
    this.#draft = draft;
    this.store.write(this.#name, JSON.stringify(draft));
  }

  async #load(): Promise<void> {
    try {
      this.#sheet = await wallSheet(this.id, this.key);
      if (!this.#draft.sent) this.#trouble = undefined;
    } catch (error) {
      this.#fail(error, () => void this.#load());
    }
  }

  async #give(): Promise<void> {
    clearTimeout(this.#timer);
    const { client, n, kind, text } = this.#draft;
    if (kind === null) return;
    try {
      await giveFeedback(this.id, this.key, { client, n, kind, text });
    } catch (error) {
      const { status, code } = error as CallFailed;
      if (status === 400) {
        // It is none as it stands: it may be changed.
        this.#keep({ ...this.#draft, sent: false });
      }
      this.#fail(error, () => void this.#give(), code);
      return;
    }
    this.#keep({ client, n: n + 1, kind: null, text: '', sent: false });
    this.#trouble = undefined;
    this.#thanks = true;
    void this.#load();
  }

  #fail(error: unknown, again: () => void, code = ''): void {
    if (!(error instanceof CallFailed)) throw error;
    const { status } = error;
    if (code === 'revoked' || error.code === 'revoked' || status === 410) this.#trouble = 'closed';
    else if (status === 401 || status === 403 || status === 404) this.#trouble = 'unknown';
    else {
      this.#trouble = status === 0 ? 'network' : 'busy';
      if (!this.#ended && status !== 400) this.#timer = setTimeout(again, retryMs);
    }
  }
}
