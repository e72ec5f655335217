// The links of a board, as a facilitator has them from the server.
import type { ID, Role, Target } from '$protocol/board/item';
import type { LinkInfo, Links } from '../../state/api';
import { failureText } from '../../state/created';
import { shareable } from './roles';

export interface NewLink {
  readonly role: Role;
  readonly name: string;
  /** Whoever comes by it is this participant. */
  readonly as?: string;
  /** What visitors are asked, and about what. */
  readonly question?: string;
  readonly target?: Target;
}

/** The calls that it makes: those of state/api, with board and key filled in. */
export interface LinkCalls {
  list(): Promise<Links>;
  make(link: NewLink): Promise<LinkInfo>;
  close(link: ID): Promise<void>;
}

export class BoardLinks {
  readonly #calls: LinkCalls;
  #links: readonly LinkInfo[] | undefined = $state.raw();
  #addresses: readonly string[] = $state.raw([]);
  #failure = $state('');
  #busy = $state(false);
  #asked = 0;

  constructor(calls: LinkCalls) {
    this.#calls = calls;
  }

  /** Those that open the board; undefined until they have come. */
  get open(): readonly LinkInfo[] | undefined {
    return this.#links;
  }

  /** Origins by which others reach this machine; empty unless the page's own works here alone. */
  get addresses(): readonly string[] {
    return this.#addresses;
  }

  /** Why the last call did nothing, as a sentence; empty when it did. */
  get failure(): string {
    return this.#failure;
  }

  get busy(): boolean {
    return this.#busy;
  }

  /** Reads them again. Of several readings the last one asked for counts. */
  async load(): Promise<void> {
    const asked = ++this.#asked;
    await this.#try(async () => {
      const { links, addresses } = await this.#calls.list();
      if (asked !== this.#asked) return;
      this.#links = sorted(links.filter(({ revoked }) => revoked === undefined));
      this.#addresses = addresses;
    });
  }

  /** The new link; undefined when there is none. */
  async make(link: NewLink): Promise<LinkInfo | undefined> {
    return this.#work(async () => {
      const made = await this.#calls.make(link);
      if (!this.#links?.some(({ id }) => id === made.id)) {
        this.#links = sorted([...(this.#links ?? []), made]);
      }
      return made;
    });
  }

  /** Whether it is closed now. */
  async close(link: ID): Promise<boolean> {
    const done = await this.#work(async () => {
      await this.#calls.close(link);
      this.#links = this.#links?.filter(({ id }) => id !== link);
      return true;
    });
    return done ?? false;
  }

  async #work<T>(call: () => Promise<T>): Promise<T | undefined> {
    this.#busy = true;
    const result = await this.#try(call);
    this.#busy = false;
    return result;
  }

  async #try<T>(call: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await call();
      this.#failure = '';
      return result;
    } catch (error) {
      this.#failure = failureText(error);
      return undefined;
    }
  }
}

/** Those that most people come by first; what came in one order stays in it. */
function sorted(links: readonly LinkInfo[]): LinkInfo[] {
  const rank = ({ role }: LinkInfo) => (shareable as readonly Role[]).indexOf(role);
  return [...links].sort((a, b) => rank(a) - rank(b));
}
