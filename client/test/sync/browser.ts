// A browser for tests: its disk and locks outlive its tabs, and a tab can be killed in the middle of anything.
import type { ID } from '$protocol/board/item';
import { Author } from '../../src/sync/author';
import { openSession } from '../../src/sync/session';
import type { Kept, KeptDraft, KeptPush, KeptTab, Store, Write } from '../../src/sync/store';
import type { Locks, Surroundings } from '../../src/sync/surroundings';
import type { Session } from '../../src/sync/types';
import { Road } from './link';
import type { Room } from './room';
import type { Time } from './time';

/** What lies on a disk, whoever wrote it. */
class Disk {
  readonly pushes = new Map<string, KeptPush>();
  readonly drafts = new Map<string, KeptDraft>();
  readonly tabs = new Map<string, KeptTab>();
}

/** A tab's way to the disk. */
class Handle implements Store {
  readonly lasting = true;
  alive = true;

  constructor(private readonly disk: Disk) {}

  load(board: ID): Promise<Kept> {
    const of = <T extends { readonly board: ID }>(all: Map<string, T>): T[] =>
      [...all.values()].filter((one) => one.board === board);
    const { pushes, drafts, tabs } = this.disk;
    return Promise.resolve({ pushes: of(pushes), drafts: of(drafts), tabs: of(tabs) });
  }

  async write(writes: readonly Write[]): Promise<void> {
    await Promise.resolve();
    if (!this.alive) {
      return;
    }
    for (const write of writes) {
      if ('put' in write) {
        const { value } = write;
        const name =
          'n' in value ? `${value.client} ${value.n}` : 'key' in value ? value.key : value.client;
        (this.disk[write.put] as Map<string, typeof value>).set(name, value);
      } else {
        this.disk[write.drop].delete(write.key.slice(1).join(' '));
      }
    }
  }

  close(): void {
    this.alive = false;
  }
}

export interface Tab {
  readonly session: Session;
  readonly road: Road;
  /** Whether it makes ops, and not only reads. */
  readonly writes: boolean;
  /** It does from now on. */
  write(): void;
  /** Ends it without a word: nothing of it runs any more. */
  kill(): void;
}

export class Browser {
  readonly #disk = new Disk();
  readonly #held = new Map<string, Tab | null>();

  constructor(
    readonly me: string,
    private readonly room: Room,
    private readonly time: Time,
    private readonly random: () => number,
    /** A page without a secure context has no locks. */
    private readonly secure = true,
  ) {}

  /** What lies on the disk that is not saved. */
  get kept(): number {
    return this.#disk.pushes.size;
  }

  open(): Tab {
    const { room, time, random } = this;
    const road = new Road(room, time);
    const store = new Handle(this.#disk);
    const names = new Set<string>();
    let alive = true;
    const around: Surroundings = {
      now: () => time.now(),
      after: (ms, run) => time.after(ms, () => alive && run()),
      connect: () => road.connect(),
      fill: (bytes) => {
        for (const i of bytes.keys()) {
          bytes[i] = Math.floor(random() * 256);
        }
      },
      random,
      locks: this.secure ? this.#locks(names) : null,
      ready: () => Promise.resolve(room.ready),
    };
    let writes = false;
    const session = openSession({
      url: 'ws://test',
      board: 'b1',
      key: 'k',
      me: this.me,
      around,
      store,
    });
    return {
      session,
      road,
      get writes() {
        return writes;
      },
      write: () => {
        if (alive) {
          writes = true;
          session.write((parts) => new Author(parts));
        }
      },
      kill: () => {
        alive = false;
        store.alive = false;
        road.cut(false);
        for (const name of names) {
          this.#held.delete(name);
        }
      },
    };
  }

  /** Web Locks as far as they are used: asked for if available, or for a name that nobody else has. */
  #locks(names: Set<string>): Locks {
    return {
      request: async (name, _options, held) => {
        if (this.#held.has(name)) {
          await held(null);
          return;
        }
        this.#held.set(name, null);
        names.add(name);
        await held({});
        this.#held.delete(name);
        names.delete(name);
      },
    };
  }
}
